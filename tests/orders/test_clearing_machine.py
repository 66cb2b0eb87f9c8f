"""The machine's part of the clearing: from the match to sheets, from decisions to the delivery, day 18."""

from datetime import timedelta

import pytest
from django.utils import timezone

from orders import pipeline, states, workflow
from orders.deletion import purge
from orders.models import DoubtfulRow, Opinion
from orders.steps import clearing
from portal.models import AuditEvent, Job
from portal.states import Conflict
from tests import factories
from tests.orders.doubtful import clearing_order, decide, namesakes, register, row_of


@pytest.fixture
def order(cast, own_store, settings):  # type: ignore[no-untyped-def]
    settings.CLEARING_SECOND_SHARE = 0
    namesakes(own_store)
    return clearing_order(cast.secretary)


def test_an_order_with_doubtful_rows_is_cleared_before_it_is_ready(order) -> None:
    assert order.results == {"ambiguous": 3, "match_id": 1}
    rows = DoubtfulRow.objects.filter(order=order)
    assert list(rows.values_list("row", "position", "candidates")) == [(1, 0, 2), (2, 1, 2), (3, 2, 2)]
    assert len(set(rows.values_list("group", flat=True))) == 1


def test_an_order_without_doubtful_rows_is_ready_at_once(cast, own_store) -> None:
    assert factories.ready_order(cast.secretary).status == states.READY


def test_no_order_is_cleared_where_clearing_is_off(cast, own_store, settings) -> None:
    settings.CLEARING = False
    namesakes(own_store)
    order = factories.ready_order(cast.secretary, register(3))
    assert (order.status, order.results["ambiguous"]) == (states.READY, 3)
    assert not DoubtfulRow.objects.exists()


def test_sheets_are_cut_and_encrypted_for_the_delivery_key_alone(
    cast, own_store, settings, files_folder
) -> None:
    settings.CLEARING_SHEET_ROWS = 2
    namesakes(own_store)
    order = clearing_order(cast.secretary)
    sheets = order.files.filter(kind="sheet", purged_at=None)
    assert sheets.count() == 2
    assert [row_of(order, number).position for number in (1, 2, 3)] == [0, 1, 0]
    for path in (files_folder / "sheets").iterdir():
        assert path.read_bytes().startswith(b"age-encryption.org/v1")


def test_decisions_are_in_the_delivery_and_its_counts(cast, order) -> None:
    decide(order, 1, cast.official, 2)
    decide(order, 2, cast.official, None)
    clearing.close(order)
    order.refresh_from_db()
    assert order.results == {"match_id": 1, "match_review": 1, "no_match_review": 1, "ambiguous": 1}
    factories.release(order, cast.official)
    assert order.status == states.DELIVERED
    rows = factories.delivered_rows(order)
    assert [row["vtj_result"] for row in rows] == ["match_review", "no_match_review", "ambiguous", "match_id"]
    assert [row["vtj_surname"] for row in rows] == ["Malli", "", "", "Esimerkki"]
    assert order.delivery.results == order.results
    assert [row["vtj_rule"] for row in rows[:2]] == ["official", "official"]


def test_the_clock_ends_the_clearing_on_day_18_and_tells_how_many_stay_ambiguous(
    cast, order, monkeypatch
) -> None:
    decide(order, 1, cast.official, 1)
    day_18 = timezone.now() + timedelta(days=18)
    monkeypatch.setattr("orders.policies.today", lambda: (day_18 - timedelta(days=1)).date())
    assert clearing.close_due() == 0
    monkeypatch.setattr("orders.policies.today", lambda: day_18.date())
    assert clearing.close_due() == 1
    order.refresh_from_db()
    assert (order.status, order.results["ambiguous"]) == (states.READY, 2)
    told = AuditEvent.objects.get(event="order.ready")
    assert told.actor == "machine"
    assert told.details == {"ambiguous": 2, "match_review": 1, "no_match_review": 0}
    assert clearing.close_due() == 0


def test_the_window_runs_on_while_rows_are_cleared(order) -> None:
    assert order.clearing_ends == order.window_opens + timedelta(days=8)
    assert order.clearing_last_day == order.clearing_ends - timedelta(days=1)
    assert order.days_left == (order.window_closes - timezone.localdate()).days


def test_an_order_matched_after_day_18_is_not_cleared(cast, own_store, monkeypatch) -> None:
    namesakes(own_store)
    order = factories.placed_order(cast.secretary, "Sukunimi;Etunimet;Syntymäaika\nMalli;Väinö;2.5.1994\n")
    late = timezone.localdate() + timedelta(days=19)
    monkeypatch.setattr("orders.policies.today", lambda: late)
    factories.run_jobs()
    order.refresh_from_db()
    assert (order.status, order.results) == (states.READY, {"ambiguous": 1})


def test_sheets_are_purged_when_the_clearing_ends(order, files_folder) -> None:
    assert len(list((files_folder / "sheets").iterdir())) == 1
    clearing.close(order)
    factories.run_jobs()
    assert not list((files_folder / "sheets").iterdir())
    assert AuditEvent.objects.filter(event="upload.purged", object_id=str(order.pk)).exists()


@pytest.mark.parametrize("end", ["cancelled", "rejected"])
def test_an_order_that_ends_in_clearing_leaves_no_sheets(cast, order, files_folder, end: str) -> None:
    if end == "cancelled":
        workflow.cancel(order, by=cast.secretary)
    else:
        pipeline._reject(order)
    purge.queue_due()
    factories.run_jobs()
    assert not factories.order_files(files_folder)


def test_a_failed_order_that_is_started_again_keeps_its_decisions(cast, order) -> None:
    decide(order, 1, cast.official, 2)
    pipeline.give_up(str(order.pk))
    order.refresh_from_db()
    factories.retry(order, cast.official)
    assert order.status == states.CLEARING
    assert row_of(order, 1).place == 2
    assert row_of(order, 2).stage == "open"
    made = AuditEvent.objects.filter(event="clearing.sheets_made").latest("pk")
    assert (made.details["kept"], made.details["dropped"]) == (3, 0)
    assert order.files.filter(kind="sheet", purged_at=None).count() == 1


def test_a_decision_on_what_has_become_another_case_is_dropped_and_told(cast, order) -> None:
    decide(order, 1, cast.official, 2)
    DoubtfulRow.objects.filter(order=order, row=1).update(fingerprint=b"of other candidates")
    pipeline.give_up(str(order.pk))
    order.refresh_from_db()
    factories.retry(order, cast.official)
    assert row_of(order, 1).stage == "open"
    assert not Opinion.objects.exists()
    made = AuditEvent.objects.filter(event="clearing.sheets_made").latest("pk")
    assert (made.details["kept"], made.details["dropped"]) == (2, 1)


def test_an_order_whose_rows_were_all_decided_goes_on_by_itself_when_it_is_matched_again(cast, order) -> None:
    for number in (1, 2, 3):
        decide(order, number, cast.official, 1)
    pipeline.give_up(str(order.pk))
    order.refresh_from_db()
    factories.retry(order, cast.official)
    assert (order.status, order.results) == (states.READY, {"match_id": 1, "match_review": 3})


def test_sheets_made_twice_are_made_once(order) -> None:
    from portal import outbox

    outbox.queue("orders.sheets", order.pk)
    factories.run_jobs()
    assert order.files.filter(kind="sheet", purged_at=None).count() == 1
    assert order.doubtful_rows.count() == 3
    assert not Job.objects.filter(done_at=None).exists()


def test_a_clearing_ends_once(order) -> None:
    clearing.close(order)
    with pytest.raises(Conflict):
        clearing.close(order)


def test_a_cleared_order_is_released_at_once_where_nobody_waits_for_the_window(order, settings) -> None:
    settings.DELIVERY_RELEASE = "when_ready"
    clearing.close(order)
    order.refresh_from_db()
    assert order.status == states.RELEASED
