"""Completed rows on the machine: kills and retries, a match made again, protection, purging."""

import pytest
from django.utils import timezone

from orders import pipeline, workflow
from orders.clearing import sheet_lines
from orders.completion import workflow as completion_workflow
from orders.deletion import purge
from orders.delivery import acts as delivery_acts
from orders.links import completions
from orders.models import Completion, DoubtfulRow, OrderFile
from orders.steps import clearing, completing
from portal import outbox
from portal.models import AuditEvent, Job
from tests import factories
from tests.orders.completing import NAMED, P2, completable_order, complete, result_of
from tests.orders.doubtful import NAMESAKE, decide, namesakes, row_of


@pytest.fixture
def order(cast, own_store, settings):  # type: ignore[no-untyped-def]
    settings.CLEARING_SECOND_SHARE = 0
    namesakes(own_store)
    return completable_order(cast.secretary, cast.school)


def link_job() -> Job:
    return Job.objects.get(task="orders.complete")


def test_a_worker_that_is_killed_before_it_stores_leaves_the_row_for_the_next(
    cast, order, monkeypatch
) -> None:
    complete(order, 1, cast.secretary, run=False, hetu=P2)
    with monkeypatch.context() as killed:
        killed.setattr(completing, "_keep", lambda *_: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            outbox.run(link_job().pk)
    assert (row_of(order, 1).stage, result_of(order, 1)) == ("linking", "")
    Job.objects.update(lease_until=None)
    factories.run_jobs()
    assert (row_of(order, 1).stage, result_of(order, 1)) == ("found", "match_id")


def test_a_job_that_is_done_again_changes_nothing(cast, order) -> None:
    file = complete(order, 1, cast.secretary, municipality="091") and Completion.objects.get().file
    before = row_of(order, 1)
    outbox.queue("orders.complete", file.pk, order.turn)
    factories.run_jobs()
    assert (row_of(order, 1).sheet, row_of(order, 1).stage) == (before.sheet, "open")
    assert AuditEvent.objects.filter(event="completion.linked").count() == 1


def test_a_completion_that_cannot_be_matched_waits_for_officials_as_it_was_sent(cast, order) -> None:
    complete(order, 1, cast.secretary, run=False, hetu=P2)
    Job.objects.filter(pk=link_job().pk).update(attempts=99)
    outbox.run(link_job().pk)
    assert (row_of(order, 1).stage, result_of(order, 1)) == ("open", "failed")
    assert AuditEvent.objects.get(event="completion.given_up").details == {"rows": [1]}
    decide(order, 1, cast.official, 1)
    clearing.close(order)
    factories.release(order, cast.official)
    assert factories.delivered_rows(order)[0]["vtj_result"] == "match_review"


def test_what_was_completed_in_time_is_used_though_the_clearing_ended_before_it_was_matched(
    cast, order
) -> None:
    complete(order, 1, cast.secretary, run=False, hetu=P2)
    clearing.close(order)
    factories.run_jobs()
    factories.release(order, cast.official)
    assert factories.delivered_rows(order)[0]["vtj_result"] == "match_id"
    assert result_of(order, 1) == "match_id"


def test_a_completion_that_is_given_up_once_the_clearing_has_ended_counts_at_the_delivery(
    cast, order
) -> None:
    complete(order, 1, cast.secretary, run=False, hetu=P2)
    clearing.close(order)
    completing.give_up(str(Completion.objects.get().file_id))
    assert result_of(order, 1) == ""
    Job.objects.filter(pk=link_job().pk).update(failed_at=timezone.now())
    factories.release(order, cast.official)
    assert factories.delivered_rows(order)[0]["vtj_result"] == "match_id"
    assert result_of(order, 1) == "match_id"


def test_what_the_delivery_has_linked_is_told_though_it_had_been_given_up(cast, order) -> None:
    complete(order, 1, cast.secretary, run=False, hetu=P2)
    completing.give_up(str(Completion.objects.get().file_id))
    completions.keep_results(order, {1: "match_id"})
    assert result_of(order, 1) == "match_id"


def test_an_order_that_is_matched_again_keeps_what_was_completed_and_decided(cast, order) -> None:
    complete(order, 1, cast.secretary, hetu=P2)
    complete(order, 2, cast.secretary, municipality="091")
    decide(order, 2, cast.official, 1)
    pipeline.give_up(str(order.pk))
    order.refresh_from_db()
    factories.retry(order, cast.official)
    assert [row_of(order, number).stage for number in (1, 2, 3)] == ["found", "settled", "open"]
    clearing.close(order)
    factories.release(order, cast.official)
    told = [row["vtj_result"] for row in factories.delivered_rows(order)]
    assert told == ["match_id", "match_review", "ambiguous", "match_id"]


def test_a_row_that_is_completed_while_the_sheets_are_written_keeps_its_new_candidates(
    cast, order, monkeypatch, files_folder
) -> None:
    write = clearing.sheets_of

    def meanwhile(*args, **kwargs):  # type: ignore[no-untyped-def]
        monkeypatch.setattr(clearing, "sheets_of", write)
        written = list(write(*args, **kwargs))
        complete(order, 1, cast.secretary, run=False, municipality="091")
        outbox.run(link_job().pk)
        return written

    outbox.queue("orders.sheets", order.pk, order.turn)
    monkeypatch.setattr(clearing, "sheets_of", meanwhile)
    job = Job.objects.filter(task="orders.sheets", done_at=None)
    outbox.run(job.get().pk)
    completed = row_of(order, 1)
    assert result_of(order, 1) == "ambiguous"
    assert len(list((files_folder / "sheets").iterdir())) == 2  # of the order, and of the completed row
    job.update(run_after=timezone.now())
    factories.run_jobs()
    row = row_of(order, 1)
    assert (job.exists(), bytes(row.fingerprint)) == (False, bytes(completed.fingerprint))
    assert sheet_lines.read(row.sheet, [row.position])[row.position]["sent"]["municipality"] == "091"


def test_a_delivery_that_is_made_anew_is_by_what_was_completed(cast, order) -> None:
    complete(order, 1, cast.secretary, hetu=P2)
    clearing.close(order)
    factories.release(order, cast.official)
    asked = {"by": cast.official, "by_official": True, "cause": "damaged", "reason": "Ei aukea"}
    delivery_acts.ask_reissue(order, **asked)
    factories.run_jobs()
    order.refresh_from_db()
    assert order.deliveries.count() == 2
    assert factories.delivered_rows(order)[0]["vtj_result"] == "match_id"


def test_who_has_come_under_a_turvakielto_is_not_found_by_a_completed_home(cast, own_store, settings) -> None:
    """By the address alone of the two who bear the name; the completed row is then as any row."""
    namesakes(own_store)
    order = completable_order(cast.secretary, cast.school)
    complete(order, 1, cast.secretary, street="Rantatie 3", postal_code="00200")
    assert result_of(order, 1) == "match_data"
    late = own_store.persons.replace("1994-05-02,091,\np3", "1994-05-02,091,2030-01-01\np3")
    own_store.publish(persons=late + NAMESAKE)
    clearing.close(order)
    factories.release(order, cast.official)
    first, second = factories.delivered_rows(order)[:2]
    assert (first["vtj_result"], first["vtj_surname"], first["vtj_street"]) == ("ambiguous", "", "")
    assert first["vtj_confidence"] == second["vtj_confidence"]


@pytest.mark.parametrize(("cells", "result"), [({}, "ambiguous"), ({"hetu": P2}, "match_id")])
def test_a_decision_on_a_completed_row_is_left_out_where_its_candidates_are_others_now(
    cast, order, monkeypatch, cells, result
) -> None:
    for number in (1, 2):
        complete(order, number, cast.secretary, municipality="091")
        decide(order, number, cast.official, 1)
    now = NAMED | {"municipality": "091"}
    monkeypatch.setattr(completions, "typed", lambda *_: {1: now | {"sex": "2"} | cells, 2: now})
    clearing.close(order)
    factories.release(order, cast.official)
    told = [row["vtj_result"] for row in factories.delivered_rows(order)]
    assert told == [result, "match_review", "ambiguous", "match_id"]
    made = AuditEvent.objects.get(event="delivery.made")
    assert made.details["decisions_dropped"] == [1]


def test_what_was_typed_is_purged_as_an_upload_and_leaves_its_receipt(cast, order, settings) -> None:
    complete(order, 1, cast.secretary, hetu=P2)
    clearing.close(order)
    factories.run_jobs()
    kinds = ("own_sheet", "completion_sheet")
    assert set(order.files.filter(kind__in=kinds).values_list("purge_rule", flat=True)) == {"cleared"}
    factories.release(order, cast.official)
    kept = order.files.get(kind="completion")
    assert kept.purged_at is None
    settings.UPLOAD_DAYS_AFTER_DELIVERY = 0
    purge.queue_due()
    factories.run_jobs()
    kept.refresh_from_db()
    assert (kept.purged_at is not None, kept.purge_rule) == (True, "after_delivery")


def test_a_cancelled_order_leaves_nothing_of_what_was_typed(cast, order, files_folder) -> None:
    complete(order, 1, cast.secretary, run=False, hetu=P2)
    workflow.cancel(order, by=cast.secretary)
    factories.run_jobs()
    assert not OrderFile.objects.filter(order=order, purged_at=None).exists()
    assert factories.order_files(files_folder) == []


def test_a_completion_that_fails_to_be_stored_leaves_no_file(cast, order, files_folder, monkeypatch) -> None:
    monkeypatch.setattr(outbox, "queue", lambda *_: (_ for _ in ()).throw(RuntimeError))
    with pytest.raises(RuntimeError):
        completion_workflow.complete(row_of(order, 1), by=cast.secretary, sent=NAMED, cells={"hetu": P2})
    assert not list(files_folder.glob("completion*/*"))
    assert DoubtfulRow.objects.get(order=order, row=1).stage == "open"
