"""Every finding of a check, row by row, in a file: row number, what was found, where; never a cell."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from matching import normalise
from matching.fields import CODE_FIELDS

MOST = 1_000_000  # findings written; the counts of a report are of all


@dataclass(frozen=True)
class Kind:
    """A kind of finding: its name, the field that it is in, and SQL for its rows (from 0).

    The SQL's column `reason`, where it has one, tells more.
    """

    name: str
    field: str
    query: str
    reason: str = "''"


def write(con: duckdb.DuckDBPyConnection, kinds: Sequence[Kind], path: Path, most: int = MOST) -> int:
    """CSV without a header: row (from 1), kind, reason, field; by row. Returns how many there are in all."""
    every = " UNION ALL ".join(
        f"SELECT row + 1 AS row, '{kind.name}' AS kind, {kind.reason} AS reason, '{kind.field}' AS field,"
        f" {place} AS place FROM ({kind.query})"
        for place, kind in enumerate(kinds)
    )
    (found,) = con.execute(f"SELECT count(*) FROM ({every})").fetchall()[0]
    con.execute(
        f"COPY (SELECT row, kind, reason, field FROM ({every}) ORDER BY row, place LIMIT {most}) TO ?"
        " (FORMAT csv, HEADER false, USE_TMP_FILE false)",
        [str(path)],
    )
    return int(found)


def _given(*fields: str) -> str:
    """SQL: one of the fields of `s` has something in it."""
    return "(" + " OR ".join(f"NOT ({normalise.is_blank(f's.{field}')})" for field in fields) + ")"


_NAMED = _given("surname", "given_names", "name")
_SEARCHED = _given("birth_date", "street", "postal_code", "municipality")
_ADDRESS = f"{_given('street')} AND {_given('postal_code', 'municipality', 'post_office')}"
_UNIT = f"{_given('name')} AND {_given('municipality')}"
ENOUGH = {
    "person": f"{_NAMED} AND {_SEARCHED}",
    "building": _ADDRESS,
    "real_estate": f"({_ADDRESS}) OR {_given('building_id')} OR ({_UNIT})",
}
"""Subject → SQL over a row `s` of `sent`: there is enough beside the code to search with."""


def too_little(subject: str) -> str:
    """SQL: the rows that have no code (`coded`) and too little else."""
    return f"SELECT row FROM coded c JOIN sent s USING (row) WHERE c.code IS NULL AND NOT ({ENOUGH[subject]})"


def kinds(subject: str, unreadable: dict[str, str], sex_unlike_code: str) -> list[Kind]:
    """Every kind of finding over the tables `sent` and `coded`; `unreadable`: field → SQL condition."""
    code = CODE_FIELDS[subject]
    invalid = "SELECT row, problem FROM coded WHERE code IS NOT NULL AND problem IS NOT NULL"
    found = [
        Kind("invalid", code, invalid, "problem"),
        Kind("repeated", code, "SELECT row FROM coded WHERE place > 1"),
        Kind("too_little", "", too_little(subject)),
        *(Kind("unreadable", name, f"SELECT row FROM sent WHERE {sql}") for name, sql in unreadable.items()),
    ]
    return found + ([Kind("sex_unlike_code", "sex", sex_unlike_code)] if sex_unlike_code else [])
