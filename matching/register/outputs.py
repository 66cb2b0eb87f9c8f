"""Writers of the matched register: whole or not at all, every cell as it is."""

import csv
import io
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from functools import partial
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, BinaryIO

import duckdb

from matching.readers.base import problem
from matching.register.fixed_output import layout_path, write_lines

XLSX_ROWS, XLSX_COLUMNS, XLSX_CELL = 1_048_576, 16_384, 32_767
BATCH = 10_000
MAX_PARTS = 8  # files written at once
PART_ROWS = 50_000  # no part is smaller


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A file beside `path` that takes its place when all has gone well, and else is gone.

    So does the layout beside a fixed-width file. Raises InputProblems where `path` is a folder.
    """
    if path.is_dir():
        raise problem("output_is_folder", "there is a folder in the place of the output")
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=".part-", suffix=path.suffix, delete=False) as file:
        part = Path(file.name)
    try:
        yield part
        if layout_path(part).exists():
            layout_path(part).replace(layout_path(path))
        if part.exists():  # a form that was refused is not there
            part.replace(path)
    finally:
        part.unlink(missing_ok=True)
        layout_path(part).unlink(missing_ok=True)


def refuse_overwriting(written: Sequence[Path | None], read: Sequence[Path | None]) -> None:
    """Raise InputProblems where two of the files to write are one, or where one is a file that is read.

    A folder that is read may not get a file either. Links and other spellings of a path are seen through.
    """
    outs = [path for path in written if path]
    outs += [layout_path(path) for path in outs if path.suffix.lower() == ".txt"]
    if len(outs) != len({path.resolve() for path in outs}):
        raise problem("same_file", "what is written needs a file for each")
    for source in filter(None, read):
        for out in outs:
            place = out.resolve()
            if source.resolve() in (place, *place.parents) or _is_one_file(out, source):
                raise problem("same_file", "what is written would take the place of what is read")


def _is_one_file(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and one.samefile(other)


@contextmanager
def whole_files(paths: Sequence[Path]) -> Iterator[list[Path]]:
    """`whole_file` for each path: all take their places, or none."""
    with ExitStack() as stack:
        yield [stack.enter_context(whole_file(path)) for path in paths]


# Writes the rows of the queries, one after the other, under the headers.
Writer = Callable[[duckdb.DuckDBPyConnection, Sequence[str], Sequence[str], Path], None]


def write_csv(
    con: duckdb.DuckDBPyConnection, queries: Sequence[str], headers: Sequence[str], path: Path
) -> None:
    """UTF-8, comma, quoted as RFC 4180 says. The header is written here: no customer's name enters SQL.

    Each query is run at the same time as the others, into a file of its own; then the files are joined.
    """
    bodies = body_files(path)[: len(queries)]
    try:
        with ThreadPoolExecutor(len(queries)) as pool:
            list(pool.map(lambda query, body: _copy_csv(con, query, body), queries, bodies))
        with path.open("wb") as file:
            file.write(_csv_line(headers, ",").encode())
            file.flush()
            for body in bodies:
                _append(file, body)
    finally:
        for body in bodies:
            body.unlink(missing_ok=True)


def _append(file: BinaryIO, body: Path) -> None:
    with body.open("rb") as rows:
        try:
            while os.copy_file_range(rows.fileno(), file.fileno(), 1 << 30):
                pass  # the kernel copies, from where it was to the end
        except (AttributeError, OSError):  # not with every system, nor with every file system
            shutil.copyfileobj(rows, file, 1 << 22)


def body_files(path: Path) -> list[Path]:
    """Where `write_csv` puts the rows of its queries until they are joined."""
    return [path.with_suffix(f".body{number}") for number in range(MAX_PARTS)]


def _copy_csv(con: duckdb.DuckDBPyConnection, query: str, body: Path) -> None:
    with con.cursor() as cursor:
        cursor.execute(f"COPY ({query}) TO ? (FORMAT csv, HEADER false, NEW_LINE '\r\n')", [str(body)])


def write_csv_like(encoding: str, delimiter: str) -> Writer:
    """CSV in another encoding and delimiter. A letter that the encoding lacks ends it with a problem."""

    def write(
        con: duckdb.DuckDBPyConnection, queries: Sequence[str], headers: Sequence[str], path: Path
    ) -> None:
        try:
            with path.open("w", encoding=encoding, newline="") as file:
                writer = csv.writer(file, delimiter=delimiter, lineterminator="\r\n")
                writer.writerow(headers)
                for rows in _batches(con, queries):
                    writer.writerows(rows)
        except UnicodeEncodeError as error:
            text = "a name has letters that the register's encoding lacks: take it in UTF-8"
            raise problem("not_in_encoding", text, encoding=encoding) from error

    return write


def write_xlsx(
    con: duckdb.DuckDBPyConnection,
    queries: Sequence[str],
    headers: Sequence[str],
    path: Path,
    made_on: date | None = None,
) -> None:
    """Text cells alone, so that no text of a register becomes a formula, a link or a number.

    `made_on`: what the workbook tells as the day of its making, else it is the moment, and no two are alike.
    """
    import xlsxwriter

    (rows,) = con.execute("SELECT count(*) FROM register").fetchall()[0]
    if rows >= XLSX_ROWS or len(headers) > XLSX_COLUMNS:
        raise problem(
            "too_large_for_xlsx", "a workbook has no room for so many rows: take it as CSV", rows=rows
        )
    with xlsxwriter.Workbook(path, {"constant_memory": True, "tmpdir": str(path.parent)}) as book:
        if made_on:
            book.set_properties({"created": datetime(made_on.year, made_on.month, made_on.day)})
        sheet = book.add_worksheet()
        for column, header in enumerate(headers):
            sheet.write_string(0, column, header)
        row = 0
        for batch in _batches(con, queries):
            for cells in batch:
                row += 1
                for column, cell in enumerate(cells):
                    text = "" if cell is None else str(cell)
                    if len(text) > XLSX_CELL:
                        raise problem("cell_too_long", "a cell is too long for a workbook: take CSV", row=row)
                    if text:
                        sheet.write_string(row, column, text)


def write_parquet(
    con: duckdb.DuckDBPyConnection, queries: Sequence[str], headers: Sequence[str], path: Path
) -> None:
    """Text columns; headers that repeat or are empty get their place as a name."""
    import pyarrow as arrow
    import pyarrow.parquet

    names = [
        header if header and headers.index(header) == index else f"column_{index + 1}"
        for index, header in enumerate(headers)
    ]
    # DuckDB keeps the order of UNION ALL's parts.
    reader: Any = con.sql(" UNION ALL ".join(queries)).to_arrow_reader(100_000)
    schema = arrow.schema([field.with_name(name) for field, name in zip(reader.schema, names, strict=True)])
    with pyarrow.parquet.ParquetWriter(path, schema) as writer:
        for batch in reader:
            writer.write_batch(batch.rename_columns(names))


def write_fixed_width(
    con: duckdb.DuckDBPyConnection, queries: Sequence[str], headers: Sequence[str], path: Path
) -> None:
    """Columns at fixed places, and the layout that tells them: see `fixed_output`."""
    write_lines(con, queries, headers, path, body_files(path)[: len(queries)])


WRITERS: dict[str, Writer] = {
    ".csv": write_csv,
    ".xlsx": write_xlsx,
    ".parquet": write_parquet,
    ".txt": write_fixed_width,
}


def writer_for(path: Path, made_on: date | None = None) -> Writer:
    """The writer of the path's ending; `made_on`: see `write_xlsx`. Raises InputProblems."""
    try:
        writer = WRITERS[path.suffix.lower()]
        return partial(write_xlsx, made_on=made_on) if writer is write_xlsx else writer
    except KeyError:
        text = "the output's name must end in .csv, .xlsx, .parquet or .txt"
        raise problem("unknown_output", text) from None


def _batches(con: duckdb.DuckDBPyConnection, queries: Sequence[str]) -> Iterator[list[tuple[object, ...]]]:
    for query in queries:
        result = con.execute(query)
        while rows := result.fetchmany(BATCH):
            yield rows


def _csv_line(cells: Sequence[str], delimiter: str) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerow(cells)
    return text.getvalue()
