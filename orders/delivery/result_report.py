"""The result report (tulosraportti) of a delivery: the same numbers for its page and for its PDF.

It is made of counts alone, and of no count that a withheld row would change (domain rule 13). Only where the
permit entitles to them does it tell of rows under a non-disclosure order, and those were given.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from orders import words
from orders.delivery import results
from orders.models import Delivery
from orders.subject_texts import CONFIDENCES
from portal.templatetags.components import thousands
from portal.ui import Bar, SummaryRow

BANDS = ((0, 49), (50, 79), (80, 89), (90, 94), (95, 98), (99, 100))
"""Bands of the confidence, in hundredths; narrower where nearly all rows that are given lie."""


@dataclass(frozen=True)
class Chart:
    """A table with bars. `total`: what the shares are of, where it is not the sum of the bars."""

    title: str
    label: str
    bars: Sequence[Bar]
    total: int | None = None
    note: str = ""


@dataclass(frozen=True)
class Report:
    """What the page and the PDF show, in the reader's language."""

    title: str
    facts: Sequence[SummaryRow]
    charts: Sequence[Chart]
    meanings: Sequence[tuple[str, Any, Any]]


def report(delivery: Delivery) -> Report:
    return Report(
        title=_("Result report of order %(number)s") % {"number": delivery.order.number},
        facts=facts(delivery),
        charts=[chart for chart in charts(delivery) if chart.bars],
        meanings=results.result_meanings(delivery.results, delivery.order.subject),
    )


def facts(delivery: Delivery) -> list[SummaryRow]:
    order = delivery.order
    rows = [
        SummaryRow(_("Organisation"), order.organisation.name),
        SummaryRow(_("Register"), order.register_name),
        SummaryRow(_("Permit"), str(delivery.permit)),
        SummaryRow(_("Delivery"), str(delivery.number)),
        SummaryRow(_("Made on"), words.day(delivery.protection_on)),
        SummaryRow(_("Data as they were on"), words.day(order.judged_on) if order.judged_on else ""),
        SummaryRow(_("Rows"), thousands(delivery.rows)),
        SummaryRow(_("Rows with data"), thousands(delivery.report.get("given", 0))),
        SummaryRow(_("Data delivered"), words.field_labels(delivery.fields, order.subject)),
    ]
    if delivery.permit.entitled_to_protected:
        rows.append(SummaryRow(_("Rows under a non-disclosure order"), thousands(delivery.protected_rows)))
    return [row for row in rows if row.value]


def charts(delivery: Delivery) -> list[Chart]:
    """Rows by result, changed data, and how sure the rows are that were found without a code."""
    subject = delivery.order.subject
    confidence, counted = map(str, CONFIDENCES["person" if subject == "person" else "property"])
    return [
        Chart(
            _("Rows by result"),
            _("Result"),
            results.result_bars(delivery.results, subject),
            note=_("Each row that you sent is in one of these."),
        ),
        Chart(
            _("Rows in which the data differ from what was sent, or were missing in it"),
            _("Data"),
            results.changed_bars(delivery),
            total=delivery.rows,
            note=_("A row may differ in several pieces of data. Shares are of all rows."),
        ),
        Chart(
            confidence,
            _("Confidence"),
            confidence_bars(delivery),
            note=counted,
        ),
    ]


def confidence_bars(delivery: Delivery) -> list[Bar]:
    """The rows found by data in bands of their confidence; none where no row was."""
    counts = delivery.report.get("confidence") or {}
    hundredths = {round(float(value) * 100): count for value, count in counts.items()}
    if not hundredths:
        return []
    return [
        Bar(
            f"{number_format(low / 100, 2)}–{number_format(high / 100, 2)}",
            sum(count for value, count in hundredths.items() if low <= value <= high),
            "info",
        )
        for low, high in BANDS
    ]
