"""The result report as tagged PDF (`portal.printing`): each chart a table, its bars an ornament."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from orders import words
from orders.delivery import result_report
from orders.models import Delivery
from portal.printing import printed
from portal.templatetags.components import percent, thousands
from portal.ui import DrawnBar, draw_bars

TEMPLATE = Path(__file__).resolve().parent.parent / "typst" / "report.typ"


def render(delivery: Delivery, language: str) -> bytes:
    """The report in a language of the service; what the fonts do not hold is shown as a question mark."""
    with translation.override(language):
        report = result_report.report(delivery)
        return printed(
            TEMPLATE,
            "report",
            lambda shown: _data(report, delivery, language, shown),
            delivery.protection_on,
        )


def _data(
    report: result_report.Report, delivery: Delivery, language: str, shown: re.Pattern[str]
) -> dict[str, Any]:
    def clean(text: Any) -> str:
        return "".join(char if shown.match(char) else "?" for char in " ".join(str(text).split()))

    return {
        "language": language,
        "registry": _("The Registry Agency"),
        "kind": _("Result report"),
        "title": clean(report.title),
        "number": delivery.order.number,
        "date": words.day(delivery.protection_on),
        "day": {
            "year": delivery.protection_on.year,
            "month": delivery.protection_on.month,
            "day": delivery.protection_on.day,
        },
        "heads": [_("Item"), _("Information")],
        "facts": [[clean(row.key), clean(row.value)] for row in report.facts],
        "charts": [_chart(chart, clean) for chart in report.charts],
        "meanings_title": _("What do the results mean?"),
        "meanings_heads": [_("Result"), _("Meaning")],
        "meanings": [[clean(f"{name} ({code})"), clean(text)] for code, name, text in report.meanings],
        "footer": clean(_("This report holds numbers only, and no data of any person.")),
    }


def _chart(chart: result_report.Chart, clean: Callable[[Any], str]) -> dict[str, Any]:
    return {
        "title": clean(chart.title),
        "heads": [clean(chart.label), _("Rows"), _("Share")],
        "note": clean(chart.note),
        "bars": [_bar(bar, clean) for bar in draw_bars(chart.bars, chart.total)],
    }


def _bar(drawn: DrawnBar, clean: Callable[[Any], str]) -> dict[str, Any]:
    return {
        "label": clean(drawn.bar.label),
        "count": thousands(drawn.bar.count),
        "share": percent(drawn.share),
        "length": drawn.length,
        "tone": drawn.bar.tone,
    }
