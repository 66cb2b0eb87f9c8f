"""An order larger than a chunk: cut, linked piece by piece, merged; what comes back is the same."""

import io
import json
import os
from pathlib import Path

import pyarrow.parquet
import pytest
from django.utils import timezone

from matching.weighing.model import read_model
from orders import pipeline, states, workflow
from orders.deletion import purge
from orders.models import Chunk, Order, OrderFile
from orders.steps import matches
from permits import states as permit_states
from permits.models import Permit
from portal import outbox, shelves, storage
from portal.models import AuditEvent, Job, User
from portal.states import move
from tests import factories
from tests.factories import delivered_rows
from tests.matching.drawn import code

DOUBTFUL = """Henkilötunnus;Sukunimi;Etunimet;Syntymäaika
;Malli;Väinö;2.5.1994
010594Y9032;Esimerkki;Aino;
;Malli;Väinö;02.05.1994
"""


KEPT = {"material", "links", "sample", "check_report"}


@pytest.fixture
def cut(cast, store, settings) -> Order:
    """An order of three rows that has been cut into chunks of one row each, none of them linked yet."""
    settings.MATCH_CHUNK_ROWS = 1
    order = factories.placed_order(cast.secretary)
    outbox.run(Job.objects.get(task="orders.match").pk)
    order.refresh_from_db()
    return order


def run_next(task: str) -> None:
    outbox.run(Job.objects.filter(task=task, done_at=None).earliest("pk").pk)


def content(order: Order, kind: str) -> list[dict[str, object]]:
    """The rows of the newest file of the kind."""
    file = order.files.filter(kind=kind).latest("created_at")
    data = b"".join(storage.decrypted_blocks(file.name, storage.upload_key()))
    return pyarrow.parquet.read_table(io.BytesIO(data)).to_pylist()


def match_again(order: Order, official: User) -> None:
    """A fault after the match, and an official who starts the order again."""
    pipeline.give_up(str(order.pk))
    order.refresh_from_db()
    factories.retry(order, official)


@pytest.mark.parametrize("rows", [1, 2])
def test_what_comes_back_is_what_comes_back_in_one_go(cast, store, settings, rows: int) -> None:
    whole = factories.delivered_order(cast.secretary, cast.official)
    settings.MATCH_CHUNK_ROWS = rows
    order = factories.delivered_order(cast.secretary, cast.official)
    assert Job.objects.filter(task="orders.match_chunk").count() == -(-3 // rows)
    assert delivered_rows(order) == delivered_rows(whole)
    assert (order.results, order.rows) == (whole.results, whole.rows)
    assert order.store_version == whole.store_version


def test_an_order_of_one_chunk_is_one_job(cast, store, settings) -> None:
    settings.MATCH_CHUNK_ROWS = 3
    assert factories.ready_order(cast.secretary).status == states.READY
    assert not Job.objects.filter(task__in=["orders.match_chunk", "orders.merge"]).exists()
    assert not OrderFile.objects.filter(kind__in=["piece", "piece_links"]).exists()


def test_the_pieces_hold_every_row_once_and_are_encrypted(cut, files_folder: Path) -> None:
    assert list(cut.chunks.values_list("number", "first_row", "rows")) == [(0, 0, 1), (1, 1, 1), (2, 2, 1)]
    for path in (files_folder / "pieces").iterdir():
        assert path.read_bytes().startswith(b"age-encryption.org/v1")


def test_the_last_chunk_to_be_done_queues_the_merge(cut) -> None:
    for left in (2, 1, 0):
        assert not Job.objects.filter(task="orders.merge").exists()
        run_next("orders.match_chunk")
        assert cut.chunks.filter(links=None).count() == left
    run_next("orders.merge")
    cut.refresh_from_db()
    assert cut.status == states.READY


def test_a_chunk_whose_lease_was_lost_stores_nothing_and_is_done_once_by_another(cut, monkeypatch) -> None:
    job, real = Job.objects.filter(task="orders.match_chunk").earliest("pk"), outbox.Lease.finish

    def taken_over(lease: outbox.Lease) -> None:
        Job.objects.filter(pk=lease.job_id).update(fence=lease.fence + 1)
        real(lease)

    with monkeypatch.context() as late:
        late.setattr(outbox.Lease, "finish", taken_over)
        outbox.run(job.pk)
    assert not OrderFile.objects.filter(kind="piece_links").exists()
    Job.objects.filter(pk=job.pk).update(lease_until=None)
    factories.run_jobs()
    cut.refresh_from_db()
    assert cut.status == states.READY
    assert AuditEvent.objects.filter(event="order.ready").count() == 1


def test_every_step_that_runs_again_changes_nothing_more(cut) -> None:
    chunk = cut.chunks.get(number=0).pk
    run_next("orders.match_chunk")
    for task, key in [("orders.match_chunk", chunk), ("orders.merge", cut.pk)]:
        outbox.queue(task, key)
        if task == "orders.match_chunk":
            run_next(task)
    assert OrderFile.objects.filter(kind="piece_links").count() == 2
    factories.run_jobs()
    outbox.queue("orders.merge", cut.pk)
    factories.run_jobs()
    assert cut.files.filter(kind="links").count() == 1
    assert AuditEvent.objects.filter(event="order.ready").count() == 1


def test_when_it_is_matched_the_pieces_are_gone(cut, files_folder: Path) -> None:
    factories.run_jobs()
    assert not Chunk.objects.exists()
    assert {file.kind for file in cut.files.filter(purged_at=None)} == KEPT
    assert len(factories.order_files(files_folder)) == len(KEPT)


def test_a_piece_that_is_linked_is_purged_and_the_files_name_stays_while_the_material_does(cut) -> None:
    run_next("orders.match_chunk")
    run_next("orders.purge_file")
    assert cut.files.filter(kind="piece", purged_at=None).count() == 2
    assert cut.material.given_name


def test_pieces_in_use_are_not_swept_and_those_that_no_row_names_are(cut, files_folder: Path) -> None:
    (files_folder / "pieces" / "left-behind.age").write_bytes(b"of a cut that was rolled back")
    for path in files_folder.rglob("*.age"):
        os.utime(path, (0, 0))
    assert shelves.remove_unnamed() == 1
    assert len(list((files_folder / "pieces").iterdir())) == 3


@pytest.mark.parametrize("done", [0, 1, 3])
def test_an_order_cancelled_in_the_middle_of_its_chunks_leaves_nothing(
    cast, cut, files_folder: Path, done: int
) -> None:
    for _ in range(done):
        run_next("orders.match_chunk")
    workflow.cancel(cut, by=cast.secretary)
    factories.run_jobs()
    cut.refresh_from_db()
    assert cut.status == states.CANCELLED
    assert not Chunk.objects.exists()
    assert not factories.order_files(files_folder)
    assert not Job.objects.filter(done_at=None).exists()


@pytest.mark.parametrize(
    ("task", "rows"),
    [("orders.match", 3), ("orders.match", 1), ("orders.match_chunk", 1), ("orders.merge", 1)],
)
def test_an_order_cancelled_while_a_step_runs_stays_cancelled(  # type: ignore[no-untyped-def]
    cast, store, settings, files_folder: Path, monkeypatch, task: str, rows: int
) -> None:
    settings.MATCH_CHUNK_ROWS = rows
    order, real = factories.placed_order(cast.secretary), matches.pipeline.stored

    def cancelled_meanwhile(path: Path, folder: str) -> storage.StoredFile:
        if Job.objects.filter(task=task, done_at=None, attempts__gt=0).exists():
            order.refresh_from_db()
            if order.status == states.MATCHING:
                workflow.cancel(order, by=cast.secretary)
        return real(path, folder)

    monkeypatch.setattr(matches.pipeline, "stored", cancelled_meanwhile)
    factories.run_jobs()
    order.refresh_from_db()
    assert order.status == states.CANCELLED
    assert not factories.order_files(files_folder)


def test_a_chunk_that_fails_for_good_stops_the_order_and_a_retry_begins_anew(cast, cut, store) -> None:
    first = cut.chunks.get(number=0)
    storage.delete(first.file.name)
    job = Job.objects.get(task="orders.match_chunk", key=str(first.pk))
    for _ in range(outbox.MAX_ATTEMPTS):
        Job.objects.update(run_after=timezone.now())
        with pytest.raises(FileNotFoundError):
            outbox.run(job.pk)
    factories.run_jobs()
    cut.refresh_from_db()
    assert (cut.status, cut.ended_reason) == (states.FAILED, "fault")
    assert not cut.files.filter(kind__in=["piece", "piece_links"], purged_at=None).exists()
    factories.retry(cut, cast.official)
    assert cut.status == states.READY


def test_a_permit_that_is_revoked_in_the_middle_rejects_the_order_and_purges_it(
    cut, files_folder: Path
) -> None:
    move(Permit.objects.get(pk=cut.permit_id), permit_states.REVOKED, by="test")
    factories.run_jobs()
    cut.refresh_from_db()
    assert (cut.status, cut.ended_reason) == (states.REJECTED, "permit")
    assert not Chunk.objects.exists()
    assert not factories.order_files(files_folder)


def test_all_chunks_are_linked_by_the_version_of_the_cut(cast, own_store, settings) -> None:
    settings.MATCH_CHUNK_ROWS = 1
    order = factories.placed_order(cast.secretary)
    outbox.run(Job.objects.get(task="orders.match").pk)
    order.refresh_from_db()
    version = order.store_version
    run_next("orders.match_chunk")
    own_store.publish(persons=own_store.persons.replace("Malli,Väinö", "Toinen,Kalle"))
    factories.run_jobs()
    order.refresh_from_db()
    assert (order.store_version, order.results["match_id"]) == (version, 2)


def test_the_same_order_matched_again_gives_the_same_links(cast, own_store, settings) -> None:
    order = factories.ready_order(cast.secretary)
    before, fixed = content(order, "links"), (order.store_version, order.model_version, order.judged_on)
    own_store.publish(persons=own_store.persons.replace("Esimerkki,Aino Maria", "Toinen,Aino Maria"))
    settings.MATCH_CHUNK_ROWS = 1
    match_again(order, cast.official)
    assert content(order, "links") == before
    assert (order.store_version, order.model_version, order.judged_on) == fixed


@pytest.mark.parametrize("rows", [1, 1000])
def test_candidates_of_doubtful_rows_are_kept_encrypted_and_go_with_the_links(
    cast, own_store, settings, files_folder: Path, rows: int
) -> None:
    settings.MATCH_CHUNK_ROWS, settings.CLEARING = rows, False
    own_store.publish(persons=own_store.persons + f"p5,{code('020594Y904')},Malli,Väinö,1994-05-02,091,\n")
    order = factories.ready_order(cast.secretary, DOUBTFUL)
    assert order.results == {"ambiguous": 2, "match_id": 1}
    found = [(row["vtj_row"], row["person_id"]) for row in content(order, "candidates")]
    assert sorted(found) == [(1, "p2"), (1, "p5"), (3, "p2"), (3, "p5")]
    for path in (files_folder / "candidates").iterdir():
        assert path.read_bytes().startswith(b"age-encryption.org/v1")
    factories.release(order, cast.official)
    purge.queue_due()
    factories.run_jobs()
    assert not list((files_folder / "candidates").iterdir())


def test_an_order_keeps_to_the_model_that_it_was_matched_by(
    cast, own_store, settings, tmp_path: Path
) -> None:
    settings.CLEARING = False
    own_store.publish(persons=own_store.persons + f"p5,{code('020594Y904')},Malli,Väinö,1994-05-02,091,\n")
    order = factories.ready_order(cast.secretary, DOUBTFUL)
    another = read_model().as_dict() | {"found": 0.5}
    settings.MATCH_MODEL = str(tmp_path / "model.json")
    Path(settings.MATCH_MODEL).write_text(json.dumps(another))
    before, version = content(order, "candidates"), order.model_version
    match_again(order, cast.official)
    assert (content(order, "candidates"), order.model_version) == (before, version)
    other = factories.ready_order(cast.secretary, DOUBTFUL)
    assert other.model_version != version
    assert content(other, "candidates") != before


def test_of_small_orders_beside_a_big_one_none_waits_for_it_to_end(cast, store, settings) -> None:
    """One worker; numbers come in the order in which the jobs were queued, the big order's first."""
    settings.MATCH_CHUNK_ROWS = 12
    big = factories.checked_order(cast.secretary, factories.REGISTER + "010594Y9031;Virhe;Eeva;V\n" * 117)
    small = [factories.checked_order(by) for by in [cast.secretary, cast.outsider] * 4]
    workflow.place(big, by=cast.secretary, accepted_by="S", attested=factories.ATTESTED)
    outbox.run(Job.objects.get(task="orders.match").pk)
    for order in small:
        workflow.place(order, by=order.created_by, accepted_by="S", attested=factories.ATTESTED)
    while waiting := Job.objects.filter(done_at=None).exclude(lane="").order_by("pk"):
        outbox.run_job(waiting[0].pk)
    last = max(
        Order.objects.filter(pk__in=[order.pk for order in small]).values_list("matched_at", flat=True)
    )
    big.refresh_from_db()
    assert last < big.matched_at
    begun = Job.objects.filter(task="orders.match_chunk", taken_at__lt=last).count()
    assert begun <= 2  # of ten
