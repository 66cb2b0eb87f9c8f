"""What the machine does for the clearing (selvitys) of doubtful rows: sheets to decide by, and its end.

    orders.sheets   writes a sheet for each CLEARING_SHEET_ROWS doubtful rows, for officials to read

The web can read neither the population store nor what the customer sent: what an official needs of them is
on the sheets, encrypted for the key of deliveries, and nothing more is (`matching.doubts.sheets` of persons,
`matching.doubts.property_sheets` of buildings and real estate). Deciding is the act of people, in
`orders.clearing.workflow`. Where the permit lets the customer complete rows, each sheet has one
beside it with what the customer sent, and `completing` goes on with what is completed.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db import transaction

from matching.delivery.report import LinkReport
from matching.doubts.sheets import Doubt
from orders import emails, pipeline, policies, states, workflow
from orders.clearing import policies as clearing_policies
from orders.clearing import sampling
from orders.clearing import workflow as clearing_workflow
from orders.clearing.policies import CLOSED, Stage
from orders.links import completions, doubt_reading
from orders.links.completions import Anew
from orders.links.doubt_reading import Reader
from orders.models import DoubtfulRow, Order, OrderFile
from orders.steps import doubts
from portal import outbox, storage
from portal.audit import record
from portal.calendar import local_day
from portal.events import MACHINE, Event
from portal.outbox import Lease
from portal.states import Conflict


@dataclass(frozen=True)
class Written:
    """A stored sheet: its rows in the order of its lines, each with its group, candidates and fingerprint.

    `own` is the sheet of the same rows for their customer, where it may complete them.
    """

    file: storage.StoredFile
    own: storage.StoredFile | None
    rows: list[tuple[int, str, int, bytes]]

    def forget(self) -> None:
        """Nobody will name the files: the order went on without them."""
        for file in (self.file, *([self.own] if self.own else [])):
            storage.delete(file.name)


def is_wanted(order: Order, report: LinkReport) -> bool:
    """Whether officials go through the doubtful rows: some are, and there are days left for it."""
    if not settings.CLEARING or not report.results.get("ambiguous"):
        return False
    if order.clearing_ends is None:
        return False
    return policies.today() < order.clearing_ends


def make_sheets(lease: Lease) -> None:
    """Write the sheets of an order that is being cleared; what was decided of the same rows stands.

    Raises Later where a row was completed and linked while the sheets were written without that.
    """
    order = pipeline.order_of(lease)
    if order.status != states.CLEARING or not pipeline.permit_holds(order):
        lease.finish()
        return
    newest = pipeline.newest_version()
    with (
        storage.private_folder() as folder,
        pipeline.population(order.store_version, newest) as store,
        pipeline.material_of(order, folder) as register,
    ):
        limits = pipeline.limits(folder)
        anew = completions.link(order, folder, store, limits)
        read = doubt_reading.reader(order, folder, newest, limits)
        found = _doubts(order, folder, register, store, anew, read)
        written = list(sheets_of(order, folder, found, for_customer=order.permit.customer_completes))
    with transaction.atomic():
        lease.finish()
        is_cleared = is_open(order)
        if not is_cleared or completions.linked_beside(order, anew):
            for sheet in written:
                sheet.forget()
            if is_cleared:  # an official's place would be one of other candidates than the row's
                raise outbox.Later
            return
        _keep(order, written, anew)
        emails.rows_wait(order)
        if _is_settled(order) and not _is_answered_today(order):
            close(order)  # a match that was made again, of rows that had all been decided


def is_open(order: Order) -> bool:
    """Whether the order is still being cleared; it is locked until the transaction ends."""
    return Order.objects.select_for_update().filter(pk=order.pk, status=states.CLEARING).first() is not None


def _doubts(
    order: Order, folder: Path, register: Path, store: Path, anew: Anew, read: Reader
) -> Iterator[Doubt]:
    """The doubtful rows; those whose completed data are taken, as these leave them."""
    kept = order.files.filter(kind=OrderFile.Kind.CANDIDATES, purged_at=None).latest("created_at")
    with storage.decrypted_copy(kept.name, storage.upload_key(), folder) as candidates:
        for doubt in read(register, candidates, store, mapping=order.mapping):
            if doubt.row not in anew.taken:
                yield doubt
    yield from doubt_reading.anew_in(anew, store, read)


def sheets_of(
    order: Order, folder: Path, found: Iterator[Doubt], *, for_customer: bool = False
) -> Iterator[Written]:
    """Store one sheet after the other, so that no more than one is in memory."""
    while part := list(islice(found, settings.CLEARING_SHEET_ROWS)):
        own = _stored(folder, map(_own_line, part), "own_sheets") if for_customer else None
        lines = (doubts.line(order, doubt) for doubt in part)
        rows = [doubts.facts(order, doubt) for doubt in part]
        yield Written(_stored(folder, lines, "sheets"), own, rows)


def _stored(folder: Path, lines: Iterable[bytes], where: str) -> storage.StoredFile:
    path = folder / "sheet"
    path.write_bytes(b"".join(lines))
    return storage.store_path(path, storage.delivery_key(), folder=where)


def _own_line(doubt: Doubt) -> bytes:
    """What the customer itself sent of the row, and nothing that tells of anybody in the population."""
    own = {"row": doubt.row, "sent": doubt.content["sent"]}
    return json.dumps(own, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _keep(order: Order, written: list[Written], anew: Anew) -> None:
    """Name the sheets in the caller's transaction, in the place of those of an earlier match."""
    completed = settle_found(order, anew)
    before = {one.row: one for one in order.doubtful_rows.all()}
    kinds = (OrderFile.Kind.CLEARING_SHEET, OrderFile.Kind.OWN_SHEET)
    old = list(order.files.filter(kind__in=kinds, purged_at=None))
    new, same = [], []
    for sheet in written:
        file, own = named(order, sheet)
        for position, (row, group, candidates, fingerprint) in enumerate(sheet.rows):
            earlier = before.get(row)
            where = {"sheet": file, "position": position, "own": own}
            if earlier is not None and bytes(earlier.fingerprint) == fingerprint:
                earlier.sheet, earlier.position, earlier.own = file, position, own
                same.append(earlier)
            else:
                facts = {"group": group, "candidates": candidates, "fingerprint": fingerprint}
                facts["in_sample"] = row in completed
                new.append(DoubtfulRow(order=order, row=row, **facts, **where))
    gone = order.doubtful_rows.exclude(pk__in=[one.pk for one in same]).exclude(stage=Stage.FOUND)
    dropped = gone.filter(opinions__isnull=False).distinct().count()
    gone.delete()
    DoubtfulRow.objects.bulk_update(same, ["sheet", "position", "own"], batch_size=1000)
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


def named(order: Order, sheet: Written) -> tuple[OrderFile, OrderFile | None]:
    """The files of a sheet as the order's, in the caller's transaction."""
    kinds = OrderFile.Kind
    file = OrderFile.objects.create(order=order, kind=kinds.CLEARING_SHEET, **vars(sheet.file))
    if sheet.own is None:
        return file, None
    return file, OrderFile.objects.create(order=order, kind=kinds.OWN_SHEET, **vars(sheet.own))


def settle_found(order: Order, anew: Anew) -> set[int]:
    """Settle the rows that completed data find, in the caller's transaction; the others wait for officials.

    An official looks at each of these, also where the rest of its group is decided together. Returns them.
    Where a row of a sample is found, another of its group is drawn in its place.
    """
    waiting = order.doubtful_rows.filter(row__in=list(anew.results), stage__in=[Stage.OPEN, Stage.LINKING])
    found = waiting.filter(row__in=anew.found)
    groups = set(found.filter(in_sample=True).values_list("group", flat=True))
    found.update(stage=Stage.FOUND, in_sample=False)
    waiting.exclude(row__in=anew.found).update(stage=Stage.OPEN, in_sample=True)
    _draw_again(order, groups)
    completions.keep_results(order, anew.results)
    return set(anew.results) - set(anew.found)


def _draw_again(order: Order, groups: set[str]) -> None:
    """Complete the samples of the groups, from the rows that nobody has decided."""
    rows = list(order.doubtful_rows.filter(group__in=groups).exclude(stage=Stage.FOUND))
    fresh = {row for row in rows if row.stage == Stage.OPEN and not row.in_sample}
    sampling.draw(list(fresh), [row for row in rows if row not in fresh])
    DoubtfulRow.objects.bulk_update(fresh, ["in_sample"], batch_size=1000)


def close_due() -> int:
    """End the clearings whose last day has come, or which have nothing left; returns how many.

    What is not decided is delivered as ambiguous.
    """
    closed = 0
    for order in Order.objects.filter(status=states.CLEARING).select_related("permit"):
        in_time = order.clearing_ends is not None and policies.today() < order.clearing_ends
        if in_time and not _is_over(order):
            continue
        try:
            close(order)
        except Conflict:  # closed by an official this instant
            continue
        closed += 1
    return closed


def _is_over(order: Order) -> bool:
    """Whether the customer has answered, not today, and nothing is left, whatever the answers gave."""
    if not order.completions.exists() or _is_answered_today(order):
        return False
    return _is_settled(order) and not clearing_policies.sheets_are_written(order)


def _is_settled(order: Order) -> bool:
    return not order.doubtful_rows.exclude(stage__in=CLOSED).exists()


def _is_answered_today(order: Order) -> bool:
    """On the day itself a customer could tell from the order's state whether what it typed was found."""
    newest = order.completions.order_by("-made_at").first()
    return newest is not None and local_day(newest.made_at) >= policies.today()


@transaction.atomic
def close(order: Order) -> None:
    """End the clearing of one order by the clock."""
    clearing_workflow.end(order, by=MACHINE)
