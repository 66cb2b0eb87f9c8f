"""Read a population extract: CSV or Parquet files into typed Parquet files, every column there.

A file is read once, strictly. Only where that fails is it read again as plain text, to tell the rows.
"""

import csv
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from matching.errors import InputProblems, Problem
from matching.store.schema import NAMED_BY, SCHEMA

__all__ = [
    *("CHANGES", "PARQUET_OUT", "SCHEMA", "Extract", "Note", "check_changes", "check_folder"),
    *("read_changes", "read_extract", "sql_text", "typed_select"),
]

# A batch of changes: the same tables, each with the column that says what is done.
CHANGES = {table: {"op": "VARCHAR", **columns} for table, columns in SCHEMA.items()}

NOTE = "extract.json"
NUMBERS = "batch is a number from 1 on, follows one from 0 on, and both are below 2**63"
ENDINGS = (".csv", ".parquet")
PARQUET_OUT = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 122880"
# A date as the contract has it; the cast then checks that there is such a day.
DATE_FORM = "____-__-__"


@dataclass(frozen=True)
class Note:
    """What extract.json says: the day shown, the number of the batch, and of the one before it."""

    artificial: bool = False
    as_of: date | None = None
    batch: int | None = None
    follows: int | None = None


@dataclass(frozen=True)
class Extract:
    """What is known of an extract before it is read: its files by table, and what extract.json says."""

    files: dict[str, Path]
    columns: dict[str, list[str]]
    note: Note
    schema: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: SCHEMA)


def check_folder(folder: Path, con: duckdb.DuckDBPyConnection) -> Extract:
    """Find the files of an extract and check their names and columns. Raises InputProblems."""
    return _checked(folder, con, SCHEMA, {"person": ("person_id",)}, ("person",))


def check_changes(folder: Path, con: duckdb.DuckDBPyConnection) -> Extract:
    """Find the files of a batch of changes, none of which must be there. Raises InputProblems."""
    return _checked(folder, con, CHANGES, {table: ("op", name) for table, name in NAMED_BY.items()}, ())


def _checked(
    folder: Path,
    con: duckdb.DuckDBPyConnection,
    schema: Mapping[str, Mapping[str, str]],
    needed: Mapping[str, tuple[str, ...]],
    tables: tuple[str, ...],
) -> Extract:
    """Needed: the columns that a file must have, and the tables that must have a file."""
    if not folder.is_dir():
        raise InputProblems([Problem("no_folder", "the extract is not a folder")])
    problems: list[Problem] = []
    files = _find_files(folder, problems)
    columns = {table: _columns(con, table, schema[table], path, problems) for table, path in files.items()}
    problems += [
        Problem(f"no_{table}_file", f"{table}: the file is missing") for table in tables if table not in files
    ]
    if not problems:
        problems += [
            Problem("missing_column", f"{table}: the column is missing", column=column)
            for table, given in columns.items()
            for column in needed.get(table, ())
            if column not in given
        ]
    note = _read_note(folder / NOTE, problems)
    if problems:
        raise InputProblems(problems)
    return Extract(files, columns, note, schema)


def read_extract(con: duckdb.DuckDBPyConnection, extract: Extract, folder: Path) -> None:
    """Write the nine tables as typed Parquet files into `folder` and name them as views in `con`.

    The order of rows is kept, so that a row's number is its place in the file. Raises InputProblems.
    """

    def take(table: str) -> None:
        target = folder / f"{table}.parquet"
        _copy(con, typed_select(extract, table), target)
        con.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet({sql_text(str(target))})")

    _each(con, extract, take)


def read_changes(con: duckdb.DuckDBPyConnection, extract: Extract) -> None:
    """Make the tables of a batch in the schema `batch`: `place` (the row's number), `op`, and the columns.

    Raises InputProblems.
    """
    con.execute("CREATE SCHEMA batch")

    def take(table: str) -> None:
        rows = f"SELECT row_number() OVER () AS place, * FROM ({typed_select(extract, table)})"
        con.execute(f"CREATE TABLE batch.{table} AS {rows}")

    _each(con, extract, take)


def _each(con: duckdb.DuckDBPyConnection, extract: Extract, take: Callable[[str], None]) -> None:
    """Have each table taken; tell what is wrong with all of them."""
    problems: list[Problem] = []
    for table in SCHEMA:
        try:
            take(table)
        except duckdb.OutOfMemoryException:
            raise
        except duckdb.Error as error:
            problems += _why(con, extract, table, error)
    if problems:
        raise InputProblems(problems)


def typed_select(extract: Extract, table: str) -> str:
    """SQL: a table's rows with all columns of the schema; fails on a date that is none."""
    return f"SELECT {_typed_columns(extract, table)} {_source(extract, table)}"


def sql_text(text: str) -> str:
    """An SQL literal: for paths that the operator named, where SQL takes no bound value."""
    return "'" + text.replace("'", "''") + "'"


def _find_files(folder: Path, problems: list[Problem]) -> dict[str, Path]:
    files: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        if path.name == NOTE or path.name.startswith("."):
            continue
        if path.stem not in SCHEMA or path.suffix not in ENDINGS:
            text = f"{_shown(path.name)}: a file that is no part of an extract"
            problems.append(Problem("unknown_file", text, params={"file": path.name}))
        elif path.stem in files:
            problems.append(Problem("two_files", f"{path.stem}: there is a CSV file and a Parquet file"))
        else:
            files[path.stem] = path
    return files


def _shown(name: str) -> str:
    """A file's name, on one line whatever signs it has."""
    return "".join(sign if sign.isprintable() else "?" for sign in name)


def _columns(
    con: duckdb.DuckDBPyConnection, table: str, known: Mapping[str, str], path: Path, problems: list[Problem]
) -> list[str]:
    """The file's columns in its order; unknown, repeated and wrongly typed ones are problems."""
    try:
        types = _csv_header(path) if path.suffix == ".csv" else _parquet_header(con, path)
    except duckdb.OutOfMemoryException:
        raise
    except (UnicodeDecodeError, csv.Error, duckdb.Error):
        problems.append(Problem("unreadable_file", f"{table}: the file cannot be read"))
        return []
    seen: set[str] = set()
    for number, (name, kind) in enumerate(types, start=1):
        if name not in known:
            problems.append(Problem("unknown_column", f"{table}: column number {number} is unknown"))
        elif name in seen:
            problems.append(Problem("duplicate_column", f"{table}: the column is there twice", column=name))
        elif kind not in ("VARCHAR", known[name]):
            problems.append(
                Problem("column_type", f"{table}: the column must be text or a date", column=name)
            )
        seen.add(name)
    return [name for name, _kind in types]


def _csv_header(path: Path) -> list[tuple[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return [(name, "VARCHAR") for name in next(csv.reader(lines), [])]


def _parquet_header(con: duckdb.DuckDBPyConnection, path: Path) -> list[tuple[str, str]]:
    rows = con.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(path)]).fetchall()
    return [(row[0], row[1]) for row in rows]


def _read_note(path: Path, problems: list[Problem]) -> Note:
    """What extract.json says; all of it may be missing."""
    if not path.exists():
        return Note()
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        artificial, as_of = said.get("artificial", False), said.get("as_of")
        numbers = said.get("batch"), said.get("follows")
        # In Python a truth value is a number too. The first batch may follow on number 0.
        if type(artificial) is not bool or any(type(number) not in (int, type(None)) for number in numbers):
            raise ValueError
        if not (_is_number(numbers[0], 1) and _is_number(numbers[1], 0)):
            problems.append(Problem("unreadable_note", f"extract.json: {NUMBERS}"))
        return Note(artificial, date.fromisoformat(as_of) if as_of else None, *numbers)
    except (ValueError, AttributeError, TypeError, RecursionError):
        form = '{"artificial": true, "as_of": "YYYY-MM-DD"}, and whole numbers as batch and follows'
        problems.append(Problem("unreadable_note", f"extract.json: expected {form}"))
        return Note()


def _is_number(number: int | None, least: int) -> bool:
    return number is None or least <= number < 2**63


def _source(extract: Extract, table: str) -> str:
    """SQL: FROM the file, all columns as they are; nothing where there is no file or it is empty."""
    path, columns = extract.files.get(table), extract.columns.get(table)
    if not path or not columns:
        return "FROM range(0)"
    if path.suffix == ".parquet":
        return f"FROM read_parquet({sql_text(str(path))})"
    types = ", ".join(f"'{column}': 'VARCHAR'" for column in columns)
    return (
        f"FROM read_csv({sql_text(str(path))}, columns = {{{types}}}, auto_detect = false, header = true,"
        " delim = ',', quote = '\"', escape = '\"', nullstr = '', strict_mode = true, encoding = 'utf-8')"
    )


def _typed_columns(extract: Extract, table: str) -> str:
    """SQL: every column of the schema, NULL where the cell is empty or the file lacks the column."""
    given = extract.columns.get(table, [])
    return ", ".join(
        f"{_typed(column, kind) if column in given else f'NULL::{kind}'} AS {column}"
        for column, kind in extract.schema[table].items()
    )


def _typed(column: str, kind: str) -> str:
    text = f"nullif({column}::VARCHAR, '')"
    return text if kind == "VARCHAR" else f"CAST({_date_text(text)} AS DATE)"


def _date_text(text: str) -> str:
    """SQL: the text where it has the form of a date, else one that is no date."""
    return f"CASE WHEN {text} LIKE '{DATE_FORM}' THEN {text} WHEN {text} IS NOT NULL THEN 'none' END"


def _copy(con: duckdb.DuckDBPyConnection, select: str, target: Path) -> None:
    con.execute(f"COPY ({select}) TO {sql_text(str(target))} ({PARQUET_OUT})")


def _why(con: duckdb.DuckDBPyConnection, extract: Extract, table: str, error: duckdb.Error) -> list[Problem]:
    """Problems for a file that could not be read as its types: bad dates by row, else the row that broke."""
    dates = [column for column in extract.columns[table] if extract.schema[table][column] == "DATE"]
    problems: list[Problem] = []
    try:
        for column in dates:
            text = f"nullif({column}::VARCHAR, '')"
            rows = con.execute(
                f"""SELECT row FROM (SELECT row_number() OVER () AS row, {column} {_source(extract, table)})
                WHERE {text} IS NOT NULL AND TRY_CAST({_date_text(text)} AS DATE) IS NULL
                ORDER BY row LIMIT {InputProblems.LIMIT}"""
            ).fetchall()
            problems += [
                Problem("unreadable_date", f"{table}: not a date of the form YYYY-MM-DD", row, column)
                for (row,) in rows
            ]
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error as again:
        error = again
    return problems or [_unreadable_row(table, error)]


def _unreadable_row(table: str, error: duckdb.Error) -> Problem:
    """The row that the reader names; its message also quotes the row, so nothing else of it is kept."""
    line = re.search(r"Line: (\d+)", str(error))
    text = f"{table}: the row cannot be read (quotes, number of columns or encoding)"
    return Problem("unreadable_row", text, row=int(line[1]) - 1 if line else None)
