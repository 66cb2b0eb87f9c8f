"""Check an extract once it is read: each check counts in one pass, and only a failed one names its rows.

The views are those that `extract.read_extract` makes over Parquet files, whose row numbers are the extract's.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import duckdb

from matching.errors import InputProblems, Problem
from matching.identifiers import hetu_problem_sql
from matching.store.property_tables import endless_successors
from matching.store.schema import CHILDREN, CODE_LISTS, UNIQUE


@dataclass(frozen=True)
class Check:
    """One rule of the extract: `bad` is an SQL condition over a row of `table`."""

    code: str
    text: str
    table: str
    column: str
    bad: str


def validate(con: duckdb.DuckDBPyConnection, *, artificial: bool, as_of: date) -> None:
    """Raise InputProblems with file, row and column of what is wrong, never the content of a cell."""
    refuse(con, row_checks(artificial=artificial, as_of=as_of), set_checks())


def refuse(
    con: duckdb.DuckDBPyConnection,
    rows: Iterable[Check],
    sets: Iterable[Check],
    *,
    schema: str = "main",
    place: str = "row_number() OVER ()",
) -> None:
    """Raise InputProblems where a check finds bad rows in the tables of `schema`; `place` is a row's number.

    All row checks of a table are counted in one pass; each of the others in one of its own.
    """
    problems: list[Problem] = []
    total = 0
    for checks in [*_by_table(rows), *([check] for check in sets)]:
        for check, count in zip(checks, _counts(con, schema, checks), strict=True):
            total += count
            left = InputProblems.LIMIT - len(problems)
            problems += _named(con, f"{schema}.{check.table}", place, check, left) if count else []
    if total:
        raise InputProblems(problems, total=total)


def row_checks(*, artificial: bool, as_of: date) -> Iterator[Check]:
    """What can be told from a row alone."""
    yield Check("missing_value", "the cell is empty", "person", "person_id", "person_id IS NULL")
    for table in ("person", "former_hetu"):
        problem = hetu_problem_sql("hetu", f"DATE '{as_of.isoformat()}'")
        bad = f"hetu IS NOT NULL AND ({problem}) IS NOT NULL"
        yield Check("invalid_hetu", "not a valid personal identity code", table, "hetu", bad)
        if not artificial:
            text = "an artificial code, and extract.json does not say that the extract is artificial"
            yield Check("artificial_hetu", text, table, "hetu", "substr(hetu, 8, 1) = '9'")
    for codes in CODE_LISTS:
        values = ", ".join(f"'{value}'" for value in codes.values)
        bad = f"{codes.column} NOT IN ({values})"
        yield Check("unknown_code", "not a code of this column", codes.table, codes.column, bad)


def set_checks() -> Iterator[Check]:
    """What only the other rows tell."""
    for table, column in UNIQUE:
        twice = f"{column} IN (SELECT {column} FROM {table} GROUP BY {column} HAVING count(*) > 1)"
        yield Check("duplicate_value", "the value is on more than one row", table, column, twice)
    for table in CHILDREN:
        # An owner may be a business, which is no person.
        bad = "person_id NOT IN (SELECT person_id FROM person WHERE person_id IS NOT NULL)"
        if table != "owner":
            bad = f"person_id IS NULL OR {bad}"
        yield Check("unknown_person", "no such person in the extract", table, "person_id", bad)
    current = """EXISTS (SELECT 1 FROM person
        WHERE person.hetu = former_hetu.hetu AND person.person_id IS DISTINCT FROM former_hetu.person_id)"""
    text = "one person's former code is another person's present code"
    yield Check("code_of_another", text, "former_hetu", "hetu", current)
    shared = """hetu IN (SELECT hetu FROM former_hetu GROUP BY hetu HAVING count(DISTINCT person_id) > 1)"""
    yield Check("shared_former_code", "a former code of more than one person", "former_hetu", "hetu", shared)
    text = "the units that it was merged into come back to it, or never end"
    yield Check("endless_successors", text, "real_estate", "successor_id", endless_successors())


def _by_table(checks: Iterable[Check]) -> list[list[Check]]:
    tables: dict[str, list[Check]] = {}
    for check in checks:
        tables.setdefault(check.table, []).append(check)
    return list(tables.values())


def _counts(con: duckdb.DuckDBPyConnection, schema: str, checks: list[Check]) -> tuple[int, ...]:
    """How many rows of their one table the checks find bad."""
    counts = ", ".join(f"count(*) FILTER ({check.bad})" for check in checks)
    table = checks[0].table
    return con.execute(f"SELECT {counts} FROM {schema}.{table} AS {table}").fetchall()[0]


def _named(
    con: duckdb.DuckDBPyConnection, source: str, place: str, check: Check, limit: int
) -> list[Problem]:
    rows = con.execute(
        f"SELECT row FROM (SELECT {place} AS row, * FROM {source}) AS {check.table}"
        f" WHERE {check.bad} ORDER BY row LIMIT {max(limit, 0)}"
    ).fetchall()
    return [Problem(check.code, f"{check.table}: {check.text}", row, check.column) for (row,) in rows]
