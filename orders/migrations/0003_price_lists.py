"""The first price lists. The amounts are configuration: an administrator adds the next list with its day."""

from datetime import date

from django.db import migrations

FREE = ["state", "municipality", "wellbeing_county", "social_insurance", "education_degree"]


def seed(apps, schema_editor):
    prices = apps.get_model("orders", "PriceList")
    prices.objects.create(valid_from=date(2025, 1, 1), base_cents=16000, per_thousand_cents=2200, free_kinds=FREE)
    prices.objects.create(valid_from=date(2026, 1, 1), base_cents=17500, per_thousand_cents=2400, free_kinds=FREE)


class Migration(migrations.Migration):
    dependencies = [("orders", "0002_append_only_disclosures")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
