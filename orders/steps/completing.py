"""Rows that their customer has completed are matched again (`orders.complete`, a job for each completion).

What settles a row leaves it to nobody; what does not puts it before the officials, with what was completed.
The customer is told neither before the delivery: else it could try codes and names until one is found.
"""

from typing import Any

from django.db import transaction
from django.utils import timezone

from orders import pipeline, states
from orders.clearing.policies import Stage
from orders.links import completions, doubt_reading
from orders.links.completions import Anew
from orders.models import DoubtfulRow, Order, OrderFile
from orders.steps import clearing
from portal import storage
from portal.audit import record
from portal.events import MACHINE, Event
from portal.outbox import Lease


def link_completed(lease: Lease) -> None:
    """Link the rows of one completion; what is done already, or of an order that has gone on, is left."""
    file = OrderFile.objects.get(pk=lease.key)
    order = Order.objects.select_related("organisation", "permit").get(pk=file.order_id)
    waits = file.purged_at is None and file.completions.filter(linked_at=None).exists()
    if not waits or order.status != states.CLEARING or not pipeline.permit_holds(order):
        lease.finish()  # of an order that has gone on, the delivery links what was completed
        return
    newest = pipeline.newest_version()
    with (
        storage.private_folder() as folder,
        pipeline.population(order.store_version, newest) as store,
    ):
        limits = pipeline.limits(folder)
        anew = completions.link(order, folder, store, limits, [file])
        read = doubt_reading.reader(order, folder, newest, limits)
        found = doubt_reading.anew_in(anew, store, read)
        written = list(clearing.sheets_of(order, folder, found))
    with transaction.atomic():
        lease.finish()
        if clearing.is_open(order):
            _keep(order, anew, written)
        else:
            for sheet in written:
                sheet.forget()


def _keep(order: Order, anew: Anew, written: list[clearing.Written]) -> None:
    """Store what the completed data gave in the caller's transaction, which has locked the order."""
    left = clearing.settle_found(order, anew)
    for sheet in written:
        file, _own = clearing.named(order, sheet)
        for position, (row, group, candidates, fingerprint) in enumerate(sheet.rows):
            changes: dict[str, Any] = {"sheet": file, "position": position}
            changes |= {"group": group, "candidates": candidates, "fingerprint": fingerprint}
            DoubtfulRow.objects.filter(order=order, row=row, stage=Stage.OPEN).update(**changes)
    rows, found = sorted(anew.results), len(anew.found)
    record(Event.COMPLETIONS_LINKED, by=MACHINE, about=order, rows=rows, found=found, left=len(left))


def give_up(file_pk: str) -> None:
    """A completion that can't be matched: its rows wait for officials as they were sent.

    Of an order that has gone on, the delivery links it once more.
    """
    with transaction.atomic():
        file = OrderFile.objects.select_related("order").get(pk=file_pk)
        if not clearing.is_open(file.order):
            return
        waiting = file.completions.filter(linked_at=None)
        rows = list(waiting.values_list("row", flat=True))
        left = DoubtfulRow.objects.filter(order=file.order_id, row__in=rows, stage=Stage.LINKING)
        left.update(stage=Stage.OPEN, in_sample=True)
        waiting.update(result=completions.FAILED, linked_at=timezone.now())
        record(Event.COMPLETIONS_GIVEN_UP, by=MACHINE, about=file.order, rows=rows)
