"""What a customer completed of a row, as the officials' page of it shows it beside what was sent."""

from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from matching.register.cells import plain
from orders import completion_policies
from orders.check import input_texts
from orders.clearing.sheets import Case
from permits.models import SubjectKind
from portal.access import reason_not_to

OUTCOMES = {
    "ambiguous": gettext_lazy("The row below is the completed one, and the candidates are its."),
    "too_many": gettext_lazy(
        "What was completed fits more candidates than one could choose from. The row below is the one that"
        " was sent, and the candidates are its."
    ),
    "failed": gettext_lazy(
        "What was completed could not be matched, because of a fault. The row below is the one that was sent,"
        " and the candidates are its."
    ),
}
NOBODY = gettext_lazy(
    "By what was completed nobody was found. The row below is the one that was sent, and the candidates"
    " are its."
)
"""What a completion gave, of a row that an official looks at; any other result has found nobody."""


@dataclass(frozen=True)
class Line:
    """A field: what was sent first, and what the customer made of it."""

    label: Any
    sent: str
    completed: str

    @property
    def is_changed(self) -> bool:
        return plain(self.sent) != plain(self.completed)


def of_case(case: Case) -> dict[str, Any]:
    """What the page tells of the customer's answer, or that one may still come."""
    reason = reason_not_to(completion_policies.check_can_complete, case.row.order, case.row)
    return {
        "answer": case.completion,
        "outcome": OUTCOMES.get(case.completion.result, NOBODY) if case.completion else "",
        "answer_lines": _lines(case, case.said) if case.said else [],
        "can_answer": reason is None,
    }


def _lines(case: Case, said: dict[str, dict[str, str]]) -> list[Line]:
    """The fields that have something in either."""
    sent, completed = _for_officials(case, said["sent"]), _for_officials(case, said["completed"])
    return [
        Line(capfirst(label), sent.get(name, ""), completed.get(name, ""))
        for name, label in input_texts.INPUT_FIELDS.items()
        if name != "row_id" and (name in sent or name in completed)
    ]


def _for_officials(case: Case, cells: dict[str, str]) -> dict[str, str]:
    """Without a name that may be an owner's: of buildings and units only the one that stands on the sheet."""
    if case.row.order.subject == SubjectKind.PERSON:
        return cells
    name = case.sent.get("name")
    return {field: text for field, text in cells.items() if field != "name" or text == name}
