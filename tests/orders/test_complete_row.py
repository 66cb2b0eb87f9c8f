"""A customer completes a doubtful row: it is matched again, and is settled or goes to the officials."""

import json
import unicodedata

import pytest
from django.db import IntegrityError, transaction

from orders import pipeline, states
from orders.clearing import workflow as clearing_workflow
from orders.completion import workflow as completion_workflow
from orders.delivery.making import person_key
from orders.models import Completion, Disclosure
from orders.steps import clearing
from portal import outbox, storage
from portal.access import Denied
from portal.models import AuditEvent
from portal.states import Conflict
from tests import factories
from tests.orders.completing import NAMED, P2, completable_order, complete, days_later, result_of
from tests.orders.doubtful import clearing_order, decide, namesakes, row_of


@pytest.fixture
def order(cast, own_store, settings):  # type: ignore[no-untyped-def]
    settings.CLEARING_SECOND_SHARE = 0
    namesakes(own_store)
    return completable_order(cast.secretary, cast.school)


def test_a_completed_row_that_is_found_is_settled_and_delivered_as_it_was_sent(cast, order) -> None:
    row = complete(order, 2, cast.secretary, hetu=P2, street="Rantatie 3")
    assert (row.stage, result_of(order, 2)) == ("found", "match_id")
    clearing.close(order)
    order.refresh_from_db()
    assert order.results == {"ambiguous": 2, "match_id": 2}
    factories.release(order, cast.official)
    rows = factories.delivered_rows(order)
    assert [one["vtj_result"] for one in rows] == ["ambiguous", "match_id", "ambiguous", "match_id"]
    assert (rows[1]["Henkilötunnus"], rows[1]["vtj_hetu"], rows[1]["vtj_street"]) == ("", P2, "Rantatie 3")
    assert order.delivery.results == order.results


def test_what_is_disclosed_of_a_completed_row_stands_in_the_register(cast, order) -> None:
    complete(order, 1, cast.secretary, hetu=P2)
    clearing.close(order)
    factories.release(order, cast.official)
    assert bytes(Disclosure.objects.get(row=1).person) == person_key(P2, "")


def test_the_code_of_another_is_a_conflict(cast, order) -> None:
    assert complete(order, 1, cast.secretary, hetu="030594W903B").stage == "found"
    clearing.close(order)
    factories.release(order, cast.official)
    assert factories.delivered_rows(order)[0]["vtj_result"] == "conflict"
    assert factories.delivered_rows(order)[0]["vtj_surname"] == ""


def test_completed_data_that_find_nobody_leave_the_row_to_officials_as_it_was_sent(cast, order) -> None:
    before = row_of(order, 1)
    row = complete(order, 1, cast.secretary, surname="Olematon", given_names="Ei")
    assert (row.stage, result_of(order, 1), row.sheet) == ("open", "not_found", before.sheet)
    decide(order, 1, cast.official, 1)
    clearing.close(order)
    factories.release(order, cast.official)
    assert factories.delivered_rows(order)[0]["vtj_result"] == "match_review"


def test_a_row_that_stays_doubtful_is_decided_by_the_candidates_of_what_was_completed(cast, order) -> None:
    before = row_of(order, 3)
    row = complete(order, 3, cast.secretary, municipality="091")
    assert (row.stage, result_of(order, 3), row.in_sample) == ("open", "ambiguous", True)
    assert (row.sheet, row.position) != (before.sheet, before.position)
    decide(order, 3, cast.official, 2)
    clearing.close(order)
    factories.release(order, cast.official)
    assert [one["vtj_result"] for one in factories.delivered_rows(order)] == [
        "ambiguous", "ambiguous", "match_review", "match_id",
    ]  # fmt: skip


def test_who_knows_no_more_leaves_the_row_to_the_officials(cast, order) -> None:
    completion_workflow.know_no_more(row_of(order, 1), by=cast.secretary)
    assert row_of(order, 1).stage == "open"
    with pytest.raises(Denied):
        complete(order, 1, cast.secretary, hetu=P2)


def test_each_row_is_answered_once(cast, order) -> None:
    complete(order, 1, cast.secretary, municipality="091")
    with pytest.raises(Denied):
        completion_workflow.complete(row_of(order, 1), by=cast.colleague, sent=NAMED, cells={"hetu": P2})
    with pytest.raises(IntegrityError), transaction.atomic():
        Completion.objects.create(order=order, row=1, made_by=cast.secretary)


def test_an_officials_decision_is_not_overturned(cast, order, files_folder) -> None:
    seen = row_of(order, 1)
    decide(order, 1, cast.official, 2)
    with pytest.raises(Conflict):
        completion_workflow.complete(seen, by=cast.secretary, sent=NAMED, cells={"hetu": P2})
    with pytest.raises(Denied):
        completion_workflow.know_no_more(row_of(order, 1), by=cast.secretary)
    assert not Completion.objects.exists()
    assert not list(files_folder.glob("completion*/*"))


def test_of_a_completion_and_a_decision_one_wins(cast, order) -> None:
    seen = row_of(order, 1)
    complete(order, 1, cast.secretary, run=False, hetu=P2)
    with pytest.raises(Conflict):
        clearing_workflow.decide(seen, by=cast.official, place=1, stage="open")
    with pytest.raises(Denied):
        clearing_workflow.decide(row_of(order, 1), by=cast.official, place=1, stage="open")
    for number in (2, 3):
        decide(order, number, cast.official, 1)
    with pytest.raises(Denied, match=r"uudelleen|again"):
        clearing_workflow.close(order, by=cast.official)


def test_a_decision_on_the_row_as_it_was_before_its_completion_is_not_stored(cast, order) -> None:
    seen = row_of(order, 1)
    assert complete(order, 1, cast.secretary, municipality="091").stage == "open"
    with pytest.raises(Conflict):
        clearing_workflow.decide(seen, by=cast.official, place=1, stage="open")
    assert row_of(order, 1).stage == "open"


def test_no_more_rows_are_completed_than_is_set(cast, order, settings) -> None:
    settings.COMPLETION_ROWS = 1
    complete(order, 1, cast.secretary, hetu=P2)
    with pytest.raises(Denied):
        complete(order, 2, cast.secretary, hetu=P2)


def test_only_where_the_permit_lets_it(cast, own_store) -> None:
    namesakes(own_store)
    order = clearing_order(cast.secretary)
    assert not order.files.filter(kind="own_sheet").exists()
    with pytest.raises(Denied):
        complete(order, 1, cast.secretary, hetu=P2)


def test_nothing_is_completed_on_the_day_on_which_the_clearing_ends(cast, order, monkeypatch) -> None:
    days_later(monkeypatch, 17)
    complete(order, 1, cast.secretary, hetu=P2)
    days_later(monkeypatch, 1)
    with pytest.raises(Denied):
        complete(order, 2, cast.secretary, hetu=P2)


def test_the_clearing_ends_by_itself_the_day_after_what_was_completed_settled_the_last(
    cast, order, monkeypatch
) -> None:
    for number in (1, 2):
        complete(order, number, cast.secretary, hetu=P2)
    days_later(monkeypatch, 1)
    assert clearing.close_due() == 0
    decide(order, 3, cast.official, None)
    assert clearing.close_due() == 1
    order.refresh_from_db()
    assert (order.status, order.results) == (states.READY, {"match_id": 3, "no_match_review": 1})


def test_the_orders_state_tells_nothing_on_the_day_itself(cast, order) -> None:
    for number in (1, 2, 3):
        complete(order, number, cast.secretary, hetu=P2)
    assert clearing.close_due() == 0
    order.refresh_from_db()
    assert order.status == states.CLEARING


def test_an_order_that_is_started_again_tells_nothing_by_its_state_on_the_day_itself(
    cast, order, monkeypatch
) -> None:
    for number in (1, 2, 3):
        complete(order, number, cast.secretary, hetu=P2)
    pipeline.give_up(str(order.pk))
    order.refresh_from_db()
    factories.retry(order, cast.official)
    assert order.status == states.CLEARING
    days_later(monkeypatch, 1)
    assert clearing.close_due() == 1


def test_the_clock_ends_what_was_started_again_also_where_the_completion_found_nobody(
    cast, order, monkeypatch
) -> None:
    complete(order, 1, cast.secretary, surname="Olematon", given_names="Ei")
    for number in (1, 2, 3):
        decide(order, number, cast.official, 1)
    pipeline.give_up(str(order.pk))
    order.refresh_from_db()
    factories.retry(order, cast.official)
    assert (order.status, clearing.close_due()) == (states.CLEARING, 0)
    days_later(monkeypatch, 1)
    assert clearing.close_due() == 1


def test_the_clock_leaves_a_clearing_whose_sheets_are_being_written(cast, order, monkeypatch) -> None:
    for number in (1, 2, 3):
        complete(order, number, cast.secretary, hetu=P2)
    days_later(monkeypatch, 1)
    outbox.queue("orders.sheets", order.pk, order.turn)
    assert clearing.close_due() == 0
    factories.run_jobs()
    order.refresh_from_db()
    assert order.status == states.READY


def test_what_was_typed_is_encrypted_and_in_no_audit_row(cast, order, files_folder) -> None:
    complete(order, 1, cast.secretary, hetu=P2)
    file = Completion.objects.get().file
    content = b"".join(storage.decrypted_blocks(file.name, storage.upload_key()))
    assert json.loads(content) == {"1": NAMED | {"hetu": P2}}
    for path in files_folder.glob("completion*/*"):
        assert path.read_bytes().startswith(b"age-encryption.org/v1")
    told = {
        event.event: event.details for event in AuditEvent.objects.filter(event__startswith="completion.")
    }
    assert told["completion.made"]["fields"] == ["hetu"]
    assert told["completion.linked"] == {"rows": [1], "found": 1, "left": 0}
    assert not [text for text in (P2, "Malli", "Väinö", "1994") if text in json.dumps(list(told.values()))]


def test_only_what_was_changed_is_named_as_changed(cast, order) -> None:
    """Neither the customer's own number of the row, nor a letter that is written in another way."""
    sent = NAMED | {"row_id": "7", "given_names": unicodedata.normalize("NFD", "Väinö")}
    cells = NAMED | {"surname": " Malli", "hetu": P2}
    completion_workflow.complete(row_of(order, 1), by=cast.secretary, sent=sent, cells=cells)
    assert AuditEvent.objects.get(event="completion.made").details["fields"] == ["hetu"]
