"""CSV of any delimiter and encoding: DuckDB reads the rows, Python tells what is wrong with them."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import duckdb

from matching.errors import InputProblems, Problem
from matching.fields import recognise
from matching.readers.base import as_wide, check_headers, problem, unnamed
from matching.readers.mapping import DELIMITERS, Mapping
from matching.readers.text import MAX_LINE, encoding_of

SAMPLE_LINES = 50
# Lines are bounded where they are read; a cell may fill one.
csv.field_size_limit(4 * MAX_LINE)


@dataclass(frozen=True)
class DelimitedSource:
    """A CSV file whose header has been read; `skip` rows stand before the data."""

    path: Path
    encoding: str
    delimiter: str
    headers: tuple[str, ...]
    skip: int
    format: str = "csv"

    def peek(self, rows: int) -> list[list[str]]:
        """See Source.peek."""
        try:
            return [as_wide(cells, len(self.headers)) for cells in islice(self._data(), rows)]
        except csv.Error as error:
            raise problem("broken_quote", "a quotation mark is not closed or not doubled") from error

    def load(self, con: duckdb.DuckDBPyConnection, table: str, temp: Path) -> None:
        """See Source.load. Only files that are not UTF-8 or have odd line ends are copied, into `temp`.

        So is a single column: the engine takes an empty line for an empty cell there, and only there.
        """
        if self.encoding in ("utf-8", "utf-8-sig") and len(self.headers) > 1:
            try:
                return _create(con, table, self.path, self.delimiter, len(self.headers), self.skip)
            except duckdb.OutOfMemoryException:
                raise  # nothing is wrong with the file
            except duckdb.Error:
                self._diagnose()
        copy = temp / "register.csv"
        try:
            self._rewrite(copy)
            try:
                _create(con, table, copy, ",", len(self.headers), 0)
            except duckdb.OutOfMemoryException:
                raise
            except duckdb.Error as error:
                self._diagnose()
                raise problem("damaged_file", "the rows can't be read") from error
        finally:
            copy.unlink(missing_ok=True)

    def _rewrite(self, copy: Path) -> None:
        """The data rows as plain UTF-8 CSV."""
        with copy.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)
            try:
                writer.writerows(self._data())
            except (csv.Error, UnicodeError):
                self._diagnose()
                raise

    def _rows(self) -> Iterator[list[str]]:
        with self.path.open(encoding=self.encoding, newline="") as file:
            yield from csv.reader(_bounded_lines(file), delimiter=self.delimiter, strict=True)

    def _data(self) -> Iterator[list[str]]:
        """The data rows without empty lines, and without a delimiter too many at the end of a row."""
        for cells in islice(self._rows(), self.skip, None):
            if len(cells) == len(self.headers) + 1 and not cells[-1]:
                cells.pop()
            alone = len(cells) == 1 and len(self.headers) > 1
            if cells and not (alone and not cells[0].strip()):
                yield cells

    def _diagnose(self) -> None:
        """Find the rows that are not as wide as the header. Raises InputProblems if there are any."""
        problems: list[Problem] = []
        total = row = 0
        try:
            for cells in self._data():
                row += 1
                if len(cells) != len(self.headers):
                    total += 1
                    if len(problems) < InputProblems.LIMIT:
                        problems.append(_ragged(row, len(cells), len(self.headers)))
        except csv.Error:
            problems.append(
                Problem(
                    "broken_quote",
                    "a quotation mark is not closed or not doubled",
                    row + 1,
                )
            )
            total += 1
        except UnicodeError:
            problems.append(
                Problem(
                    "wrong_encoding",
                    "the letters are in no encoding that is accepted",
                    row + 1,
                )
            )
            total += 1
        if problems:
            raise InputProblems(problems, total=total)


def _ragged(row: int, cells: int, columns: int) -> Problem:
    text = f"the row has {cells} cells, the header {columns}"
    return Problem("ragged_row", text, row, params={"cells": cells, "columns": columns})


def _bounded_lines(file: io.TextIOBase) -> Iterator[str]:
    row = 0
    while line := file.readline(MAX_LINE):
        if len(line) == MAX_LINE and not line.endswith(("\n", "\r")):
            raise problem(
                "line_too_long",
                "the file has a line of over a million characters",
                row=max(row, 1),
            )
        row += 1
        yield line


def _create(
    con: duckdb.DuckDBPyConnection,
    table: str,
    path: Path,
    delimiter: str,
    columns: int,
    skip: int,
) -> None:
    names = ", ".join(f"'c{index}': 'VARCHAR'" for index in range(columns))
    con.execute(
        f"CREATE TABLE {table} AS SELECT * FROM read_csv(?, delim = ?, skip = ?, columns = {{{names}}},"
        " header = false, auto_detect = false, quote = '\"', escape = '\"', strict_mode = true,"
        f" encoding = 'utf-8', max_line_size = {4 * MAX_LINE})",
        [str(path), delimiter, skip],
    )


def open_delimited(path: Path, mapping: Mapping) -> DelimitedSource:
    """Recognise what the mapping leaves open: encoding, delimiter and header. Raises InputProblems."""
    encoding = encoding_of(path, mapping)
    with path.open(encoding=encoding, newline="") as file:
        lines = list(islice(_bounded_lines(file), SAMPLE_LINES))
    told = lines[0].strip().lower() if lines else ""
    skip = int(told.startswith("sep=") and len(told) == 5)
    delimiter = mapping.delimiter or (told[4] if skip else _delimiter(lines))
    first = next((row for row in csv.reader(lines[skip:], delimiter=delimiter) if row), None)
    if not first or not any(cell.strip() for cell in first):
        raise problem("empty_file", "the file is empty")
    skip += next(index for index, row in enumerate(csv.reader(lines[skip:], delimiter=delimiter)) if row)
    if mapping.header is False:
        return DelimitedSource(path, encoding, delimiter, unnamed(len(first)), skip)
    if all(not line.strip() for line in lines[1 + skip :]):
        raise problem("no_rows", "the file has a header but no rows")
    headers = check_headers([header.strip().lstrip("\ufeff") for header in first])
    return DelimitedSource(path, encoding, delimiter, headers, skip + 1)


def _delimiter(lines: list[str]) -> str:
    """The delimiter that parts the header into most known fields, then the most rows into equal widths."""

    def merit(delimiter: str) -> tuple[int, int, int]:
        rows = [row for row in csv.reader(lines, delimiter=delimiter) if row]
        header = rows[0] if rows else []
        known = sum(recognise(cell) is not None for cell in header)
        even = sum(len(row) == len(header) for row in rows) if len(header) > 1 else 0
        return known, even, len(header)

    return max(DELIMITERS, key=merit)
