"""Precision and recall of a matched register, row by row, where the true person_id of each row is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from matching.connect import allowed_memory, connect
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
    path: Path, truth: str, *, by: Sequence[str] = (), threads: int | None = None, memory: str | None = None
) -> dict[str, Any]:
    """The figures over all rows, by result, and by each value of the columns named in `by`.

    Raises InputProblems where a column is missing.
    """
    with TemporaryDirectory() as temp, connect(threads=threads, memory=memory, temp=Path(temp)) as con:
        source = open_source(path, Mapping(), Path(temp), allowed_memory(con))
        place = {header: index for index, header in enumerate(source.headers)}
        for column in (truth, GIVEN_COLUMN, RESULT_COLUMN, *by):
            if column not in place:
                raise problem("missing_column", "the matched register lacks this column", column=column)
        source.load(con, "register", Path(temp))
        counts = _counts(f"c{place[GIVEN_COLUMN]}", f"c{place[truth]}")

        def figures(column: str) -> dict[str, Any]:
            value = f"coalesce({column}, '')"
            rows = con.execute(f"SELECT {value}, {counts} FROM register GROUP BY 1 ORDER BY 1").fetchall()
            return {name: Tally(*tally).figures() for name, *tally in rows}

        (total,) = con.execute(f"SELECT {counts} FROM register").fetchall()
        found = {**Tally(*total).figures(), "by_result": figures(f"c{place[RESULT_COLUMN]}")}
        return found | ({"by": {column: figures(f"c{place[column]}") for column in by}} if by else {})


def _counts(given: str, true: str) -> str:
    """SQL: the numbers of a Tally, in order."""
    return (
        f"count(*), count(*) FILTER ({given} <> ''), count(*) FILTER ({given} = {true} AND {true} <> ''),"
        f" count(*) FILTER ({true} <> '')"
    )
