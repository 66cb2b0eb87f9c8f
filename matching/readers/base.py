"""What every reader gives: a source with headers, which loads itself as text columns c0, c1, …"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import duckdb

from matching.errors import InputProblems, Problem
from matching.fields import INPUT_NAMES, header_key, recognise_all

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

    def load(self, con: duckdb.DuckDBPyConnection, table: str, temp: Path) -> None:
        """Create `table` with the data rows in order, all VARCHAR, columns c0…; raises InputProblems."""


@dataclass(frozen=True)
class FixedColumn:
    """A column of a fixed-width file; `start` is 1-based, both in characters."""

    name: str
    start: int
    length: int


@dataclass(frozen=True)
class Mapping:
    """A customer's own word on what its columns are: header → field, None where a column is to be left alone.

    JSON form: `{"their header": "field", …}`. With `"fixed_width": [{"name", "start", "length", "field"?}]`
    the file is read by position; `"sheet"` names the sheet of a workbook.
    """

    fields: dict[str, str | None] = field(default_factory=dict)
    fixed_width: tuple[FixedColumn, ...] = ()
    sheet: str | None = None

    @classmethod
    def from_json(cls, value: Any) -> "Mapping":
        """Raises InputProblems where `value` is no mapping."""
        if value is None:
            return cls()
        if not isinstance(value, dict):
            raise problem("mapping_invalid", "the mapping is not a JSON object")
        rest = dict(value)
        layout, sheet = rest.pop("fixed_width", []), rest.pop("sheet", None)
        columns = _fixed_columns(layout)
        fields = rest | {part["name"]: part["field"] for part in layout if part.get("field")}
        for header, name in fields.items():
            if name is not None and name not in INPUT_NAMES:
                raise problem(
                    "mapping_unknown_field",
                    "the mapping names a field that is none",
                    column=header,
                )
        named = [name for name in fields.values() if name]
        if len(named) != len(set(named)):
            raise problem("mapping_field_twice", "the mapping gives one field to two columns")
        return cls(fields, columns, sheet)


def _fixed_columns(layout: Any) -> tuple[FixedColumn, ...]:
    try:
        columns = tuple(
            FixedColumn(str(part["name"]), int(part["start"]), int(part["length"])) for part in layout
        )
    except (TypeError, KeyError, ValueError):
        columns = (FixedColumn("", 0, 0),)
    if any(column.start < 1 or column.length < 1 for column in columns):
        raise problem(
            "mapping_invalid",
            "each column of a fixed-width layout needs a name, a start and a length",
        )
    return columns


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


def refuse_reserved(headers: Sequence[str]) -> None:
    """A register that is an earlier delivery would have our columns twice. Raises InputProblems."""
    text = "this column is of an earlier delivery: leave it out"
    reserved = [header for header in headers if header.strip().casefold().startswith(RESERVED_PREFIX)]
    if reserved:
        raise InputProblems([Problem("reserved_header", text, column=header) for header in reserved])


def columns_by_field(headers: Sequence[str], mapping: Mapping) -> dict[str, int]:
    """Field → column index, the mapping before what headers say. Raises InputProblems."""
    own = {header_key(header): name for header, name in mapping.fields.items()}
    keys = [header_key(header) for header in headers]
    for header in mapping.fields:
        if header_key(header) not in keys:
            raise problem(
                "mapping_unknown_header",
                "the mapping names a column that the register lacks",
                column=header,
            )
    found = {name: keys.index(key) for key, name in own.items() if name}
    for index, name in recognise_all(
        [("" if key in own else h) for h, key in zip(headers, keys, strict=True)]
    ).items():
        found.setdefault(name, index)
    if not found:
        raise problem("no_known_column", "no column was recognised")
    return found
