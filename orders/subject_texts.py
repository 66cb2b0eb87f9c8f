"""What is said of registers of buildings and real estate otherwise than of registers of persons."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

PROPERTY_RESULTS: dict[str, tuple[Any, Any]] = {
    "match_id": (
        _("Found by the identifier"),
        _("The identifier is of this building or unit. The data are given."),
    ),
    "match_id_changed": (
        _("Found by a former identifier"),
        _("The building or unit has another identifier now. The data are given; put it in your register."),
    ),
    "match_id_repaired": (
        _("Found by a corrected identifier"),
        _("The identifier had a typing error, and only one building or unit fits. The data are given."),
    ),
    "match_data": (
        _("Found by address and other data"),
        _(
            "There was no usable identifier, but the other data name one building or unit. The data are"
            " given."
        ),
    ),
    "no_match_review": (
        _("Not found by an official"),
        _("An official has gone through the doubtful row and found nothing for it. No data are given."),
    ),
    "conflict": (
        _("Identifier and address do not agree"),
        _("The identifier is of another place. Check the row. No data are given."),
    ),
    "ambiguous": (
        _("Several possible buildings or units"),
        _("The row fits more than one, or fits one badly. Complete the row. No data are given."),
    ),
    "not_found": (
        _("Not found"),
        _("The row is sound, but there is no such building or unit in the register. No data are given."),
    ),
    "invalid_id": (
        _("Invalid identifier"),
        _("The identifier is none, and the rest of the row finds nothing. Check it. No data are given."),
    ),
    "insufficient_data": (
        _("Too little to search with"),
        _("The row has neither an identifier nor enough other data. No data are given."),
    ),
}
"""Code of a result → its name and meaning; those that are missing read the same for every subject."""

BEING_CLEARED = {
    "person": _("An official is looking at the rows that fit several persons, or one badly."),
    "building": _("An official is looking at the rows that fit several buildings."),
    "real_estate": _("An official is looking at the rows that fit several real-estate units."),
}
CLEARING_NEXT = {
    "person": _(
        "The rows have been matched. Some fit several persons, or one badly: an official is looking at"
        " them. You need not do anything. The delivery comes %(window)s; rows that are not decided by"
        " then are marked ambiguous in it."
    ),
    "building": _(
        "The rows have been matched. Some fit several buildings: an official is looking at them. You need"
        " not do anything. The delivery comes %(window)s; rows that are not decided by then are marked"
        " ambiguous in it."
    ),
    "real_estate": _(
        "The rows have been matched. Some fit several real-estate units: an official is looking at them."
        " You need not do anything. The delivery comes %(window)s; rows that are not decided by then are"
        " marked ambiguous in it."
    ),
}
"""What happens next while doubtful rows are gone through."""

CONFIDENCES = {
    "person": (
        _("Confidence of the rows found by name and other data"),
        _(
            "From 0 to 1: how sure it is that the row is this person’s. Rows found by an identity code"
            " are not counted here."
        ),
    ),
    "property": (
        _("Confidence of the rows found by address and other data"),
        _(
            "From 0 to 1: how sure it is that the row is of this building or unit. Rows found by an"
            " identifier or by an official are not counted here."
        ),
    ),
}
"""The chart of confidences in a result report: its title and what it counts."""

ONE_ROW = {
    "person": _("One row for each person."),
    "building": _("One row for each building."),
    "real_estate": _("One row for each real-estate unit."),
}
CODES = {
    "person": _("The personal identity code. Names and the date of birth beside it help to find mistakes."),
    "building": _(
        "The permanent building identifier (VTJ-PRT) or the former one. The address helps where"
        " it is missing or wrong."
    ),
    "real_estate": _("The real-estate code, as 91-2-5-3 or as 14 digits."),
}
NO_CODES = {
    "person": (
        _("Rows can then be found only by names and other data, if at all."),
        _("Personal identity code"),
    ),
    "building": (
        _("Buildings can then be found only by their addresses, if at all."),
        _("Permanent building identifier"),
    ),
    "real_estate": (_("Real-estate units are found by their codes."), _("Real-estate code")),
}
"""What a file lacks that has no column of codes, and the header by which the column is recognised."""

CODE_NAMES = {
    "person": (_("Personal identity codes"), _("Identity code")),
    "building": (_("Building identifiers"), _("Identifier")),
    "real_estate": (_("Real-estate codes"), _("Code")),
}
"""What the column of codes is called: as a title, and over its values."""


def upload_hints(subject: str) -> Sequence[Any]:
    """What a file of such a register should hold."""
    return [
        ONE_ROW[subject],
        _("Headers on the first row, in Finnish, Swedish or English."),
        CODES[subject],
        _("In Excel, format the column of codes as text."),
        _("Your own columns may stay: you get them back as they are."),
    ]
