"""Read a population extract: CSV or Parquet files into typed Parquet files, every column there.

A file is read once, strictly. Only where that fails is it read again as plain text, to tell the rows.
"""

import csv
import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from matching.errors import InputProblems, Problem
from matching.schema import SCHEMA

__all__ = ["SCHEMA", "Extract", "check_folder", "read_extract", "sql_text", "typed_select"]

NOTE = "extract.json"
ENDINGS = (".csv", ".parquet")
PARQUET_OUT = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 122880"
# A date as the contract has it; the cast then checks that there is such a day.
DATE_FORM = "____-__-__"


@dataclass(frozen=True)
class Extract:
    """What is known of an extract before it is read: its files by table, and what extract.json says."""

    files: dict[str, Path]
    columns: dict[str, list[str]]
    artificial: bool
    as_of: date | None


def check_folder(folder: Path, con: duckdb.DuckDBPyConnection) -> Extract:
    """Find the files and check their names and columns. Raises InputProblems."""
    if not folder.is_dir():
        raise InputProblems([Problem("no_folder", "the extract is not a folder")])
    problems: list[Problem] = []
    files = _find_files(folder, problems)
    columns = {table: _columns(con, table, path, problems) for table, path in files.items()}
    if "person" not in files:
        problems.append(Problem("no_person_file", "person: the file is missing"))
    elif "person_id" not in columns["person"] and not problems:
        problems.append(Problem("missing_column", "person: the column is missing", column="person_id"))
    artificial, as_of = _read_note(folder / NOTE, problems)
    if problems:
        raise InputProblems(problems)
    return Extract(files, columns, artificial, as_of)


def read_extract(con: duckdb.DuckDBPyConnection, extract: Extract, folder: Path) -> None:
    """Write the nine tables as typed Parquet files into `folder` and name them as views in `con`.

    The order of rows is kept, so that a row's number is its place in the file. Raises InputProblems.
    """
    problems: list[Problem] = []
    for table in SCHEMA:
        target = folder / f"{table}.parquet"
        try:
            _copy(con, typed_select(extract, table), target)
        except duckdb.Error as error:
            problems += _why(con, extract, table, error)
            continue
        con.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet({sql_text(str(target))})")
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
            problems.append(
                Problem("unknown_file", "a file that is no part of an extract", params={"file": path.name})
            )
        elif path.stem in files:
            problems.append(Problem("two_files", f"{path.stem}: there is a CSV file and a Parquet file"))
        else:
            files[path.stem] = path
    return files


def _columns(con: duckdb.DuckDBPyConnection, table: str, path: Path, problems: list[Problem]) -> list[str]:
    """The file's columns in its order; unknown, repeated and wrongly typed ones are problems."""
    try:
        types = _csv_header(path) if path.suffix == ".csv" else _parquet_header(con, path)
    except (UnicodeDecodeError, csv.Error, duckdb.Error):
        problems.append(Problem("unreadable_file", f"{table}: the file cannot be read"))
        return []
    seen: set[str] = set()
    for number, (name, kind) in enumerate(types, start=1):
        if name not in SCHEMA[table]:
            problems.append(Problem("unknown_column", f"{table}: column number {number} is unknown"))
        elif name in seen:
            problems.append(Problem("duplicate_column", f"{table}: the column is there twice", column=name))
        elif kind not in ("VARCHAR", SCHEMA[table][name]):
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


def _read_note(path: Path, problems: list[Problem]) -> tuple[bool, date | None]:
    """`artificial` and `as_of` of extract.json; both may be missing."""
    if not path.exists():
        return False, None
    try:
        note = json.loads(path.read_text(encoding="utf-8"))
        artificial, as_of = note.get("artificial", False), note.get("as_of")
        if not isinstance(artificial, bool):
            raise ValueError
        return artificial, date.fromisoformat(as_of) if as_of else None
    except (ValueError, AttributeError, TypeError):
        problems.append(
            Problem("unreadable_note", 'extract.json: expected {"artificial": true, "as_of": "YYYY-MM-DD"}')
        )
        return False, None


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
        for column, kind in SCHEMA[table].items()
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
    dates = [column for column in extract.columns[table] if SCHEMA[table][column] == "DATE"]
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
    except duckdb.Error as again:
        error = again
    return problems or [_unreadable_row(table, error)]


def _unreadable_row(table: str, error: duckdb.Error) -> Problem:
    """The row that the reader names; its message also quotes the row, so nothing else of it is kept."""
    line = re.search(r"Line: (\d+)", str(error))
    text = f"{table}: the row cannot be read (quotes, number of columns or encoding)"
    return Problem("unreadable_row", text, row=int(line[1]) - 1 if line else None)
