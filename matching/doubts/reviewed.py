"""Links with what officials have decided on the doubtful rows: `match_review` and `no_match_review`."""

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa

from matching.register import outputs
from matching.run import Resources, running

MATCH, NO_MATCH, RULE = "match_review", "no_match_review", "official"


def amend(
    links: Path,
    candidates: Path,
    output: Path,
    decisions: Iterable[tuple[int, int | None]],
    *,
    threads: int | None = None,
    memory: str | None = None,
    temp: Path | None = None,
) -> dict[str, int]:
    """Write `output`: the links, in which each decided row has its person, or none; return rows by result.

    A decision is a row (`vtj_row`) and the place of its candidate, None for nobody. It changes an ambiguous
    row only; the confidence stays that of the match. Raises ValueError where a decision is of another row,
    or names a candidate that is not there.
    """
    rows, places = zip(*decisions, strict=True)
    table = pa.table({"vtj_row": pa.array(rows, pa.int64()), "place": pa.array(places, pa.int64())})
    resources = Resources(threads, memory, temp)
    with (
        outputs.whole_files([output]) as written,
        running(resources, links.parent, [links, candidates, *written], []) as run,
    ):
        run.con.register("decision", table)
        run.con.execute("CREATE TABLE before AS SELECT * FROM read_parquet(?)", [str(links)])
        run.con.execute("CREATE TABLE candidate AS SELECT * FROM read_parquet(?)", [str(candidates)])
        run.stage("decided", _DECIDED)
        sound = "SELECT count(*) FROM decided WHERE place IS NULL OR pid IS NOT NULL"
        (found,) = run.con.execute(sound).fetchall()[0]
        if found != table.num_rows:
            raise ValueError("the decisions are not of these links")
        run.stage("after", _AFTER)
        run.con.execute(
            "COPY (FROM after ORDER BY vtj_row) TO ? (FORMAT parquet, USE_TMP_FILE false)", [str(written[0])]
        )
        counted = run.con.execute("SELECT result, count(*) FROM after GROUP BY 1 ORDER BY 1").fetchall()
        return {str(result): int(count) for result, count in counted}


_DECIDED = """
    SELECT d.vtj_row, d.place, c.pid
    FROM decision d JOIN before b ON b.vtj_row = d.vtj_row AND b.result = 'ambiguous'
    LEFT JOIN candidate c ON c.vtj_row = d.vtj_row AND c.place = d.place"""

_AFTER = f"""
    SELECT b.vtj_row,
           CASE WHEN d.vtj_row IS NULL THEN b.result
                WHEN d.place IS NULL THEN '{NO_MATCH}' ELSE '{MATCH}' END AS result,
           b.confidence, CASE WHEN d.vtj_row IS NULL THEN b.rule ELSE '{RULE}' END AS rule, b.weight,
           CASE WHEN d.vtj_row IS NULL THEN b.pid ELSE d.pid END AS pid
    FROM before b LEFT JOIN decided d ON d.vtj_row = b.vtj_row"""
