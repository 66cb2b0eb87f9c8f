"""Doubtful rows of buildings and real estate are decided by officials too, from the match to the delivery."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from matching.linking.property_likeness import COMPARISONS
from matching.linking.property_search import LEVELS
from orders import states
from orders.clearing import workflow as clearing_workflow
from orders.delivery.making import person_key
from orders.models import Disclosure, DoubtfulRow, MatchModel
from orders.steps import clearing
from portal.models import AuditEvent
from portal.roles import Role
from tests import factories
from tests.matching.drawn import draw_store
from tests.matching.properties import HELSINKI, KOIVUTIE, OFFICES, PLACE, TOWN, prt
from tests.orders.doubtful import decide, row_of
from tests.orders.doubtful_buildings import (
    HOUSES,
    KEPT,
    NUMBERS,
    SHEDS,
    clearing_order,
    draw_street,
    register,
)
from tests.orders.test_order_subjects import SCOPES


@pytest.fixture
def town(tmp_path: Path, settings) -> Path:  # type: ignore[no-untyped-def]
    settings.CLEARING_SECOND_SHARE = 0
    settings.POPULATION_STORE = str(draw_street(tmp_path))
    return tmp_path


@pytest.mark.parametrize("subject", ["building", "real_estate"])
def test_an_order_with_doubtful_rows_is_cleared_before_it_is_ready(cast, town, subject: str) -> None:
    order = clearing_order(cast, subject=subject)
    assert order.results["ambiguous"] == 3
    rows = DoubtfulRow.objects.filter(order=order)
    assert list(rows.values_list("row", "position", "candidates")) == [(1, 0, 2), (2, 1, 2), (3, 2, 2)]
    assert not MatchModel.objects.exists()


def test_decisions_are_in_the_delivery_and_its_counts(cast, town) -> None:
    order = clearing_order(cast)
    decide(order, 1, cast.official, 1)
    decide(order, 2, cast.official, None)
    clearing.close(order)
    factories.release(order, cast.official)
    rows = factories.delivered_rows(order)
    assert [row["vtj_result"] for row in rows] == ["match_review", "no_match_review", "ambiguous", "match_id"]
    assert [row["vtj_building_id"] for row in rows] == [HOUSES[1], "", "", HOUSES[1]]
    assert [(row["vtj_rule"], row["vtj_confidence"]) for row in rows[:3]] == [
        ("official", ""),
        ("official", ""),
        ("address", ""),
    ]
    assert order.delivery.results == order.results


def test_a_unit_that_an_official_chose_is_given(cast, town) -> None:
    order = clearing_order(cast, subject="real_estate")
    decide(order, 2, cast.official, 2)
    clearing.close(order)
    factories.release(order, cast.official)
    row = factories.delivered_rows(order)[1]
    assert (row["vtj_result"], row["vtj_real_estate_id"]) == ("match_review", "09100200050004")


def test_rule_14_of_a_chosen_building_a_protected_owner_is_given_by_name_alone(cast, town) -> None:
    order = clearing_order(cast)
    decide(order, 1, cast.official, 1)
    clearing.close(order)
    factories.release(order, cast.official)
    row = factories.delivered_rows(order)[0]
    assert row["vtj_owners"] == "Salainen Ann; Virtanen Bo, Avotie 1, 00100 HELSINKI"
    kept = Disclosure.objects.filter(delivery=order.delivery.pk, person=person_key(KEPT, ""))
    assert sorted(kept.values_list("row", flat=True)) == [1, 4]


def test_the_clock_ends_the_clearing_on_day_18_and_the_rest_is_delivered_as_ambiguous(
    cast, town, monkeypatch
) -> None:
    order = clearing_order(cast)
    decide(order, 1, cast.official, 2)
    day_18 = (timezone.now() + timedelta(days=18)).date()
    monkeypatch.setattr("orders.policies.today", lambda: day_18)
    assert clearing.close_due() == 1
    order.refresh_from_db()
    assert (order.status, order.results["ambiguous"]) == (states.READY, 2)
    monkeypatch.undo()
    factories.release(order, cast.official)
    assert [row["vtj_building_id"] for row in factories.delivered_rows(order)] == [
        SHEDS[1],
        "",
        "",
        HOUSES[1],
    ]


def test_no_order_is_cleared_where_clearing_is_off(cast, town, settings) -> None:
    settings.CLEARING = False
    permit = factories.permit(cast.school, scopes=SCOPES, register_kind="")
    order = factories.ready_order(cast.secretary, register(3), under=permit, subject="building", students="")
    assert (order.status, order.results["ambiguous"]) == (states.READY, 3)


def test_houses_with_a_shed_are_one_group_that_is_decided_as_its_sample(cast, town) -> None:
    order = clearing_order(cast, 14)
    (group,) = set(order.doubtful_rows.values_list("group", flat=True))
    for number in order.doubtful_rows.filter(in_sample=True).values_list("row", flat=True):
        decide(order, number, cast.official, 1)
    assert clearing_workflow.decide_group(order, by=cast.official, group=group) == 4
    clearing_workflow.close(order, by=cast.official)
    factories.release(order, cast.official)
    given = [row["vtj_building_id"] for row in factories.delivered_rows(order)]
    assert given[:14] == [HOUSES[number] for number in NUMBERS]


def test_a_share_waits_for_a_second_opinion_of_another_official(cast, town, settings) -> None:
    settings.CLEARING_SECOND_SHARE = 1
    order = clearing_order(cast)
    second = factories.user("Taru Tarkastaja", cast.registry, Role.OFFICIAL)
    assert decide(order, 1, cast.official, 1).stage == "second"
    assert decide(order, 1, second, 2).stage == "third"
    assert decide(order, 1, cast.admin, 2).place == 2


def test_a_failed_order_that_is_started_again_keeps_its_decisions(cast, town) -> None:
    from orders import pipeline

    order = clearing_order(cast)
    decide(order, 1, cast.official, 2)
    pipeline.give_up(str(order.pk))
    order.refresh_from_db()
    factories.retry(order, cast.official)
    assert (order.status, row_of(order, 1).place) == (states.CLEARING, 2)
    made = AuditEvent.objects.filter(event="clearing.sheets_made").latest("pk")
    assert (made.details["kept"], made.details["dropped"]) == (3, 0)


def test_in_chunks_the_candidates_are_those_of_the_whole(cast, town, settings) -> None:
    whole = clearing_order(cast)
    settings.MATCH_CHUNK_ROWS = 2
    chunked = clearing_order(cast)
    assert chunked.chunks.count() == 0
    rows = [list(one.doubtful_rows.values_list("row", "candidates")) for one in (whole, chunked)]
    assert rows[0] == rows[1]


def test_an_order_whose_rows_nobody_could_choose_for_goes_on_by_itself(cast, settings, tmp_path) -> None:
    many = f"building_id | {PLACE} | house_number | postal_code | {OFFICES}\n" + "\n".join(
        f"{prt(number)} | 09100200050003 | {KOIVUTIE} | 1 | {HELSINKI}" for number in range(21)
    )
    settings.POPULATION_STORE = str(draw_store(tmp_path, **TOWN | {"building": many}))
    permit = factories.permit(cast.school, scopes=SCOPES, register_kind="")
    content = "Katuosoite;Postinumero\nKoivutie 1;00100\n"
    order = factories.ready_order(cast.secretary, content, under=permit, subject="building", students="")
    assert (order.status, order.results) == (states.READY, {"ambiguous": 1})


@pytest.mark.parametrize("subject", COMPARISONS)
def test_the_longest_group_fits_its_column(cast, subject: str) -> None:
    longest = max((level.rule for level in LEVELS.values()), key=len)
    compared = {name: max((*of, "other"), key=len) for name, of in COMPARISONS[subject].items()}
    parts = {"rule": longest, **compared, "rivals": "4", "kinds": "0110+0110+0110", "alike": "12345678"}
    key = "|".join(f"{name}:{value}" for name, value in parts.items())
    assert len(key) <= DoubtfulRow._meta.get_field("group").max_length


def test_neither_rows_nor_audit_tell_which_buildings(cast, town) -> None:
    order = clearing_order(cast)
    decide(order, 1, cast.official, 1)
    clearing.close(order)
    kept = json.dumps(
        [
            *DoubtfulRow.objects.values_list("group", flat=True),
            *AuditEvent.objects.values_list("details", flat=True),
        ]
    )
    assert not [word for word in (HOUSES[1], SHEDS[1], "Koivutie", "00100", "Virtanen") if word in kept]
