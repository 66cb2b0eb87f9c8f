"""A batch of changes: read it, see that it follows on what the store has, and check it.

Tables in `con` from here on: `batch.<table>` as it was sent (place, op, columns), `told.<table>` its rows to
upsert, `before.<table>` the store's version, and `after.<table>`, what the store will hold.

What a row does depends on its table:

* person, building, real_estate, municipality: `upsert` puts the row in the place of the one with its key, or
  adds it; `delete` removes the row with its key, and with a person, a building or a real-estate unit all rows
  of other tables that are its own (`GOES_WITH`).
* former_hetu, former_name, address (of a person), dwelling (of a building), owner (of a property): told whole
  for each subject that the file names. Its rows with `upsert` are all that it has from then on. A row with
  `delete` only names it: a subject with no row to upsert has none left.

Nothing is read of a row to delete but `op` and the name of its key or subject.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date

import duckdb

from matching.errors import InputProblems, Problem
from matching.store.extract import Note, sql_text
from matching.store.schema import CHILDREN, NAMED_BY, SCHEMA, UNIQUE
from matching.store.validate import Check, refuse, row_checks
from matching.store.versions import Snapshot

# Tables whose rows have a key; the others' rows belong to a subject.
KEYED = ("person", "building", "real_estate", "municipality")
# Table → (its column, the table of those whose end ends its rows too)
GOES_WITH = {
    "former_hetu": [("person_id", "person")],
    "former_name": [("person_id", "person")],
    "address": [("person_id", "person")],
    "dwelling": [("building_id", "building")],
    "owner": [("person_id", "person"), ("property_id", "building"), ("property_id", "real_estate")],
}


def check_follows(note: Note, newest: Snapshot) -> date:
    """The day that the batch shows, where the batch is the next one of this store. Raises InputProblems.

    Batches with a number follow the one that they name (the number before, unless told); the first number is
    taken as it is. Those without are ordered by their days alone, each later than the last.
    """
    problems = []
    if note.artificial != newest.artificial:
        problems.append(Problem("other_kind", "extract.json: not artificial as the store is, or the reverse"))
    if note.as_of is None:
        problems.append(Problem("no_day", "extract.json: a batch needs its day, as_of"))
    elif note.as_of < newest.as_of or (note.batch is None and note.as_of == newest.as_of):
        problems.append(Problem("old_batch", "extract.json: the store already shows that day or a later one"))
    if note.batch is None and (newest.batch is not None or note.follows is not None):
        problems.append(
            Problem("no_number", "extract.json: the batch has no number, and those before it have")
        )
    if note.batch is not None and newest.batch is not None:
        problems += _out_of_order(note.batch, note.follows, newest.batch)
    if problems or note.as_of is None:
        raise InputProblems(problems)
    return note.as_of


def _out_of_order(batch: int, follows: int | None, last: int) -> Iterator[Problem]:
    numbers: dict[str, str | int] = {"batch": batch, "last": last}
    if batch <= last:
        yield Problem(
            "repeated_batch", f"batch {batch} is in the store, whose last is {last}", params=numbers
        )
    elif (batch - 1 if follows is None else follows) != last:
        yield Problem("missing_batch", f"batch {batch} does not follow on {last}", params=numbers)


def name_tables(con: duckdb.DuckDBPyConnection, newest: Snapshot) -> None:
    """Make the views `before`, `told` and `after`; `batch` is there."""
    con.execute("CREATE SCHEMA before; CREATE SCHEMA told; CREATE SCHEMA after")
    for table in SCHEMA:
        path = sql_text(str(newest.path / f"{table}.parquet"))
        con.execute(f"CREATE VIEW before.{table} AS SELECT * FROM read_parquet({path})")
        con.execute(f"CREATE VIEW told.{table} AS SELECT * FROM batch.{table} WHERE op = 'upsert'")
        con.execute(f"CREATE VIEW after.{table} AS {changed_table(table)}")


def changed_table(table: str) -> str:
    """The rows of a table after the batch, those that stay in their order."""
    key, columns = NAMED_BY[table], list(SCHEMA[table])
    if table in KEYED:
        gone = f"SELECT {key} FROM batch.{table} WHERE op = 'delete'"
        return in_place(columns, key, f"before.{table}", f"told.{table}", gone)
    ends = [(key, f"SELECT {key} AS name FROM batch.{table}")]
    ends += [
        (column, f"SELECT {NAMED_BY[parent]} AS name FROM batch.{parent} WHERE op = 'delete'")
        for column, parent in GOES_WITH[table]
    ]
    joins = [f"ANTI JOIN ({ended}) e{i} ON e{i}.name = o.{column}" for i, (column, ended) in enumerate(ends)]
    listed = ", ".join(columns)
    return (
        f"SELECT {listed} FROM before.{table} o {' '.join(joins)} UNION ALL SELECT {listed} FROM told.{table}"
    )


def in_place(columns: Sequence[str], key: str, old: str, new: str, gone: str) -> str:
    """The rows of `old` without those `gone`, some replaced by their rows of `new`; then the other new ones.

    Old rows stay in order where every join reads them and hashes the other side (`steady`).
    """
    values = ", ".join(
        f"CASE WHEN n.{key} IS NULL THEN o.{name} ELSE n.{name} END AS {name}" for name in columns
    )
    known = f"SELECT o.{key} FROM {old} o SEMI JOIN {new} n ON n.{key} = o.{key}"
    return f"""
        SELECT {values} FROM {old} o LEFT JOIN {new} n ON n.{key} = o.{key}
        ANTI JOIN ({gone}) g ON g.{key} = o.{key}
        UNION ALL
        SELECT {", ".join(f"n.{name}" for name in columns)} FROM {new} n
        ANTI JOIN ({known}) k ON k.{key} = n.{key}"""


@contextmanager
def steady(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Joins hash the side that is written second, the small one here, whatever the optimiser would choose."""
    con.execute("SET disabled_optimizers = 'join_order,build_side_probe_side'")
    yield
    con.execute("RESET disabled_optimizers")


def is_changed(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Whether the batch has anything to say of a table."""
    named = [f"SELECT 1 FROM batch.{table}"]
    named += [f"SELECT 1 FROM batch.{parent} WHERE op = 'delete'" for _, parent in GOES_WITH.get(table, [])]
    return bool(con.execute(f"{' UNION ALL '.join(named)} LIMIT 1").fetchall())


def validate_batch(con: duckdb.DuckDBPyConnection, *, artificial: bool, as_of: date) -> None:
    """Raise InputProblems with the batch's rows that are wrong, or that would make the store wrong.

    Only what the batch tells is looked at: what was right before and is not told is right still.
    """
    refuse(con, _forms(), _strays(), schema="batch", place="place")
    rows = row_checks(artificial=artificial, as_of=as_of)
    refuse(con, rows, _clashes(), schema="told", place="place")


def _forms() -> Iterator[Check]:
    """What is wrong in the form of the batch itself."""
    for table, column in NAMED_BY.items():
        wrong = "op IS NULL OR op NOT IN ('upsert', 'delete')"
        yield Check("unknown_op", "neither upsert nor delete", table, "op", wrong)
        yield Check("missing_value", "the cell is empty", table, column, f"{column} IS NULL")


def _strays() -> Iterator[Check]:
    """A key that is told twice, and one to delete that the store doesn't have (a batch may be missing)."""
    for table in KEYED:
        key = NAMED_BY[table]
        twice = f"{key} IN (SELECT {key} FROM batch.{table} GROUP BY {key} HAVING count(*) > 1)"
        yield Check("duplicate_value", "the value is on more than one row", table, key, twice)
        known = f"SELECT 1 FROM before.{table} b WHERE b.{key} = {table}.{key}"
        unknown = f"op = 'delete' AND NOT EXISTS ({known})"
        yield Check("unknown_row", "no such row in the store", table, key, unknown)


def _clashes() -> Iterator[Check]:
    """What of a told row contradicts another row of what the store will hold."""
    for table, column in UNIQUE:
        key = NAMED_BY[table]
        if column != key:
            same = f"a.{column} = {table}.{column} AND a.{key} <> {table}.{key}"
            text = "the value is on another row too, of the batch or of the store"
            yield Check(
                "duplicate_value", text, table, column, f"EXISTS (SELECT 1 FROM after.{table} a WHERE {same})"
            )
    for table in CHILDREN:
        known = f"SELECT 1 FROM after.person a WHERE a.person_id = {table}.person_id"
        bad = f"person_id IS NOT NULL AND NOT EXISTS ({known})"
        yield Check("unknown_person", "no such person in the store", table, "person_id", bad)
    for table, elsewhere, other in (
        ("former_hetu", "person", "one person's former code is another person's present code"),
        ("person", "former_hetu", "one person's present code is another person's former code"),
        ("former_hetu", "former_hetu", "a former code of more than one person"),
    ):
        taken = f"a.hetu = {table}.hetu AND a.person_id <> {table}.person_id"
        bad = f"EXISTS (SELECT 1 FROM after.{elsewhere} a WHERE {taken})"
        yield Check("code_of_another", other, table, "hetu", bad)
