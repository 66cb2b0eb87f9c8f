"""The match of an order: in one go, or in chunks that several workers take at once.

    orders.match        links a register of up to MATCH_CHUNK_ROWS rows; cuts a larger one into pieces
    orders.match_chunk  links one piece; the last of an order to be done queues its merge
    orders.merge        puts the links of all pieces together

Each step stores its result and its end in one transaction (`portal.outbox`). Whatever the number of pieces,
the links are the same.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from matching import chunks, engine
from matching.delivery.report import LinkReport
from matching.weighing.model import read_model
from orders import pipeline, states, workflow
from orders.clearing import workflow as clearing_workflow
from orders.links import match_model
from orders.models import Chunk, MatchModel, Order, OrderFile
from orders.steps import clearing
from permits.models import SubjectKind
from portal import outbox, storage
from portal.events import MACHINE
from portal.outbox import Lease
from portal.states import Conflict, move

Stored = dict[str, storage.StoredFile]


@dataclass(frozen=True)
class Made:
    """What linking writes into a private folder."""

    folder: Path

    @property
    def links(self) -> Path:
        return self.folder / "made-links.parquet"

    @property
    def candidates(self) -> Path:
        return self.folder / "made-candidates.parquet"

    def stored(self, report: LinkReport) -> Stored:
        """The files kept, by kind; candidates only where some rows are doubtful."""
        stored = {"links": pipeline.stored(self.links, "links")}
        if report.results.get("ambiguous"):
            stored["candidates"] = pipeline.stored(self.candidates, "candidates")
        return stored


def match(lease: Lease) -> None:
    """Link the register's rows to their subjects, or cut it into pieces of which each is linked by itself."""
    order = pipeline.order_of(lease)
    if order.status not in {states.PLACED, states.MATCHING} or not _begun(order):
        lease.finish()
        return
    _fix(order)
    if (pipeline.checked_material(order).rows or 0) > settings.MATCH_CHUNK_ROWS:
        _cut(lease, order)
    else:
        _link(lease, order)


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


def _fix(order: Order) -> None:
    """Fix the data and the model of the match: those of the last one, or the newest where there was none."""
    if not order.matched_at:
        order.store_version = pipeline.newest_version()
    by_model = order.subject == SubjectKind.PERSON  # buildings and real estate are found without one
    if by_model and not (order.matched_at and order.model_version):
        model = read_model(Path(settings.MATCH_MODEL) if settings.MATCH_MODEL else None)
        order.model_version = model.version
        MatchModel.objects.get_or_create(version=model.version, defaults={"content": model.as_dict()})
    order.save(update_fields=["store_version", "model_version"])


def _fixed(order: Order, folder: Path) -> dict[str, Any]:
    """What the match of every row of the order has in common, as the engine takes it."""
    return {
        "subject": order.subject,
        "version": order.store_version,
        "on": order.judged_on,
        "model": match_model.written(order, folder),
        **pipeline.limits(folder),
    }


def _link(lease: Lease, order: Order) -> None:
    with (
        storage.private_folder() as folder,
        pipeline.material_of(order, folder) as register,
        pipeline.population(order.store_version) as store,
    ):
        made = Made(folder)
        report = engine.link(
            register,
            store,
            made.links,
            mapping=order.mapping,
            candidates_out=made.candidates,
            **_fixed(order, folder),
        )
        _matched(lease, order, report, made)


def _cut(lease: Lease, order: Order) -> None:
    """Store the register's pieces and queue a job for each."""
    cut = []
    with storage.private_folder() as folder, pipeline.material_of(order, folder) as register:
        rows, limits = settings.MATCH_CHUNK_ROWS, pipeline.limits(folder)
        for piece in chunks.cut(register, folder, rows, mapping=order.mapping, **limits):
            cut.append((piece, pipeline.stored(piece.path, "pieces")))
            piece.path.unlink()
    with transaction.atomic():
        lease.finish()
        if not _still_matching(order):
            _forget(stored for _, stored in cut)
            return
        workflow.drop_chunks(order)
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
        made = Made(folder)
        report = chunks.link_piece(
            piece, store, made.links, candidates_out=made.candidates, **_fixed(order, folder)
        )
        stored = made.stored(report)
    with transaction.atomic():
        lease.finish()
        if _still_matching(order):
            _linked(order, chunk, report, stored)
        else:
            _forget(stored.values())


def _linked(order: Order, chunk: Chunk, report: LinkReport, stored: Stored) -> None:
    """Keep a chunk's links in the caller's transaction, which has locked the order: one chunk is the last."""
    files = {
        name: OrderFile.objects.create(order=order, kind=f"piece_{name}", **vars(file))
        for name, file in stored.items()
    }
    Chunk.objects.filter(pk=chunk.pk).update(report=asdict(report), **files)
    workflow.purge_files([chunk.file])
    if not order.chunks.filter(links=None).exists():
        outbox.queue("orders.merge", order.pk, order.turn)


def merge(lease: Lease) -> None:
    """Put the links of all pieces together, once the permit is seen to hold still."""
    order = pipeline.order_of(lease)
    done = list(order.chunks.select_related("links", "candidates"))
    unlinked = not done or any(chunk.links is None for chunk in done)
    if order.status != states.MATCHING or unlinked or not pipeline.permit_holds(order):
        lease.finish()
        return
    reports = [LinkReport(**chunk.report) for chunk in done]
    with storage.private_folder() as folder:
        links = [_decrypted(chunk.links, folder) for chunk in done if chunk.links]
        candidates = [_decrypted(chunk.candidates, folder) for chunk in done if chunk.candidates]
        made = Made(folder)
        report = chunks.merge(
            links,
            reports,
            made.links,
            candidates=candidates,
            candidates_out=made.candidates,
            **pipeline.limits(folder),
        )
        _matched(lease, order, report, made)


def _decrypted(file: OrderFile, folder: Path) -> Path:
    path = folder / f"{file.pk}.parquet"
    with path.open("xb") as target:
        storage.decrypt_to(file.name, storage.upload_key(), target)
    return path


def _matched(lease: Lease, order: Order, report: LinkReport, made: Made) -> None:
    """Store what the match made; the order is ready, or its doubtful rows are gone through first.

    One that was cancelled meanwhile stays so.
    """
    stored = made.stored(report)
    try:
        with transaction.atomic():
            for name, file in stored.items():
                OrderFile.objects.create(order=order, kind=name, **vars(file))
            after = states.CLEARING if clearing.is_wanted(order, report) else states.READY
            move(order, after, by=MACHINE, details=_told(report), **_result(order, report))
            workflow.drop_chunks(order)
            lease.finish()
            if order.status == states.CLEARING:
                outbox.queue("orders.sheets", order.pk, order.turn)
            elif settings.DELIVERY_RELEASE == "when_ready":
                workflow.release_by_clock(order)
    except Conflict:
        _forget(stored.values())
        lease.finish()


def _told(report: LinkReport) -> dict[str, Any]:
    names = ("rows", "results", "same_subject", "store_version", "model_version")
    return {name: getattr(report, name) for name in names}


def _result(order: Order, report: LinkReport) -> dict[str, Any]:
    """The order's columns that its match fills."""
    return {
        "matched_at": timezone.now(),
        "rows": report.rows,
        "results": clearing_workflow.with_decisions(order, report.results),
    }


def _still_matching(order: Order) -> bool:
    """Whether the order has not ended meanwhile; it is locked until the transaction ends."""
    locked = Order.objects.select_for_update().filter(pk=order.pk, status=states.MATCHING)
    return locked.first() is not None


def _forget(files: Iterable[storage.StoredFile]) -> None:
    for file in files:
        storage.delete(file.name)


def give_up_chunk(chunk_pk: str) -> None:
    """Stop the order of a chunk whose job has failed for good."""
    chunk = Chunk.objects.filter(pk=chunk_pk).first()
    if chunk is not None:
        pipeline.give_up(str(chunk.order_id))
