"""Fixed width (kiinteämittainen): each column padded to its longest value, in characters, with its layout.

The text has no header; the layout beside it tells each column's name, start (from 1) and length. By that
layout it is read as it was written, but for spaces at a cell's end, which no longer tell from padding.
"""

import csv
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb

from matching.readers.base import problem
from matching.readers.mapping import FixedColumn

LINE = 32_760  # characters: the longest record that systems of fixed records take
PART = "\x1f"  # what DuckDB takes for a delimiter, so that nothing else is one
UNFIT = r"[\r\n\x1f]"


def layout_path(path: Path) -> Path:
    """Where the layout of a fixed-width file lies: beside it."""
    return path.with_suffix(".layout.csv")


def write_lines(
    con: duckdb.DuckDBPyConnection,
    queries: Sequence[str],
    headers: Sequence[str],
    path: Path,
    bodies: Sequence[Path],
) -> None:
    """UTF-8, CRLF; the layout goes to `layout_path`. The queries are run at once, each into one of `bodies`.

    Raises InputProblems for a cell with a line break, and where the lines would be too long.
    """
    with ThreadPoolExecutor(len(queries)) as pool:
        measured = list(pool.map(lambda query: _measure(con, query, headers), queries))
        broken = [row for _lengths, row in measured if row is not None]
        if broken:
            text = "a cell holds a line break, for which fixed width has no room: take another form"
            raise problem("line_break_in_fixed_width", text, row=min(broken))
        lengths = [max(column) for column in zip(*(lengths for lengths, _row in measured), strict=True)]
        if sum(lengths) > LINE:
            text = "the lines would be too long for fixed width: take another form"
            raise problem("too_wide_for_fixed_width", text, width=sum(lengths), most=LINE)
        try:
            list(pool.map(lambda query, body: _copy(con, query, lengths, body), queries, bodies))
            with path.open("wb") as file:
                for body in bodies[: len(queries)]:
                    with body.open("rb") as rows:
                        shutil.copyfileobj(rows, file, 1 << 22)
        finally:
            for body in bodies:
                body.unlink(missing_ok=True)
    _write_layout(list(_placed(headers, lengths)), layout_path(path))


def _placed(headers: Sequence[str], lengths: Sequence[int]) -> Iterator[FixedColumn]:
    start = 1
    for header, length in zip(headers, lengths, strict=True):
        yield FixedColumn(header, start, length)
        start += length


def _write_layout(columns: Sequence[FixedColumn], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(["name", "start", "length"])
        writer.writerows([column.name, column.start, column.length] for column in columns)


def _measure(
    con: duckdb.DuckDBPyConnection, query: str, headers: Sequence[str]
) -> tuple[list[int], int | None]:
    """The longest value of each column, at least 1; and the first row with a cell that no line can hold."""
    cells = _cells(len(headers))
    longest = ", ".join(f"greatest(1, coalesce(max(length({cell})), 1))" for cell in cells)
    unfit = " OR ".join(f"regexp_matches({cell}, '{UNFIT}')" for cell in cells)
    row = f"min(CASE WHEN {unfit} THEN k{list(headers).index('vtj_row')} END)"
    with con.cursor() as cursor:
        found = cursor.execute(f"SELECT {longest}, {row} FROM {_named(query, len(cells))}").fetchall()[0]
    return [int(length) for length in found[:-1]], None if found[-1] is None else int(found[-1])


def _copy(con: duckdb.DuckDBPyConnection, query: str, lengths: Sequence[int], body: Path) -> None:
    cells = _cells(len(lengths))
    line = " || ".join(f"rpad({cell}, {length}, ' ')" for cell, length in zip(cells, lengths, strict=True))
    with con.cursor() as cursor:
        cursor.execute(
            f"COPY (SELECT {line} FROM {_named(query, len(cells))}) TO ?"
            f" (FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '{PART}', NEW_LINE '\r\n')",
            [str(body)],
        )


def _cells(columns: int) -> list[str]:
    return [f"coalesce(CAST(k{index} AS VARCHAR), '')" for index in range(columns)]


def _named(query: str, columns: int) -> str:
    return f"({query}) q({', '.join(f'k{index}' for index in range(columns))})"
