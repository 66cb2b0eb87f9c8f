"""Fixed-width text, by the layout in the mapping."""

from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import duckdb

from matching.readers.base import check_headers, problem
from matching.readers.mapping import FixedColumn, Mapping
from matching.readers.text import decoded, encoding_of, first_lines


@dataclass(frozen=True)
class FixedWidthSource:
    """A file whose columns stand at fixed places. Padding at the end is not content.

    It has no header, unless the mapping says that its first line is one (`skip`).
    """

    path: Path
    encoding: str
    columns: tuple[FixedColumn, ...]
    format: str = "fixed_width"
    delimiter: str = ""
    skip: int = 0

    @property
    def headers(self) -> tuple[str, ...]:
        return check_headers([column.name for column in self.columns])

    def peek(self, rows: int) -> list[list[str]]:
        """See Source.peek."""
        lines = (line for line in first_lines(self.path, self.encoding, rows + self.skip + 20))
        filled = [line for line in islice(lines, self.skip, None) if line.strip()]
        return [
            [line[column.start - 1 : column.end].rstrip() for column in self.columns]
            for line in filled[:rows]
        ]

    def load(self, con: duckdb.DuckDBPyConnection, table: str, temp: Path) -> None:
        """See Source.load."""
        copy = temp / "register.txt"
        cells = ", ".join(
            f"nullif(rtrim(substr(line, {column.start}, {column.length})), '') AS c{index}"
            for index, column in enumerate(self.columns)
        )
        try:
            with copy.open("w", encoding="utf-8", newline="") as file:
                for text in decoded(self.path, self.encoding):
                    # The only sign that could part or quote a line is one that no register holds.
                    file.write(text.replace("\r\n", "\n").replace("\r", "\n").replace("\x1f", " "))
            con.execute(
                f"CREATE TABLE {table} AS SELECT {cells} FROM read_csv(?, delim = chr(31), header = false,"
                " columns = {'line': 'VARCHAR'}, auto_detect = false, quote = '', escape = '', skip = ?)"
                " WHERE trim(line) <> ''",
                [str(copy), self.skip],
            )
        finally:
            copy.unlink(missing_ok=True)


def open_fixed_width(path: Path, mapping: Mapping) -> FixedWidthSource:
    """Raises InputProblems."""
    encoding = encoding_of(path, mapping)
    first = next(first_lines(path, encoding, 1), "")
    needed = max(column.start for column in mapping.fixed_width)
    if len(first) < needed:
        raise problem("line_too_short", "the first line is shorter than the layout says", row=1)
    return FixedWidthSource(path, encoding, mapping.fixed_width, skip=int(mapping.header is True))
