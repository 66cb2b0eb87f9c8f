"""What every reader gives: a source with headers, which loads itself as text columns c0, c1, …"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import duckdb

from matching.errors import InputProblems, Problem
from matching.fields import recognise_all

MAX_COLUMNS = 500
RESERVED_PREFIX = "vtj_"


class Source(Protocol):
    """A register that has been recognised and whose header has been read."""

    @property
    def path(self) -> Path: ...
    @property
    def format(self) -> str:
        """One of csv, xlsx, parquet, fixed_width."""

    @property
    def encoding(self) -> str:
        """Empty where the format has its own."""

    @property
    def delimiter(self) -> str:
        """Empty where the format has none."""

    @property
    def headers(self) -> tuple[str, ...]: ...

    def peek(self, rows: int) -> list[list[str]]:
        """The first data rows as text, at most so many, each as wide as the header; raises InputProblems."""

    def load(self, con: duckdb.DuckDBPyConnection, table: str, temp: Path) -> None:
        """Create `table` with the data rows in order, all VARCHAR, columns c0…; raises InputProblems."""


def problem(code: str, text: str, **where: Any) -> InputProblems:
    """The exception for a single problem; other keywords than row and column become its params."""
    row, column = where.pop("row", None), where.pop("column", None)
    return InputProblems([Problem(code, text, row, column, where)])


def check_headers(headers: Sequence[str]) -> tuple[str, ...]:
    """The headers, if a table can have them. Raises InputProblems."""
    if len(headers) > MAX_COLUMNS:
        raise problem("too_many_columns", f"more than {MAX_COLUMNS} columns", limit=MAX_COLUMNS)
    keys = [header.strip().casefold() for header in headers]
    repeated = [header for index, header in enumerate(headers) if keys[index] and keys[index] in keys[:index]]
    if repeated and not recognise_all(headers):  # a file without headers: these are a person's cells
        raise problem("no_known_column", "no column was recognised")
    if repeated:
        raise InputProblems(
            [Problem("duplicate_header", "two columns have this header", column=h) for h in repeated]
        )
    return tuple(headers)


def as_wide(row: Sequence[str], columns: int) -> list[str]:
    """The row with as many cells as there are columns."""
    return [*row[:columns], *[""] * (columns - len(row))]


def unnamed(columns: int) -> tuple[str, ...]:
    """The headers of a file that has none. Raises InputProblems."""
    return check_headers([f"column_{place}" for place in range(1, columns + 1)])


def refuse_reserved(headers: Sequence[str]) -> None:
    """A register that is an earlier delivery would have our columns twice. Raises InputProblems."""
    text = "this column is of an earlier delivery: leave it out"
    reserved = [header for header in headers if header.strip().casefold().startswith(RESERVED_PREFIX)]
    if reserved:
        raise InputProblems([Problem("reserved_header", text, column=header) for header in reserved])
