"""The match of an order: in one go, or in chunks that several workers take at once.

    orders.match        links a register of up to MATCH_CHUNK_ROWS rows; cuts a larger one into pieces
    orders.match_chunk  links one piece; the last of an order to be done queues its merge
    orders.merge        puts the links of all pieces together

Each step stores its result and its end in one transaction (`portal.outbox`). Whatever the number of pieces,
the links are the same.
"""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from matching import chunks, engine
from matching.report import LinkReport
from orders import pipeline, states, workflow
from orders.models import Chunk, Order, OrderFile
from portal import outbox, storage
from portal.events import MACHINE
from portal.outbox import Lease
from portal.states import Conflict, move

Kept = dict[OrderFile.Kind, storage.StoredFile]


def match(lease: Lease) -> None:
    """Link the register's rows to persons, or cut it: by the newest store version, or its last match's."""
    order = pipeline.order_of(lease)
    if order.status not in {states.PLACED, states.MATCHING} or not _begun(order):
        lease.finish()
        return
    version = order.store_version if order.matched_at else pipeline.newest_version()
    if (pipeline.checked_material(order).rows or 0) > settings.MATCH_CHUNK_ROWS:
        _cut(lease, order, version)
    else:
        _link(lease, order, version)


def _begun(order: Order) -> bool:
    """True once the order is being matched; one that waits for its permit's acceptance is not begun."""
    try:
        if not pipeline.permit_holds(order):
            return False
        if order.status == states.PLACED:
            move(order, states.MATCHING, by=MACHINE, frm=states.PLACED)
    except Conflict:  # cancelled this instant
        return False
    return True


def _link(lease: Lease, order: Order, version: str) -> None:
    with (
        storage.private_folder() as folder,
        pipeline.material_of(order, folder) as register,
        pipeline.population(version) as store,
    ):
        links = folder / "links.parquet"
        report = engine.link(
            register, store, links, version=version, on=order.judged_on, **pipeline.limits(folder)
        )
        _matched(lease, order, report, links)


def _cut(lease: Lease, order: Order, version: str) -> None:
    """Store the register's pieces and queue a job for each."""
    cut = []
    with storage.private_folder() as folder, pipeline.material_of(order, folder) as register:
        for piece in chunks.cut(register, folder, settings.MATCH_CHUNK_ROWS, **pipeline.limits(folder)):
            cut.append((piece, pipeline.stored(piece.path, "pieces")))
            piece.path.unlink()
    with transaction.atomic():
        lease.finish()
        if not _still_matching(order):
            _forget([stored for _, stored in cut])
            return
        workflow.drop_chunks(order)
        Order.objects.filter(pk=order.pk).update(store_version=version)
        for number, (piece, stored) in enumerate(cut):
            file = OrderFile.objects.create(order=order, kind=OrderFile.Kind.PIECE, **vars(stored))
            chunk = Chunk.objects.create(
                order=order, number=number, first_row=piece.first_row, rows=piece.rows, file=file
            )
            outbox.queue("orders.match_chunk", chunk.pk, order.turn)


def match_chunk(lease: Lease) -> None:
    """Link one piece, unless its order has ended or begun anew."""
    chunk = Chunk.objects.select_related("order", "file").filter(pk=lease.key, links=None).first()
    if chunk is None or chunk.order.status != states.MATCHING:
        lease.finish()
        return
    order = chunk.order
    with (
        storage.private_folder() as folder,
        storage.decrypted_copy(chunk.file.name, storage.upload_key(), folder) as piece,
        pipeline.population(order.store_version) as store,
    ):
        links = folder / "links.parquet"
        fixed = {"version": order.store_version, "on": order.judged_on}
        report = chunks.link_piece(piece, store, links, **fixed, **pipeline.limits(folder))
        stored = pipeline.stored(links, "links")
    with transaction.atomic():
        lease.finish()
        if _still_matching(order):
            _linked(order, chunk, report, stored)
        else:
            _forget([stored])


def _linked(order: Order, chunk: Chunk, report: LinkReport, stored: storage.StoredFile) -> None:
    """Keep a chunk's links in the caller's transaction, which has locked the order: one chunk is the last."""
    file = OrderFile.objects.create(order=order, kind=OrderFile.Kind.PIECE_LINKS, **vars(stored))
    Chunk.objects.filter(pk=chunk.pk).update(links=file, report=asdict(report))
    workflow.purge_files([chunk.file])
    if not order.chunks.filter(links=None).exists():
        outbox.queue("orders.merge", order.pk, order.turn)


def merge(lease: Lease) -> None:
    """Put the links of all pieces together, once the permit is seen to hold still."""
    order = pipeline.order_of(lease)
    done = list(order.chunks.select_related("links"))
    if order.status != states.MATCHING or not done or not pipeline.permit_holds(order):
        lease.finish()
        return
    reports = [LinkReport(**chunk.report) for chunk in done]
    with storage.private_folder() as folder:
        links = [_decrypted(chunk.links, folder) for chunk in done]
        merged = folder / "merged.parquet"
        report = chunks.merge(links, reports, merged, **pipeline.limits(folder))
        _matched(lease, order, report, merged)


def _decrypted(file: OrderFile | None, folder: Path) -> Path:
    """Raises ValueError for a chunk without links."""
    if file is None:
        raise ValueError("a chunk has no links yet")
    path = folder / f"{file.pk}.parquet"
    with path.open("xb") as target:
        storage.decrypt_to(file.name, storage.upload_key(), target)
    return path


def _matched(lease: Lease, order: Order, report: LinkReport, links: Path) -> None:
    """Store the links; the order is ready. One that was cancelled meanwhile stays so."""
    stored = pipeline.stored(links, "links")
    try:
        with transaction.atomic():
            OrderFile.objects.create(order=order, kind=OrderFile.Kind.LINKS, **vars(stored))
            move(order, states.READY, by=MACHINE, details=_told(report), **_result(report))
            workflow.drop_chunks(order)
            lease.finish()
            if settings.DELIVERY_RELEASE == "when_ready":
                pipeline.release(order)
    except Conflict:
        _forget([stored])
        lease.finish()


def _told(report: LinkReport) -> dict[str, Any]:
    names = ("rows", "results", "same_person", "store_version", "model_version")
    return {name: getattr(report, name) for name in names}


def _result(report: LinkReport) -> dict[str, Any]:
    """The order's columns that its match fills."""
    return {
        "matched_at": timezone.now(),
        "store_version": report.store_version,
        "model_version": report.model_version or "",
        "rows": report.rows,
        "results": report.results,
    }


def _still_matching(order: Order) -> bool:
    """Whether the order has not ended meanwhile; it is locked until the transaction ends."""
    locked = Order.objects.select_for_update().filter(pk=order.pk, status=states.MATCHING)
    return locked.first() is not None


def _forget(files: list[storage.StoredFile]) -> None:
    for file in files:
        storage.delete(file.name)


def give_up_chunk(chunk_pk: str) -> None:
    """Stop the order of a chunk whose job has failed for good."""
    chunk = Chunk.objects.filter(pk=chunk_pk).first()
    if chunk is not None:
        pipeline.give_up(str(chunk.order_id))
