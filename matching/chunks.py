"""A large register in pieces, so that several workers link it at once: cut, link each piece, merge.

The result is that of `engine.link` on the whole register, whatever the size of the pieces: no stage looks
from one row to another, and what the report tells of all rows together is counted when they are merged.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from matching import engine
from matching.delivery.report import LinkReport, counts_of_links, peak_memory
from matching.register import outputs
from matching.register.loading import load_register
from matching.run import Progress, Resources, Run, running
from matching.store.extract import sql_text
from matching.store.versions import open_version
from matching.weighing.model import read_model

__all__ = ["Piece", "cut", "link_piece", "merge"]


@dataclass(frozen=True)
class Piece:
    """Rows of a register, Parquet: `row` (from 0, in the whole register) and a text column for each field."""

    path: Path
    first_row: int
    rows: int


def cut(
    register: Path,
    folder: Path,
    rows: int,
    *,
    mapping: Any = None,
    threads: int | None = None,
    memory: str | None = None,
    temp: Path | None = None,
    progress: Progress | None = None,
) -> Iterator[Piece]:
    """Read the register once; write pieces of so many rows into `folder`, each when the last was taken.

    Whoever takes a piece may remove its file. Raises InputProblems where the register can't be used.
    """
    used = Resources(threads, memory, temp, progress)
    with running(used, folder, [register], [folder]) as run:
        with run.step("read"):
            total = load_register(run.con, register, mapping, run.temp).rows
        for number, first in enumerate(range(0, total, rows)):
            path, last = folder / f"piece-{number}.parquet", min(first + rows, total) - 1
            with run.step("write"):
                query = f"SELECT * FROM sent WHERE row BETWEEN {first} AND {last} ORDER BY row"
                _copy(run, query, path)
            yield Piece(path, first, last - first + 1)


def link_piece(
    piece: Path,
    store: Path,
    links_out: Path,
    *,
    version: str,
    on: date,
    subject: str = "person",
    model: Path | None = None,
    candidates_out: Path | None = None,
    threads: int | None = None,
    memory: str | None = None,
    temp: Path | None = None,
    progress: Progress | None = None,
) -> LinkReport:
    """`engine.link` for a piece that `cut` wrote; `vtj_row` counts from the whole register's first row."""
    snapshot = open_version(store, version)
    used = Resources(threads, memory, temp, progress)
    with (
        outputs.whole_files([links_out, *([candidates_out] if candidates_out else [])]) as written,
        running(used, links_out.parent, [piece, *written], [snapshot.path]) as run,
    ):
        with run.step("read"):
            run.con.execute("CREATE TABLE sent AS SELECT * FROM read_parquet(?) ORDER BY row", [str(piece)])
            engine.view_store(run, snapshot, subject)
        return engine.link_sent(run, snapshot, on, written, read_model(model), subject)


def merge(
    links: Sequence[Path],
    reports: Sequence[LinkReport],
    links_out: Path,
    *,
    candidates: Sequence[Path] = (),
    candidates_out: Path | None = None,
    threads: int | None = None,
    memory: str | None = None,
    temp: Path | None = None,
    progress: Progress | None = None,
) -> LinkReport:
    """Write the links of all pieces of a register in its rows' order; the report is the whole register's.

    `candidates` are those of pieces that have any; `candidates_out` is written where there is one.

    Raises ValueError unless the links are of every row once, and by one version, model and day.
    """
    used = Resources(threads, memory, temp, progress)
    with (
        outputs.whole_files([links_out, *([candidates_out] if candidates and candidates_out else [])]) as out,
        running(used, links_out.parent, [*links, *candidates, *out], []) as run,
    ):
        with run.step("merge"):
            linked = _all_of(links)
            run.con.execute(f"CREATE VIEW link AS SELECT vtj_row - 1 AS row, * EXCLUDE vtj_row FROM {linked}")
            _refuse_gaps(run, sum(report.rows for report in reports))
            _copy(run, f"SELECT * FROM {linked} ORDER BY vtj_row", out[0])
            for part in out[1:]:
                _copy(run, f"SELECT * FROM {_all_of(candidates)} ORDER BY vtj_row, place", part)
        return _whole_report(run, reports)


def _all_of(paths: Sequence[Path]) -> str:
    return f"read_parquet([{', '.join(sql_text(str(path)) for path in paths)}])"


def _copy(run: Run, query: str, path: Path) -> None:
    run.con.execute(f"COPY ({query}) TO ? (FORMAT parquet, USE_TMP_FILE false)", [str(path)])


def _refuse_gaps(run: Run, rows: int) -> None:
    counts = "SELECT count(*), count(DISTINCT row), min(row), max(row) + 1 FROM link"
    if run.con.execute(counts).fetchall()[0] != (rows, rows, 0, rows):
        raise ValueError("the links are not of every row of the register once")


def _whole_report(run: Run, reports: Sequence[LinkReport]) -> LinkReport:
    """What was counted row by row is summed; what concerns all rows together is counted anew."""
    made = {(report.store_version, report.model_version, report.on) for report in reports}
    if len(made) != 1:
        raise ValueError("the pieces were not linked by one version, model and day")
    return replace(
        reports[0],
        **counts_of_links(run.con),
        unreadable=_sums([report.unreadable for report in reports]),
        crowded=_sums([report.crowded for report in reports]),
        seconds=_sums([*(report.seconds for report in reports), run.seconds]),
        peak_memory_bytes=max(peak_memory(), *(report.peak_memory_bytes for report in reports)),
    )


def _sums(figures: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Numbers by name."""
    names = dict.fromkeys(name for one in figures for name in one)
    return {name: sum(one.get(name, 0) for one in figures) for name in names}
