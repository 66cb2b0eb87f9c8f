"""Parquet registers: every value as text."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from matching.readers.base import check_headers, problem


@dataclass(frozen=True)
class ParquetSource:
    path: Path
    headers: tuple[str, ...]
    format: str = "parquet"
    encoding: str = ""
    delimiter: str = ""

    def peek(self, rows: int) -> list[list[str]]:
        """See Source.peek."""
        import pyarrow.parquet  # heavy: only for those who send Parquet

        try:
            batch = next(pyarrow.parquet.ParquetFile(self.path).iter_batches(rows))
        except (pyarrow.ArrowException, OSError, StopIteration) as error:
            raise problem("damaged_file", "the file is damaged and can't be read") from error
        columns = [column.to_pylist() for column in batch.columns]
        return [["" if cell is None else str(cell) for cell in row] for row in zip(*columns, strict=True)]

    def load(self, con: duckdb.DuckDBPyConnection, table: str, temp: Path) -> None:
        """See Source.load."""
        names = ", ".join(f"c{index}" for index in range(len(self.headers)))
        texts = ", ".join(f"CAST(c{index} AS VARCHAR) AS c{index}" for index in range(len(self.headers)))
        try:
            con.execute(
                f"CREATE TABLE {table} AS SELECT {texts} FROM read_parquet(?) AS source({names})",
                [str(self.path)],
            )
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
