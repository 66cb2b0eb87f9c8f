"""Rule 20: the register lies in months, made ahead; old ones go by an administrator's act, with a receipt."""

import importlib
import uuid
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, IntegrityError, connection, transaction

from orders import tasks
from orders.deletion import holds
from orders.disclosures import months as disclosure_months
from orders.models import Disclosure, DroppedMonth
from portal.access import Denied
from portal.models import AuditEvent
from tests import factories

OLD = datetime(2020, 3, 5, tzinfo=UTC)


def disclosed(at: datetime, **changes: object) -> Disclosure:
    names = ("delivery", "order", "permit", "organisation")
    values: dict[str, object] = {name: uuid.uuid4() for name in names}
    values |= {"person": b"\1" * 32, "field_set": 1, "row": 1}
    return Disclosure.objects.create(at=at, **(values | changes))


def partition_of(row: Disclosure) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM orders_disclosure WHERE id = %s", [row.pk])
        return str(cursor.fetchone()[0])


def test_rule_20_a_delivery_is_written_into_its_month(cast, store) -> None:
    order = factories.delivered_order(cast.secretary, cast.official)
    row = Disclosure.objects.first()
    assert partition_of(row) == f"orders_disclosure_{order.delivery.made_at.astimezone(UTC):%Y_%m}"


@pytest.mark.django_db
def test_months_are_made_ahead_and_once() -> None:
    assert disclosure_months.make_ahead(date(2031, 12, 5)) == 4
    assert disclosure_months.make_ahead(date(2031, 12, 5)) == 0
    assert {date(2031, 12, 1), date(2032, 3, 1)} <= {one.month for one in disclosure_months.months()}


@pytest.mark.django_db
def test_the_clock_finds_the_next_months_made_by_the_migration(settings) -> None:
    jobs = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert tasks.make_disclosure_months.name in jobs
    assert tasks.make_disclosure_months() <= 1  # by UTC: one may be new in a month's first night
    this_month = disclosure_months.later(disclosure_months.first_kept_now(), 12 * settings.DISCLOSURE_YEARS)
    there = {one.month for one in disclosure_months.months()}
    assert {disclosure_months.later(this_month, n) for n in range(4)} <= there


@pytest.mark.django_db
def test_a_row_for_which_there_is_no_month_is_kept_and_gets_one_at_night() -> None:
    row = disclosed(OLD)
    assert partition_of(row) == "orders_disclosure_other"
    disclosure_months.make_ahead(date(2026, 11, 29))
    assert partition_of(row) == "orders_disclosure_2020_03"
    assert Disclosure.objects.get().at == OLD
    assert disclosed(datetime(2020, 3, 31, 23, 59, tzinfo=UTC)).pk > row.pk


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["orders_disclosure", "orders_disclosure_2020_03"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET row = 9", "DELETE FROM {}"])
def test_rule_20_no_row_of_any_month_is_changed_or_deleted(table: str, statement: str) -> None:
    disclosed(OLD)
    disclosure_months.make_ahead(date(2026, 11, 29))
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))


@pytest.mark.django_db
def test_a_person_is_disclosed_once_in_a_row_and_several_may_be() -> None:
    first = disclosed(OLD)
    disclosed(OLD, delivery=first.delivery, person=b"\2" * 32)  # another owner of the same building
    with pytest.raises(IntegrityError, match="delivery"), transaction.atomic():
        disclosed(OLD, delivery=first.delivery)


@pytest.fixture
def old_month(db) -> Disclosure:
    row = disclosed(OLD)
    disclosure_months.make_ahead(date(2026, 11, 29))
    return row


def test_an_administrator_drops_a_month_that_is_over(cast, old_month) -> None:
    assert [one.month for one in disclosure_months.months() if one.is_over] == [date(2020, 3, 1)]
    call_command("drop_disclosures", "2020-03", by=cast.admin.email)
    assert not Disclosure.objects.exists()
    assert DroppedMonth.objects.get().rows == 1
    event = AuditEvent.objects.get(event="disclosure.month_dropped")
    assert (event.actor, event.details["rows"]) == (str(cast.admin.pk), 1)


def test_a_month_is_dropped_by_nobody_else_and_none_that_must_be_kept(cast, old_month) -> None:
    with pytest.raises(Denied):
        disclosure_months.drop(date(2020, 3, 1), by=cast.official)
    kept = disclosure_months.first_kept_now()
    disclosed(datetime(kept.year, kept.month, 2, tzinfo=UTC))
    disclosure_months.make_ahead(date(2026, 11, 29))
    with pytest.raises(Denied):
        disclosure_months.drop(kept, by=cast.admin)
    for month in ("2020-04", "maaliskuu"):
        with pytest.raises(CommandError):
            call_command("drop_disclosures", month, by=cast.admin.email)
    assert Disclosure.objects.count() == 2


def test_a_month_with_rows_of_a_held_order_stays(cast) -> None:
    order = factories.checked_order(cast.secretary)
    disclosed(OLD, order=order.pk)
    disclosure_months.make_ahead(date(2026, 11, 29))
    holds.place(order, by=cast.admin, reason="Kantelu")
    with pytest.raises(Denied):
        disclosure_months.drop(date(2020, 3, 1), by=cast.admin)
    holds.lift(order, by=cast.admin, reason="Ratkaistu")
    assert disclosure_months.drop(date(2020, 3, 1), by=cast.admin).rows == 1


@pytest.mark.django_db
def test_a_search_reads_each_month_by_its_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT * FROM orders_disclosure WHERE person = '\\x01' ORDER BY at DESC")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Seq Scan" not in plan
    assert "person_at_idx" in plan


WHOLE = """
ALTER TABLE orders_disclosure RENAME TO of_months;
CREATE TABLE orders_disclosure (LIKE of_months INCLUDING IDENTITY, note text);
DROP TABLE of_months;
INSERT INTO orders_disclosure (at, person, field_set, "row", delivery, "order", permit, organisation, note)
SELECT at, '\\x01', 1, n, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'kept'
FROM generate_series('2024-11-15'::timestamptz, now(), interval '20 days') WITH ORDINALITY s(at, n);
"""


@pytest.mark.django_db
def test_a_register_from_before_the_months_is_put_into_them_whole() -> None:
    migration = importlib.import_module("orders.migrations.0011_retention")
    with connection.cursor() as cursor:
        cursor.execute(WHOLE)
        cursor.execute("SELECT count(*), max(id) FROM orders_disclosure")
        before, last = cursor.fetchone()
        migration.by_months(None, SimpleNamespace(connection=connection))
        cursor.execute("SELECT count(*) FROM orders_disclosure_other")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT count(*) FROM orders_disclosure WHERE note = 'kept'")
        assert cursor.fetchone() == (before,)
    first = Disclosure.objects.order_by("at").first()
    assert first is not None
    assert partition_of(first) == "orders_disclosure_2024_11"
    assert disclosed(datetime(2025, 1, 1, tzinfo=UTC)).pk == last + 1
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Disclosure.objects.filter(pk=first.pk).update(row=9)
