"""Officials decide doubtful rows: one by one, groups by a sample, with second and third opinions."""

import json
import uuid

import pytest
from django.db import IntegrityError, transaction

from orders import states
from orders.clearing import agreement, sampling
from orders.clearing import workflow as clearing_workflow
from orders.models import DoubtfulRow, Opinion
from orders.steps import clearing
from portal.access import Denied
from portal.models import AuditEvent
from portal.roles import Role
from portal.states import Conflict
from tests import factories
from tests.orders.completing import P2, completable_order, complete
from tests.orders.doubtful import clearing_order, decide, namesakes, row_of


@pytest.fixture
def order(cast, own_store, settings):  # type: ignore[no-untyped-def]
    settings.CLEARING_SECOND_SHARE = 0
    namesakes(own_store)
    return clearing_order(cast.secretary)


@pytest.fixture
def second(cast):  # type: ignore[no-untyped-def]
    return factories.user("Taru Tarkastaja", cast.registry, Role.OFFICIAL)


@pytest.mark.parametrize(("place", "decision"), [(2, "match"), (None, "no_match")])
def test_a_row_is_decided_by_an_official(cast, order, place, decision) -> None:
    row = decide(order, 1, cast.official, place)
    assert (row.stage, row.decision, row.place, row.decided_by) == ("settled", decision, place, cast.official)
    told = AuditEvent.objects.get(event="clearing.decided")
    assert told.details["row"] == 1
    assert (told.details["decision"], told.details["place"]) == (decision, place)


def test_of_two_officials_who_decide_the_same_row_one_is_first(cast, order, second) -> None:
    seen = row_of(order, 1)
    decide(order, 1, second, 1)
    with pytest.raises(Conflict):
        clearing_workflow.decide(seen, by=cast.official, place=None, stage="open")
    assert row_of(order, 1).decided_by == second
    assert Opinion.objects.count() == 1


def test_a_candidate_that_is_not_there_cannot_be_chosen(cast, order) -> None:
    with pytest.raises(ValueError, match="no such candidate"):
        decide(order, 1, cast.official, 3)


def test_a_share_waits_for_a_second_opinion_of_another_official(cast, order, second, settings) -> None:
    settings.CLEARING_SECOND_SHARE = 1
    assert decide(order, 1, cast.official, 2).stage == "second"
    with pytest.raises(Denied, match=r"toista virkailijaa|another official"):
        decide(order, 1, cast.official, 2)
    row = decide(order, 1, second, 2)
    assert (row.stage, row.place) == ("settled", 2)


def test_the_share_is_drawn_by_chance(settings) -> None:
    settings.CLEARING_SECOND_SHARE = 0.3
    order = uuid.uuid4()
    rows = [DoubtfulRow(order_id=order, row=number) for number in range(2000)]
    assert 480 < sum(map(sampling.wants_second_opinion, rows)) < 720


def test_who_takes_a_decision_back_and_decides_again_does_not_draw_again(cast, order, settings) -> None:
    settings.CLEARING_SECOND_SHARE = 0.5
    stages = set()
    for _ in range(20):
        stages.add(decide(order, 1, cast.official, 2).stage)
        clearing_workflow.take_back(row_of(order, 1), by=cast.official)
    assert len(stages) == 1


def test_where_two_disagree_a_third_official_decides(cast, order, second, settings) -> None:
    settings.CLEARING_SECOND_SHARE = 1
    decide(order, 1, cast.official, 1)
    assert decide(order, 1, second, None).stage == "third"
    row = decide(order, 1, cast.admin, 2)
    assert (row.stage, row.decision, row.place) == ("settled", "match", 2)


def test_a_row_on_which_two_disagree_stays_ambiguous_without_a_third(cast, order, second, settings) -> None:
    settings.CLEARING_SECOND_SHARE = 1
    for number in (1, 2, 3):
        decide(order, number, cast.official, 1)
        decide(order, number, second, 1 if number > 1 else None)
    clearing_workflow.close(order, by=cast.official)
    order.refresh_from_db()
    assert order.status == states.READY
    assert order.results == {"match_id": 1, "ambiguous": 1, "match_review": 2}


def test_the_clearing_is_closed_only_when_all_is_decided(cast, order, second, settings) -> None:
    with pytest.raises(Denied, match="3"):
        clearing_workflow.close(order, by=cast.official)
    settings.CLEARING_SECOND_SHARE = 1
    for number in (1, 2, 3):
        decide(order, number, cast.official, 1)
    with pytest.raises(Denied, match="3"):
        clearing_workflow.close(order, by=cast.official)
    for number in (1, 2, 3):
        decide(order, number, second, 1)
    clearing_workflow.close(order, by=cast.official)
    order.refresh_from_db()
    assert order.status == states.READY
    assert AuditEvent.objects.get(event="order.ready").actor == str(cast.official.pk)


def test_nothing_is_decided_once_the_clearing_has_ended(cast, order) -> None:
    row = row_of(order, 1)
    clearing.close(order)
    row.refresh_from_db()
    with pytest.raises(Denied):
        clearing_workflow.decide(row, by=cast.official, place=1, stage="open")


def test_an_own_decision_is_taken_back_until_another_has_looked(cast, order, second, settings) -> None:
    settings.CLEARING_SECOND_SHARE = 1
    decide(order, 1, cast.official, 1)
    with pytest.raises(Denied):
        clearing_workflow.take_back(row_of(order, 1), by=second)
    clearing_workflow.take_back(row_of(order, 1), by=cast.official)
    assert row_of(order, 1).stage == "open"
    decide(order, 1, cast.official, 2)
    decide(order, 1, second, 2)
    with pytest.raises(Denied):
        clearing_workflow.take_back(row_of(order, 1), by=cast.official)
    assert row_of(order, 1).place == 2


# Groups


@pytest.fixture
def large(cast, own_store, settings):  # type: ignore[no-untyped-def]
    """An order with one group of fourteen rows."""
    settings.CLEARING_SECOND_SHARE = 0
    namesakes(own_store)
    return clearing_order(cast.secretary, 14)


def sample(order) -> list[int]:  # type: ignore[no-untyped-def]
    return list(order.doubtful_rows.filter(in_sample=True).values_list("row", flat=True))


@pytest.mark.parametrize(
    ("rows", "size"), [(1, 1), (4, 4), (10, 10), (11, 10), (100, 10), (101, 11), (500, 50)]
)
def test_a_sample_is_ten_rows_or_a_tenth(rows: int, size: int) -> None:
    assert sampling.size(rows) == size


def test_a_group_is_decided_as_its_sample_was(cast, large) -> None:
    key = row_of(large, 1).group
    assert len(sample(large)) == 10
    for number in sample(large):
        decide(large, number, cast.official, 1)
    assert clearing_workflow.decide_group(large, by=cast.official, group=key) == 4
    assert large.doubtful_rows.filter(stage="settled", decision="match", place=1).count() == 14
    assert Opinion.objects.filter(method="group").count() == 4
    told = AuditEvent.objects.get(event="clearing.group_decided")
    assert len(told.details["rows"]) == 4
    clearing_workflow.close(large, by=cast.official)


def test_a_group_without_its_sample_is_refused_with_the_reason(cast, large) -> None:
    key = row_of(large, 1).group
    decide(large, sample(large)[0], cast.official, 1)
    with pytest.raises(Denied, match="9"):
        clearing_workflow.decide_group(large, by=cast.official, group=key)
    assert large.doubtful_rows.filter(stage="settled").count() == 1


def test_a_group_whose_sample_was_not_alike_is_refused(cast, large) -> None:
    key = row_of(large, 1).group
    for place, number in enumerate(sample(large)):
        decide(large, number, cast.official, 1 if place else None)
    with pytest.raises(Denied, match=r"alike|samalla"):
        clearing_workflow.decide_group(large, by=cast.official, group=key)


def test_a_group_is_decided_only_by_who_looked_at_all_its_sample(cast, large, second) -> None:
    key = row_of(large, 1).group
    for place, number in enumerate(sample(large)):
        decide(large, number, cast.official if place else second, 1)
    with pytest.raises(Denied):
        clearing_workflow.decide_group(large, by=cast.official, group=key)


def test_of_a_group_too_a_share_waits_for_second_opinions(cast, large, settings) -> None:
    key = row_of(large, 1).group
    for number in sample(large):
        decide(large, number, cast.official, None)
    settings.CLEARING_SECOND_SHARE = 1
    clearing_workflow.decide_group(large, by=cast.official, group=key)
    assert large.doubtful_rows.filter(stage="second").count() == 4


@pytest.mark.parametrize("many", [1, 10])
def test_a_group_is_decided_though_completions_have_found_rows_of_its_sample(
    cast, own_store, settings, many
) -> None:
    settings.CLEARING_SECOND_SHARE = 0
    namesakes(own_store)
    large = completable_order(cast.secretary, cast.school, 30)
    for number in sample(large)[:many]:
        complete(large, number, cast.secretary, hetu=P2, run=False)
    with pytest.raises(Denied, match="10"):
        clearing_workflow.decide_group(large, by=cast.official, group=row_of(large, 1).group)
    factories.run_jobs()
    assert large.doubtful_rows.filter(stage="found").count() == many
    assert len(sample(large)) == sampling.size(30 - many)
    for number in sample(large):
        decide(large, number, cast.official, 1)
    left = large.doubtful_rows.filter(stage="open")
    group = left.earliest("row").group
    assert clearing_workflow.decide_group(large, by=cast.official, group=group) == 30 - many - 10
    assert not left.exists()


# Agreement


def test_agreement_is_counted_with_and_without_chance() -> None:
    match, none = ("match", 1), ("no_match", None)
    pairs = {(match, match): 20, (match, none): 5, (none, match): 10, (none, none): 15}
    found = agreement.agreement(pairs)
    assert found is not None
    assert (found.rows, found.percent) == (50, 70.0)
    assert found.kappa == pytest.approx(0.4)  # the textbook's example
    assert agreement.agreement({(match, match): 3}).kappa is None  # type: ignore[union-attr]
    assert agreement.agreement({}) is None


def test_the_agreement_of_an_order_is_of_its_second_opinions(cast, order, second, settings) -> None:
    settings.CLEARING_SECOND_SHARE = 1
    for number, other in ((1, 1), (2, None)):
        decide(order, number, cast.official, 1)
        decide(order, number, second, other)
    decide(order, 3, cast.official, 1)
    found = agreement.of_order(order.pk)
    assert found is not None
    assert (found.rows, found.agreed) == (2, 1)


# The database


@pytest.mark.parametrize(
    "wrong",
    [{"stage": "settled"}, {"decision": "match"}, {"stage": "open", "place": 1}],
    ids=lambda wrong: json.dumps(wrong),
)
def test_the_database_refuses_half_a_decision(order, wrong) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        DoubtfulRow.objects.filter(order=order, row=1).update(**wrong)


def test_the_database_refuses_a_second_opinion_of_the_same_official(cast, order) -> None:
    row = decide(order, 1, cast.official, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Opinion.objects.create(row=row, number=2, decision="no_match", by=cast.official)
