"""Parquet registers: every value as text."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from matching.connect import connect, lock_down
from matching.readers.base import check_headers, problem

PEEK_MEMORY = "1GB"


@dataclass(frozen=True)
class ParquetSource:
    path: Path
    headers: tuple[str, ...]
    format: str = "parquet"
    encoding: str = ""
    delimiter: str = ""

    def peek(self, rows: int) -> list[list[str]]:
        """See Source.peek. By the bounded engine: a page of a hostile file may unpack to anything."""
        with connect(threads=1, memory=PEEK_MEMORY) as con:
            lock_down(con, files=[self.path])
            try:
                found = con.execute(f"{self._texts()} LIMIT {rows}", [str(self.path)]).fetchall()
            except duckdb.Error as error:
                raise problem("damaged_file", "the file is damaged and can't be read") from error
        return [["" if cell is None else cell for cell in row] for row in found]

    def _texts(self) -> str:
        """SQL: every value as text, of the file that is its only parameter."""
        names = ", ".join(f"c{index}" for index in range(len(self.headers)))
        texts = ", ".join(f"CAST(c{index} AS VARCHAR) AS c{index}" for index in range(len(self.headers)))
        return f"SELECT {texts} FROM read_parquet(?) AS source({names})"

    def load(self, con: duckdb.DuckDBPyConnection, table: str, temp: Path) -> None:
        """See Source.load."""
        try:
            con.execute(f"CREATE TABLE {table} AS {self._texts()}", [str(self.path)])
        except duckdb.Error as error:
            raise problem("damaged_file", "the file is damaged and can't be read") from error


def open_parquet(path: Path) -> ParquetSource:
    """Raises InputProblems."""
    import pyarrow.parquet  # heavy: only for those who send Parquet

    try:
        file = pyarrow.parquet.ParquetFile(path)
        names, rows = file.schema_arrow.names, file.metadata.num_rows
    except (pyarrow.ArrowException, OSError) as error:
        raise problem("damaged_file", "the file is damaged and can't be read") from error
    if not rows:
        raise problem("no_rows", "the file has a header but no rows")
    # A NUL, which no text of ours can hold, may stand in a name here alone.
    return ParquetSource(
        path, check_headers([name.replace("\0", "\N{REPLACEMENT CHARACTER}") for name in names])
    )
