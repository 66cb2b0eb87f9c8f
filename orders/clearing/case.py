"""What the pages of doubtful rows say of each kind of register: of persons, of buildings, of real estate."""

from typing import Any

from django.utils.translation import gettext_lazy

from orders.clearing import pages, property_pages, property_words, words
from orders.clearing.sheets import Case
from orders.models import Order
from permits.models import SubjectKind

QUESTIONS = {
    SubjectKind.PERSON: gettext_lazy("Whom does row %(number)s mean?"),
    SubjectKind.BUILDING: gettext_lazy("Which building does row %(number)s mean?"),
    SubjectKind.REAL_ESTATE: gettext_lazy("Which real-estate unit does row %(number)s mean?"),
}


def group_words(order: Order, key: str) -> str:
    """A group of alike cases in words."""
    of = words if order.subject == SubjectKind.PERSON else property_words
    return of.group(key)


def shown(case: Case) -> dict[str, Any]:
    """The case as its page takes it: the comparison, and why: weights of persons, reasons of others."""
    order = case.row.order
    kind = SubjectKind(order.subject)
    said = {
        "question": QUESTIONS[kind] % {"number": case.row.row},
        "group_words": group_words(order, case.row.group),
        "candidates": case.candidates,
    }
    if kind == SubjectKind.PERSON:
        waterfalls = pages.waterfalls(case.candidates)
        return {**said, "lines": pages.lines(case), "waterfalls": waterfalls}
    reasons = property_pages.reasons(case)
    return {**said, "lines": property_pages.lines(case), "reasons": reasons}
