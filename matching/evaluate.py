"""Precision and recall of a matched register, row by row, where the true person_id of each row is known."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from matching.connect import connect
from matching.readers import Mapping, open_source
from matching.readers.base import problem

GIVEN_COLUMN, RESULT_COLUMN = "vtj_person_id", "vtj_result"


@dataclass
class Tally:
    """Rows; rows with a person given; of those, rows where it is the true one; rows that have a true one."""

    rows: int = 0
    given: int = 0
    right: int = 0
    true: int = 0

    def figures(self) -> dict[str, int | float | None]:
        """Shares are None where there is nothing to share."""
        precision = self.right / self.given if self.given else None
        recall = self.right / self.true if self.true else None
        f1 = 2 * self.right / (self.given + self.true) if self.given + self.true else None
        return {"rows": self.rows, "given": self.given, "right": self.right} | {
            name: None if share is None else round(share, 6)
            for name, share in (("precision", precision), ("recall", recall), ("f1", f1))
        }


def evaluate(
    path: Path, truth: str, *, threads: int | None = None, memory: str | None = None
) -> dict[str, Any]:
    """The figures over all rows, and by result. Raises InputProblems where a column is missing."""
    total, by_result = Tally(), dict[str, Tally]()
    for result, rows, given, right, true in _counts(path, truth, threads, memory):
        for tally in (total, by_result.setdefault(result, Tally())):
            tally.rows += rows
            tally.given += given
            tally.right += right
            tally.true += true
    return {**total.figures(), "by_result": {result: tally.figures() for result, tally in by_result.items()}}


def _counts(
    path: Path, truth: str, threads: int | None, memory: str | None
) -> list[tuple[str, int, int, int, int]]:
    source = open_source(path, Mapping())
    places = {header: index for index, header in enumerate(source.headers)}
    for column in (truth, GIVEN_COLUMN, RESULT_COLUMN):
        if column not in places:
            raise problem("missing_column", "the matched register lacks this column", column=column)
    result, given, true = (f"c{places[name]}" for name in (RESULT_COLUMN, GIVEN_COLUMN, truth))
    with TemporaryDirectory() as temp, connect(threads=threads, memory=memory, temp=Path(temp)) as con:
        source.load(con, "register", Path(temp))
        return con.execute(
            f"SELECT {result}, count(*), count(*) FILTER ({given} <> ''), count(*) FILTER ({given} = {true}),"
            f" count(*) FILTER ({true} <> '') FROM register GROUP BY 1 ORDER BY 1"
        ).fetchall()
