"""Fixed-width text, by the layout in the mapping."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from matching.readers.base import FixedColumn, Mapping, check_headers, problem
from matching.readers.text import decoded, detect_encoding


@dataclass(frozen=True)
class FixedWidthSource:
    """A file without a header, whose columns stand at fixed places. Padding at the end is not content."""

    path: Path
    encoding: str
    columns: tuple[FixedColumn, ...]
    format: str = "fixed_width"
    delimiter: str = ""

    @property
    def headers(self) -> tuple[str, ...]:
        return check_headers([column.name for column in self.columns])

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
                " columns = {'line': 'VARCHAR'}, auto_detect = false, quote = '', escape = '')"
                " WHERE trim(line) <> ''",
                [str(copy)],
            )
        finally:
            copy.unlink(missing_ok=True)


def open_fixed_width(path: Path, mapping: Mapping) -> FixedWidthSource:
    """Raises InputProblems."""
    encoding = detect_encoding(path)
    first = next(decoded(path, encoding))
    needed = max(column.start for column in mapping.fixed_width)
    if len(first.splitlines()[0]) < needed:
        raise problem("line_too_short", "the first line is shorter than the layout says", row=1)
    return FixedWidthSource(path, encoding, mapping.fixed_width)
