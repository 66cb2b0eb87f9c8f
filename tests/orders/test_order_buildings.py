"""Orders of buildings and real estate, from the register to the delivery and the disclosure register."""

from pathlib import Path

import pytest
from django.urls import reverse

from orders.delivery.making import person_key
from orders.models import Disclosure, FieldSet, MatchModel
from orders.third_parties import permissions as third_parties
from tests import factories
from tests.matching.drawn import code, draw_store
from tests.matching.properties import HOME, LEFT, SHOP, TOWN, prt
from tests.orders.test_order_subjects import SCOPES

ENGLISH = {"accept-language": "en"}
OPEN, KEPT = code("010190-900"), code("010191-900")
PERSONS = f"""
    person_id | hetu   | surname  | given_names | protected_until
    open      | {OPEN} | Virtanen | Bo          |
    kept      | {KEPT} | Virtanen | Ann         | 2099-12-31
"""
HOMES = """
    person_id | kind      | street_fi | house_number | postal_code | post_office_fi
    open      | permanent | Avotie    | 1            | 00100       | HELSINKI
    kept      | permanent | Salakatu  | 13           | 00990       | HELSINKI
"""
OWNERS = f"""
    property_id    | person_id | business_id
    {HOME}         | open      |
    {HOME}         | kept      |
    {SHOP}         |           | 2077474-0
    09100200050003 | open      |
"""
BUILDINGS = f"""Oma numero;Rakennustunnus;Katuosoite;Postinumero
0001;{HOME};Koivutie 5;00100
0002;{prt(99)};;
0003;{SHOP};Koivutie 7b;00100
0004;{HOME};;
0005;123;;
"""
UNITS = "Kiinteistötunnus\n91-2-5-3\n09100200050008\n123\n"


@pytest.fixture
def town(tmp_path: Path, settings) -> Path:  # type: ignore[no-untyped-def]
    """The small town with owners, one of them protected."""
    store = draw_store(tmp_path, **TOWN | {"person": PERSONS, "address": HOMES, "owner": OWNERS})
    settings.POPULATION_STORE = str(store)
    return store


def ordered(cast, subject: str, register: str, **options: object):  # type: ignore[no-untyped-def]
    permit = factories.permit(cast.school, scopes=SCOPES, register_kind="", **options)
    return factories.delivered_order(
        cast.secretary, cast.official, register, under=permit, subject=subject, students=""
    )


def test_an_order_of_buildings_is_delivered_row_by_row(cast, town) -> None:
    rows = factories.delivered_rows(ordered(cast, "building", BUILDINGS))
    results = [row["vtj_result"] for row in rows]
    assert results == ["match_id", "not_found", "match_id", "match_id", "invalid_id"]
    assert [row["vtj_street_fi"] for row in rows] == ["Koivutie", "", "Koivutie", "Koivutie", ""]
    assert rows[0]["Oma numero"] == "0001"
    assert [name for name in rows[0] if name.startswith("vtj_")][-3:] == [
        f"vtj_{name}" for name in SCOPES["building"]
    ]


def test_an_order_of_real_estate_follows_a_unit_to_its_successor(cast, town) -> None:
    rows = factories.delivered_rows(ordered(cast, "real_estate", UNITS))
    assert [row["vtj_result"] for row in rows] == ["match_id", "match_id_changed", "invalid_id"]
    assert [row["vtj_name"] for row in rows] == ["Koivula", "Koivula", ""]


def test_no_model_is_named_for_what_is_found_without_one(cast, town, sign_in) -> None:
    order = ordered(cast, "building", BUILDINGS)
    assert order.model_version == ""
    assert not MatchModel.objects.exists()
    page = sign_in(cast.official).get(reverse("orders:detail", args=[order.pk]), headers=ENGLISH)
    assert "Version of the matching model" not in page.content.decode()


def test_rule_14_a_protected_owner_is_given_by_name_alone(cast, town) -> None:
    row = factories.delivered_rows(ordered(cast, "building", BUILDINGS))[0]
    assert row["vtj_owners"] == "Virtanen Ann; Virtanen Bo, Avotie 1, 00100 HELSINKI"
    assert "Salakatu" not in str(row)


def test_rule_14_an_entitled_order_gets_the_owners_address(cast, town) -> None:
    row = factories.delivered_rows(ordered(cast, "building", BUILDINGS, entitled_to_protected=True))[0]
    assert "Salakatu 13" in row["vtj_owners"]


def test_rule_20_each_owner_of_each_row_is_in_the_disclosure_register(cast, town) -> None:
    order = ordered(cast, "building", BUILDINGS)
    found = Disclosure.objects.filter(delivery=order.delivery.pk)
    kept = found.filter(person=person_key(KEPT, ""))
    assert sorted(found.values_list("row", flat=True)) == [1, 1, 4, 4]
    assert sorted(kept.values_list("row", flat=True)) == [1, 4]
    given = FieldSet.objects.get(pk=kept[0].field_set).fields
    assert given == ["building_id", "owners.name", "street_fi"]
    whole = found.get(row=1, person=person_key(OPEN, "")).field_set
    assert FieldSet.objects.get(pk=whole).fields == sorted(SCOPES["building"])


def test_an_order_without_owners_discloses_nobody(cast, town) -> None:
    permit = factories.permit(cast.school, scopes=SCOPES, register_kind="")
    factories.delivered_order(
        cast.secretary,
        cast.official,
        BUILDINGS,
        under=permit,
        subject="building",
        students="",
        fields=["building_id", "street_fi"],
    )
    assert not Disclosure.objects.exists()


def test_a_large_order_of_buildings_is_matched_in_chunks_alike(cast, town, settings) -> None:
    whole = factories.delivered_rows(ordered(cast, "building", BUILDINGS))
    settings.MATCH_CHUNK_ROWS = 2
    order = ordered(cast, "building", BUILDINGS)
    assert factories.delivered_rows(order) == whole
    assert order.model_version == ""


def test_rule_11_a_field_that_a_newer_permit_lacks_is_stripped(cast, town) -> None:
    permit = factories.permit(cast.school, scopes=SCOPES, register_kind="")
    order = factories.ready_order(
        cast.secretary, BUILDINGS, under=permit, subject="building", students="", fields=["building_id"]
    )
    type(order).objects.filter(pk=order.pk).update(fields=["building_id", "class"])
    order.refresh_from_db()
    factories.release(order, cast.official)
    assert "vtj_class" not in factories.delivered_rows(order)[0]


def test_the_check_speaks_of_buildings(cast, town, sign_in) -> None:
    permit = factories.permit(cast.school, scopes=SCOPES, register_kind="")
    order = factories.checked_order(cast.secretary, BUILDINGS, under=permit, subject="building", students="")
    page = sign_in(cast.secretary).get(reverse("orders:check", args=[order.pk]), headers=ENGLISH)
    text = page.content.decode()
    assert page.context["has_codes"]
    assert "Building identifiers" in text
    assert "Invalid building identifier: " in text
    assert "The same building identifier as on an earlier row" in text
    assert "identity code" not in text.lower()


def test_the_results_speak_of_buildings(cast, town, sign_in) -> None:
    order = ordered(cast, "building", BUILDINGS)
    page = sign_in(cast.secretary).get(reverse("orders:detail", args=[order.pk]), headers=ENGLISH)
    text = page.content.decode()
    assert "Found by the identifier (match_id)" in text
    assert "Invalid identifier (invalid_id)" in text
    assert "person’s" not in text


def test_an_ambiguous_building_is_not_given(cast, town, settings) -> None:
    settings.CLEARING = False
    register = f"Katuosoite;Postinumero;Rakennustunnus\nKoivutie 9;00100;\nx;;{LEFT}\n"
    rows = factories.delivered_rows(ordered(cast, "building", register))
    assert rows[0]["vtj_result"] == "ambiguous"
    assert (rows[0]["vtj_building_id"], rows[1]["vtj_building_id"]) == ("", LEFT)


def test_a_third_party_can_be_permitted_what_a_delivery_of_buildings_holds(cast, town: Path) -> None:
    permit = factories.permit(cast.school, scopes=SCOPES, register_kind="")
    fields = SCOPES["building"][:2]
    order = factories.delivered_order(
        cast.secretary, cast.official, BUILDINGS, under=permit, subject="building", fields=fields
    )
    asked = factories.asked_third_party(order, cast.secretary, fields=fields)
    third_parties.grant(asked, by=cast.official, conditions="Vain kerran.")
    third_parties.end_void()
    asked.refresh_from_db()
    third_parties.check_in_force(asked)
