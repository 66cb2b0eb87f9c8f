"""What a delivery says of the subjects found: named fields only. What all subjects share of it.

Tables in: `register`, `sent`, `link`. A subject's own module (`persons`, `properties`) makes
`answer` of them: one row for each row of the register, `row`, `result`, `confidence`, `rule`, and the values
to give, v0, v1 and so on, in the order of the fields. `difference` follows from it, and the output's rows.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from matching.fields import OutputField, output_field
from matching.linking.persons import GIVEN


@dataclass(frozen=True)
class Disclosure:
    """What may be given, and on which day it is judged."""

    fields: tuple[OutputField, ...]
    on: date
    entitled: bool  # to the data of persons under a turvakielto
    columns: Mapping[str, int]  # of the register: field → index
    subject: str = "person"
    strayed: bool = False  # table `located` has the addresses of those that `subject` has for another day
    later: bool = False  # table `protected_later` is there

    @property
    def day(self) -> str:
        return f"DATE '{self.on.isoformat()}'"


@dataclass(frozen=True)
class Shape:
    """How a subject's answers are made. Stages are queries by the names of their tables, in order."""

    before: Callable[[Disclosure], dict[str, str]]  # stages that need no address
    homes: Callable[[Disclosure], str]  # the table of persons (pid) whose addresses are given; "" for none
    stages: Callable[[Disclosure], dict[str, str]]  # the last one is `answer`
    changes: Callable[[Disclosure], list[str]]  # SQL: a given field's name where it differs from `sent`
    ledger: Callable[[Disclosure], str]  # query: row, person_id, hetu, withheld, shielded: who is given
    compared: Callable[[Disclosure], dict[str, str]]  # given field → the field of `sent` beside it


def chosen_fields(names: Sequence[str], subject: str = "person") -> tuple[OutputField, ...]:
    """The fields of these names. Raises KeyError."""
    return tuple(output_field(name, subject) for name in names)


def difference(changes: Sequence[str], first: int, last: int) -> str:
    """Stage: for each of these rows the names of the given fields that differ from what was sent, by `;`.

    What is not given is no difference, be it withheld or unknown to the store: else an empty value would
    tell the one from the other (rule 13).
    """
    changed = f"nullif(concat_ws(';', {', '.join(changes)}), '')" if changes else "CAST(NULL AS VARCHAR)"
    tables = beside(f"{_rows('sent', first, last)} r", f"{_rows('answer', first, last)} a")
    return f"SELECT a.row, {changed} AS changed FROM {tables} ORDER BY a.row"


def change(name: str, shortcut: str, known: str, differs: str) -> str:
    """SQL: the field's name where what was sent is another value, not another form of the same one.

    `shortcut` and whether the value is known settle nearly all rows; the forms are not computed for them.
    """
    differs = f"CASE WHEN {shortcut} THEN false WHEN {known} IS NULL THEN false ELSE {differs} END"
    return f"CASE WHEN {differs} THEN '{name}' END"


def _rows(table: str, first: int, last: int) -> str:
    """The rows `first` to `last` of a table."""
    place = "rowid" if table == "register" else "row"
    return f"(SELECT * FROM {table} WHERE {place} BETWEEN {first} AND {last})"


def given() -> str:
    """Stage: the links, with the person only where the result lets data be given."""
    results = ", ".join(f"'{result}'" for result in GIVEN)
    pid = f"CASE WHEN result IN ({results}) THEN pid END"
    return f"SELECT row, result, confidence, rule, {pid} AS given_pid FROM link"


def beside(left: str, right: str) -> str:
    """Two tables of the same rows in the same order, side by side.

    This is DuckDB's own, and far cheaper than a join and a sort; elsewhere: JOIN on the row's number.
    """
    return f"{left} POSITIONAL JOIN {right}"


def same_municipality(sent: str, known: str) -> str:
    """The number, with or without its leading zeros, or the name in either language."""
    names = "SELECT 1 FROM municipality m WHERE m.code = " + known
    return (
        f"(length(trim({sent})) <= 3 AND lpad(trim({sent}), 3, '0') = {known}) OR EXISTS ({names}"
        f" AND lower(trim({sent})) IN (lower(m.name_fi), lower(m.name_sv)))"
    )


def row_values(disclosure: Disclosure, columns: int, first: int, last: int) -> str:
    """The rows `first` to `last` of the output, in order: the register's cells, the result, the values."""
    own = [f"r.c{index}" for index in range(columns)]
    values = [f"a.v{index}" for index in range(len(disclosure.fields))]
    fixed = ["a.row + 1 AS vtj_row", "a.result", "a.confidence", "a.rule", "d.changed"]
    tables = beside(f"{_rows('register', first, last)} r", f"{_rows('answer', first, last)} a")
    tables = beside(tables, f"{_rows('difference', first, last)} d")
    return f"SELECT {', '.join(own + fixed + values)} FROM {tables}"


def output_headers(headers: Sequence[str], fields: Sequence[OutputField]) -> list[str]:
    """The header of the output."""
    fixed = ["vtj_row", "vtj_result", "vtj_confidence", "vtj_rule", "vtj_changed"]
    return [*headers, *fixed, *(f"vtj_{field.name}" for field in fields)]
