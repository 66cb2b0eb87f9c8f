"""Identifiers of persons, buildings, real estate and businesses: parse, normalise and check.

Each rule for a code that registers hold exists twice: in Python for one value and in SQL for millions.
Property tests hold the two together.
Sources: decree 128/2010 2 § (personal identity code), decree 852/2014 23 § (building identifier), act
970/1996 (real-estate code), stat.fi/meta/kas/hetu.html (separators since 2023).
"""

import re
from dataclasses import dataclass
from datetime import date

CHECK_CHARACTERS = "0123456789ABCDEFHJKLMNPRSTUVWXY"
CENTURIES = {"+": 1800} | dict.fromkeys("-YXWVU", 1900) | dict.fromkeys("ABCDEF", 2000)

# What word processors and spreadsheets put in the place of a hyphen.
_DASHES = "‐‑‒–—―−﹣－"
# Only ASCII letters are raised: Unicode case folding would turn other letters into ASCII ones.
_UPPER = str.maketrans(
    "abcdefghijklmnopqrstuvwxyz" + _DASHES,
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ" + "-" * len(_DASHES),
)
_BLANKS = " \t\r\n\u00a0\u2007\u202f\ufeff"

_HETU = re.compile(r"([0-9]{6})(.)([0-9]{3})(.)", re.DOTALL)
_PRT = re.compile(r"1[0-9]{8}[0-9A-FHJ-NPR-Y]")
_REAL_ESTATE_PARTS = re.compile(r"([0-9]{1,3})-([0-9]{1,3})-([0-9]{1,4})-([0-9]{1,4})(?:-?(M[0-9]{1,4}))?")
_REAL_ESTATE_COMPACT = re.compile(r"([0-9]{14})(?:-?(M[0-9]{1,4}))?")
_LEGACY_PARTS = re.compile(
    r"([0-9]{1,3})-([0-9]{1,3})-([0-9]{1,4})-([0-9]{1,4})-([0-9A-FHJ-NPR-Y])-([0-9]{1,3})"
)
_LEGACY_COMPACT = re.compile(r"[0-9]{14}[0-9A-FHJ-NPR-Y][0-9]{3}")

HETU_PROBLEMS = ("length", "digits", "separator", "date", "number", "check", "future")


class InvalidIdentifier(ValueError):
    """A text that is no such identifier; `reason` is a stable word, never the text itself."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class InvalidHetu(InvalidIdentifier):
    """`reason` is one of `HETU_PROBLEMS`."""


@dataclass(frozen=True)
class Hetu:
    """A valid personal identity code (henkilötunnus). The separator is a part of the code."""

    code: str
    birth_date: date
    artificial: bool  # individual number 900 to 999: test or temporary, never a real person's code


@dataclass(frozen=True)
class RealEstateCode:
    """A real-estate code (kiinteistötunnus): 14 digits, and the parcel (määräala), M and digits."""

    code: str
    parcel: str = ""


def hetu_check_character(digits9: int) -> str:
    """The check character of the nine digits DDMMYYNNN; the separator has no part in it."""
    return CHECK_CHARACTERS[digits9 % 31]


def normalise_hetu(text: str) -> str:
    """Without blanks around, in upper case, with a plain hyphen."""
    return text.strip(_BLANKS).translate(_UPPER)


def parse_hetu(text: str, *, on: date | None = None) -> Hetu:
    """The code in `text`; a birth date after `on` (today by default) is an error. Raises InvalidHetu."""
    code = normalise_hetu(text)
    reason = _hetu_problem(code, on or date.today())
    if reason:
        raise InvalidHetu(reason)
    return Hetu(code, _birth_date(code), code[7] == "9")


def _hetu_problem(code: str, on: date) -> str | None:
    if len(code) != 11:
        return "length"
    match = _HETU.fullmatch(code)
    if not match:
        return "digits"
    digits, separator, number, check = match.groups()
    if separator not in CENTURIES:
        return "separator"
    try:
        born = _birth_date(code)
    except ValueError:
        return "date"
    if int(number) < 2:
        return "number"
    if check != hetu_check_character(int(digits + number)):
        return "check"
    from stdnum.fi import hetu as stdnum_hetu  # loads much that a match has no use for

    stdnum_hetu.validate(code, allow_temporary=True)  # a second opinion; disagreement would be a bug
    return "future" if born > on else None


def _birth_date(code: str) -> date:
    return date(CENTURIES[code[6]] + int(code[4:6]), int(code[2:4]), int(code[0:2]))


def normalise_hetu_sql(column: str) -> str:
    """SQL twin of `normalise_hetu` over the SQL expression `column`; for any identifier.

    Nearly all are normal as they are: the slow trim is not computed for them.
    """
    letters = "abcdefghijklmnopqrstuvwxyz"
    blanks = " || ".join(f"chr({ord(blank)})" for blank in _BLANKS)
    changed = (
        f"translate(trim({column}, {blanks}), '{letters}{_DASHES}', '{letters.upper()}{'-' * len(_DASHES)}')"
    )
    return f"CASE WHEN regexp_full_match({column}, '[0-9A-Z+-]*') THEN {column} ELSE {changed} END"


def hetu_birth_date_sql(column: str) -> str:
    """SQL: the birth date in a normalised code as DATE, NULL where it is none."""
    return (
        f"TRY_CAST(CASE WHEN substr({column}, 7, 1) = '+' THEN '18'"
        f" WHEN contains('-YXWVU', substr({column}, 7, 1)) THEN '19' ELSE '20' END"
        f" || substr({column}, 5, 2) || '-' || substr({column}, 3, 2)"
        f" || '-' || substr({column}, 1, 2) AS DATE)"
    )


def hetu_problem_sql(column: str, on: str = "current_date") -> str:
    """SQL twin of the check in `parse_hetu`: NULL where `column` (normalised) is valid, else the reason.

    `on` is an SQL expression for the day after which a birth date is an error.
    """
    check = f"CAST(substr({column}, 1, 6) || substr({column}, 8, 3) AS INTEGER) % 31 + 1"
    return (
        f"CASE WHEN {column} IS NULL OR length({column}) <> 11 THEN 'length'"
        f" WHEN NOT regexp_full_match({column}, '[0-9]{{6}}.[0-9]{{3}}.', 's') THEN 'digits'"
        f" WHEN NOT contains('{''.join(CENTURIES)}', substr({column}, 7, 1)) THEN 'separator'"
        f" WHEN {hetu_birth_date_sql(column)} IS NULL THEN 'date'"
        f" WHEN substr({column}, 8, 3) IN ('000', '001') THEN 'number'"
        f" WHEN substr({column}, 11, 1) <> substr('{CHECK_CHARACTERS}', {check}, 1) THEN 'check'"
        f" WHEN {hetu_birth_date_sql(column)} > {on} THEN 'future' END"
    )


def parse_prt(text: str) -> str:
    """The permanent building identifier (pysyvä rakennustunnus) in `text`. Raises InvalidIdentifier."""
    code = text.strip(_BLANKS).translate(_UPPER)
    if not _PRT.fullmatch(code):
        raise InvalidIdentifier("format")
    if code[9] != hetu_check_character(int(code[:9])):
        raise InvalidIdentifier("check")
    return code


def prt_problem_sql(column: str) -> str:
    """SQL twin of the check in `parse_prt`: NULL where `column` (normalised) is valid, else why."""
    check = f"CAST(substr({column}, 1, 9) AS INTEGER) % 31 + 1"
    return (
        f"CASE WHEN {column} IS NULL OR NOT regexp_full_match({column}, '{_PRT.pattern}') THEN 'format'"
        f" WHEN substr({column}, 10, 1) <> substr('{CHECK_CHARACTERS}', {check}, 1) THEN 'check' END"
    )


def parse_legacy_building(text: str) -> str:
    """The building identifier of before 2014 in `text` (sijaintikiinteistöön perustuva rakennustunnus).

    Real-estate code, check character and building number: `91-2-5-3-K-1`, or 18 characters, which it returns.
    How the check character was counted is not published, so it is not checked. Raises InvalidIdentifier.
    """
    code = text.strip(_BLANKS).translate(_UPPER)
    if match := _LEGACY_PARTS.fullmatch(code):
        return "".join(part.zfill(width) for part, width in zip(match.groups(), _LEGACY_WIDTHS, strict=True))
    if not _LEGACY_COMPACT.fullmatch(code):
        raise InvalidIdentifier("format")
    return code


_LEGACY_WIDTHS = (3, 3, 4, 4, 1, 3)


def legacy_building_sql(column: str) -> str:
    """SQL twin of `parse_legacy_building` over `column` (normalised), NULL where it is none."""
    parts = (
        f"lpad(split_part({column}, '-', {i}), {width}, '0')" for i, width in enumerate(_LEGACY_WIDTHS, 1)
    )
    return (
        f"CASE WHEN regexp_full_match({column}, '{_LEGACY_COMPACT.pattern}') THEN {column}"
        f" WHEN regexp_full_match({column}, '{_LEGACY_PARTS.pattern}') THEN {' || '.join(parts)} END"
    )


def building_problem_sql(column: str) -> str:
    """SQL: NULL where `column` (normalised) is a building's identifier of either kind, else why."""
    return f"CASE WHEN {legacy_building_sql(column)} IS NULL THEN {prt_problem_sql(column)} END"


def parse_real_estate(text: str) -> RealEstateCode:
    """The real-estate code in `text`, `91-2-5-3` or 14 digits. Raises InvalidIdentifier.

    The first part may be the number of an abolished municipality, so it is not looked up.
    """
    code = text.strip(_BLANKS).translate(_UPPER)
    if match := _REAL_ESTATE_PARTS.fullmatch(code):
        *parts, parcel = match.groups()
        digits = "".join(part.zfill(width) for part, width in zip(parts, (3, 3, 4, 4), strict=True))
    elif match := _REAL_ESTATE_COMPACT.fullmatch(code):
        digits, parcel = match.groups()
    else:
        raise InvalidIdentifier("format")
    return RealEstateCode(digits, parcel or "")


def real_estate_sql(column: str) -> str:
    """SQL twin of `parse_real_estate` over `column` (normalised): the 14 digits, NULL where it is no code."""
    # The last part may have the parcel behind it.
    parts = (
        f"lpad(regexp_extract(split_part({column}, '-', {i}), '^[0-9]+'), {width}, '0')"
        for i, width in enumerate((3, 3, 4, 4), 1)
    )
    return (
        f"CASE WHEN regexp_full_match({column}, '{_REAL_ESTATE_COMPACT.pattern}')"
        f" THEN substr({column}, 1, 14)"
        f" WHEN regexp_full_match({column}, '{_REAL_ESTATE_PARTS.pattern}')"
        f" THEN {' || '.join(parts)} END"
    )


def real_estate_problem_sql(column: str) -> str:
    """SQL: NULL where `column` (normalised) is a real-estate code, else why it is none."""
    return f"CASE WHEN {real_estate_sql(column)} IS NULL THEN 'format' END"


def parse_business_id(text: str) -> str:
    """The business id (Y-tunnus) in `text` as NNNNNNN-N; old six-digit numbers are padded.

    A VAT number (FI in front) is not a business id here. Raises InvalidIdentifier.
    """
    from stdnum.exceptions import ValidationError  # loads much that a match has no use for
    from stdnum.fi import ytunnus as stdnum_ytunnus

    code = text.strip(_BLANKS).translate(_UPPER)
    if not re.fullmatch(r"[0-9]{6,7}-[0-9]|[0-9]{8}", code):
        raise InvalidIdentifier("format")
    try:
        return str(stdnum_ytunnus.format(stdnum_ytunnus.validate(code.replace("-", "").zfill(8))))
    except ValidationError as error:
        raise InvalidIdentifier("check") from error
