"""Turvakielto, from the register sent to the file received (rules 11–14)."""

import pytest

from orders import workflow
from orders.models import Delivery, Disclosure, FieldSet, Order
from permits.models import Permit
from portal.access import Denied
from tests import factories
from tests.factories import delivered_rows

REGISTER = """hetu;sukunimi;etunimet;katuosoite
030594W903B;Suojattu;Tuuli;Piilopolku 1
030694W9024;Salainen;Meri;Avopolku 2
020594X903P;Malli;Väinö;Rantatie 3
"""
ALL = [
    "surname",
    "municipality",
    "street",
    "postal_code",
    "post_office",
    "country",
    "address_kind",
    "moved_on",
]


@pytest.fixture
def permit(cast) -> Permit:
    return factories.permit(cast.school, fields=[*ALL, "contact_address"])


def deliver(cast, permit: Permit, **kwargs):
    kwargs.setdefault("fields", ALL)
    return factories.delivered_order(cast.secretary, cast.official, REGISTER, under=permit, **kwargs)


def test_rule_11_a_field_outside_the_permit_is_refused_when_ordering(cast, permit) -> None:
    order = factories.draft_order(cast.secretary, permit)
    with pytest.raises(Denied):
        workflow.describe(order, by=cast.secretary, fields=["surname", "mother_tongue"])


def test_rule_11_a_field_outside_the_permit_is_stripped_when_delivering(cast, store, permit) -> None:
    order = factories.ready_order(cast.secretary, REGISTER, under=permit, fields=["surname", "street"])
    Order.objects.update(fields=["surname", "street", "mother_tongue", "protected"])
    order.refresh_from_db()
    factories.release(order, cast.official)
    row = delivered_rows(order)[0]
    assert "vtj_street" in row
    assert not {"vtj_mother_tongue", "vtj_protected"} & set(row)
    assert Disclosure.objects.exists()
    assert "mother_tongue" not in str(list(FieldSet.objects.values_list("fields", flat=True)))


def test_rule_11_delivered_columns_are_those_ordered_under_the_permit(cast, store, permit) -> None:
    row = delivered_rows(deliver(cast, permit, fields=["surname", "street"]))[0]
    given = [name for name in row if name.startswith("vtj_")]
    assert given == [
        "vtj_row",
        "vtj_result",
        "vtj_confidence",
        "vtj_rule",
        "vtj_changed",
        "vtj_surname",
        "vtj_street",
    ]


def test_rule_12_data_under_a_turvakielto_are_withheld(cast, store, permit) -> None:
    protected, expired, open_ = delivered_rows(deliver(cast, permit))
    assert protected["vtj_result"] == "match_id"
    assert protected["vtj_surname"] == "Suojattu"
    assert not any(protected[f"vtj_{name}"] for name in ALL[1:])
    assert "Piilopolku" not in protected["vtj_changed"]
    assert expired["vtj_street"] == "Avopolku 2"
    assert open_["vtj_street"] == "Rantatie 3"


def test_rule_12_an_entitled_permit_gets_the_data(cast, store) -> None:
    entitled = factories.permit(cast.school, fields=[*ALL, "protected"], entitled_to_protected=True)
    rows = delivered_rows(deliver(cast, entitled, fields=[*ALL, "protected"]))
    assert rows[0]["vtj_street"] == "Piilopolku 1"
    assert [row["vtj_protected"] for row in rows] == ["1", "0", "0"]


def test_rule_13_what_a_customer_reads_of_the_result_does_not_count_protected_rows(
    cast, store, permit, sign_in
) -> None:
    order = deliver(cast, permit)
    page = sign_in(cast.secretary).get(f"/orders/{order.pk}/").content.decode()
    assert "protected_withheld" not in page
    assert "withheld" not in str(order.delivery.changed)


def test_who_was_protected_since_the_match_is_withheld_at_release(cast, own_store, permit) -> None:
    order = factories.ready_order(cast.secretary, REGISTER, under=permit, fields=ALL)
    own_store.publish(persons=own_store.persons.replace("1994-05-02,091,", "1994-05-02,091,2031-01-01"))
    factories.release(order, cast.official)
    now_protected = delivered_rows(order)[2]
    assert now_protected["vtj_result"] == "match_id"
    assert now_protected["vtj_street"] == ""
    delivery = Delivery.objects.get(order=order)
    assert delivery.protection_version != order.store_version


def test_the_result_of_who_was_protected_since_the_match_does_not_tell_the_home(
    cast, own_store, permit
) -> None:
    header = "sukunimi;etunimet;syntymäaika;katuosoite;postinumero"
    sent = header + "\nMalli;Väinö;;{0};{1}\nMalli;V;;Muualla 9;99900\n"
    persons = own_store.persons
    told = []
    for home in (("Rantatie 3", "00200"), ("Vieraskatu 9", "99900")):
        own_store.publish(persons=persons)
        order = factories.ready_order(cast.secretary, sent.format(*home), under=permit, fields=ALL)
        own_store.publish(persons=persons.replace("1994-05-02,091,", "1994-05-02,091,2031-01-01"))
        matched = order.results
        factories.release(order, cast.official)
        rows = delivered_rows(order)
        told.append([(row["vtj_result"], row["vtj_confidence"], row["vtj_rule"]) for row in rows])
        assert sum(order.results.values()) == sum(matched.values()) == 2
        assert order.results == order.delivery.results
    assert told[0] == told[1]


def test_who_was_protected_at_the_match_stays_withheld_at_release(cast, own_store, permit) -> None:
    order = factories.ready_order(cast.secretary, REGISTER, under=permit, fields=ALL)
    own_store.publish(persons=own_store.persons.replace("2030-12-31", ""))
    factories.release(order, cast.official)
    assert delivered_rows(order)[0]["vtj_street"] == ""
