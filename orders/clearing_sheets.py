"""Reading a doubtful row's sheet: for an official whose opinion the row waits for, and on record."""

import io
import json
from dataclasses import dataclass
from typing import Any

from django.core.signing import Signer
from django.db import transaction

from orders import clearing_policies
from orders.models import DoubtfulRow
from permits.models import SubjectKind
from portal import storage
from portal.audit import record
from portal.events import Event
from portal.models import User


@dataclass(frozen=True)
class Case:
    """A doubtful row as its sheet has it: `sent` by field, and the candidates, nearest first."""

    row: DoubtfulRow
    sent: dict[str, str]
    candidates: list[dict[str, Any]]


def read(row: DoubtfulRow, *, by: User) -> Case:
    """The row and its candidates; what and whose was shown stands in the audit trail, under keyed hashes."""
    clearing_policies.check_can_read(row.order, row, by)
    content = _line(row)
    of_persons = row.order.subject == SubjectKind.PERSON
    whose, key = ("persons", "person") if of_persons else ("properties", "property")
    told: dict[str, Any] = {
        "row": row.row,
        "opinion": clearing_policies.NUMBERS[DoubtfulRow.Stage(row.stage)],
        whose: [one[key] for one in content["candidates"]],
    }
    with transaction.atomic():
        record(Event.CLEARING_ROW_READ, by=by, about=row.order, **told)
    return Case(row, content["sent"], content["candidates"])


def seen_by(row: DoubtfulRow, user: User) -> str:
    """What a page of the row has in its form: only who opened the row on its sheet can decide it."""
    return Signer(salt="clearing").signature(f"{row.pk} {row.sheet_id} {user.pk}")


def _line(row: DoubtfulRow) -> dict[str, Any]:
    sheet = io.BytesIO()
    storage.decrypt_to(row.sheet.name, storage.delivery_key(), sheet)
    sheet.seek(0)
    for position, line in enumerate(sheet):
        if position == row.position:
            content: dict[str, Any] = json.loads(line)
            return content
    raise LookupError(f"sheet {row.sheet_id} has no line {row.position}")
