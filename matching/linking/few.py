"""Where few rows are looked for, the persons that they need are read one by one, by the index, not all."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext

from matching.run import Run
from matching.store.versions import Snapshot

PERSONS_A_ROW = 10  # with more rows, reading all persons is as fast


def of_few(
    run: Run, snapshot: Snapshot, table: str, rows: str, columns: Sequence[str]
) -> AbstractContextManager[None]:
    """`table` holds only the persons (pid) of these rows, and these columns, meanwhile, if they are few.

    Where there are none, nothing will be read of it.
    """
    none = not run.con.execute(f"SELECT 1 FROM {rows} LIMIT 1").fetchall()
    if none or not snapshot.indexed or not _are_few(run, snapshot, rows):
        return nullcontext()
    from matching.linking import index  # loads what only it needs

    return index.of_few(run, snapshot.path, table, f"SELECT pid FROM {rows}", columns)


def making(run: Run, snapshot: Snapshot) -> AbstractContextManager[Callable[[str, str], None]]:
    """What makes each stage: where few rows are searched for, it reads the persons it needs alone."""
    if not snapshot.indexed or not _are_few(run, snapshot, "judged WHERE searchable"):
        return nullcontext(run.stage)
    from matching.linking import index  # loads what only it needs

    return index.searching(run, snapshot.path)


def _are_few(run: Run, snapshot: Snapshot, rows: str) -> bool:
    """Whether there are so few rows that single persons are read faster than all."""
    if 0 < run.rows * PERSONS_A_ROW <= snapshot.persons:
        return True
    (count,) = run.con.execute(f"SELECT count(*) FROM {rows}").fetchall()[0]
    return bool(count * PERSONS_A_ROW <= snapshot.persons)
