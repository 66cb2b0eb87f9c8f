"""The officials' pages of doubtful buildings and units: what they show, who may see them, what is kept."""

import json
import re
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import translation

from matching.doubts.property_sheets import FACTS, SENT
from matching.linking.property_likeness import COMPARISONS
from matching.linking.property_search import LEVELS
from orders.clearing import property_pages as clearing_property_pages
from orders.clearing import property_words as clearing_property_words
from orders.clearing import sheets as clearing_sheets
from orders.completion import own_rows
from orders.completion import workflow as completion_workflow
from orders.models import OrderFile
from orders.steps import clearing
from portal import storage
from portal.models import AuditEvent, Membership
from portal.roles import Role
from tests import factories
from tests.orders.doubtful import decide, row_of
from tests.orders.doubtful_buildings import HOUSES, SHEDS, clearing_order, draw_street
from tests.orders.test_clearing_pages import EN, address, answers, page, post


@pytest.fixture
def order(cast, settings, tmp_path: Path):  # type: ignore[no-untyped-def]
    settings.CLEARING_SECOND_SHARE = 0
    settings.POPULATION_STORE = str(draw_street(tmp_path))
    return clearing_order(cast)


@pytest.mark.parametrize("subject", COMPARISONS)
def test_every_way_of_agreeing_and_every_rule_has_words(subject: str) -> None:
    compared = COMPARISONS[subject]
    assert compared.keys() <= clearing_property_words.COMPARISONS.keys()
    assert {level for of in compared.values() for level in of} <= clearing_property_words.LEVELS.keys()
    assert {level.rule for level in LEVELS.values()} <= clearing_property_words.RULES.keys()


@pytest.mark.parametrize("subject", COMPARISONS)
def test_whatever_a_sheet_holds_has_its_line(subject: str) -> None:
    lines = clearing_property_pages.LINES[subject]
    assert {field for _, field, _, _ in lines if field} == {*SENT[subject]}
    assert {fact for _, _, fact, _ in lines if fact} >= {*FACTS[subject]}
    assert {comparison for _, _, _, comparison in lines if comparison} >= COMPARISONS[subject].keys()


def test_the_row_and_its_buildings_are_side_by_side_with_their_reasons(cast, order, sign_in) -> None:
    text = page(sign_in(cast.official), "clearing_row", order.pk, 1)
    assert "Which building does row 1 mean?" in text
    for told in (HOUSES[1], SHEDS[1], "Koivutie / Björkvägen", "Match with 2", "Why these candidates"):
        assert told in text
    assert '<td data-label="Found by">street, house number and postal code</td>' in text
    assert '<td data-label="Same">Street; House number; Postal code</td>' in text
    assert 'Building class<br><span class="small plain">the candidates differ</span>' in text
    assert text.count("the candidates differ") == 2  # and the unit's name
    for absent in ("bits", "waterfall", "style=", "<script>", "person"):
        assert absent not in text


def test_units_are_asked_for_as_units(cast, order, sign_in) -> None:
    units = clearing_order(cast, subject="real_estate")
    text = page(sign_in(cast.official), "clearing_row", units.pk, 1)
    assert "Which real-estate unit does row 1 mean?" in text
    assert "09100200050004" in text
    assert "Buildings on the unit" in text


@pytest.mark.parametrize("subject", COMPARISONS)
def test_nobody_can_be_told_from_a_page(cast, order, sign_in, subject: str) -> None:
    order = clearing_order(cast, subject=subject)
    text = page(sign_in(cast.official), "clearing_row", order.pk, 1)
    assert not [word for word in ("Virtanen", "Salainen", "Salakatu", "Avotie", "010191") if word in text]


@pytest.mark.parametrize("typed", [{"post_office": "Helsinki"}, {"name": "Salainen Ann"}])
def test_a_name_that_may_be_an_owners_is_not_shown_beside_what_was_completed(
    cast, order, sign_in, typed
) -> None:
    units = clearing_order(cast, subject="real_estate", customer_completes=True)
    sent = own_rows.read(row_of(units, 1), by=cast.secretary).sent
    assert sent["name"] == "Virtanen Bo"
    completion_workflow.complete(row_of(units, 1), by=cast.secretary, sent=sent, cells=sent | typed)
    factories.run_jobs()
    text = page(sign_in(cast.official), "clearing_row", units.pk, 1)
    assert "What was sent and what was completed" in text
    assert not [word for word in ("Virtanen", "Salainen") if word in text]


def test_a_sheet_is_the_same_whether_an_owner_is_protected_or_not(cast, settings, tmp_path) -> None:
    settings.CLEARING_SECOND_SHARE = 0
    sheets = []
    for name, until in (("kept", "2099-12-31"), ("open", "")):
        settings.POPULATION_STORE = str(draw_street(tmp_path / name, protected_until=until))
        order = clearing_order(cast)
        file = order.files.get(kind=OrderFile.Kind.CLEARING_SHEET, purged_at=None)
        content = b"".join(storage.decrypted_blocks(file.name, storage.delivery_key()))
        sheets.append([json.loads(line) for line in content.splitlines()])
    assert sheets[0] == sheets[1]
    assert sheets[0]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ["011 (house of one dwelling)", "041 (leisure home)", "01 (permanently lived in)"]),
        ("fi", ["011 (yhden asunnon talo)", "041 (vapaa-ajan asuinrakennus)", "01 (vakinaisessa asuin"]),
        ("sv", ["011 (hus med en bostad)", "041 (fritidsbostadshus)", "01 (används för permanent boende)"]),
    ],
)
def test_class_and_use_status_are_shown_in_words_beside_their_codes(
    cast, order, sign_in, language, told
) -> None:
    client = sign_in(cast.official)
    response = client.get(address("clearing_row", order.pk, 1), headers={"accept-language": language})
    assert not [words for words in told if words not in response.content.decode()]
    units = clearing_order(cast, subject="real_estate")
    response = client.get(address("clearing_row", units.pk, 1), headers={"accept-language": language})
    assert f"HELSINKI / HELSINGFORS, {told[0]}" in response.content.decode()


@pytest.mark.parametrize(
    ("code", "told"),
    [("941", "941 (outbuilding)"), ("0120", "0120"), ("014", "014"), ("1", "1"), ("-", "-"), ("xyz", "xyz")],
)
def test_a_class_of_no_known_classification_is_shown_by_itself(code: str, told: str) -> None:
    with translation.override("en"):
        assert clearing_property_words.building_class(code) == told
        assert clearing_property_words.addresses(f"Tie 1, 00100 X, {code}; …") == f"Tie 1, 00100 X, {told}; …"
        assert clearing_property_words.addresses(code) == told


def test_the_overview_and_the_queue_say_what_the_register_is_of(cast, order, sign_in) -> None:
    client = sign_in(cast.official)
    text = page(client, "clearing", order.pk)
    assert "Found by street, house number and postal code; Street: same; House number: same" in text
    assert "building classes 011 (house of one dwelling), 041 (leisure home)" in text
    assert "Kuusikon ammattiopisto · Buildings" in text
    assert "Kuusikon ammattiopisto · Buildings" in page(client, "clearing_queue")


def test_rows_that_nobody_could_choose_for_are_told_of(cast, order, sign_in) -> None:
    order.results = order.results | {"ambiguous": 5}
    order.save(update_fields=["results"])
    assert "2 rows fit more candidates than" in page(sign_in(cast.official), "clearing", order.pk)


def test_a_decision_opens_the_next_row_and_can_be_taken_back(cast, order, sign_in) -> None:
    client = sign_in(cast.official)
    assert post(client, order, 1, "2")["Location"].startswith(address("clearing_row", order.pk, 2))
    assert row_of(order, 1).place == 2
    client.post(address("clearing_take_back", order.pk, 1))
    assert row_of(order, 1).stage == "open"


@pytest.mark.parametrize("choice", ["9", "0", "-1", "", "house"])
def test_a_choice_that_is_none_leads_to_the_same_row_with_the_reason(cast, order, sign_in, choice) -> None:
    client = sign_in(cast.official)
    response = post(client, order, 2, choice)
    assert response["Location"].startswith(address("clearing_row", order.pk, 2))
    assert "Choose a candidate" in client.get(response["Location"], **EN).content.decode()


def test_a_second_opinion_is_given_blindly(cast, order, sign_in, settings) -> None:
    settings.CLEARING_SECOND_SHARE = 1
    other = factories.user("Taru Tarkastaja", cast.registry, Role.OFFICIAL)
    decide(order, 1, other, 2)
    text = page(sign_in(cast.official), "clearing_row", order.pk, 1, show="others")
    assert "You do not see it" in text
    assert other.name not in text


def test_a_group_that_is_wholly_in_its_sample_is_refused_in_words(cast, order, sign_in) -> None:
    client, key = sign_in(cast.official), row_of(order, 1).group
    response = client.post(address("clearing_group", order.pk), {"group": key, "sure": "1"}, **EN)
    assert "The whole group is in the sample" in client.get(response["Location"], **EN).content.decode()


def test_a_stranger_the_customer_and_a_disqualified_official_are_refused(cast, order, sign_in) -> None:
    assert answers(sign_in(cast.outsider), order) == {404}
    assert answers(sign_in(cast.secretary), order) == {403}
    Membership.objects.create(user=cast.official, organisation=cast.school, role=Role.MANAGER)
    assert answers(sign_in(cast.official), order) == {403}
    assert not AuditEvent.objects.filter(event="clearing.row_read").exists()


def test_each_reading_is_on_record_with_keyed_hashes_alone(cast, order, sign_in) -> None:
    client = sign_in(cast.official)
    page(client, "clearing_row", order.pk, 1)
    page(client, "clearing_row", order.pk, 2)
    clearing.close(order)
    read = AuditEvent.objects.filter(event="clearing.row_read", actor=str(cast.official.pk)).order_by("pk")
    assert [one.details["row"] for one in read] == [1, 2]
    hashes = [known for one in read for known in one.details["properties"]]
    assert [len(known) for known in hashes] == [64] * 4
    assert len({*hashes}) == 4
    assert "persons" not in read[0].details


def test_the_customer_reads_that_an_official_is_looking_at_buildings(cast, order, sign_in) -> None:
    text = page(sign_in(cast.secretary), "detail", order.pk)
    assert "Some fit several buildings: an official is looking at them" in text
    assert "persons" not in re.sub("<title>.*</title>", "", text.split("<main")[1])


def test_the_result_report_speaks_of_buildings(cast, order, sign_in) -> None:
    decide(order, 1, cast.official, 1)
    clearing.close(order)
    factories.release(order, cast.official)
    response = sign_in(cast.secretary).get(reverse("orders:report", args=[order.pk]), **EN)
    text = response.content.decode()
    assert "Several possible buildings or units" in text
    assert "The identifier is of this building or unit" in text
    assert "An official has gone through the doubtful row. The data are given." in text


@pytest.mark.parametrize(
    ("text", "sent", "verdict", "marked"),
    [
        ("Koivutie / Björkvägen", "Koivutie", "same", []),
        ("Koivutie / Björkvägen", "Koivutei", "near", ["ie"]),
        ("Koivutie / Björkvägen", "Björkvagen", "near", ["ä"]),
        ("HELSINKI / HELSINGFORS", "Espoo", "differs", ["HELSINKI", "HELSINGFORS"]),
        ("9", "Koivutie 7-9", "near", ["9"]),
        ("9", "", "differs", []),
    ],
)
def test_what_differs_is_marked_in_the_language_of_the_row(text, sent, verdict, marked) -> None:
    pieces = clearing_property_pages._pieces(text, sent, verdict, is_code=False)
    assert "".join(piece.text for piece in pieces) == text
    assert [piece.text for piece in pieces if piece.marked] == marked


def test_a_code_in_another_form_is_not_marked() -> None:
    code, pieces = "09100200050005", clearing_property_pages._pieces
    assert not any(piece.marked for piece in pieces(code, "91-2-5-4", "near", is_code=True))
    (digit,) = [one for one in pieces(code, "09100200050004", "near", is_code=True) if one.marked]
    assert digit.text == "5"


def test_a_group_says_where_one_candidate_is_the_nearest() -> None:
    words = clearing_property_words.group("rule:address|street:same|rivals:1|kinds:011+041|alike:12")
    assert "yksi ehdokas on muita lähempänä" in words
    several = clearing_property_words.group("rule:address|street:same|rivals:2|one:1|alike:12")
    assert several.endswith("samat ehdokkaat joka rivillä")


def test_only_who_opened_the_row_decides_it(cast, order, sign_in) -> None:
    client = sign_in(cast.official)
    post(client, order, 1, "1", seen=clearing_sheets.seen_by(row_of(order, 2), cast.official))
    assert row_of(order, 1).stage == "open"
