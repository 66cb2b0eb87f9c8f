"""Persons who came under a turvakielto after the version that a register was linked to (domain rules 11-14).

Who was under one in the version had no home there to be found by (matching.store.traits). These still had: a
row that their home has made surer would tell that they live there. So what no code has settled is linked
anew, with their homes left out, and the answer is as if they had been protected all along.

A row that its customer has completed is linked by what was completed.

Tables in: `link`, `sent`, `completed`, `subject` and the tables of matching.linking.searching.
"""

from collections.abc import Callable
from datetime import date

from matching.fields import INPUT_NAMES
from matching.linking import completed
from matching.run import Run
from matching.store import traits
from matching.store.versions import Snapshot

# What no home has part in: the code's own results, and what officials have decided.
SETTLED = (
    *("match_id", "match_id_changed", "match_id_repaired", "conflict", "artificial_id"),
    *("match_review", "no_match_review"),
)
_OPEN = f"result NOT IN ({', '.join(repr(result) for result in SETTLED)})"


def mark(run: Run, snapshot: Snapshot, on: date) -> None:
    """Make `protected_later`: who is protected in a version on a day."""
    run.con.execute(
        "CREATE TABLE protected_later AS SELECT person_id FROM read_parquet(?) WHERE protected_until >= ?",
        [str(snapshot.path / "subject.parquet"), on],
    )


def link_anew(run: Run, link: Callable[[], object]) -> None:
    """Put into `link` what it would be with the homes of the newly protected left out.

    The function `link` makes the table `link` of the rows of `sent`.
    """
    run.stage("hidden", hidden())
    if not _any(run, "hidden") or not _any(run, f"link WHERE {_OPEN}"):
        return
    _hide(run)
    run.fields = INPUT_NAMES  # completed rows may have more than the register
    run.con.execute("ALTER TABLE link RENAME TO link_before")
    # In the place of all rows: a table of this connection alone is found first.
    run.con.execute(
        f"CREATE TEMP TABLE sent AS SELECT s.* FROM ({completed.sent()}) s"
        f" SEMI JOIN (SELECT row FROM link_before WHERE {_OPEN}) l ON l.row = s.row ORDER BY s.row"
    )
    link()
    run.con.execute("DROP TABLE temp.sent")
    run.con.execute("ALTER TABLE link RENAME TO link_after")
    run.stage("link", _merged())


def leave_out(run: Run) -> None:
    """Before anything is linked: leave out the homes of the newly protected."""
    run.stage("hidden", hidden())
    if _any(run, "hidden"):
        _hide(run)


def _hide(run: Run) -> None:
    """Put views in the place of the tables that tell of homes, in which the hidden persons have none."""
    for table, columns in traits.TELL_OF_HOMES.items():
        run.con.execute(f"ALTER VIEW {table} RENAME TO {table}_with_homes")
        run.con.execute(f"CREATE VIEW {table} AS {_without(table, columns)}")
    run.hidden = True


def hidden() -> str:
    """Stage: pid of those who are protected now, and whose homes the version still knows."""
    return """
        SELECT s.pid FROM subject s SEMI JOIN protected_later p ON p.person_id = s.person_id
        WHERE s.protected_until IS NULL"""


def _without(table: str, columns: tuple[str, ...]) -> str:
    """SQL: the table, in which the hidden persons have no home."""
    values = ", ".join(f"CASE WHEN h.pid IS NULL THEN t.{name} END AS {name}" for name in columns)
    return f"SELECT t.* REPLACE ({values}) FROM {table}_with_homes t LEFT JOIN hidden h ON h.pid = t.pid"


def _merged() -> str:
    columns = ", ".join(
        f"CASE WHEN a.row IS NULL THEN b.{name} ELSE a.{name} END AS {name}"
        for name in ("result", "confidence", "rule", "pid")
    )
    return f"""
        SELECT b.row, {columns}
        FROM link_before b LEFT JOIN link_after a ON a.row = b.row ORDER BY b.row"""


def _any(run: Run, rows: str) -> bool:
    return bool(run.con.execute(f"SELECT 1 FROM {rows} LIMIT 1").fetchall())
