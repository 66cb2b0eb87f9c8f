from django.db import migrations

from portal.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial"), ("portal", "0002_append_only_audit")]
    operations = [append_only("orders_disclosure")]
