"""Which true pairs our search compares at all: what it never sees, no scoring can find."""

from datetime import date
from pathlib import Path

from matching import engine
from matching.model import read_model
from matching.register import load_register
from matching.run import Resources, running
from matching.store import open_version


def candidate_recall(
    register: Path, store: Path, *, model: Path | None = None, threads: int | None = None
) -> float:
    """Share of the rows with a true person (column truth) that some stage compared with that person."""
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
        found = run.con.execute(
            f"SELECT count(*) FILTER (x.pid IS NOT NULL) / count(*) FROM"
            f" (SELECT r.rowid AS row, s.pid FROM register r JOIN subject s ON s.person_id = r.{truth}) t"
            f" LEFT JOIN ({pairs}) x ON x.row = t.row AND x.pid = t.pid"
        ).fetchall()
    return float(found[0][0])
