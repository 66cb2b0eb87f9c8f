"""Where synthetic people live: municipalities, streets, buildings and dwellings, as SQL stages.

Dwellings (units) are numbered through the country; every twelfth is empty, the rest hold one household each.
"""

from collections.abc import Iterable, Sequence

import duckdb

from matching.synth.draws import Draws
from matching.synth.places import abolished, municipalities, street_names

BUILDINGS_PER_STREET = 22
SIMPLE_STREET_NAMES = 1000
UNITS_PER_BUILDING = 1.7


def unit_of_household(h: str) -> str:
    """SQL: the number of the dwelling in which household `h` lives."""
    return f"({h} + {h} // 11)"


def household_of_unit(unit: str) -> str:
    """SQL: the household in dwelling `unit`, NULL where it is empty."""
    return f"(CASE WHEN {unit} % 12 < 11 THEN {unit} - {unit} // 12 END)"


def make_homes(con: duckdb.DuckDBPyConnection, draws: Draws, households: int) -> None:
    """Make tables place, place_slot, old_place, street, building and dwelling for that many households."""
    units = households + households // 11 + 1
    buildings = int(units / UNITS_PER_BUILDING) + 200
    _load_places(con)
    con.execute(f"CREATE TABLE street AS {_streets(buildings)}")
    con.execute(f"CREATE TABLE building AS {_buildings(draws, buildings, units)}")
    con.execute(
        f"""CREATE TABLE dwelling AS
        SELECT b, i, first_unit + i AS unit
        FROM (SELECT b, first_unit, unnest(range(units)) AS i FROM building)
        WHERE first_unit + i < {units}"""
    )


def load_rows(
    con: duckdb.DuckDBPyConnection, table: str, columns: str, rows: Iterable[Sequence[object]]
) -> None:
    """Make `table` from rows of Python values, with a first column that numbers them from 0.

    `columns` are the names, `a, b, c`, of which the first is the number's.
    """
    values = [list(column) for column in zip(*rows, strict=True)]
    lists = [list(range(len(values[0]))), *values]
    names = columns.split(", ")
    picked = ", ".join(f"unnest(${i}) AS {name}" for i, name in enumerate(names, start=1))
    con.execute(f"CREATE TABLE {table} AS SELECT {picked}", lists)


def _load_places(con: duckdb.DuckDBPyConnection) -> None:
    load_rows(
        con,
        "place",
        "place, code, name_fi, name_sv, thousands, swedish, other, first_postal_code, postal_codes",
        [tuple(vars(place).values()) for place in municipalities()],
    )
    slots = [(number,) for number, place in enumerate(municipalities()) for _ in range(place.thousands)]
    load_rows(con, "place_slot", "slot, place", slots)
    load_rows(con, "old_place", "old, code, name_fi, name_sv, ended_on, successor_code", abolished())
    load_rows(con, "street_name", "name, street_fi, street_sv", street_names())


def _streets(buildings: int) -> str:
    """Streets of each place, in number by its size; a street lies in one postal area.

    Every twelfth street of a merged municipality has real-estate codes of the abolished one.
    """
    size = f"{buildings}::BIGINT * thousands // (SELECT sum(thousands) FROM place) // {BUILDINGS_PER_STREET}"
    simple = SIMPLE_STREET_NAMES
    return f"""
        SELECT place.place, s, street_fi, street_sv, place.code AS municipality,
            CASE WHEN s % 12 = 5 THEN coalesce(old, place.code) ELSE place.code END AS land_code,
            format('{{:05d}}', first_postal_code + 10 * (s % postal_codes)) AS postal_code,
            upper(name_fi) AS post_office_fi, upper(name_sv) AS post_office_sv
        FROM (SELECT *, unnest(range(least(10000, 3 + {size})::BIGINT)) AS s FROM place) AS place
        JOIN street_name ON name = s // {simple} * {simple} + (s * 797 + place.place * 61) % {simple}
        LEFT JOIN (SELECT successor_code, min(code) AS old FROM old_place GROUP BY ALL)
            ON successor_code = place.code
    """


def _buildings(draws: Draws, buildings: int, units: int) -> str:
    """Buildings with their class (Statistics Finland), units, first unit and number on their street."""
    slots = sum(place.thousands for place in municipalities())
    return f"""
        SELECT b, place, s, class, units, (sum(units) OVER (ORDER BY b) - units)::BIGINT AS first_unit,
            row_number() OVER (PARTITION BY place, s ORDER BY b) AS number,
            {prt("b")} AS building_id
        FROM (
            SELECT b, place, class, {draws.integer("street", "b", "streets")} AS s,
                CASE class WHEN '011' THEN 1
                    WHEN '021' THEN 4 + {draws.integer("row house", "b", 5)}
                    WHEN '039' THEN 12 + {draws.integer("block of flats", "b", 49)} ELSE 0 END AS units
            FROM (
                SELECT b, {draws.integer("place", "b", slots)} AS slot, {draws.uniform("class", "b")} AS u,
                    CASE WHEN u < 0.78 THEN '011' WHEN u < 0.815 THEN '021' WHEN u < 0.845 THEN '039'
                        WHEN u < 0.95 THEN '041' WHEN u < 0.97 THEN '111' WHEN u < 0.985 THEN '711'
                        ELSE '511' END AS class
                FROM range({buildings}) AS range(b)
            )
            JOIN place_slot USING (slot)
            JOIN (SELECT place, count(*) AS streets FROM street GROUP BY place) USING (place)
        )
        QUALIFY first_unit < {units}
    """


def prt(b: str) -> str:
    """SQL: building `b`'s permanent identifier, from numbers that real buildings do not have yet."""
    number = f"(150000000 + ({b} * 38574593) % 50000000)"
    return f"{number} || substr('0123456789ABCDEFHJKLMNPRSTUVWXY', ({number} % 31)::INTEGER + 1, 1)"
