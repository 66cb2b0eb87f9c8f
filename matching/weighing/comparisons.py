"""How a row of a register (alias `s`) is compared with a person (alias `p`): each comparison has its levels.

A level is an SQL condition; the first that holds is the pair's. The last level of each takes all others, and
a pair without a level (a value is missing) says nothing for or against. Rows: `linking.sought`; persons:
`traits.traits`. Names are ASCII, since DuckDB's string distances count bytes.
"""

from dataclasses import dataclass

NEAR, ALIKE = 0.92, 0.85  # Jaro and Winkler


@dataclass(frozen=True)
class Level:
    """`share`: SQL of how common the agreeing value is, for the adjustment by its frequency; may be NULL."""

    name: str
    condition: str
    share: str = ""


@dataclass(frozen=True)
class Comparison:
    """`missing`: SQL that is true where the comparison says nothing."""

    name: str
    missing: str
    levels: tuple[Level, ...]


def _then(cheap: str, dear: str) -> str:
    """Both hold. An AND may be worked out in any order; here the dear one is, only where the cheap one is."""
    return f"CASE WHEN {cheap} THEN {dear} ELSE false END"


def _nearly(left: str, right: str, degree: float) -> str:
    return f"jaro_winkler_similarity({left}, {right}) >= {degree}"


_FORMER = "contains(p.formers, '|' || s.surname || '|')"
_OWN_FORMER = "s.former = p.surname OR contains(p.formers, '|' || s.former || '|')"
_PART = " OR ".join(
    f"contains(' ' || p.surname || ' ', ' ' || {part} || ' ')" for part in ("s.part1", "s.part2")
)

SURNAME = Comparison(
    "surname",
    "s.surname IS NULL OR p.surname IS NULL",
    (
        Level("same", "s.surname = p.surname", "s.surname_share"),
        Level("former", f"{_FORMER} OR {_OWN_FORMER}", "s.surname_share"),
        Level("part", _PART),
        Level("near", _nearly("s.surname", "p.surname", NEAR)),
        Level("alike", _nearly("s.surname", "p.surname", ALIKE)),
        Level("other, woman", "p.sex = '2'"),
        Level("other", "true"),
    ),
)

# A word of the row is in the person's names, or begins one of them (an initial).
_G1, _G2, _G3 = (f"contains(p.given, ' ' || s.given{n} || ' ')" for n in (1, 2, 3))
_B2, _B3 = (f"(s.given{n} IS NULL OR contains(p.given, ' ' || s.given{n}))" for n in (2, 3))
_FIRST = "split_part(trim(p.given), ' ', 1)"
_LIKE_FIRST = f"{_nearly('s.given1', _FIRST, 0.8)} OR {_nearly('s.given1', 'p.called', 0.8)}"
# The hyphen of a double name lost, in one or the other.
_JOINED = "length(s.given) > 8 AND starts_with(replace(p.given, ' ', ''), replace(s.given, ' ', ''))"

GIVEN = Comparison(
    "given_names",
    "s.given IS NULL OR p.given IS NULL",
    (
        Level("same", "s.given = p.given", "s.given_share"),
        Level("some of them", f"{_G1} AND {_B2} AND {_B3}", "s.given1_share"),
        Level("one of them", f"{_G1} OR contains(' ' || p.former_given || ' ', ' ' || s.given1 || ' ')"),
        # Brothers and sisters often share a later name: the first one must be like, too.
        Level(
            "a later one",
            _then(
                f"(length(s.given2) > 1 AND {_G2}) OR (length(s.given3) > 1 AND {_G3})",
                _LIKE_FIRST,
            ),
        ),
        Level(
            "near",
            f"{_nearly('s.given1', _FIRST, NEAR)} OR {_nearly('s.given1', 'p.called', NEAR)} OR ({_JOINED})",
        ),
        Level("initial", "length(s.given1) = 1 AND contains(p.given, ' ' || s.given1)"),
        Level("alike", _LIKE_FIRST),
        Level("other", "true"),
    ),
)

_DIGITS = "strftime({}, '%d%m%Y')"
_SAME_DAY, _SAME_MONTH, _SAME_YEAR = (f"{part}(s.born) = {part}(p.born)" for part in ("day", "month", "year"))

# What is written as a date and is none has a slip in it, or day and month swapped.
_OF_PERSON = _DIGITS.format("p.born")
_TURNED = "substr(s.misdated, 3, 2) || left(s.misdated, 2) || right(s.misdated, 4)"
_TURNED_SLIP = _then("s.misdated IS NOT NULL", f"{_TURNED} = {_OF_PERSON}")
_SLIP_IN_DATE = _then("s.misdated IS NOT NULL", f"damerau_levenshtein(s.misdated, {_OF_PERSON}) <= 1")

BORN = Comparison(
    "birth_date",
    # Such a text counts where it is a slip away; that it is otherwise wrong says nothing more.
    f"p.born IS NULL OR (s.born IS NULL AND NOT ({_TURNED_SLIP} OR {_SLIP_IN_DATE}))",
    (
        Level("same", "s.born = p.born"),
        Level(
            "day and month swapped",
            f"({_SAME_YEAR} AND day(s.born) = month(p.born) AND month(s.born) = day(p.born))"
            f" OR {_TURNED_SLIP}",
        ),
        Level(
            "one digit",
            # One slip leaves the year or the day and month as they were; most other dates differ in both.
            _then(
                f"{_SAME_YEAR} OR ({_SAME_DAY} AND {_SAME_MONTH})",
                f"damerau_levenshtein({_DIGITS.format('s.born')}, {_OF_PERSON}) <= 1",
            )
            + f" OR {_SLIP_IN_DATE}",
        ),
        Level("two parts of three", f"({_SAME_DAY} AND {_SAME_MONTH}) OR ({_SAME_YEAR} AND {_SAME_MONTH})"),
        Level("year", _SAME_YEAR),
        Level("other", "true"),
    ),
)

_REGION = 1000  # a postal code's last three digits are left out


def _slip(left: str, right: str) -> str:
    """One slip of a keyboard apart, or two in a longer text; a cheaper likeness rules out most."""
    slips = f"CASE WHEN length({left}) > 7 THEN 2 ELSE 1 END"
    return _then(_nearly(left, right, 0.75), f"damerau_levenshtein({left}, {right}) <= {slips}")


def _either(left: str, right: str) -> str:
    """The row's text is a slip away from one of the person's two (`traits.bilingual`)."""
    parts = (f"split_part({right}, '|', {n})" for n in (1, 2))
    return " OR ".join(f"({_slip(left, part)})" for part in parts)


_STREET = _either("s.street", "p.street")
_POST_OFFICE = _then(
    "contains(p.post_office, s.post_office)",
    "s.post_office IN (split_part(p.post_office, '|', 1), split_part(p.post_office, '|', 2))",
)
# One slip leaves the first two digits as they were, or the last two.
_POSTAL_CODE = _then(
    "s.area // 1000 = p.area // 1000 OR s.area % 100 = p.area % 100",
    "damerau_levenshtein(s.area::VARCHAR, p.area::VARCHAR) <= 1",
)

HOME = Comparison(
    "home",
    "(s.house IS NULL AND s.area IS NULL AND s.street IS NULL)"
    " OR (p.house_fi IS NULL AND p.area IS NULL AND p.street IS NULL)",
    (
        Level("flat", "s.unit IN (p.unit_fi, p.unit_sv)"),
        Level("house", "s.house IN (p.house_fi, p.house_sv)"),
        Level(
            "former house",
            "s.house IN (p.old_house_fi, p.old_house_sv) OR list_contains(p.other_houses, s.house)",
        ),
        # Where the street is misspelt or not told, or a part of the address wrong or missing.
        Level(
            "nearly the house", _then("s.door = p.door", f"s.street IS NULL OR p.street IS NULL OR {_STREET}")
        ),
        Level("house number and postal code", "s.door = p.door"),
        Level("street and place", _then(f"({_POSTAL_CODE}) OR ({_POST_OFFICE})", _STREET)),
        Level("postal code", "s.area IN (p.area, p.old_area) OR list_contains(p.other_areas, s.area)"),
        Level("place", f"({_POSTAL_CODE}) OR ({_POST_OFFICE})"),
        Level(
            "region",
            f"s.area // {_REGION} = p.area // {_REGION} OR s.area // {_REGION} = p.old_area // {_REGION}",
        ),
        Level("other", "true"),
    ),
)

SEX = Comparison(
    "sex",
    "s.sex IS NULL OR p.sex IS NULL",
    (Level("same", "s.sex = p.sex"), Level("other", "true")),
)

# The check character follows from the others: who copies a code wrongly and has it worked out anew gets a
# sound one. That two codes of one birthday have like numbers says little beside the birth date: a slip there
# counts only where codes are not made of birth dates.
_CODE = _then(
    # One slip leaves the first four characters as they were, or the last four before the check character.
    "left(s.code, 4) = left(p.hetu, 4) OR substr(s.code, 7, 4) = substr(p.hetu, 7, 4)",
    _then(
        "damerau_levenshtein(left(s.code, 10), left(p.hetu, 10)) <= 1",
        "left(s.code, 7) <> left(p.hetu, 7) OR left(p.hetu, 6) <> strftime(p.born, '%d%m%y')",
    ),
)

CODE = Comparison(
    "code",
    # A birth date that is read from the code and differs has told already that the code is another.
    f"s.code IS NULL OR p.hetu IS NULL OR (s.dated AND s.born <> p.born AND NOT ({_CODE}))",
    (Level("nearly the same", _CODE), Level("other", "true")),
)

PERSON = (SURNAME, GIVEN, BORN, HOME, SEX, CODE)
