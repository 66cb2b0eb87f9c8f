"""Rows that their customer has completed: linked by the completed data, which find the subject and no more.

What is delivered of the customer's own columns is what was sent. Completed data that find nothing change
nothing: their row stays as it was linked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from matching.fields import INPUT_NAMES
from matching.register import outputs
from matching.run import Resources, Run, running

FOUND = ("match_id", "match_id_changed", "match_id_repaired", "match_data", "conflict")
"""Results of completed data that settle their row: a subject is found, or a code of another is seen."""
TAKEN = (*FOUND, "ambiguous")
"""Results with which completed data take the place of the row's own."""
TOO_MANY = "too_many"
"""In the place of `ambiguous`: there are more candidates than are told, so nobody could choose among them."""


@dataclass(frozen=True)
class Links:
    """Links, and the candidates of the doubtful ones, as `engine.link` writes them."""

    links: Path
    candidates: Path


def write_piece(rows: Mapping[int, Mapping[str, str]], path: Path) -> None:
    """Rows (from 1) with their cells by field as a piece, as `chunks.cut` writes them."""
    import pyarrow as pa  # heavy: a match has no use for it
    import pyarrow.parquet

    numbers = sorted(rows)
    columns = {name: pa.array([rows[row].get(name) for row in numbers], pa.string()) for name in INPUT_NAMES}
    table = pa.table({"row": pa.array([row - 1 for row in numbers], pa.int64()), **columns})
    pa.parquet.write_table(table, path)


def results(made: Links) -> dict[int, str]:
    """Row (from 1) → result, or `TOO_MANY`."""
    from pyarrow.parquet import read_table  # heavy: a match has no use for it

    links = read_table(made.links, columns=["vtj_row", "result"]).to_pylist()
    told = set(read_table(made.candidates, columns=["vtj_row"])["vtj_row"].to_pylist())
    found = {one["vtj_row"]: one["result"] for one in links}
    return {
        row: TOO_MANY if result == "ambiguous" and row not in told else result
        for row, result in found.items()
    }


def take(
    before: Links,
    completed: Links,
    after: Links,
    *,
    threads: int | None = None,
    memory: str | None = None,
    temp: Path | None = None,
) -> None:
    """Write `after`: `before`, in which the rows that completed data found are as these linked them."""
    resources = Resources(threads, memory, temp)
    read = [before.links, before.candidates, completed.links, completed.candidates]
    with (
        outputs.whole_files([after.links, after.candidates]) as written,
        running(resources, before.links.parent, [*read, *written], []) as run,
    ):
        taken = [row for row, result in results(completed).items() if result in TAKEN]
        run.con.execute("CREATE TABLE taken AS SELECT unnest(?::BIGINT[]) AS vtj_row", [taken])
        _put(run, before.links, completed.links, written[0], "vtj_row")
        _put(run, before.candidates, completed.candidates, written[1], "vtj_row, place")


def _put(run: Run, old: Path, new: Path, out: Path, order: str) -> None:
    run.con.execute(
        "COPY (SELECT * FROM (SELECT o.* FROM read_parquet($old) o ANTI JOIN taken USING (vtj_row)"
        " UNION ALL BY NAME SELECT n.* FROM read_parquet($new) n SEMI JOIN taken USING (vtj_row))"
        f" ORDER BY {order}) TO $out (FORMAT parquet, USE_TMP_FILE false)",
        {"old": str(old), "new": str(new), "out": str(out)},
    )


def read(run: Run, pieces: Sequence[Path]) -> None:
    """Make `completed`, the rows of the pieces as `sent` has them."""
    cells = ", ".join(f"NULL::VARCHAR AS {name}" for name in INPUT_NAMES)
    run.con.execute(f"CREATE TABLE completed AS SELECT 0::BIGINT AS row, {cells} WHERE false")
    for piece in pieces:
        run.con.execute("INSERT INTO completed BY NAME SELECT * FROM read_parquet(?)", [str(piece)])


def sent() -> str:
    """SQL: the whole register's rows as their subjects are looked for."""
    return (
        "SELECT s.* FROM memory.main.sent s ANTI JOIN completed c ON c.row = s.row"
        " UNION ALL BY NAME SELECT * FROM completed"
    )
