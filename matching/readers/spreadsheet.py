"""XLSX: the values of one sheet as text. Formulas count as their last value and come out as text."""

import re
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from matching.fields import recognise_all
from matching.readers.base import MAX_COLUMNS, as_wide, check_headers, problem, unnamed
from matching.readers.bounds import MAX_UNPACKED, Places, swells
from matching.readers.mapping import Mapping
from matching.readers.workbook import first_rows, read_sheet

_MIDNIGHT = re.compile(r"(?<=^\d{4}-\d{2}-\d{2}) 00:00:00$")


@dataclass(frozen=True)
class SpreadsheetSource:
    """A sheet whose header stands in the 0-based row `header_row`, which is before the first if it has none.

    `sheets` are all the workbook's, `top` the first rows of this one;
    `memory`: bytes that reading it may take.
    """

    path: Path
    sheet: str
    header_row: int
    headers: tuple[str, ...]
    format: str = "xlsx"
    encoding: str = ""
    delimiter: str = ""
    sheets: tuple[str, ...] = ()
    top: list[list[str]] = field(default_factory=list, repr=False)
    memory: int | None = None

    def peek(self, rows: int) -> list[list[str]]:
        """See Source.peek. No more than are read to find the header."""
        below = self.top[self.header_row + 1 :][:rows]
        return [as_wide([_MIDNIGHT.sub("", cell) for cell in row], len(self.headers)) for row in below]

    def load(self, con: duckdb.DuckDBPyConnection, table: str, temp: Path) -> None:
        """See Source.load. A date cell becomes YYYY-MM-DD."""
        rows = read_sheet(self.path, self.sheet, self.header_row + 1, temp, self.memory)
        names = ", ".join(f"c{index}" for index in range(rows.num_columns))
        cells = ", ".join(
            f"regexp_replace(c{index}, '^([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}) 00:00:00$', '\\1') AS c{index}"
            if index < rows.num_columns
            else f"CAST(NULL AS VARCHAR) AS c{index}"
            for index in range(len(self.headers))
        )
        con.register("sheet_rows", rows)
        con.execute(f"CREATE TABLE {table} AS SELECT {cells} FROM sheet_rows AS source({names})")
        con.unregister("sheet_rows")
        if not con.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0]:
            raise problem("no_rows", "the file has a header but no rows")


def open_spreadsheet(path: Path, mapping: Mapping, memory: int | None = None) -> SpreadsheetSource:
    """The sheet that the mapping names, else the first with known columns. Raises InputProblems."""
    refuse_bomb(path)
    every = first_rows(path, memory)
    sheets = every
    if mapping.sheet:
        if mapping.sheet not in sheets:
            raise problem(
                "mapping_unknown_sheet",
                "the workbook has no sheet of the name in the mapping",
            )
        sheets = {mapping.sheet: sheets[mapping.sheet]}
    found = [(name, *header) for name, rows in sheets.items() if (header := _header(rows, mapping))]
    if not found:
        raise problem("empty_file", "the workbook is empty")
    name, row, headers = max(found, key=lambda sheet: len(recognise_all(sheet[2])))
    while headers and not headers[-1]:
        headers.pop()
    named = check_headers(headers)
    return SpreadsheetSource(path, name, row, named, sheets=tuple(every), top=every[name], memory=memory)


def _header(rows: list[list[str]], mapping: Mapping) -> tuple[int, list[str]] | None:
    """(row, headers) of the first rows' best: most known fields, then the earliest that isn't empty.

    Where there is no header, the row before the first one that isn't empty, and names made for the columns.
    """
    if rows and len(rows[0]) > 2 * MAX_COLUMNS:
        raise problem("too_many_columns", f"more than {MAX_COLUMNS} columns", limit=MAX_COLUMNS)
    filled = [(index, row) for index, row in enumerate(rows) if any(row)]
    if filled and mapping.header is False:
        width = max(place for _, row in filled for place, cell in enumerate(row, start=1) if cell)
        return filled[0][0] - 1, list(unnamed(width))
    return max(filled, key=lambda row: len(recognise_all(row[1])), default=None)


def refuse_bomb(path: Path) -> None:
    """Unpack every member without keeping it, before anything parses it. Raises InputProblems.

    So does a cell beyond the last one that a sheet can have.
    """
    total = 0
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                size, places = 0, Places()
                with archive.open(member) as file:
                    while block := file.read(1 << 20):
                        size += len(block)
                        if total + size > MAX_UNPACKED or swells(size, member.compress_size):
                            raise problem(
                                "unpacks_too_large",
                                "the workbook unpacks to far more than its size",
                            )
                        if places.beyond(block):
                            raise problem("damaged_file", "the workbook has a cell where no sheet has any")
                total += size
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        # A size that isn't as declared ends here too: the reader stops there and the checksum differs.
        raise problem("damaged_file", "the workbook is damaged and can't be read") from error
