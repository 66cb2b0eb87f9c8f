"""Reading a doubtful row's sheet: for an official whose opinion the row waits for, and on record."""

from dataclasses import dataclass
from typing import Any

from django.core.signing import Signer
from django.db import transaction

from orders.clearing import policies, sheet_lines
from orders.models import Completion, DoubtfulRow
from permits.models import SubjectKind
from portal.audit import record
from portal.events import Event
from portal.models import User


@dataclass(frozen=True)
class Case:
    """A doubtful row as its sheet has it: `sent` by field, and the candidates, nearest first.

    `said`, where its customer has completed it: what was `sent` before, and what was `completed`. That is
    gone where the clearing had ended before and was begun anew.
    """

    row: DoubtfulRow
    sent: dict[str, str]
    candidates: list[dict[str, Any]]
    completion: Completion | None = None
    said: dict[str, dict[str, str]] | None = None


def read(row: DoubtfulRow, *, by: User) -> Case:
    """The row and its candidates; what and whose was shown stands in the audit trail, under keyed hashes."""
    policies.check_can_read(row.order, row, by)
    content = sheet_lines.read(row.sheet, [row.position])[row.position]
    completion = completion_of(row)
    said = None
    if completion is not None and completion.sheet is not None and completion.sheet.purged_at is None:
        said = sheet_lines.read(completion.sheet, [0])[0][str(row.row)]
    of_persons = row.order.subject == SubjectKind.PERSON
    whose, key = ("persons", "person") if of_persons else ("properties", "property")
    told: dict[str, Any] = {
        "row": row.row,
        "opinion": policies.NUMBERS[DoubtfulRow.Stage(row.stage)],
        whose: [one[key] for one in content["candidates"]],
    }
    with transaction.atomic():
        record(Event.CLEARING_ROW_READ, by=by, about=row.order, **told)
    return Case(row, content["sent"], content["candidates"], completion, said)


def seen_by(row: DoubtfulRow, user: User) -> str:
    """What a page of the row has in its form: who opened it on its sheet, as it is now, can decide it."""
    completion = completion_of(row)
    said = completion.pk if completion else ""
    return Signer(salt="clearing").signature(f"{row.pk} {row.sheet_id} {said} {user.pk}")


def completion_of(row: DoubtfulRow) -> Completion | None:
    return Completion.objects.select_related("sheet").filter(order=row.order_id, row=row.row).first()
