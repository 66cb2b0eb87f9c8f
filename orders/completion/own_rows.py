"""The customer's own doubtful rows as it sent them: read from their sheet, and each reading on record.

The sheet of the officials is never opened here: it tells of other people.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.text import capfirst

from orders import completion_policies
from orders.check import input_texts
from orders.clearing import sheet_lines
from orders.models import Completion, DoubtfulRow, Order
from portal.audit import record
from portal.events import Event
from portal.models import User


@dataclass(frozen=True)
class OwnRow:
    """A row with the cells that the customer sent, by field; without them once it has been answered."""

    row: int
    sent: dict[str, str]
    answer: Completion | None = None

    @property
    def lines(self) -> list[tuple[Any, str]]:
        """The cells with the names of their fields."""
        names = input_texts.INPUT_FIELDS
        return [(capfirst(names[one]), self.sent[one]) for one in names if one in self.sent]


def shown(order: Order) -> QuerySet[DoubtfulRow]:
    """The rows that can be completed, and those that have been: nothing tells what became of these."""
    answered = Completion.objects.filter(order=order, row=OuterRef("row"))
    rows = order.doubtful_rows.filter(own__isnull=False).annotate(is_answered=Exists(answered))
    return rows.filter(Q(stage=DoubtfulRow.Stage.OPEN) | Q(is_answered=True)).select_related("own")


def listed(order: Order, rows: Sequence[DoubtfulRow], *, by: User) -> list[OwnRow]:
    """The rows of a page of the list."""
    answers = {one.row: one for one in order.completions.filter(row__in=[row.row for row in rows])}
    sent = _sent([row for row in rows if row.row not in answers])
    record(Event.OWN_ROWS_LISTED, by=by, about=order, rows=sorted(sent))
    return [OwnRow(row.row, sent.get(row.row, {}), answers.get(row.row)) for row in rows]


def read(row: DoubtfulRow, *, by: User) -> OwnRow:
    """A row that can be completed. Raises Denied."""
    completion_policies.check_can_complete(row.order, row)
    sent = _sent([row])[row.row]
    record(Event.OWN_ROW_READ, by=by, about=row.order, row=row.row)
    return OwnRow(row.row, sent)


def _sent(rows: Sequence[DoubtfulRow]) -> dict[int, dict[str, str]]:
    """Row → what was sent of it; each sheet is decrypted once."""
    by_sheet = defaultdict(list)
    for row in rows:
        by_sheet[row.own].append(row)
    found: dict[int, dict[str, str]] = {}
    for sheet, of_sheet in by_sheet.items():
        if sheet is not None:
            lines = sheet_lines.read(sheet, [row.position for row in of_sheet])
            found |= {row.row: lines[row.position]["sent"] for row in of_sheet}
    return found
