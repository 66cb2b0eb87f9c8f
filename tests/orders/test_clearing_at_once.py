"""A decision that is stored while the clock ends the clearing is counted; of two who act, one is first."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.utils import translation

from orders import states
from orders.clearing import workflow as clearing_workflow
from orders.completion import workflow as completion_workflow
from orders.models import Order
from orders.steps import clearing
from portal import outbox
from portal.access import Denied
from portal.states import Conflict
from tests import factories
from tests.at_once import at_once, database_copy
from tests.orders.completing import NAMED, P2, completable_order
from tests.orders.doubtful import clearing_order, decide, namesakes, row_of


@pytest.fixture
def db(django_db_setup, django_db_blocker) -> Iterator[None]:  # type: ignore[no-untyped-def]
    with django_db_blocker.unblock(), database_copy():
        yield


def test_a_decision_that_is_stored_while_the_clock_ends_the_clearing_is_counted(
    cast, own_store, settings
) -> None:
    settings.CLEARING_SECOND_SHARE = 0
    namesakes(own_store)
    order = clearing_order(cast.secretary)
    is_decided = threading.Event()

    def official() -> None:
        with transaction.atomic():
            decide(order, 1, cast.official, 2)
            is_decided.set()
            time.sleep(0.5)

    def clock() -> None:
        is_decided.wait(10)
        clearing.close(Order.objects.get(pk=order.pk))

    assert at_once(official, clock) == [None, None]
    order.refresh_from_db()
    assert (order.status, order.results["match_review"]) == (states.READY, 1)


def test_an_official_cannot_end_a_clearing_while_its_sheets_are_written_anew(
    cast, own_store, settings, monkeypatch
) -> None:
    settings.CLEARING_SECOND_SHARE = 0
    namesakes(own_store)
    order = clearing_order(cast.secretary, rows=1)
    decide(order, 1, cast.official, 1)
    order.doubtful_rows.update(fingerprint=b"of other candidates")  # the decision is to be dropped
    outbox.queue("orders.sheets", order.pk)
    is_writing, has_tried, write = threading.Event(), threading.Event(), clearing.sheets_of

    def slowly(*args: Any, **kwargs: Any) -> Iterator[clearing.Written]:
        is_writing.set()
        has_tried.wait(20)
        return write(*args, **kwargs)

    def official() -> None:
        is_writing.wait(20)
        with translation.override("en"):
            try:
                clearing_workflow.close(Order.objects.get(pk=order.pk), by=cast.official)
            finally:
                has_tried.set()

    monkeypatch.setattr(clearing, "sheets_of", slowly)
    _done, refused = at_once(factories.run_jobs, official)
    assert str(refused) == "The sheets of the doubtful rows are still being made."
    order.refresh_from_db()
    assert (order.status, row_of(order, 1).stage) == (states.CLEARING, "open")


def test_of_a_completion_and_a_decision_at_once_one_wins_and_the_other_is_told(
    cast, own_store, settings
) -> None:
    settings.CLEARING_SECOND_SHARE = 0
    namesakes(own_store)
    order = completable_order(cast.secretary, cast.school)
    seen = [row_of(order, number) for number in (1, 2, 3) for _ in range(2)]
    starts = threading.Barrier(2)

    def customer() -> int:
        starts.wait(10)
        return sum(_wins(completion_workflow.know_no_more, row, by=cast.secretary) for row in seen[::2])

    def official() -> int:
        starts.wait(10)
        decide = clearing_workflow.decide
        return sum(_wins(decide, row, by=cast.official, place=1, stage="open") for row in seen[1::2])

    won = at_once(customer, official)
    settled = order.doubtful_rows.filter(stage="settled").count()
    assert settled == won[1]
    assert order.completions.count() == won[0]


def test_a_row_is_completed_or_decided_and_never_both(cast, own_store, settings) -> None:
    settings.CLEARING_SECOND_SHARE = 0
    namesakes(own_store)
    order = completable_order(cast.secretary, cast.school)
    mine, theirs = row_of(order, 1), row_of(order, 1)

    def customer() -> bool:
        complete, cells = completion_workflow.complete, {"hetu": P2}
        return _wins(complete, mine, by=cast.secretary, sent=NAMED, cells=cells)

    def official() -> bool:
        return _wins(clearing_workflow.decide, theirs, by=cast.official, place=1, stage="open")

    won = at_once(customer, official)
    assert sorted(won) == [False, True]
    assert row_of(order, 1).stage == ("linking" if won[0] else "settled")


def _wins(act, *args: object, **kwargs: object) -> bool:  # type: ignore[no-untyped-def]
    try:
        act(*args, **kwargs)
    except (Conflict, Denied):
        return False
    return True
