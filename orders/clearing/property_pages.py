"""A doubtful row of buildings or real estate as its page shows it: side by side, and why each was found."""

import difflib
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy

from orders.clearing import property_words as words
from orders.clearing.pages import Cell, Line, Piece, marked
from orders.clearing.sheets import Case
from orders.clearing.words import DIFFERS, NEAR, SAME, VERDICTS
from permits.models import SubjectKind

# Rows of the table: label, the row's field, the candidate's fact, and the comparison that tells of it.
_PLACE = [
    (gettext_lazy("House number"), "house_number", "house_number", "number"),
    (gettext_lazy("Stairs"), "", "stairs", "stair"),
    (gettext_lazy("Postal code"), "postal_code", "postal_code", "postal_code"),
    (gettext_lazy("Post office"), "post_office", "post_office", "post_office"),
    (gettext_lazy("Municipality"), "municipality", "municipality", "municipality"),
]
_OWN_NUMBER = (gettext_lazy("The customer’s own number"), "row_id", "", "")
LINES: dict[str, list[tuple[Any, str, str, str]]] = {
    SubjectKind.BUILDING: [
        _OWN_NUMBER,
        (gettext_lazy("Permanent building identifier"), "building_id", "building_id", "identifier"),
        (gettext_lazy("Former building identifier"), "", "legacy_id", ""),
        (gettext_lazy("Real-estate code"), "real_estate_id", "unit_id", "unit"),
        (gettext_lazy("Name of the unit"), "", "unit_name", ""),
        (gettext_lazy("Street"), "street", "street", "street"),
        *_PLACE,
        (gettext_lazy("Building class"), "", "class", ""),
        (gettext_lazy("Use status"), "", "use_status", ""),
        (gettext_lazy("Date of completion"), "", "completed_on", ""),
        (gettext_lazy("Floor area"), "", "floor_area", ""),
        (gettext_lazy("Dwellings"), "", "dwellings", ""),
        (gettext_lazy("Coordinates (ETRS-TM35FIN)"), "", "coordinates", ""),
    ],
    SubjectKind.REAL_ESTATE: [
        _OWN_NUMBER,
        (gettext_lazy("Real-estate code"), "real_estate_id", "unit_id", "identifier"),
        (gettext_lazy("Name of the unit"), "name", "name", "name"),
        (gettext_lazy("Permanent building identifier"), "building_id", "", ""),
        (gettext_lazy("Street"), "street", "", "street"),
        *_PLACE,
        (gettext_lazy("Area"), "", "area", ""),
        (gettext_lazy("Buildings on the unit"), "", "buildings", ""),
        (gettext_lazy("Their addresses and classes"), "", "addresses", ""),
        (gettext_lazy("Date of registration"), "", "registered_on", ""),
        (gettext_lazy("Date of ending"), "", "ended_on", ""),
        (gettext_lazy("Successor"), "", "successor_id", ""),
    ],
}
DAYS = {"completed_on", "registered_on", "ended_on"}
AREAS = {"floor_area", "area"}
CODED = {"class": words.building_class, "use_status": words.use_status, "addresses": words.addresses}
CODES = {"building_id", "legacy_id", "unit_id"}  # differ always, and tell nothing
BETWEEN = " / "  # of a name's two languages


@dataclass(frozen=True)
class Reasons:
    """Why a candidate was found, and what of it agrees with the row and what differs."""

    place: int
    rule: str
    agree: str
    near: str
    differ: str


def lines(case: Case) -> list[Line]:
    """The fields that the row or a candidate has."""
    made = []
    for label, field, fact, comparison in LINES[case.row.order.subject]:
        sent = case.sent.get(field, "")
        beside = sent or (case.sent.get("street", "") if comparison == "number" else "")
        cells = [_cell(one, fact, comparison, beside) for one in case.candidates]
        if sent or any(cell.pieces or cell.words for cell in cells):
            values = {one["facts"].get(fact, "") for one in case.candidates}
            made.append(Line(label, sent, cells, len(values) > 1 and fact not in CODES))
    return made


def _cell(candidate: dict[str, Any], fact: str, comparison: str, sent: str) -> Cell:
    text = _fact(candidate["facts"].get(fact, ""), fact)
    verdict, said = words.level(candidate["levels"].get(comparison))
    icon, tone = VERDICTS.get(verdict, ("", "neutral"))
    pieces = _pieces(text, sent, verdict, is_code=fact in CODES) if text else []
    return Cell(candidate["place"], pieces, said, icon, tone)


def _pieces(text: str, sent: str, verdict: str, *, is_code: bool) -> list[Piece]:
    """The text with what differs marked; a code that the row writes in another form is left as it is."""
    if not sent or (is_code and len(text) != len(sent)):
        return [Piece(text)]
    if verdict == NEAR:
        return _nearly(text, sent)
    return marked(text, sent) if verdict == DIFFERS else [Piece(text)]


def _fact(text: str, name: str) -> str:
    if text and name in DAYS:
        return date_format(date.fromisoformat(text), "j.n.Y")
    if text and name in CODED:
        return CODED[name](text)
    return f"{text} m²" if text and name in AREAS else text


def _nearly(text: str, sent: str) -> list[Piece]:
    """What differs is marked; of a name in two languages, in the one that is nearer to the row's."""
    names = text.split(BETWEEN)
    likeness = [difflib.SequenceMatcher(None, name.casefold(), sent.casefold()).ratio() for name in names]
    nearest = likeness.index(max(likeness))
    before, after = BETWEEN.join([*names[:nearest], ""]), BETWEEN.join(["", *names[nearest + 1 :]])
    pieces = [Piece(before), *marked(names[nearest], sent), Piece(after)]
    return [piece for piece in pieces if piece.text]


def reasons(case: Case) -> list[Reasons]:
    return [_reasons(one) for one in case.candidates]


def _reasons(candidate: dict[str, Any]) -> Reasons:
    said: dict[str, list[str]] = {SAME: [], NEAR: [], DIFFERS: []}
    for name, label in words.COMPARISONS.items():
        verdict, level = words.level(candidate["levels"].get(name))
        if verdict:
            said[verdict].append(f"{label}: {level}" if verdict == NEAR else str(label))
    each = {verdict: "; ".join(names) for verdict, names in said.items()}
    return Reasons(candidate["place"], words.rule(candidate["rule"]), each[SAME], each[NEAR], each[DIFFERS])
