"""Legal holds, rules of purges, third parties' permissions, searches; the disclosure register by months."""

from datetime import UTC, datetime

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import portal.models
import uuid
from django.conf import settings
from django.db import migrations, models


TABLE = "orders_disclosure"
COPY = """
ALTER TABLE orders_disclosure RENAME TO orders_disclosure_whole;
CREATE TABLE orders_disclosure (
    LIKE orders_disclosure_whole INCLUDING DEFAULTS INCLUDING IDENTITY INCLUDING CONSTRAINTS INCLUDING STORAGE
) PARTITION BY RANGE (at);
CREATE TABLE orders_disclosure_other PARTITION OF orders_disclosure DEFAULT;
"""
FILL = """
INSERT INTO orders_disclosure OVERRIDING SYSTEM VALUE SELECT * FROM orders_disclosure_whole;
SELECT setval(pg_get_serial_sequence('orders_disclosure', 'id'), (SELECT coalesce(max(id), 0) + 1 FROM orders_disclosure), false);
DROP TABLE orders_disclosure_whole;
ALTER TABLE orders_disclosure ADD PRIMARY KEY (id, at);
ALTER TABLE orders_disclosure ADD CONSTRAINT a_person_is_disclosed_once_in_a_row
    UNIQUE (delivery, "row", person, at);
CREATE INDEX disclosures_of_person ON orders_disclosure (person, at);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON orders_disclosure
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
AHEAD = 3


def by_months(apps, schema_editor):
    """Put the register into a table of months, from its oldest row's to some that are to come.

    Whatever columns it has by now are taken over. Its indexes are made once the rows are in. A register of
    tens of millions of rows takes minutes: nothing can be delivered meanwhile.
    """
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(COPY)
        cursor.execute(
            "SELECT coalesce(min(at), now()) AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'"
            " FROM orders_disclosure_whole"
        )
        oldest, now = cursor.fetchone()
        first, last = (month.year * 12 + month.month - 1 for month in (min(oldest, now), now))
        for count in range(first, last + AHEAD + 1):
            cursor.execute(
                f"CREATE TABLE {TABLE}_{_month(count):%Y_%m} PARTITION OF {TABLE} FOR VALUES"
                f" FROM ('{_month(count).isoformat()}') TO ('{_month(count + 1).isoformat()}')"
            )
        cursor.execute(FILL)


def _month(count):
    return datetime(count // 12, count % 12 + 1, 1, tzinfo=UTC)


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0010_deliveries'),
        ('permits', '0003_applications'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # Of the register only what a row may hold once changes for Django: `at` belongs to every key of a
        # partitioned table. An earlier migration may have renamed the constraint; both are let go.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveConstraint(model_name='disclosure', name='a_person_is_disclosed_once_in_a_row'),
                migrations.AddConstraint(
                    model_name='disclosure',
                    constraint=models.UniqueConstraint(fields=('delivery', 'row', 'person', 'at'), name='a_person_is_disclosed_once_in_a_row'),
                ),
            ],
            database_operations=[migrations.RunPython(by_months)],
        ),
        migrations.CreateModel(
            name='DisclosureSearch',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('status', models.CharField(choices=[('searched', 'Being searched'), ('found', 'Searched'), ('failed', 'Stopped by a fault'), ('expired', 'Searched, result deleted')], default='searched', max_length=10)),
                ('ground', models.CharField(choices=[('art_15', 'Request of the data subject (GDPR, article 15)'), ('supervisor', 'Supervisory authority'), ('police_court', 'Request of the police or a court'), ('misuse', 'Suspected misuse'), ('control', 'Internal control')], max_length=20)),
                ('reference', models.CharField(max_length=200)),
                ('codes', models.PositiveSmallIntegerField()),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('name', models.CharField(blank=True, max_length=200)),
                ('key_id', models.CharField(blank=True, max_length=16)),
                ('done_at', models.DateTimeField(null=True)),
                ('hits', models.PositiveIntegerField(null=True)),
                ('result', models.JSONField(default=list)),
            ],
            options={
                'verbose_name': 'search in the disclosure register',
                'ordering': ['-asked_at'],
            },
        ),
        migrations.CreateModel(
            name='DroppedMonth',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField(unique=True)),
                ('rows', models.PositiveBigIntegerField()),
                ('dropped_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name='LegalHold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField(max_length=1000)),
                ('told', models.TextField(blank=True, max_length=500)),
                ('placed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('lifted_at', models.DateTimeField(null=True)),
                ('lift_reason', models.TextField(blank=True, max_length=1000)),
            ],
            options={
                'ordering': ['-placed_at'],
            },
        ),
        migrations.CreateModel(
            name='ThirdPartyPermission',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('serial', models.PositiveIntegerField()),
                ('status', models.CharField(choices=[('asked', 'Waits for a decision'), ('granted', 'Granted'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn'), ('void', 'No longer in force')], default='asked', max_length=10)),
                ('recipient', models.CharField(max_length=200)),
                ('business_id', models.CharField(max_length=9, validators=[portal.models.validate_business_id])),
                ('recipient_email', models.EmailField(max_length=254)),
                ('fields', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None)),
                ('purpose', models.TextField(max_length=2000)),
                ('legal_ground', models.TextField(max_length=1000)),
                ('protection', models.TextField(max_length=2000)),
                ('valid_to', models.DateField()),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('decided_at', models.DateTimeField(null=True)),
                ('reasons', models.TextField(blank=True, max_length=4000)),
                ('conditions', models.TextField(blank=True, max_length=4000)),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_reason', models.CharField(blank=True, max_length=20)),
            ],
            options={
                'verbose_name': 'permission for a third party',
                'ordering': ['asked_at'],
            },
        ),
        migrations.AddField(
            model_name='orderfile',
            name='purge_rule',
            field=models.CharField(blank=True, max_length=30),
        ),
        migrations.AddField(
            model_name='disclosuresearch',
            name='asked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='droppedmonth',
            name='dropped_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='legalhold',
            name='lifted_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='legalhold',
            name='order',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='orders.order'),
        ),
        migrations.AddField(
            model_name='legalhold',
            name='placed_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='thirdpartypermission',
            name='asked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='thirdpartypermission',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='thirdpartypermission',
            name='delivery',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.delivery'),
        ),
        migrations.AddField(
            model_name='thirdpartypermission',
            name='order',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='third_parties', to='orders.order'),
        ),
        migrations.AddField(
            model_name='thirdpartypermission',
            name='permit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='permits.permit'),
        ),
        migrations.AddIndex(
            model_name='disclosuresearch',
            index=models.Index(condition=models.Q(('status', 'found')), fields=['done_at'], name='results_that_expire'),
        ),
        migrations.AddConstraint(
            model_name='disclosuresearch',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['searched', 'found', 'failed', 'expired'])), name='search_status'),
        ),
        migrations.AddConstraint(
            model_name='disclosuresearch',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ground', ''), _negated=True), models.Q(('reference', ''), _negated=True)), name='a_search_has_its_ground'),
        ),
        migrations.AddConstraint(
            model_name='disclosuresearch',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('done_at__isnull', True), ('hits__isnull', True), ('status__in', ['searched', 'failed'])), models.Q(('done_at__isnull', False), ('hits__isnull', False), ('status__in', ['found', 'expired'])), _connector='OR'), name='a_search_that_is_done_has_its_hits'),
        ),
        migrations.AddConstraint(
            model_name='disclosuresearch',
            constraint=models.CheckConstraint(condition=models.Q(('status', 'searched'), ('name', ''), _connector='OR'), name='the_codes_go_with_the_search'),
        ),
        migrations.AddConstraint(
            model_name='disclosuresearch',
            constraint=models.CheckConstraint(condition=models.Q(('status', 'found'), ('result', []), _connector='OR'), name='a_result_goes_when_it_expires'),
        ),
        migrations.AddConstraint(
            model_name='legalhold',
            constraint=models.UniqueConstraint(condition=models.Q(('lifted_at__isnull', True)), fields=('order',), name='one_open_hold_an_order'),
        ),
        migrations.AddConstraint(
            model_name='legalhold',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='a_hold_has_its_reason'),
        ),
        migrations.AddConstraint(
            model_name='legalhold',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('lift_reason', ''), ('lifted_at__isnull', True), ('lifted_by__isnull', True)), models.Q(('lifted_at__isnull', False), ('lifted_by__isnull', False), models.Q(('lift_reason', ''), _negated=True)), _connector='OR'), name='lifted_when_by_whom_and_why'),
        ),
        migrations.AddIndex(
            model_name='thirdpartypermission',
            index=models.Index(condition=models.Q(('status', 'asked')), fields=['asked_at'], name='third_parties_waiting'),
        ),
        migrations.AddConstraint(
            model_name='thirdpartypermission',
            constraint=models.UniqueConstraint(fields=('order', 'serial'), name='a_permission_has_its_number'),
        ),
        migrations.AddConstraint(
            model_name='thirdpartypermission',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['asked', 'granted', 'refused', 'withdrawn', 'void'])), name='third_party_status'),
        ),
        migrations.AddConstraint(
            model_name='thirdpartypermission',
            constraint=models.CheckConstraint(condition=models.Q(('fields', []), _negated=True), name='a_permission_names_its_fields'),
        ),
        migrations.AddConstraint(
            model_name='thirdpartypermission',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('conditions', ''), ('decided_at__isnull', True), ('decided_by__isnull', True), ('reasons', '')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='third_party_decided_when_by_whom'),
        ),
        migrations.AddConstraint(
            model_name='thirdpartypermission',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['granted', 'refused']), _negated=True), ('decided_at__isnull', False), _connector='OR'), name='what_is_granted_or_refused_was_decided'),
        ),
        migrations.AddConstraint(
            model_name='thirdpartypermission',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'refused'), _negated=True), models.Q(('reasons', ''), _negated=True), _connector='OR'), name='a_refusal_has_its_reasons'),
        ),
        migrations.AddConstraint(
            model_name='thirdpartypermission',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_reason', '')), models.Q(('ended_at__isnull', False), models.Q(('ended_reason', ''), _negated=True)), _connector='OR'), name='third_party_ended_when_and_why'),
        ),
    ]
