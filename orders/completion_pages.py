"""What a customer completed of a row, as the officials' page of it shows it beside what was sent."""

from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst

from orders import completion_policies, input_texts
from orders.clearing_sheets import Case
from portal.access import reason_not_to


@dataclass(frozen=True)
class Line:
    """A field: what was sent first, and what the customer made of it."""

    label: Any
    sent: str
    completed: str

    @property
    def is_changed(self) -> bool:
        return self.sent != self.completed


def of_case(case: Case) -> dict[str, Any]:
    """What the page tells of the customer's answer, or that one may still come."""
    reason = reason_not_to(completion_policies.check_can_complete, case.row.order, case.row)
    return {
        "answer": case.completion,
        "answer_is_taken": case.completion is not None and case.completion.result == "ambiguous",
        "answer_lines": _lines(case.said) if case.said else [],
        "can_answer": reason is None,
    }


def _lines(said: dict[str, dict[str, str]]) -> list[Line]:
    """The fields that have something in either."""
    sent, completed = said["sent"], said["completed"]
    return [
        Line(capfirst(label), sent.get(name, ""), completed.get(name, ""))
        for name, label in input_texts.INPUT_FIELDS.items()
        if name != "row_id" and (name in sent or name in completed)
    ]
