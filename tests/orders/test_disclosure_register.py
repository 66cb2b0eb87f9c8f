"""Rule 20: every disclosure is on record: who, whose data, which fields, under what, when; never changed."""

import pytest
from django.db import DatabaseError, connection, transaction

from matching.fields import output_fields
from orders.delivery.making import person_key
from orders.models import Disclosure, FieldSet
from portal.models import AuditEvent
from tests import factories

REGISTER = """hetu;sukunimi
010594Y9032;Esimerkki
030594W903B;Suojattu
020594X9030;Tuntematon
"""


@pytest.fixture
def order(cast, store):
    return factories.delivered_order(cast.secretary, cast.official, REGISTER)


def test_rule_20_each_delivered_person_has_a_row_and_no_other(order) -> None:
    assert list(Disclosure.objects.order_by("row").values_list("row", flat=True)) == [1, 2]


def test_rule_20_a_row_tells_who_what_when_and_under_what(order) -> None:
    row = Disclosure.objects.get(row=1)
    assert (row.order, row.permit, row.organisation) == (order.pk, order.permit_id, order.organisation_id)
    assert row.delivery == order.delivery.pk
    assert row.at == order.delivery.made_at
    assert FieldSet.objects.get(pk=row.field_set).fields == sorted(order.fields)


def test_rule_20_a_withheld_row_names_only_what_was_given(order) -> None:
    fields = FieldSet.objects.get(pk=Disclosure.objects.get(row=2).field_set).fields
    protected = {field.name for field in output_fields() if field.protected}
    assert fields == sorted(set(order.fields) - protected)


def test_rule_20_an_official_with_the_code_finds_the_persons_rows(order) -> None:
    assert Disclosure.objects.filter(person=person_key("010594Y9032", "")).count() == 1
    assert not Disclosure.objects.filter(person=person_key("020594X903P", "")).exists()


def test_rule_20_without_the_key_the_register_names_nobody(order, settings) -> None:
    settings.DISCLOSURE_KEY = "another key of the same length as that"
    assert not Disclosure.objects.filter(person=person_key("010594Y9032", "")).exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(d::text, '') FROM orders_disclosure d")
        assert "010594" not in cursor.fetchone()[0]


@pytest.mark.parametrize("statement", ["UPDATE {} SET row = 9", "DELETE FROM {}"])
@pytest.mark.parametrize("table", ["orders_disclosure", "portal_auditevent"])
def test_rule_20_records_cannot_be_changed_or_removed(order, table: str, statement: str) -> None:
    with (
        pytest.raises(DatabaseError, match=r"append-only|row"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table).replace("row = 9", "at = now()"))


def test_rule_20_every_act_on_the_way_is_audited_without_personal_data(order) -> None:
    events = AuditEvent.objects.filter(object_id=str(order.pk))
    assert {
        "order.created", "order.described", "upload.received", "upload.checked", "order.placed",
        "order.matching", "order.ready", "order.released", "delivery.made", "order.delivered",
    } <= set(events.values_list("event", flat=True))  # fmt: skip
    text = str(list(AuditEvent.objects.values()))
    assert not any(word in text for word in ("010594", "Esimerkki", "Suojattu", "sihteeri"))
