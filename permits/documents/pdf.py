"""The application, the decision and the permit as tagged PDF (`portal.printing`)."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from django.utils import translation
from django.utils.formats import date_format

from permits.documents import document_texts
from portal.printing import printed

TEMPLATE = Path(__file__).resolve().parent / "typst" / "letter.typ"
METADATA_TITLE_MAX = 200
LONG_WORD = re.compile(r"\S{31,}")  # longer than Finnish compounds and e-mail addresses are
LONGEST_ADDRESS = 60
"""An e-mail address of up to so many characters has room and stays whole: broken, it is none when copied."""
BREAK_EVERY = 10
ZERO_WIDTH_SPACE = "\u200b"
EMPTY = "–"


@dataclass(frozen=True)
class Row:
    """A label and its value; a value may hold several lines, and paragraphs apart by an empty line."""

    label: str
    value: str


@dataclass(frozen=True)
class Part:
    """One titled part of a sheet: rows as a table, then paragraphs, then a bullet list."""

    title: str
    rows: Sequence[Row] = ()
    paragraphs: Sequence[str] = ()
    items: Sequence[str] = ()


@dataclass(frozen=True)
class Sheet:
    """One document; `signatures` are pairs of name and title."""

    kind: Literal["application", "decision", "permit", "order", "third_party"]
    language: str
    number: str
    title: str
    date: date
    addressee: Sequence[str]
    lead: str
    parts: Sequence[Part]
    signatures: Sequence[tuple[str, str]]
    footer: str


def render(sheet: Sheet) -> bytes:
    """The sheet as PDF/UA-1; the same sheet gives the same bytes.

    What the fonts do not hold is written by its number, as in [U+1F600]; control characters are removed.
    """
    return printed(TEMPLATE, "sheet", lambda shown: _data(sheet, shown), sheet.date)


def _data(sheet: Sheet, shown: re.Pattern[str]) -> dict[str, object]:
    """What the template reads: one-line texts as strings, others as paragraphs of lines."""

    def line(text: str) -> str:
        return _wrapped(" ".join(_clean(text, shown).split()))

    with translation.override(sheet.language):
        kind = document_texts.kind(sheet.kind)
        title = line(sheet.title) or kind
        return {
            "kind": kind,
            "language": sheet.language,
            "registry": document_texts.registry(),
            "columns": document_texts.columns(),
            "date": date_format(sheet.date, "j.n.Y"),
            "day": {"year": sheet.date.year, "month": sheet.date.month, "day": sheet.date.day},
            "number": line(sheet.number),
            "title": title,
            "metadata_title": title.replace(ZERO_WIDTH_SPACE, "")[:METADATA_TITLE_MAX],
            "addressee": [line(text) for text in sheet.addressee if line(text)],
            "lead": _paragraphs(sheet.lead, shown),
            "parts": [_part(part, line, shown) for part in sheet.parts],
            "signatures": [[line(name), line(role)] for name, role in sheet.signatures],
            "footer": line(sheet.footer),
        }


def _part(part: Part, line: Callable[[str], str], shown: re.Pattern[str]) -> dict[str, object]:
    def lines(text: str) -> list[str]:
        return [found for paragraph in _paragraphs(text, shown) for found in paragraph] or [EMPTY]

    return {
        "title": line(part.title),
        "rows": [
            {"label": lines(row.label), "value": _paragraphs(row.value, shown) or [[EMPTY]]}
            for row in part.rows
        ],
        "paragraphs": [found for text in part.paragraphs for found in _paragraphs(text, shown)],
        "items": [lines(text) for text in part.items],
    }


def _paragraphs(text: str, shown: re.Pattern[str]) -> list[list[str]]:
    """The paragraphs of a text, each a list of its lines; empty ones are left out."""
    cut = re.split(r"\n\s*\n", _clean(text, shown))
    found = [[_wrapped(line.strip()) for line in part.split("\n") if line.strip()] for part in cut]
    return [part for part in found if part]


def _clean(text: str, shown: re.Pattern[str]) -> str:
    """The text with line feeds only, without control and format characters."""
    text = unicodedata.normalize("NFC", re.sub(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]", "\n", text))
    return "".join(
        char if char == "\n" or shown.match(char) else _instead(char) for char in text.replace("\t", " ")
    )


def _instead(char: str) -> str:
    kind = unicodedata.category(char)
    if kind == "Zs":
        return " "
    return "" if kind in {"Cc", "Cf"} else f"[U+{ord(char):04X}]"


def _wrapped(text: str) -> str:
    """Give a word too long for a column places where it may break."""

    def broken(word: re.Match[str]) -> str:
        found = word.group()
        if "@" in found and len(found) <= LONGEST_ADDRESS:
            return found
        pieces = (found[start : start + BREAK_EVERY] for start in range(0, len(found), BREAK_EVERY))
        return ZERO_WIDTH_SPACE.join(pieces)

    return LONG_WORD.sub(broken, text)
