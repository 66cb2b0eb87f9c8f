"""What the check of a register found wrong, in the user's language, by the codes of `Problem`."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from orders.material.order_form_texts import PROBLEMS as FORM_PROBLEMS

PROBLEMS = FORM_PROBLEMS | {
    "empty_file": gettext_lazy("The file is empty."),
    "no_rows": gettext_lazy("The file has a header row but no other rows."),
    "no_known_column": gettext_lazy(
        "No column was recognised. Give each column a header, for example “Personal identity code”, “Surname”"
        " or “Given names”."
    ),
    "duplicate_header": gettext_lazy("Two columns have the same header. Rename one of them."),
    "reserved_header": gettext_lazy("This column comes from an earlier delivery. Leave it out."),
    "too_many_columns": gettext_lazy(
        "The file has more than %(limit)s columns. Leave out those that you don’t need."
    ),
    "ragged_row": ngettext_lazy(
        "The row has %(cells)s cell, and the header row %(columns)s. Check its delimiters, and put a text"
        " that holds one between quotation marks.",
        "The row has %(cells)s cells, and the header row %(columns)s. Check its delimiters, and put a text"
        " that holds one between quotation marks.",
        "cells",
    ),
    "broken_quote": gettext_lazy("A quotation mark is not closed."),
    "line_too_long": gettext_lazy(
        "The row is over a million characters long. Check that each person is on a row of their own."
    ),
    "line_too_short": gettext_lazy("The row is shorter than the layout says."),
    "nul_bytes": gettext_lazy(
        "The file has NUL characters, which don’t belong in text. Save it again from the original program."
    ),
    "wrong_encoding": gettext_lazy(
        "The letters can’t be read. Save the file as CSV UTF-8 or as an Excel workbook."
    ),
    "damaged_file": gettext_lazy("The file is damaged and can’t be read. Save it again and send it again."),
    "unsupported_type": gettext_lazy(
        "This is not a CSV file or an Excel workbook but some other kind of file."
    ),
    "password_protected": gettext_lazy(
        "The workbook is protected by a password. Save it without a password."
    ),
    "old_workbook": gettext_lazy(
        "This is an old Excel workbook (.xls). Save it in the .xlsx form or as CSV."
    ),
    "unpacks_too_large": gettext_lazy(
        "The file unpacks to far more than its size. Save the rows in a new workbook or as CSV."
    ),
    "archive_not_one": gettext_lazy(
        "The ZIP file must hold exactly one file, the register. Pack the register alone, or send it unpacked."
    ),
    "archive_encrypted": gettext_lazy(
        "The ZIP file is protected by a password. Pack it without one: the file is encrypted as it arrives."
    ),
    "archive_unsafe": gettext_lazy("The ZIP file holds a link or a path outside of itself. Pack it again."),
    "archive_nested": gettext_lazy("The ZIP file holds another packed file. Send the register itself."),
    "layout_overlaps": gettext_lazy("The column begins before the one before it ends."),
    "mapping_invalid": gettext_lazy("The settings of how the file is read can’t be used."),
    "mapping_unknown_header": gettext_lazy(
        "The file has no column of this name, although the settings name it. Correct how the file is read."
    ),
    "mapping_unknown_field": gettext_lazy("The settings read this column as something that there is not."),
    "mapping_field_twice": gettext_lazy("The settings read two columns as the same data."),
    "mapping_unknown_sheet": gettext_lazy("The workbook has no sheet of the name that was chosen."),
    "code_as_number": gettext_lazy(
        "The spreadsheet program has turned the code into a number. Format the column as text and enter the"
        " codes again."
    ),
    "virus_found": gettext_lazy(
        "A virus was found in the file, and the file was deleted. Check your computer, and send a clean file."
    ),
    "too_large_to_scan": gettext_lazy(
        "The file is too large, or packed too tightly, to be scanned for viruses, and was deleted. Send the"
        " rows as CSV, or in several orders."
    ),
    "check_failed": gettext_lazy(
        "The file could not be checked because of a fault in the service. Send it again, or contact us."
    ),
}

CODE_REASONS = {
    "length": gettext_lazy("wrong length: a code must have 11 characters"),
    "digits": gettext_lazy("a letter or other character where a digit belongs"),
    "separator": gettext_lazy("wrong century sign"),
    "date": gettext_lazy("no such day"),
    "number": gettext_lazy("wrong individual number"),
    "check": gettext_lazy("the check character does not agree"),
    "future": gettext_lazy("the birth date is in the future"),
}

_FORM_CELL = re.compile(r".+![A-Z]{1,3}[0-9]+")


def problem_text(problem: dict[str, Any]) -> str:
    """The problem as a sentence; one with an unknown code says what the check itself said, in English."""
    template = PROBLEMS.get(problem["code"])
    if template is None:
        return str(problem["text"])
    try:
        return str(template % (problem.get("params") or {}))
    except KeyError:
        return str(problem["text"])


def problem_place(problem: dict[str, Any], labels: Mapping[str, str] | None = None) -> str:
    """Where the problem is: row (the header not counted) and column's header, or the form's cell.

    `labels` are those of the form's cells, where they are known.
    """
    row, column = problem.get("row"), problem.get("column")
    if row is None and column and _FORM_CELL.fullmatch(column):
        label = (labels or {}).get(column)
        return f"{column}, {label}" if label else _("Cell %(cell)s") % {"cell": column}
    if row is not None and column:
        return _("Row %(row)s, column “%(column)s”") % {"row": row, "column": column}
    if row is not None:
        return _("Row %(row)s") % {"row": row}
    return _("Column “%(column)s”") % {"column": column} if column else ""
