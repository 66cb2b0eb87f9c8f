"""One row's cells, as a person types them: what is wrong with each, and whether there is enough to search by.

The same rules as those for whole registers (matching.register.loading, matching.register.findings), for a
form that has no database at hand; a test holds the two together.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, datetime

from matching.fields import CODE_FIELDS
from matching.identifiers import (
    InvalidIdentifier,
    parse_hetu,
    parse_legacy_building,
    parse_prt,
    parse_real_estate,
)
from matching.normalise import DATE_FORMATS, SEXES

_SHORT_DATE = re.compile(r"([0-9]{1,2})[.]([0-9]{1,2})[.]([0-9]{2})|([0-9]{2})([0-9]{2})([0-9]{2})", re.ASCII)
_POSTAL_CODE = re.compile(r"[0-9]|[A-Z0-9][A-Z0-9 -]{1,10}")


def plain(text: str) -> str:
    """The cell as two are compared: a letter and its sign may be written as one or as two."""
    return unicodedata.normalize("NFC", text).strip()


def problem(field: str, text: str, on: date) -> str | None:
    """Why the cell can't be read as its field, a stable word; None for a sound one and for an empty one."""
    check = _CHECKS.get(field)
    return check(text, on) if check and text.strip() else None


def is_enough(subject: str, cells: Mapping[str, str]) -> bool:
    """Whether a row with these cells can be searched for: by its code, or by enough beside it."""
    given = {name for name, text in cells.items() if text.strip()}
    if CODE_FIELDS[subject] in given:
        return True
    address = "street" in given and bool(given & {"postal_code", "municipality", "post_office"})
    if subject == "person":
        named = given & {"surname", "given_names", "name"}
        return bool(named and given & {"birth_date", "street", "postal_code", "municipality"})
    unit = "building_id" in given or {"name", "municipality"} <= given
    return address or (subject == "real_estate" and unit)


def read_date(text: str, on: date) -> date | None:
    """The date in the text, None where it is none; a year of two digits is the latest one not after `on`."""
    text = text.strip()
    if match := _SHORT_DATE.fullmatch(text):
        day, month, year = (int(part) for part in match.groups() if part is not None)
        recent = _date(2000 + year, month, day)
        return recent if recent and recent <= on else _date(1900 + year, month, day)
    forms = ("%Y%m%d", "%d%m%Y") if re.fullmatch(r"[0-9]{8}", text) else DATE_FORMATS
    for form in forms:
        with suppress(ValueError):
            return datetime.strptime(text, form).date()
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _birth_date(text: str, on: date) -> str | None:
    day = read_date(text, on)
    if day is None:
        return "date"
    return "future" if day > on else None


def _postal_code(text: str, on: date) -> str | None:
    plain = re.sub(r"\s+", "", text.upper().replace("FI-", ""))
    return None if _POSTAL_CODE.fullmatch(plain) else "postal_code"


def _sex(text: str, on: date) -> str | None:
    signs = unicodedata.normalize("NFD", text.strip().lower())
    plain = "".join(sign for sign in signs if not unicodedata.combining(sign))
    return None if any(plain in words for words in SEXES.values()) else "sex"


def _code(*parsers: Callable[[str], object]) -> Callable[[str, date], str | None]:
    def check(text: str, on: date) -> str | None:
        reason = None
        for parse in parsers:
            try:
                parse(text)
            except InvalidIdentifier as invalid:
                reason = invalid.reason
            else:
                return None
        return reason

    return check


def _hetu(text: str, on: date) -> str | None:
    try:
        parse_hetu(text, on=on)
    except InvalidIdentifier as invalid:
        return invalid.reason
    return None


_CHECKS: dict[str, Callable[[str, date], str | None]] = {
    "hetu": _hetu,
    "birth_date": _birth_date,
    "postal_code": _postal_code,
    "sex": _sex,
    "building_id": _code(parse_legacy_building, parse_prt),
    "real_estate_id": _code(parse_real_estate),
}
