"""Errors that are written for the user. Everything else is a bug and may fail loudly."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Problem:
    """One thing that the user must mend.

    `code` is stable, for translation by a caller; `text` is the same in English. `row` is the 1-based
    data row (the header is not counted). Neither ever holds the content of a data cell.
    """

    code: str
    text: str
    row: int | None = None
    column: str | None = None
    params: dict[str, str | int] = field(default_factory=dict)

    def __str__(self) -> str:
        where = [f"row {self.row}"] if self.row is not None else []
        where += [f"column {self.column}"] if self.column else []
        return ": ".join([", ".join(where), self.text] if where else [self.text])


class InputProblems(Exception):
    """Input that the user must mend: one or more problems, at most `LIMIT` of them spelled out."""

    LIMIT = 100

    def __init__(self, problems: Sequence[Problem], *, total: int | None = None) -> None:
        self.problems = list(problems[: self.LIMIT])
        self.total = len(problems) if total is None else total
        super().__init__("; ".join(str(problem) for problem in self.problems))
