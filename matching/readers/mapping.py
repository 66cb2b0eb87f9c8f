"""A customer's own word on how its file is read and what its columns are."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from matching.fields import INPUT_NAMES, header_key, recognise_all
from matching.readers.base import MAX_COLUMNS, problem

DELIMITERS = (";", ",", "\t", "|")
ENCODINGS = ("utf-8", "utf-16", "cp1252", "iso8859-15", "iso8859-1", "cp850", "mac-roman")
"""What a customer may name; the last three are never told from the bytes alone."""
LONGEST_NAME = 500
LONGEST = 1 << 20  # characters: no column starts after them or is longer


@dataclass(frozen=True)
class FixedColumn:
    """A column of a fixed-width file; `start` is 1-based, both in characters."""

    name: str
    start: int
    length: int

    @property
    def end(self) -> int:
        """The last character of the column, from 1."""
        return self.start + self.length - 1


@dataclass(frozen=True)
class Mapping:
    """Header → field, None where a column is to be left alone; and how the file is read, None as detected.

    JSON form: docs/contract.md, "Customer's register". `found_encoding` is what a reading of the whole file
    has told already, so that the next one need not.
    """

    fields: dict[str, str | None] = field(default_factory=dict)
    fixed_width: tuple[FixedColumn, ...] = ()
    sheet: str | None = None
    delimiter: str | None = None
    encoding: str | None = None
    header: bool | None = None
    found_encoding: str | None = None

    @classmethod
    def from_json(cls, value: Any) -> "Mapping":
        """Raises InputProblems where `value` is no mapping."""
        if value is None:
            return cls()
        if not isinstance(value, dict):
            raise problem("mapping_invalid", "the mapping is not a JSON object")
        rest = dict(value)
        layout, sheet = rest.pop("fixed_width", []), rest.pop("sheet", None)
        reading = _reading(_object(rest, "reading"))
        named = _object(rest, "columns")
        columns = _fixed_columns(layout)
        own = {str(part["name"]): part["field"] for part in layout if part.get("field")}
        reading.setdefault("sheet", _text(sheet))
        return cls(_fields(rest | named | own), columns, **reading)


def _object(rest: dict[str, Any], key: str) -> dict[str, Any]:
    """The object under a key, which is then no longer taken for a header: a field is never an object."""
    if not isinstance(rest.get(key), dict):
        return {}
    return dict(rest.pop(key))


def _fields(fields: dict[str, Any]) -> dict[str, str | None]:
    for header, name in fields.items():
        if name is not None and name not in INPUT_NAMES:
            raise problem("mapping_unknown_field", "the mapping names a field that is none", column=header)
    named = [name for name in fields.values() if name]
    if len(named) != len(set(named)):
        raise problem("mapping_field_twice", "the mapping gives one field to two columns")
    if len(fields) > MAX_COLUMNS:
        raise problem("too_many_columns", f"more than {MAX_COLUMNS} columns", limit=MAX_COLUMNS)
    return fields


def _reading(told: dict[str, Any]) -> dict[str, Any]:
    """How the file is read; a null is as if it were not there. Raises InputProblems."""
    told = {key: value for key, value in told.items() if value is not None}
    allowed = {"delimiter": DELIMITERS, "encoding": ENCODINGS, "header": (True, False)}
    for key, value in told.items():
        if key == "sheet":
            _text(value)
        elif key not in allowed or value not in allowed[key] or isinstance(value, bool) != (key == "header"):
            raise problem("mapping_invalid", "the mapping's way of reading is not one that there is")
    return told


def _text(value: Any) -> str | None:
    if value is not None and not isinstance(value, str):
        raise problem("mapping_invalid", "the sheet's name is not a text")
    return value


def _fixed_columns(layout: Any) -> tuple[FixedColumn, ...]:
    """Raises InputProblems where they are none, or share a character."""
    try:
        columns = [FixedColumn(str(part["name"]), int(part["start"]), int(part["length"])) for part in layout]
    except (TypeError, KeyError, ValueError, OverflowError):
        columns = [FixedColumn("", 0, 0)]
    if len(columns) > MAX_COLUMNS:
        raise problem("too_many_columns", f"more than {MAX_COLUMNS} columns", limit=MAX_COLUMNS)
    if any(column.start < 1 or column.length < 1 or column.end > LONGEST for column in columns):
        raise problem(
            "mapping_invalid",
            "each column of a fixed-width layout needs a name, a start and a length",
        )
    for before, after in itertools.pairwise(sorted(columns, key=lambda column: column.start)):
        if after.start <= before.end:
            text = "two columns of the fixed-width layout have a character in common"
            raise problem("layout_overlaps", text, column=after.name)
    return tuple(columns)


def column_names(headers: Sequence[str]) -> list[str]:
    """What each column is called in a mapping: its header, or `column_3` where that can't be told in one."""
    return [
        header if header and len(header) <= LONGEST_NAME and "\0" not in header else f"column_{place}"
        for place, header in enumerate(headers, start=1)
    ]


def own_columns(headers: Sequence[str], mapping: Mapping) -> dict[int, str | None]:
    """Column index → what the mapping says of it: letter for letter, else as headers are compared.

    Raises InputProblems where the mapping names a column that is not there.
    """
    names, keys = column_names(headers), [header_key(header) for header in headers]
    own: dict[int, str | None] = {}
    for header, name in mapping.fields.items():
        if header in names:
            own[names.index(header)] = name
        elif header_key(header) in keys:
            own[keys.index(header_key(header))] = name
        else:
            raise problem(
                "mapping_unknown_header",
                "the mapping names a column that the register lacks",
                column=header,
            )
    return own


def columns_by_field(headers: Sequence[str], mapping: Mapping) -> dict[str, int]:
    """Field → column index, the mapping before what headers say. Raises InputProblems."""
    own = own_columns(headers, mapping)
    found = {name: index for index, name in own.items() if name}
    left = ["" if index in own else header for index, header in enumerate(headers)]
    for index, name in recognise_all(left).items():
        found.setdefault(name, index)
    if not found:
        raise problem("no_known_column", "no column was recognised")
    return found
