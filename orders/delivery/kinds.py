"""The files of a delivery: in which forms it can be had, and how each is named and served."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from orders.models import Delivery, Order, OrderFile

Kind = OrderFile.Kind
DEFAULT_FORMATS = ("csv", "xlsx")
TABLES = (Kind.DELIVERY_CSV, Kind.DELIVERY_XLSX, Kind.DELIVERY_PARQUET, Kind.DELIVERY_FIXED)
"""The whole register, each in another form."""

DATA = (*TABLES, Kind.DELIVERY_LAYOUT, Kind.DELIVERY_CHANGES)
"""Files with or about persons' data; where the organisation has a key of its own, for that alone."""

ALL = (*DATA, Kind.RESULT_REPORT)
ENDINGS: Mapping[str, str] = {
    Kind.DELIVERY_CSV.value: "csv",
    Kind.DELIVERY_XLSX.value: "xlsx",
    Kind.DELIVERY_PARQUET.value: "parquet",
    Kind.DELIVERY_FIXED.value: "txt",
    Kind.DELIVERY_LAYOUT.value: "layout.csv",
    Kind.DELIVERY_CHANGES.value: "changes.csv",
    Kind.RESULT_REPORT.value: "report.pdf",
}
CONTENT_TYPES: Mapping[str, str] = {
    Kind.DELIVERY_CSV.value: "text/csv; charset=utf-8",
    Kind.DELIVERY_XLSX.value: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Kind.DELIVERY_PARQUET.value: "application/vnd.apache.parquet",
    Kind.DELIVERY_FIXED.value: "text/plain; charset=utf-8",
    Kind.DELIVERY_LAYOUT.value: "text/csv; charset=utf-8",
    Kind.DELIVERY_CHANGES.value: "text/csv; charset=utf-8",
    Kind.RESULT_REPORT.value: "application/pdf",
}
NAMES: Mapping[str, Any] = {
    Kind.DELIVERY_CSV.value: _("CSV file"),
    Kind.DELIVERY_XLSX.value: _("Excel workbook"),
    Kind.DELIVERY_PARQUET.value: _("Parquet file"),
    Kind.DELIVERY_FIXED.value: _("Fixed-width text"),
    Kind.DELIVERY_LAYOUT.value: _("Layout of the fixed-width text"),
    Kind.DELIVERY_CHANGES.value: _("Change list"),
    Kind.RESULT_REPORT.value: _("Result report (PDF)"),
}
REFUSALS: Mapping[str, Any] = {
    "too_large_for_xlsx": _("The delivery has more rows than a workbook can hold."),
    "cell_too_long": _("A cell of the register is too long for a workbook."),
    "too_wide_for_fixed_width": _("The rows are too long for fixed width."),
    "line_break_in_fixed_width": _("A cell of the register holds a line break, which fixed width cannot."),
}
"""Why a form that was ordered was not made, by the problem's code."""


def file_name(delivery: Delivery, kind: str) -> str:
    """How a file is called when it is downloaded; those of a delivery made anew name its number."""
    again = f"-{delivery.number}" if delivery.number > 1 else ""
    return f"{delivery.order.number}{again}.{ENDINGS[kind]}"


def formats(order: Order) -> tuple[str, ...]:
    """The forms in which the order wants its delivery."""
    return tuple(order.formats or DEFAULT_FORMATS)
