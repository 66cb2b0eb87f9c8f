"""What a customer does with its doubtful rows: completes one, or says that it knows no more of it. Once each.

What is typed is stored twice, encrypted: for the workers, who match by it, and for the officials, who see it
beside what was sent where that settles nothing.
"""

import io
import json
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from matching.register.cells import plain
from orders import completion_policies
from orders.clearing import workflow as clearing_workflow
from orders.models import Completion, DoubtfulRow, Order, OrderFile
from portal import outbox, storage
from portal.audit import record
from portal.events import Event
from portal.models import User
from portal.states import Conflict

Cells = Mapping[str, str]
Stage = DoubtfulRow.Stage


def complete(row: DoubtfulRow, *, by: User, sent: Cells, cells: Cells) -> None:
    """Match the row again by `cells` in the place of what was `sent`.

    Raises Denied, and Conflict where an official was first or the row was answered this instant.
    """
    typed = {name: text for name, text in cells.items() if text}
    stored = (
        _stored({row.row: typed}, storage.upload_key(), "completions"),
        _stored(
            {row.row: {"sent": dict(sent), "completed": typed}}, storage.delivery_key(), "completion_sheets"
        ),
    )
    try:
        with transaction.atomic():
            order = _begin(row, Stage.LINKING)
            kinds = (OrderFile.Kind.COMPLETION, OrderFile.Kind.COMPLETION_SHEET)
            file, sheet = (
                OrderFile.objects.create(order=order, kind=kind, **vars(one))
                for kind, one in zip(kinds, stored, strict=True)
            )
            _answer(row, by, file=file, sheet=sheet)
            record(Event.ROW_COMPLETED, by=by, about=order, row=row.row, fields=_changed(sent, typed))
            outbox.queue("orders.complete", file.pk, order.turn)
    except BaseException:
        for one in stored:  # no row names them
            storage.delete(one.name)
        raise


def _changed(sent: Cells, typed: Cells) -> list[str]:
    """The fields that the customer has changed; its own number of the row is none of them."""
    fields = {*sent, *typed} - {"row_id"}
    return sorted(name for name in fields if plain(sent.get(name, "")) != plain(typed.get(name, "")))


@transaction.atomic
def know_no_more(row: DoubtfulRow, *, by: User) -> None:
    """The row is left to the officials, who see that the customer has nothing to add."""
    order = _begin(row, Stage.OPEN)
    _answer(row, by)
    record(Event.ROW_NOT_COMPLETED, by=by, about=order, row=row.row)


def _begin(row: DoubtfulRow, stage: str) -> Order:
    """Take the row, which officials have not taken up, into `stage`: of the two, one is first."""
    order = row.order
    clearing_workflow.lock_clearing(order)
    completion_policies.check_can_complete(order, row)
    if not DoubtfulRow.objects.filter(pk=row.pk, stage=Stage.OPEN).update(stage=stage):
        raise Conflict(f"row {row.row} is no longer open")
    return order


def _answer(row: DoubtfulRow, by: User, **files: OrderFile) -> None:
    try:
        with transaction.atomic():
            Completion.objects.create(order=row.order, row=row.row, made_by=by, **files)
    except IntegrityError:
        raise Conflict(f"row {row.row} has been answered") from None


def _stored(content: Any, key: storage.Key, folder: str) -> storage.StoredFile:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return storage.store(io.BytesIO(text.encode() + b"\n"), key, folder=folder)
