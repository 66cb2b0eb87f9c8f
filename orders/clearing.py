"""What the machine does for the clearing (selvitys) of doubtful rows: sheets to decide by, and its end.

    orders.sheets   writes a sheet for each CLEARING_SHEET_ROWS doubtful rows, for officials to read

The web can read neither the population store nor what the customer sent: what an official needs of them is
on the sheets, encrypted for the key of deliveries, and nothing more is (`matching.sheets` of persons,
`matching.property_sheets` of buildings and real estate). Deciding is the act of people, in
`clearing_workflow`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db import transaction

from matching.report import LinkReport
from matching.sheets import Doubt
from orders import clearing_workflow, doubts, pipeline, policies, sampling, states, workflow
from orders.models import DoubtfulRow, Order, OrderFile
from portal import storage
from portal.audit import record
from portal.events import MACHINE, Event
from portal.outbox import Lease
from portal.states import Conflict


@dataclass(frozen=True)
class Written:
    """A stored sheet: its rows in the order of its lines, each with its group, candidates and fingerprint."""

    file: storage.StoredFile
    rows: list[tuple[int, str, int, bytes]]


def is_wanted(order: Order, report: LinkReport) -> bool:
    """Whether officials go through the doubtful rows: some are, and there are days left for it."""
    if not settings.CLEARING or not report.results.get("ambiguous"):
        return False
    if order.clearing_ends is None:
        return False
    return policies.today() < order.clearing_ends


def make_sheets(lease: Lease) -> None:
    """Write the sheets of an order that is being cleared; what was decided of the same rows stands."""
    order = pipeline.order_of(lease)
    if order.status != states.CLEARING or not pipeline.permit_holds(order):
        lease.finish()
        return
    with storage.private_folder() as folder, _doubts(order, folder) as found:
        written = list(_sheets(order, folder, found))
    with transaction.atomic():
        lease.finish()
        if Order.objects.select_for_update().filter(pk=order.pk, status=states.CLEARING).first() is None:
            for sheet in written:
                storage.delete(sheet.file.name)
            return
        _keep(order, written)
        if not order.doubtful_rows.exclude(stage=DoubtfulRow.Stage.SETTLED).exists():
            close(order)  # a match that was made again, of rows that had all been decided


@contextmanager
def _doubts(order: Order, folder: Path) -> Iterator[Iterator[Doubt]]:
    """The doubtful rows."""
    kept = order.files.filter(kind=OrderFile.Kind.CANDIDATES, purged_at=None).latest("created_at")
    newest = pipeline.newest_version()
    with (
        pipeline.material_of(order, folder) as register,
        storage.decrypted_copy(kept.name, storage.upload_key(), folder) as candidates,
        pipeline.population(order.store_version, newest) as store,
    ):
        read = doubts.reader(order, folder, newest)
        yield read(register, candidates, store, mapping=order.mapping)


def _sheets(order: Order, folder: Path, found: Iterator[Doubt]) -> Iterator[Written]:
    """Store one sheet after the other, so that no more than one is in memory."""
    path = folder / "sheet"
    while part := list(islice(found, settings.CLEARING_SHEET_ROWS)):
        path.write_bytes(b"".join(doubts.line(order, doubt) for doubt in part))
        stored = storage.store_path(path, storage.delivery_key(), folder="sheets")
        yield Written(stored, [doubts.facts(order, doubt) for doubt in part])


def _keep(order: Order, written: list[Written]) -> None:
    """Name the sheets in the caller's transaction, in the place of those of an earlier match."""
    before = {one.row: one for one in order.doubtful_rows.all()}
    old = list(order.files.filter(kind=OrderFile.Kind.CLEARING_SHEET, purged_at=None))
    new, same = [], []
    for sheet in written:
        file = OrderFile.objects.create(order=order, kind=OrderFile.Kind.CLEARING_SHEET, **vars(sheet.file))
        for position, (row, group, candidates, fingerprint) in enumerate(sheet.rows):
            earlier = before.get(row)
            where = {"sheet": file, "position": position}
            if earlier is not None and bytes(earlier.fingerprint) == fingerprint:
                earlier.sheet, earlier.position = file, position
                same.append(earlier)
            else:
                facts = {"group": group, "candidates": candidates, "fingerprint": fingerprint}
                new.append(DoubtfulRow(order=order, row=row, **facts, **where))
    gone = order.doubtful_rows.exclude(pk__in=[one.pk for one in same])
    dropped = gone.filter(opinions__isnull=False).distinct().count()
    gone.delete()
    DoubtfulRow.objects.bulk_update(same, ["sheet", "position"], batch_size=1000)
    sampling.draw(new, same)
    DoubtfulRow.objects.bulk_create(new, batch_size=1000)
    workflow.purge_files(old)
    record(
        Event.CLEARING_SHEETS_MADE,
        by=MACHINE,
        about=order,
        rows=len(new) + len(same),
        sheets=len(written),
        kept=len(same),
        dropped=dropped,
    )


def close_due() -> int:
    """End the clearings whose last day has come; what is not decided is delivered as ambiguous."""
    closed = 0
    for order in Order.objects.filter(status=states.CLEARING).select_related("permit"):
        if order.clearing_ends is not None and policies.today() < order.clearing_ends:
            continue
        try:
            close(order)
        except Conflict:  # closed by an official this instant
            continue
        closed += 1
    return closed


@transaction.atomic
def close(order: Order) -> None:
    """End the clearing of one order by the clock."""
    clearing_workflow.end(order, by=MACHINE)
