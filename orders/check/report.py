"""The report on a register that was sent, as the check page takes it: row numbers, never a cell."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from matching.fields import CODE_FIELDS
from orders import policies, subject_texts
from orders.check import input_texts, mappings, messages, samples
from orders.check import texts as check_texts
from orders.material import order_form
from orders.models import Material
from portal.access import reason_not_to
from portal.models import User
from portal.templatetags.components import thousands
from portal.ui import Bar, SummaryRow

RANGES_SHOWN = 12
SHOWN_COLUMNS = 60
LISTED = 1_000_000
"""Findings that the files hold at most (`matching.register.findings.MOST`)."""
IN_NO_WAY = frozenset(
    {
        "archive_encrypted",
        "archive_nested",
        "archive_not_one",
        "archive_unsafe",
        "damaged_file",
        "empty_file",
        "nul_bytes",
        "old_workbook",
        "password_protected",
        "unpacks_too_large",
        "unsupported_type",
    }
)
"""Problems of a file that no other way of reading it would mend."""
NONE: dict[str, Any] = {"rows": [], "total": 0}


def page(material: Material, sample: dict[str, Any] | None = None) -> dict[str, Any]:
    """The report on a checked register, as the check page takes it; `sample` is for its own customer."""
    report, subject = material.report, material.order.subject
    headers = {field: header for header, field in report["recognised"].items()}
    recognised = [
        (mappings.seen(headers[field]), text)
        for field, text in input_texts.INPUT_FIELDS.items()
        if field in headers
    ]
    subject = report.get("subject", "person")
    return {
        "format_rows": [*format_rows(report, material), *_sheet_rows(sample)],
        "has_codes": CODE_FIELDS[subject] in report["recognised"].values(),
        "code_names": subject_texts.CODE_NAMES[subject],
        "no_codes": subject_texts.NO_CODES[subject],
        "code_bars": code_bars(report),
        "recognised": recognised,
        "unrecognised": unrecognised(report, sample),
        "findings": findings(report),
        **_files(material),
    }


def unrecognised(report: dict[str, Any], sample: dict[str, Any] | None) -> list[str]:
    """The columns that come back as they are; one without a header by its number, where that is known."""
    headers = sample["headers"] if sample else []
    numbers = iter([number for number, header in enumerate(headers, start=1) if not header.strip()])
    return [mappings.seen(header) or _nameless(next(numbers, None)) for header in report["unrecognised"]]


def _nameless(number: int | None) -> str:
    return _("column %(number)s") % {"number": number} if number else _("a column without a header")


def _sheet_rows(sample: dict[str, Any] | None) -> list[SummaryRow]:
    """Which sheet of a workbook was read, where it has several."""
    others = len(sample["sheets"]) - 1 if sample else 0
    if sample is None or others < 1:
        return []
    text = ngettext(
        "%(sheet)s (the workbook has %(others)s other sheet, which was not read)",
        "%(sheet)s (the workbook has %(others)s other sheets, which were not read)",
        others,
    )
    return [SummaryRow(_("Sheet"), text % {"sheet": mappings.seen(sample["sheet"]), "others": others})]


def _files(material: Material) -> dict[str, Any]:
    """Whether all findings can be downloaded, and what is left out of them."""
    file, total = material.findings, material.report.get("findings", 0)
    if file is None or file.purged_at is not None:
        return {"has_files": False}
    left_out = check_texts.left_out(LISTED, total) if total > LISTED else ""
    return {"has_files": True, "found": total, "left_out": left_out}


def own(material: Material, *, by: User) -> dict[str, Any]:
    """What the check page shows to the material's own customer alone: its columns with their first cells."""
    reason = reason_not_to(policies.check_can_map, material.order)
    has_rows = all(one["code"] != "no_rows" for one in material.problems)  # else it would show the header
    is_read = material.state != Material.State.RECEIVED
    sample = samples.shown(material, by=by) if is_read and has_rows else None
    columns = mappings.columns_of(sample)[:SHOWN_COLUMNS] if sample else []
    rows = list(zip(*(column.cells for column in columns), strict=True))
    return {
        "can_map": reason is None and not _is_unreadable(material),
        "sample": sample,
        "sample_columns": columns,
        "sample_rows": rows,
    }


def _is_unreadable(material: Material) -> bool:
    """Whether no other way of reading would help. NUL characters may come of an encoding that was chosen."""
    codes = {one["code"] for one in material.problems}
    if material.mapping.get("reading"):
        codes.discard("nul_bytes")
    return not codes.isdisjoint(IN_NO_WAY)


def row_ranges(rows: Sequence[int], total: int) -> str:
    """Row numbers in short: 1–3, 7, 10–12; after a dozen ranges only how many rows more."""
    ranges: list[tuple[int, int]] = []
    for row in rows:
        if ranges and row == ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], row)
        else:
            ranges.append((row, row))
    shown = ranges[:RANGES_SHOWN]
    text = ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in shown)
    more = total - sum(last - first + 1 for first, last in shown)
    if more <= 0:
        return text
    return ngettext("%(rows)s and %(more)s more", "%(rows)s and %(more)s more", more) % {
        "rows": text,
        "more": thousands(more),
    }


@dataclass(frozen=True)
class Finding:
    """Something that the check found in some rows; it does not stop the order."""

    text: Any
    count: int
    rows: str


def findings(report: dict[str, Any], subject: str = "person") -> list[Finding]:
    """What the customer may want to mend: codes that are none, repeated codes, cells that can't be read."""
    texts = check_texts.Texts(report.get("subject", "person"))
    code = CODE_FIELDS[texts.subject]
    found = [
        (texts.of("invalid", reason, code), rows) for reason, rows in sorted(report["codes_invalid"].items())
    ]
    found.append((texts.of("repeated"), report["codes_repeated"]))
    found.append((texts.of("too_little"), report.get("too_little", NONE)))
    found += [(texts.of("unreadable", "", field), rows) for field, rows in report["unreadable"].items()]
    found.append((texts.of("sex_unlike_code"), report.get("sex_unlike_code", NONE)))
    return [
        Finding(text, rows["total"], row_ranges(rows["rows"], rows["total"]))
        for text, rows in found
        if rows["total"]
    ]


def code_bars(report: dict[str, Any]) -> list[Bar]:
    """The register's rows by what their identity code is worth."""
    invalid = sum(rows["total"] for rows in report["codes_invalid"].values())
    bars = [
        Bar(_("Valid code"), report["codes_valid"] - report["codes_artificial"], "success"),
        Bar(_("Artificial code (temporary or test)"), report["codes_artificial"], "neutral"),
        Bar(_("Invalid code"), invalid, "error"),
        Bar(_("No code"), report["codes_missing"], "warning"),
    ]
    return [bar for bar in bars if bar.count]


def format_rows(report: dict[str, Any], material: Material) -> list[SummaryRow]:
    """What kind of file was sent."""
    rows = [
        SummaryRow(_("File"), material.given_name),
        *hash_rows(material),
        SummaryRow(_("Rows"), thousands(report["rows"])),
        SummaryRow(_("File format"), _format_words(report, material)),
    ]
    if material.is_form:  # its register was written into a text file on the way
        return rows
    if report["encoding"]:
        rows.append(SummaryRow(_("Character encoding"), input_texts.encoding_name(report["encoding"])))
    if report["delimiter"]:
        delimiter = input_texts.DELIMITERS.get(report["delimiter"], report["delimiter"])
        rows.append(SummaryRow(_("Delimiter"), delimiter))
    return rows


def _format_words(report: dict[str, Any], material: Material) -> Any:
    sent = "xlsx" if material.is_form else report["format"]
    return input_texts.FORMATS.get(sent, sent)


def hash_rows(material: Material) -> list[SummaryRow]:
    """By what the customer can tell that the file arrived as it was sent; not of what came out of a form."""
    if material.is_form:
        return []
    return [
        SummaryRow(_("Size"), _("%(size)s bytes") % {"size": thousands(material.file.size)}),
        SummaryRow(_("SHA-256 checksum"), format_html('<span class="hash">{}</span>', material.file.sha256)),
    ]


@dataclass(frozen=True)
class ProblemLine:
    """A problem that stops the register from being used: where, and what to do."""

    place: str
    text: str


def problem_lines(material: Material) -> list[ProblemLine]:
    labels = order_form.cell_labels(material.order.permit) if material.is_form else {}
    return [
        ProblemLine(messages.problem_place(one, labels), messages.problem_text(one))
        for one in material.problems
    ]
