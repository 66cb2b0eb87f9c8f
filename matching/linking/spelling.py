"""The rows to search for, each value in the form that persons' values are compared in: a stage of SQL.

Tables in: `sent` (matching.register.loading), `judged` (matching.linking.persons).
"""

from collections.abc import Collection, Mapping

from matching import identifiers, normalise
from matching.fields import INPUT_NAMES
from matching.store import traits

NO_DATE = "DATE '1900-01-01'"  # what registers write for a date that they don't know


def spelt(day: str, fields: Collection[str] = INPUT_NAMES) -> str:
    """Stage: the rows to search for, each value in the form that persons' values are compared in.

    Where surname or given names are missing, `whole` is the name as one. A row's own code counts where it
    is sound and yet nobody's; `dated`: the birth date is that code's. `misdated` has the digits of
    what was written as a birth date and is no date. A row whose names say nothing ("Tuntematon", unknown) is
    left out.
    """
    cell = {name: f"s.{name}" if name in fields else "CAST(NULL AS VARCHAR)" for name in INPUT_NAMES}
    names = ("surname", "given", "former", "whole")
    folded = ", ".join(f"{normalise.folded(text)} AS {text}" for text in (*names, "line"))
    cleaned = ", ".join(f"{traits.without_noise(name)} AS {name}" for name in names)
    return f"""
        WITH picked AS MATERIALIZED (  -- read in small pieces, so that all cores share the folding
            SELECT {", ".join(f"s.{name}" for name in ("row", *fields))}, j.unknown, j.code, j.dated
            FROM sent s JOIN judged j ON j.row = s.row WHERE j.searchable),
        plain AS (
            SELECT s.row, s.unknown, s.code AS written, CASE WHEN s.unknown THEN s.code END AS code,
                   {_plain(cell["surname"])} AS surname, {_plain(cell["given_names"])} AS given,
                   {_plain(cell["former_surname"])} AS former,
                   CASE WHEN {_nameless(cell)} THEN {_plain(cell["name"])} END AS whole,
                   coalesce(strpos({cell["name"]}, ',') > 0, false) AS surname_first,
                   {_dates(cell["birth_date"], day)},
                   {normalise.plain(f"concat_ws(' ', {cell['street']}, {cell['house_number']})")} AS line,
                   {_area(cell["postal_code"])} AS area, {cell["post_office"]} AS post_office,
                   {normalise.sex_code(cell["sex"])} AS sex
            FROM picked s),
        folded AS (SELECT * REPLACE ({folded}) FROM plain),
        cleaned AS (
            SELECT * EXCLUDE (line) REPLACE ({cleaned}), nullif({traits.unit_form("line")}, '') AS unit
            FROM folded),
        parted AS (
            SELECT * EXCLUDE (surname, given), {traits.house_of("unit")} AS house,
                   coalesce(surname, split_part(whole, ' ', 1)) AS surname,
                   coalesce(given, nullif(substr(whole, strpos(whole || ' ', ' ') + 1), '')) AS given
            FROM cleaned)
        SELECT * EXCLUDE (unit, house), unit AS line, {traits.number_of("unit")} AS unit,
               {traits.number_of("house")} AS house,
               {traits.door_of("coalesce(house, unit)", "area")} AS door, {words("given")}
        FROM parted WHERE coalesce(surname, given) IS NOT NULL"""


def _dates(birth_date: str, day: str) -> str:
    """SQL: the birth date, whether it is read from a code that is nobody's, what is written and is none."""
    told = normalise.read_date(birth_date, day)
    code_date = identifiers.hetu_birth_date_sql("s.code")
    return (
        f"nullif(coalesce({told}, CASE WHEN s.dated THEN {code_date} END), {NO_DATE}) AS born,"
        f" CASE WHEN s.unknown THEN ({told}) IS NULL ELSE false END AS dated,"
        f" CASE WHEN ({told}) IS NULL THEN {normalise.misdated(birth_date)} END AS misdated"
    )


def _nameless(cell: Mapping[str, str]) -> str:
    """SQL: surname or given names are missing, and the name as one is not."""
    missing = f"{normalise.is_blank(cell['surname'])} OR {normalise.is_blank(cell['given_names'])}"
    return f"({missing}) AND NOT ({normalise.is_blank(cell['name'])})"


# UTF-8 that was read as Windows-1252, and what stands where a letter was lost within a word.
_MISREAD = {letter.encode().decode("cp1252"): letter for letter in "åäöÄÖÅéÉüÜõšž"}
_LOST = "[?\ufffd]+"


def _plain(text: str) -> str:
    """SQL: a name in lower case without accents; letters damaged on the way are mended."""
    mended = text
    for misread, letter in _MISREAD.items():
        mended = f"replace({mended}, '{misread}', '{letter}')"
    mended = f"regexp_replace({mended}, '(\\pL){_LOST}(\\pL)', '\\1\\2', 'g')"
    damaged = " OR ".join(f"contains({text}, '{sign}')" for sign in "Ã?\ufffd")
    return normalise.plain(f"CASE WHEN {damaged} THEN {mended} ELSE {text} END")


def _area(postal_code: str) -> str:
    """SQL: the number of a postal code as it was sent."""
    made = traits.area_of(normalise.same_postal_code(postal_code))
    seen = f"regexp_full_match({postal_code}, '[0-9]{{5}}')"  # most: making it so costs twice as much
    return f"CASE WHEN {seen} THEN CAST({postal_code} AS INTEGER) ELSE {made} END"


def words(given: str) -> str:
    """SQL: the first three of the given names."""
    return ", ".join(f"string_split({given}, ' ')[{n}] AS given{n}" for n in (1, 2, 3))
