"""Link data that ship in packages through our whole pipeline, and with Splink 5 beside it on the same fields.

A task is two tables in a DuckDB connection: `people`, the store, and `rows`, the register, which also has
unique_id. Both have the columns of COLUMNS, and `identifier`, as text; an empty cell is NULL. Our pipeline
gets them as an extract and a register, with no option and no threshold of their own: build, match with the
shipped model, train, match with the trained one.
"""

import csv
import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from bench.candidates import seen
from bench.measure import matching
from bench.page import share, table
from matching.store.extract import sql_text

# person_id is in `people` the person, in `rows` the true one; hetu is the identifier in the form of a code.
COLUMNS = (
    *("person_id", "hetu", "surname", "given_names", "birth_date", "sex"),
    *("street", "house_number", "postal_code", "post_office"),
)
HONEST = 0.95  # the probability from which a pair of Splink's counts, unless chosen with the truth


@dataclass(frozen=True)
class Found:
    """How one engine did: shares of the rows given a person, and of those that have one."""

    name: str
    precision: float | None
    recall: float | None
    f1: float | None
    candidates: float | None = None  # share of the true pairs among those that were compared
    linked: float | None = None  # F1 with the rows that are linked and yet held back as `conflict`

    def cells(self) -> list[str]:
        figures = (self.precision, self.recall, self.f1, self.linked, self.candidates)
        return [self.name, *map(share, figures)]


def report(found: Sequence[Found]) -> str:
    """Markdown."""
    head = ("", "precision", "recall", "F1", "F1 with `conflict`", "true pairs among the candidates")
    return table(head, [each.cells() for each in found])


def ours(con: duckdb.DuckDBPyConnection, folder: Path) -> list[Found]:
    """With the shipped model, and with the one that `train` makes of these rows, unlabelled."""
    folder.mkdir(parents=True, exist_ok=True)
    register, store, model = folder / "register.csv", folder / "store", folder / "model.json"
    _write_extract(con, folder / "extract")
    _copy(con, f"SELECT person_id AS truth, {', '.join(COLUMNS[1:])} FROM rows ORDER BY unique_id", register)
    matching("build", "build", folder / "extract", store)
    found = [_matched("ours, the shipped model", register, store, folder)]
    train = [sys.executable, "-m", "matching", "train", str(register), str(store), "--output", str(model)]
    # It refuses where too few rows are found.
    if subprocess.run(train, stderr=subprocess.DEVNULL).returncode == 0:
        found.append(_matched("ours, trained on these rows", register, store, folder, model))
    return found


def _write_extract(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """A date that is none is missing: an extract holds no such thing."""
    folder.mkdir(exist_ok=True)
    born = "CAST(TRY_CAST(birth_date AS DATE) AS VARCHAR)"
    person = f"SELECT * REPLACE ({born} AS birth_date) FROM (SELECT {', '.join(COLUMNS[:6])} FROM people)"
    _copy(con, person, folder / "person.csv")
    address = (
        "SELECT person_id, 'permanent' AS kind, street AS street_fi, house_number, postal_code,"
        " post_office AS post_office_fi FROM people WHERE coalesce(street, postal_code) IS NOT NULL"
    )
    _copy(con, address, folder / "address.csv")
    (folder / "extract.json").write_text('{"artificial": true}\n', encoding="utf-8")


def _copy(con: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    con.execute(f"COPY ({query}) TO {sql_text(str(path))} (FORMAT csv, HEADER)")


def _matched(name: str, register: Path, store: Path, folder: Path, model: Path | None = None) -> Found:
    output = folder / "matched.csv"
    files = ("--output", output, "--report", folder / "report.json", "--fields", "person_id")
    matching(name, "match", register, store, *files, *(("--model", model) if model else ()))
    figures = json.loads(matching("evaluate", "evaluate", output, "--truth", "truth").output)
    linked = seen(register, store, model=model)
    given = (figures["precision"], figures["recall"], figures["f1"])
    return Found(name, *given, linked.candidates, linked.f1)


def artificial_code(number: str) -> str:
    """SQL: for each number of up to seven digits another valid artificial code; all are of the 1900s.

    Each digit has a place of its own, as far as a code's form lets it: the first is told by the sign and the
    tens of the day, the others by day, month, year and individual number, in this order. So most slips in a
    number are one slip in the code, too; but the check character is that of what was written, since the
    number has none.
    """
    digits = f"lpad(CAST({number} AS VARCHAR), 7, '0')"
    digit = {place: f"CAST(substr({digits}, {place}, 1) AS INTEGER)" for place in range(1, 8)}
    month = f"['10', '01', '11', '03', '04', '05', '06', '07', '08', '09'][{digit[3]} + 1]"
    day = f"(1 + {digit[1]} % 2) || {digit[2]} || {month} || {digit[4]} || {digit[5]}"
    serial = f"'9' || {digit[6]} || {digit[7]}"
    check = f"substr('0123456789ABCDEFHJKLMNPRSTUVWXY', CAST({day} || {serial} AS INTEGER) % 31 + 1, 1)"
    return f"{day} || substr('-YXWV', {digit[1]} // 2 + 1, 1) || {serial} || {check}"


def load_csv(con: duckdb.DuckDBPyConnection, name: str, path: Path) -> None:
    """A table of a CSV whose cells may have blanks around; all is text, and an empty cell NULL."""
    with path.open(encoding="utf-8", newline="") as lines:
        head, *cells = csv.reader(lines, skipinitialspace=True)
    load_rows(con, name, head, cells)


def load_rows(
    con: duckdb.DuckDBPyConnection, name: str, head: Sequence[str], cells: Iterable[Sequence[str]]
) -> None:
    import pyarrow

    columns = zip(*([cell.strip() or None for cell in row] for row in cells), strict=True)
    given = pyarrow.table([pyarrow.array(column, pyarrow.string()) for column in columns], names=list(head))
    con.register("given", given)
    con.execute(f"CREATE TABLE {name} AS SELECT * FROM given")
    con.unregister("given")
