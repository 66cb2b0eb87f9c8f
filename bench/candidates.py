"""Which true pairs our search compares at all: what it never sees, no scoring can find."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from matching import engine
from matching.register.loading import load_register
from matching.run import Resources, running
from matching.store.versions import open_version
from matching.weighing.model import read_model


@dataclass(frozen=True)
class Seen:
    """What linking saw of a register with a column `truth`.

    `candidates`: share of the rows with a true person that some stage compared with that person. `precision`
    and `recall` count also the rows whose code is a person's and whose name contradicts it: the contract
    holds them back as `conflict`, which says nothing about whether the person is the right one.
    """

    candidates: float
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / (self.precision + self.recall)


def seen(register: Path, store: Path, *, model: Path | None = None, threads: int | None = None) -> Seen:
    """Link the register once more and look at the tables of all stages."""
    snapshot = open_version(store)
    links = register.with_suffix(".links.parquet")
    with running(Resources(threads=threads), register.parent, [register, links], [snapshot.path]) as run:
        loaded = load_register(run.con, register, None, run.temp)
        engine.view_store(run, snapshot)
        engine.link_sent(run, snapshot, date.today(), [links], read_model(model))
        truth = f"c{loaded.headers.index('truth')}"
        stages = run.con.execute(
            "SELECT table_name FROM duckdb_columns() WHERE column_name IN ('row', 'pid')"
            " GROUP BY table_name HAVING count(*) = 2 ORDER BY table_name"
        ).fetchall()
        pairs = " UNION ".join(f"SELECT row, pid FROM {name} WHERE pid IS NOT NULL" for (name,) in stages)
        run.con.execute(
            "CREATE TABLE true_pair AS SELECT r.rowid AS row, s.pid"
            f" FROM register r LEFT JOIN subject s ON s.person_id = r.{truth}"
        )
        found = run.con.execute(
            "SELECT count(x.pid) / count(t.pid), count(l.pid) FILTER (l.pid = t.pid) / count(l.pid),"
            " count(l.pid) FILTER (l.pid = t.pid) / count(t.pid) FROM true_pair t"
            f" LEFT JOIN ({pairs}) x ON x.row = t.row AND x.pid = t.pid LEFT JOIN link l ON l.row = t.row"
        ).fetchall()
    return Seen(*found[0])
