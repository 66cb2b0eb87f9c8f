"""All findings of a check as CSV or a workbook, in the language of whoever asks."""

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import xlsxwriter
from django.conf import settings
from django.utils.translation import gettext as _

from orders.check import mappings
from orders.check import texts as check_texts

MOST_IN_WORKBOOK = 100_000
"""Findings that a workbook holds: more take the web's time and memory, and nobody mends them by hand."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")

Row = tuple[int, str, str]


def rows(found: Iterable[list[str]], report: dict[str, Any]) -> Iterator[Row]:
    """Row number, what was found and in which of the customer's columns, for each finding.

    Every text is said at once: a stream is sent after the language of its request is forgotten.
    """
    texts = check_texts.Texts(report.get("subject", "person"))
    headers = {field: mappings.seen(header) for header, field in report["recognised"].items()}
    said = {key: (texts.of(*key), headers.get(key[2], "")) for key in texts.every()}
    return ((int(row), *said[kind, reason, field]) for row, kind, reason, field in found)


def head() -> tuple[str, str, str]:
    return _("Row"), _("What was found"), _("Column")


def csv_lines(found: Iterable[Row]) -> Iterator[bytes]:
    """UTF-8 with its mark, comma, RFC 4180; no header of the customer's becomes a formula."""
    first = head()

    def lines() -> Iterator[bytes]:
        line = io.StringIO()
        writer = csv.writer(line)
        line.write("\ufeff")
        writer.writerow(first)
        for number, (row, what, column) in enumerate(found, start=1):
            writer.writerow((row, what, f"'{column}" if column.startswith(FORMULA) else column))
            if number % 1000 == 0:
                yield _taken(line)
        yield _taken(line)

    return lines()


def _taken(line: io.StringIO) -> bytes:
    text = line.getvalue()
    line.seek(0)
    line.truncate()
    return text.encode()


def workbook(found: Iterable[Row], total: int) -> bytes:
    """The first findings, texts as texts; one that leaves some out says so on a sheet of its own."""
    target = io.BytesIO()
    options = {"constant_memory": True, "tmpdir": settings.WORK_DIR, "strings_to_formulas": False}
    with xlsxwriter.Workbook(target, options) as book:
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet(_("Findings"))
        sheet.set_column(0, 0, 10)
        sheet.set_column(1, 2, 60)
        sheet.freeze_panes(1, 0)
        for column, text in enumerate(head()):
            sheet.write_string(0, column, text, bold)
        for line, (row, what, where) in enumerate(islice(found, MOST_IN_WORKBOOK), start=1):
            sheet.write_number(line, 0, row)
            sheet.write_string(line, 1, what)
            sheet.write_string(line, 2, where)
        if total > MOST_IN_WORKBOOK:
            book.add_worksheet(_("Note")).write_string(0, 0, check_texts.left_out(MOST_IN_WORKBOOK, total))
    return target.getvalue()
