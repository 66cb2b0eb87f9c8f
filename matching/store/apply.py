"""Apply a batch of changes to the newest version of a store: a new version, made from what changed.

A table of which nothing changed is the parent's own file (a hard link); of the others, the rows that stay are
copied. Prepared rows are made of the changed persons alone and put among those of the others, who keep their
pid. What the rows of a batch mean is told in `matching.store.changes`.
"""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from matching.store import changes, property_tables, traits
from matching.store import extract as extracts
from matching.store import versions as stores
from matching.store.extract import PARQUET_OUT, sql_text
from matching.store.prepare import OUT, prepare
from matching.store.schema import NAMED_BY, SCHEMA


@dataclass(frozen=True)
class OfPersons:
    """A prepared table with rows that are made of one person's each, by `pid`."""

    one: bool = False  # a row for each person, in the order of pid
    order: str = ""  # the columns that the file is sorted by


PREPARED = {
    "subject": OfPersons(one=True),
    "trait": OfPersons(one=True),
    "code": OfPersons(order="code"),
    "key": OfPersons(),
}
# Prepared tables that are counted over all persons.
COUNTED = ("sound", "frequency", "crowded")


def apply(
    folder: Path,
    store: Path,
    *,
    limits: stores.Limits | None = None,
    on_step: Callable[[str], None] = lambda step: None,
) -> str:
    """Publish the newest version with a batch as a new version, in one atomic step; return its name.

    Raises InputProblems: for a batch that is not the next one, rows that are wrong, or a version that was
    published meanwhile. Then, or when it is killed, the store is as it was.
    """
    newest = stores.open_version(store)
    limits = limits or stores.Limits()
    with (
        stores.in_use(newest),
        stores.building(store) as place,
        stores.connection(place, limits) as con,
    ):
        on_step("read")
        batch = extracts.check_changes(folder, con)
        as_of = changes.check_follows(batch.note, newest)
        extracts.read_changes(con, batch)
        on_step("validate")
        changes.name_tables(con, newest)
        changes.validate_batch(con, artificial=newest.artificial, as_of=as_of)
        tables = place / "version"
        tables.mkdir()
        on_step("merge")
        _merge_tables(con, newest.path, tables)
        on_step("prepare")
        _prepare(con, newest, tables)
        _prepare_properties(con, newest, tables)
        on_step("index")
        _index(newest, tables, limits)
        on_step("publish")
        return stores.publish(
            con, store, tables, stores.Origin(as_of, newest.artificial, batch.note.batch, newest)
        )


def _merge_tables(con: duckdb.DuckDBPyConnection, old: Path, tables: Path) -> None:
    """Write the tables of the extract and name them as views."""
    for table in SCHEMA:
        path = tables / f"{table}.parquet"
        if changes.is_changed(con, table):
            _write(con, f"SELECT * FROM after.{table}", path)
        else:
            _share(old / path.name, path)
        con.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet({sql_text(str(path))})")


def _prepare(con: duckdb.DuckDBPyConnection, newest: stores.Snapshot, tables: Path) -> None:
    """Write the prepared tables: all anew where another preparation made the old ones."""
    if not newest.prepared:
        prepare(con, tables)
        return
    if not _changed_persons(con, newest.path / "subject.parquet"):
        for name in (*PREPARED, *COUNTED):
            _share(newest.path / f"{name}.parquet", tables / f"{name}.parquet")
        return
    made = tables.parent / "prepared"
    made.mkdir()
    # The preparation finds the tables by their names: here those of the changed persons.
    con.execute("SET schema = 'changed'")
    prepare(con, made)
    con.execute("SET schema = 'main'")
    _number(con, newest.path / "subject.parquet", made / "subject.parquet")
    for name, how in PREPARED.items():
        path = tables / f"{name}.parquet"
        _write(con, _merged(con, how, newest.path / path.name, made / path.name), path, OUT)
        con.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet({sql_text(str(path))})")
    counted = traits.sounds(), traits.frequency(), _crowded(con, newest.path)
    for name, query in zip(COUNTED, counted, strict=True):
        _write(con, query, tables / f"{name}.parquet", OUT)


def _prepare_properties(con: duckdb.DuckDBPyConnection, newest: stores.Snapshot, tables: Path) -> None:
    """The prepared tables of buildings and real estate: the parent's where nothing that they show changed."""
    if newest.prepared and not any(changes.is_changed(con, table) for table in property_tables.MADE_OF):
        for name in property_tables.TABLES:
            _share(newest.path / f"{name}.parquet", tables / f"{name}.parquet")
    else:
        property_tables.prepare_properties(con, tables)


def _index(newest: stores.Snapshot, tables: Path, limits: stores.Limits) -> None:
    """The parent's where it is the same persons'."""
    same = all((tables / f"{name}.parquet").samefile(newest.path / f"{name}.parquet") for name in PREPARED)
    if not (same and newest.indexed):
        stores.make_index(tables, limits)
        return
    for path in newest.path.glob("index-*"):
        _share(path, tables / path.name)


def _changed_persons(con: duckdb.DuckDBPyConnection, subject: Path) -> bool:
    """Make the tables of the schema `changed`: of persons whom the batch names, and who are still there.

    With them those whose prepared address has come to its end since it was chosen.
    """
    of_persons = [table for table, column in NAMED_BY.items() if column == "person_id"]
    named = " UNION ".join(f"SELECT person_id FROM batch.{table}" for table in of_persons)
    ended = f"SELECT person_id FROM read_parquet({sql_text(str(subject))}) WHERE holds_until < current_date"
    con.execute(f"CREATE TABLE named AS {named} UNION {ended}")
    con.execute("CREATE SCHEMA changed")
    for table in SCHEMA:
        only = "SEMI JOIN main.named n ON n.person_id = t.person_id" if table in of_persons else ""
        kind = "TABLE" if only else "VIEW"
        con.execute(f"CREATE {kind} changed.{table} AS SELECT t.* FROM main.{table} t {only}")
    return bool(con.execute("SELECT 1 FROM named LIMIT 1").fetchall())


def _number(con: duckdb.DuckDBPyConnection, old: Path, made: Path) -> None:
    """Make `number`: the pid of each named person in the version, and in the prepared tables (`made`).

    Who was there keeps the pid, who is new gets the next ones, and who is gone has none in `made`.
    """
    con.execute(f"CREATE VIEW was AS SELECT pid, person_id FROM read_parquet({sql_text(str(old))})")
    con.execute(f"CREATE VIEW made AS SELECT pid, person_id FROM read_parquet({sql_text(str(made))})")
    con.execute("""
        CREATE TABLE number AS
        WITH known AS (SELECT w.pid, w.person_id FROM was w SEMI JOIN named n ON n.person_id = w.person_id),
        added AS (
            SELECT row_number() OVER (ORDER BY m.pid) + (SELECT coalesce(max(pid), 0) FROM was) AS pid,
                   m.person_id
            FROM made m ANTI JOIN known k ON k.person_id = m.person_id)
        SELECT a.pid::INTEGER AS pid, m.pid AS made FROM (FROM known UNION ALL FROM added) a
        LEFT JOIN made m ON m.person_id = a.person_id""")


def _merged(con: duckdb.DuckDBPyConnection, how: OfPersons, old: Path, made: Path) -> str:
    """The rows of a prepared table: the old ones of those not named, and those made."""
    was = f"read_parquet({sql_text(str(old))})"
    columns = [row[0] for row in con.execute(f"DESCRIBE SELECT * FROM {was}").fetchall()]
    numbered = f"""(
        SELECT t.* REPLACE (n.pid AS pid) FROM read_parquet({sql_text(str(made))}) t
        JOIN number n ON n.made = t.pid ORDER BY n.pid)"""
    if how.one:
        return changes.in_place(columns, "pid", was, numbered, "SELECT pid FROM number WHERE made IS NULL")
    listed, order = ", ".join(columns), f"ORDER BY {how.order}" if how.order else ""
    stay = f"SELECT {listed} FROM {was} o ANTI JOIN number n ON n.pid = o.pid"
    return f"{stay} UNION ALL SELECT {listed} FROM {numbered} {order}"


def _crowded(con: duckdb.DuckDBPyConnection, old: Path) -> str:
    """The crowded keys: of those that named persons have or had, counted again; the others as they were."""
    was, crowds = (sql_text(str(old / f"{name}.parquet")) for name in ("key", "crowded"))
    con.execute(f"""
        CREATE TABLE touched AS
        SELECT o.* FROM read_parquet({was}) o SEMI JOIN number n ON n.pid = o.pid
        UNION ALL
        SELECT k.* FROM key k SEMI JOIN number n ON n.pid = k.pid""")
    return " UNION ALL ".join(
        f"SELECT kind, c.key FROM read_parquet({crowds}) c ANTI JOIN touched t ON t.{kind} = c.key"
        f" WHERE c.kind = '{kind}' UNION ALL SELECT '{kind}', k.{kind} FROM key k"
        f" SEMI JOIN touched t ON t.{kind} = k.{kind}"
        f" GROUP BY k.{kind} HAVING count(*) > {traits.crowd_of(kind)}"
        for kind in traits.KINDS
    )


def _write(con: duckdb.DuckDBPyConnection, query: str, path: Path, form: str = PARQUET_OUT) -> None:
    with changes.steady(con):
        con.execute(f"COPY ({query}) TO {sql_text(str(path))} ({form})")


def _share(source: Path, target: Path) -> None:
    """One file under both names, since neither is ever changed; a copy where the disk knows no such links."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
