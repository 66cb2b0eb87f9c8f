"""Which buildings, or real-estate units, stand at the addresses of a register's rows: stages of SQL.

Tables in: `sent` (matching.register.loading), `wanted` (row, found: its code has named a subject) and the
prepared ones of matching.store.property_tables; for real estate also `unit` (matching.linking.properties).
Out: `best`, a row for each that found something: at which level (`LEVELS`), how many subjects, and the pid
where it is one; `bare` where that was found only without the letter of its house number.

Rows are searched for by their different addresses, each once, so that neither many rows of one address nor
many buildings at one cost more than their number.
"""

from dataclasses import dataclass

from matching import identifiers, normalise, street
from matching.fields import CODE_FIELDS
from matching.linking import property_likeness
from matching.store.property_tables import place_key, street_key

NEAR_SHORTEST, NEAR_LONGEST = 5, 60  # letters of a street that may be misspelled by one edit
FEWER = 0.02  # confidence that is lost where only the number without the letter beside it is found


@dataclass(frozen=True)
class Level:
    """A way in which other data than its code find a subject; the lowest number that finds any decides."""

    rule: str
    confidence: float


# `STEP` times this is the number of a level; an address adds the way in which its house number is read.
BY_BUILDING, IN_POSTAL_AREA, IN_MUNICIPALITY, NEAR_STREET, BY_NAME = range(5)
STEP = 10
LEVELS = {
    BY_BUILDING: Level("building", 0.99),
    IN_POSTAL_AREA: Level("address", 0.99),
    IN_MUNICIPALITY: Level("address_in_municipality", 0.97),
    NEAR_STREET: Level("near_street", 0.95),
    BY_NAME: Level("unit_name", 0.95),
}
MOST_TOLD = 20  # candidates of a doubtful row
# What the row says of the place → the column of `building_place` that must say the same, and the level.
AREAS = {
    "postal_code": ("postal_code", IN_POSTAL_AREA),
    "municipality": ("municipality", IN_MUNICIPALITY),
    "office": ("office_fi", IN_MUNICIPALITY),
    "office_sv": ("office_sv", IN_MUNICIPALITY),
}


def stages(subject: str) -> dict[str, str]:
    """Every stage by the name of its table, in order."""
    return {
        "spot": spots(),
        "wish": wishes(),
        "sought": "SELECT DISTINCT level, area, place, street, number FROM wish",
        "near": near(),
        "hit": hits(),
        "tally": tally("hit" if subject == "building" else f"({units_hit()})"),
        "best": best(subject),
    }


def spots() -> str:
    """Stage: what each wanted row says of a place, as keys."""
    wanted = "(SELECT s.*, w.found FROM sent s JOIN wanted w ON w.row = s.row)"
    return f"""
        WITH split AS ({lines(wanted)})
        SELECT s.row, s.found, s.street_name AS street, s.number, s.far_number,
               CASE WHEN regexp_full_match(s.number, '[0-9]+')
                    THEN s.number || nullif(regexp_extract(s.rest, '^([a-z])([ 0-9]|$)', 1), '')
                    END AS lettered, {letter_as()} AS letter_as,
               CASE WHEN regexp_full_match({normalise.same_postal_code("s.postal_code")}, '[0-9]{{5}}')
                    THEN {normalise.same_postal_code("s.postal_code")} END AS postal_code,
               coalesce(m.code, CASE WHEN regexp_full_match(trim(s.municipality), '[0-9]{{1,3}}')
                                     THEN {place_key("s.municipality")} END, o.code) AS municipality,
               nullif({normalise.fold("s.post_office")}, '') AS office,
               nullif({normalise.fold("s.name")}, '') AS name
        FROM split s
        LEFT JOIN place_name m ON m.name = {place_key("s.municipality")}
        LEFT JOIN place_name o ON o.name = {normalise.fold("s.post_office")}"""


def lines(rows: str) -> str:
    """The rows with `street_name` (a key), `number` and `rest` of their street and house number.

    `far_number` is the other end of a range of house numbers.
    """
    name, number, rest = street.split_line("s.line")
    return f"""
        SELECT s.*, {street_key(name)} AS street_name,
               coalesce({street.number_form("s.own")}, {number}) AS number, {rest} AS rest,
               {street.far_end("concat_ws(' ', s.street, s.house_number)")} AS far_number
        FROM (SELECT r.*, {normalise.fold("r.street")} AS line, {normalise.fold("r.house_number")} AS own
              FROM {rows} r) s"""


HOUSE, STAIR, EITHER = "house", "stair", "either"


def letter_as() -> str:
    """SQL: what the letter of a house number is, by its case: that of a house of its own, or of a stair.

    A house's letter is small and a stair's a capital, but for those who write all in capitals, or a flat's
    whole address without any; and a capital with no flat behind it may be either.
    """
    line, letter = "concat_ws(' ', s.street, s.house_number)", "[0-9]\\s*(\\p{L})(?:[^\\p{L}]|$)"
    written = f"nullif(regexp_extract({line}, '{letter}', 1), '')"
    flat = """coalesce(regexp_matches(s.rest, if(s.number SIMILAR TO '[0-9]+', '^[a-z] ?[0-9]', '^[0-9]'))
        OR regexp_matches(s.own, '^[0-9]+ ?[a-z] (.* )?[0-9]'), false)"""
    return f"""CASE WHEN {written} IS NULL THEN '{EITHER}'
        WHEN {written} = lower({written}) THEN if({flat} AND {line} = lower({line}), '{EITHER}', '{HOUSE}')
        WHEN {flat} AND {line} <> upper({line}) THEN '{STAIR}' ELSE '{EITHER}' END"""


def wishes() -> str:
    """Stage: each row's address in every way that it may be read: areas, and the number with its letter.

    `5 B` is house 5b, or stair B of house 5: which is sought first is told by `letter_as`, and where it is
    either, both are at once; so are both ends of `5-7`. `bare`: without the letter that stood beside the
    number (`5b`). A row without a number finds a building without one.
    """
    digits = "nullif(regexp_extract(number, '^([0-9]+)[a-z]$', 1), '')"
    house, bare = f"coalesce(lettered, if({digits} IS NULL, NULL, number))", f"{digits} IS NOT NULL"
    numbers = (
        (house, f"if(letter_as = '{STAIR}', 2, 0)", "false"),
        (f"if(lettered IS NULL, {digits}, number)", f"if(letter_as = '{HOUSE}', 1, 0)", bare),
        (f"if({house} IS NULL, coalesce(number, ''), NULL)", "1", "false"),
        ("far_number", "1", "false"),
    )
    readings = " UNION ALL ".join(
        f"SELECT row, street, {number} AS number, {reading} AS reading, {bare} AS bare, postal_code,"
        f" municipality, office FROM spot WHERE NOT found AND street IS NOT NULL AND {number} IS NOT NULL"
        for number, reading, bare in numbers
    )
    areas = [
        f"SELECT row, {level * STEP} + reading AS level, '{area}' AS area,"
        f" {area.removesuffix('_sv')} AS place, street, number, bare FROM reading"
        for area, (_, level) in AREAS.items()
    ]
    near = f"""SELECT row, {NEAR_STREET * STEP} + reading, 'near', postal_code, street, number, bare
        FROM reading WHERE number <> '' AND length(street) BETWEEN {NEAR_SHORTEST} AND {NEAR_LONGEST}"""
    return f"""
        WITH reading AS ({readings})
        SELECT * FROM ({" UNION ALL ".join([*areas, near])}) WHERE place IS NOT NULL"""


def near() -> str:
    """Stage: the misspelled streets that are sought: those that their postal area does not have."""
    return """
        SELECT w.level, w.area, w.place, w.street, w.number FROM sought w
        ANTI JOIN building_place b ON b.postal_code = w.place AND b.street = w.street
        WHERE w.area = 'near'"""


def hits() -> str:
    """Stage: the buildings of each sought address."""
    columns = "w.level, w.area, w.place, w.street, w.number, b.pid, b.building_id, b.estate"
    exact = [
        f"SELECT {columns} FROM sought w JOIN building_place b"
        f" ON b.{column} = w.place AND b.street = w.street AND b.number = w.number WHERE w.area = '{area}'"
        for area, (column, _) in AREAS.items()
    ]
    # One edit or two letters that changed places, but never in a number that is part of the name.
    same_digits = "regexp_replace(w.street, '[^0-9]', '', 'g') = regexp_replace(b.street, '[^0-9]', '', 'g')"
    misspelled = f"""SELECT {columns} FROM near w JOIN building_place b
        ON b.postal_code = w.place AND b.number = w.number
        WHERE abs(length(b.street) - length(w.street)) <= 1 AND {same_digits}
          AND damerau_levenshtein(b.street, w.street) <= 1"""
    return f"SELECT DISTINCT * FROM ({' UNION ALL '.join([*exact, misspelled])})"


def units_hit() -> str:
    """The real-estate units of the buildings found."""
    return """SELECT h.level, h.area, h.place, h.street, h.number, u.pid
        FROM hit h JOIN unit u ON u.code = h.estate"""


def tally(found: str) -> str:
    """Stage: how many subjects each sought address has."""
    return f"""
        SELECT level, area, place, street, number, min(pid) AS pid, count(DISTINCT pid) AS subjects
        FROM {found} GROUP BY level, area, place, street, number"""


def best(subject: str) -> str:
    """Stage: for each row the lowest level that found anything."""
    found = [
        """SELECT w.row, w.level, t.pid, t.subjects, w.bare FROM wish w JOIN tally t
           ON t.level = w.level AND t.area = w.area AND t.place = w.place
              AND t.street = w.street AND t.number = w.number"""
    ]
    if subject == "real_estate":
        found += [_by_building(), _by_name()]
    return f"""
        WITH found AS ({" UNION ALL ".join(found)}),
        lowest AS (SELECT row, min(level) AS level FROM found GROUP BY row)
        SELECT f.row, f.level, greatest(max(f.subjects), count(DISTINCT f.pid)) AS subjects,
               min(f.pid) AS pid, bool_and(f.bare) AS bare
        FROM found f JOIN lowest l ON l.row = f.row AND l.level = f.level GROUP BY f.row, f.level"""


def doubtful(subject: str) -> str:
    """SQL: the candidates of the ambiguous rows: vtj_row, place from 1, pid, code, rule, levels, likeness.

    The nearest first; where several are as near, by what they are. A row with more than `MOST_TOLD` of them
    has none here: nobody could choose.
    """
    hit = "hit" if subject == "building" else f"({units_hit()})"
    rules = " ".join(f"WHEN {number} THEN '{level.rule}'" for number, level in LEVELS.items())
    named = f"""SELECT b.row, b.level, u.pid FROM unsure b JOIN spot s ON s.row = b.row
        JOIN unit u ON u.name = s.name AND u.municipality = s.municipality AND u.living
        WHERE b.level = {BY_NAME * STEP}"""
    told = ", ".join(f"a.{name}" for name in (*property_likeness.COMPARISONS[subject], "likeness"))
    kinds = "".join(f's."{name}", ' for name in property_likeness.KINDS[subject])
    return f"""
        WITH unsure AS (
            SELECT b.row, b.level FROM best b JOIN link l ON l.row = b.row
            WHERE l.result = 'ambiguous' AND b.subjects <= {MOST_TOLD}),
        found AS (
            SELECT b.row, b.level, h.pid FROM unsure b JOIN wish w ON w.row = b.row AND w.level = b.level
            JOIN {hit} h ON h.level = w.level AND h.area = w.area AND h.place = w.place
                         AND h.street = w.street AND h.number = w.number
            {"" if subject == "building" else f"UNION ALL {named}"}),
        candidate AS (SELECT DISTINCT row, level, pid FROM found),
        alike AS ({property_likeness.levels(subject)})
        SELECT c.row + 1 AS vtj_row,
               row_number() OVER (PARTITION BY c.row ORDER BY a.likeness DESC, {kinds}c.pid) AS place,
               c.pid, s.{CODE_FIELDS[subject]} AS code, CASE c.level // {STEP} {rules} END AS rule, {told}
        FROM candidate c JOIN alike a ON a.row = c.row AND a.pid = c.pid
        JOIN {subject}_subject s ON s.pid = c.pid ORDER BY c.row, place"""


def _by_building() -> str:
    """SQL: the unit on which the building of the row's building identifier stands."""
    code = identifiers.normalise_hetu_sql("s.building_id")
    return f"""SELECT s.row, {BY_BUILDING * STEP} AS level, u.pid, 1 AS subjects, false AS bare
        FROM (SELECT s.row, {code} AS code FROM sent s JOIN wanted w ON w.row = s.row
              WHERE s.building_id IS NOT NULL AND NOT w.found) s
        JOIN building_code k ON k.code = coalesce({identifiers.legacy_building_sql("s.code")}, s.code)
        JOIN building_place b ON b.pid = k.pid JOIN unit u ON u.code = b.estate"""


def _by_name() -> str:
    """SQL: the living units of the row's name in its municipality."""
    return f"""SELECT s.row, {BY_NAME * STEP} AS level, u.pid, u.subjects, false FROM spot s
        JOIN (SELECT u.name, u.municipality, min(u.pid) AS pid, count(DISTINCT u.pid) AS subjects
              FROM unit u SEMI JOIN spot s ON s.name = u.name WHERE u.living
              GROUP BY u.name, u.municipality) u
        ON u.name = s.name AND u.municipality = s.municipality WHERE NOT s.found"""
