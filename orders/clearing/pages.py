"""A doubtful row as its page shows it: the row and its candidates side by side, and why they weigh so."""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.clearing import words as clearing_words
from orders.clearing.sheets import Case
from portal.ui import Tone

# Rows of the table: name, label, the row's fields, the candidate's fact, and the comparison that tells of it.
LINES: list[tuple[str, Any, tuple[str, ...], str, str]] = [
    ("row_id", gettext_lazy("The customer’s own number"), ("row_id",), "", ""),
    ("name", gettext_lazy("Whole name"), ("name",), "whole_name", ""),
    ("surname", gettext_lazy("Surname"), ("surname",), "surname", "surname"),
    ("former_surname", gettext_lazy("Former surnames"), ("former_surname",), "former_surnames", ""),
    ("given_names", gettext_lazy("Given names"), ("given_names",), "given_names", "given_names"),
    ("call_name", gettext_lazy("Name in use"), (), "call_name", ""),
    ("birth_date", gettext_lazy("Date of birth"), ("birth_date",), "birth_date", "birth_date"),
    ("sex", gettext_lazy("Sex"), ("sex",), "sex", "sex"),
    ("hetu", gettext_lazy("Personal identity code"), ("hetu",), "code_start", "code"),
    (
        "address",
        gettext_lazy("Address"),
        ("street", "house_number", "postal_code", "post_office"),
        "address",
        "home",
    ),
    ("former_addresses", gettext_lazy("Former addresses"), (), "former_addresses", ""),
    ("municipality", gettext_lazy("Municipality"), ("municipality",), "municipality", ""),
    ("death_date", gettext_lazy("Date of death"), (), "death_date", ""),
]
OF_THE_HOME = {"address", "former_addresses", "municipality"}
SEXES = {"1": gettext_lazy("male"), "2": gettext_lazy("female")}


@dataclass(frozen=True)
class Piece:
    """A piece of a value; marked where it differs from what the row says."""

    text: str
    marked: bool = False


@dataclass(frozen=True)
class Cell:
    """A candidate's value, how it agrees in words, and the mark and tone that go with them."""

    place: int
    pieces: list[Piece]
    words: str = ""
    icon: str = ""
    tone: Tone = "neutral"


@dataclass(frozen=True)
class Line:
    """A row of the table: a field, what the customer's row says, and each candidate's value.

    `differ`: the candidates are to be told apart by it.
    """

    label: Any
    sent: str
    cells: list[Cell]
    differ: bool = False


@dataclass(frozen=True)
class Bar:
    """A bar of a waterfall, in the picture's units; it begins where the one before ended."""

    words: str
    bits: float
    x: float
    width: float
    y: int
    kind: str


@dataclass(frozen=True)
class Waterfall:
    """What a candidate's weight is made of, as a picture and as a table."""

    place: int
    bars: list[Bar]
    total: float
    threshold: float
    threshold_x: float
    height: int
    lines: list[tuple[str, float]] = field(default_factory=list)


def lines(case: Case) -> list[Line]:
    """The fields that the row or a candidate has."""
    made = []
    for name, label, fields, fact, comparison in LINES:
        sent = ", ".join(case.sent[one] for one in fields if one in case.sent)
        if name == "address" and "house_number" in case.sent:
            street = " ".join(case.sent[one] for one in ("street", "house_number") if one in case.sent)
            sent = ", ".join([street, *(case.sent[one] for one in fields[2:] if one in case.sent)])
        cells = [
            _cell(one, name, fact, _said_of(one, name, comparison, case), sent) for one in case.candidates
        ]
        is_asked = name != "name" or sent
        if is_asked and (sent or any(cell.pieces for cell in cells)):
            made.append(Line(label, sent, cells))
    return made


def _said_of(candidate: dict[str, Any], name: str, comparison: str, case: Case) -> str:
    """The comparison whose words stand in the cell: those of the home at the address that agrees."""
    if name not in {"address", "former_addresses"}:
        return comparison
    level, postal_code = candidate["levels"].get("home"), case.sent.get("postal_code", "").strip()
    present, former = (candidate["facts"].get(one, "") for one in ("address", "former_addresses"))
    start = {"postal code": postal_code, "region": postal_code[:2]}.get(level or "", "")
    by_former = bool(start and not _has_code(present, start) and _has_code(former, start))
    agrees = "former_addresses" if level == "former house" or by_former else "address"
    return "home" if name == agrees else ""


def _has_code(address: str, start: str) -> bool:
    """Whether a postal code in the text begins so."""
    return any(len(word) == 5 and word.startswith(start) for word in re.findall(r"[0-9]+", address))


def _cell(candidate: dict[str, Any], name: str, fact: str, comparison: str, sent: str) -> Cell:
    place = candidate["place"]
    if candidate["protected"] and name in OF_THE_HOME:
        words = _("withheld: non-disclosure order")
        return Cell(place, [], words, *clearing_words.VERDICTS[clearing_words.WITHHELD])
    text = _fact(candidate["facts"], fact)
    verdict, words = clearing_words.level(comparison, candidate["levels"].get(comparison))
    icon, tone = clearing_words.VERDICTS.get(verdict, ("", "neutral"))
    differs = verdict in {clearing_words.NEAR, clearing_words.DIFFERS}
    return Cell(place, marked(text, sent) if differs and sent else _plain(text), words, icon, tone)


def _fact(facts: dict[str, str], name: str) -> str:
    if name == "whole_name":
        return " ".join(facts[one] for one in ("surname", "given_names") if one in facts)
    text = facts.get(name, "")
    if text and name in {"birth_date", "death_date"}:
        return date_format(date.fromisoformat(text), "j.n.Y")
    if name == "sex":
        return str(SEXES.get(text, text))
    if text and name == "code_start":
        return f"{text}…"
    return text


def _plain(text: str) -> list[Piece]:
    return [Piece(text)] if text else []


def marked(text: str, sent: str) -> list[Piece]:
    """The text, its words that the row lacks marked; of a word much like one of the row's, the letters."""
    known = [word.casefold() for word in sent.replace(",", " ").split()]
    pieces: list[Piece] = []
    for number, word in enumerate(text.split()):
        bare = word.strip(",;/…").casefold()
        if number:
            pieces.append(Piece(" "))
        near = difflib.get_close_matches(bare, known, 1, 0.6)
        if not bare or bare in known:
            pieces.append(Piece(word))
        elif near:
            pieces += _letters(word, near[0])
        else:
            pieces.append(Piece(word, marked=True))
    return pieces


def _letters(word: str, known: str) -> list[Piece]:
    """The word in pieces: marked are letters that the known one lacks, and those before a missing one."""
    differ = _differing(word.casefold(), known)
    if len(differ) != len(word):  # folding made letters more or fewer
        return [Piece(word, marked=True)]
    pairs = groupby(zip(word, differ, strict=True), key=itemgetter(1))
    return [Piece("".join(letter for letter, _ in run), marked) for marked, run in pairs]


def _differing(word: str, known: str) -> list[bool]:
    if len(word) == len(known):
        return [one != other for one, other in zip(word, known, strict=True)]
    differ = [False] * len(word)
    matcher = difflib.SequenceMatcher(None, word, known, autojunk=False)
    for kind, start, end, _from, _to in matcher.get_opcodes():
        if kind == "insert":
            start, end = max(start - 1, 0), max(start, 1)
        if kind != "equal":
            differ[start:end] = [True] * (end - start)
    return differ


WIDTH, NAMES, FIGURES, ROW = 760, 300, 60, 26


def waterfalls(candidates: Sequence[dict[str, Any]]) -> list[Waterfall]:
    return [_waterfall(one) for one in candidates]


def _waterfall(candidate: dict[str, Any]) -> Waterfall:
    """Bars on one scale, with the threshold above which a match is made without an official."""
    said = [one for one in candidate["steps"] if one[1] or one[2]]  # others say nothing
    steps = [(clearing_words.step(name, level), bits) for name, bits, level in said]
    ends = [0.0]
    for _words, bits in steps:
        ends.append(ends[-1] + bits)
    total, needed = candidate["weight"], candidate["needed"]
    low, high = min(*ends, total, needed), max(*ends, total, needed)
    scale = (WIDTH - NAMES - FIGURES) / ((high - low) or 1)

    def bar(place: int, words: str, bits: float, start: float, kind: str) -> Bar:
        left = NAMES + (min(start, start + bits) - low) * scale
        return Bar(words, bits, round(left, 1), round(max(abs(bits) * scale, 1), 1), place * ROW, kind)

    bars = [
        bar(place, words, bits, ends[place], "for" if bits >= 0 else "against")
        for place, (words, bits) in enumerate(steps)
    ]
    bars.append(bar(len(steps), _("Sum"), total, 0.0, "sum"))
    at = round(NAMES + (needed - low) * scale, 1)
    height = (len(bars) + 1) * ROW
    return Waterfall(candidate["place"], bars, total, needed, at, height, steps)
