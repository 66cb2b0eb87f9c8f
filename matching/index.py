"""An index of a version: a register reads the persons it needs where they lie, not all of them.

index-<kind>.npy   sorted 64-bit numbers: a search key of the kind (matching.traits) above, its pid below
index-trait.arrow, index-subject.arrow
                   these tables, uncompressed, so that single persons are read out of the file
index-trait.npy, index-subject.npy
                   of each pid, which row of that file is its

Made from the version's Parquet, which a register of very many rows reads whole: the same stages find the same
either way.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matching import traits
from matching.connect import connect
from matching.extract import sql_text
from matching.run import Run
from matching.searching import NEAR, WIDE
from matching.store import INDEX

TABLES = ("trait", "subject")
_PID = (1 << 32) - 1  # the part of a number that is the pid
PIECE = 8_192  # persons that a core works on at once
BATCH = 1_000_000  # persons of a part of a file: the fewer the parts, the faster they are read

Numbers = np.ndarray[tuple[int], np.dtype[np.int64]]


def make(version: Path, *, threads: int | None = None, memory: str | None = None) -> None:
    """Write the index of the version in a folder, beside its Parquet files."""
    with (
        connect(threads=threads, memory=memory) as con,
        ThreadPoolExecutor(threads or os.cpu_count()) as pool,
    ):
        making = [pool.submit(_copy, con.cursor(), version, table) for table in TABLES]
        making += [pool.submit(_sort_keys, con.cursor(), version, kind) for kind in traits.KINDS]
        for made in making:
            made.result()


def _copy(con: duckdb.DuckDBPyConnection, version: Path, table: str) -> None:
    """Write a table as it lies, and where each person is in it."""
    pids = []
    rows = con.sql(f"FROM read_parquet({sql_text(str(version / f'{table}.parquet'))})")
    with (
        rows.to_arrow_reader(BATCH) as reader,
        pa.ipc.new_file(version / INDEX.format(table), reader.schema) as file,
    ):
        for batch in reader:
            pids.append(batch["pid"].to_numpy())
            file.write_batch(batch)
    every = np.concatenate([np.empty(0, np.int32), *pids])
    places = np.full(int(every.max(initial=0)) + 1, -1, np.int32)
    places[every] = np.arange(len(every), dtype=np.int32)
    np.save(version / f"index-{table}.npy", places)


def _sort_keys(con: duckdb.DuckDBPyConnection, version: Path, kind: str) -> None:
    path = sql_text(str(version / "key.parquet"))
    found = con.execute(
        f"SELECT {kind}::BIGINT << 32 | pid AS key FROM read_parquet({path}) WHERE {kind} IS NOT NULL"
    ).fetchnumpy()
    keys = np.asarray(found["key"], dtype=np.int64)
    keys.sort()
    np.save(version / f"index-{kind}.npy", keys)


class People:
    """A table of the index."""

    def __init__(self, version: Path, table: str) -> None:
        file = pa.ipc.open_file(pa.memory_map(str(version / INDEX.format(table))))
        self.batches = [file.get_batch(number) for number in range(file.num_record_batches)]
        self.schema = file.schema
        self.ends = np.cumsum([batch.num_rows for batch in self.batches])
        self.places = np.load(version / f"index-{table}.npy", mmap_mode="r")

    def take(self, pids: Numbers, columns: Sequence[str] = ()) -> pa.Table:
        """The rows of these persons, who are there; all columns unless some are named."""
        places = np.sort(self.places[pids])
        bounds = np.concatenate([[0], places.searchsorted(self.ends)])

        def taken(part: int) -> pa.RecordBatch:
            batch = self.batches[part].select(columns) if columns else self.batches[part]
            start = self.ends[part] - batch.num_rows
            return batch.take(_array(places[bounds[part] : bounds[part + 1]] - start))

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            batches = list(pool.map(taken, range(len(self.batches))))
        schema = pa.schema([self.schema.field(name) for name in columns]) if columns else self.schema
        return pa.Table.from_batches(batches, schema)


@contextmanager
def of_few(run: Run, version: Path, table: str, pids: str, columns: Sequence[str]) -> Iterator[None]:
    """`table` holds only these persons and columns meanwhile."""
    put(run, table, People(version, table).take(numbers(run, pids), columns))
    yield
    run.con.unregister(table)


@contextmanager
def narrowed(run: Run, version: Path) -> Iterator[Callable[[str], None]]:
    """What to call with each stage's name before it; at the end the whole tables are back in their places."""
    yield Index(run, version).before
    for table in ("trait", "key", *(table for tables in _DEAR.values() for table in tables)):
        run.con.unregister(table)


class Index:
    """Puts the part of `trait` or `key` that a stage needs in the table's place, before the stage is made."""

    def __init__(self, run: Run, version: Path) -> None:
        self.run, self.version, self.people = run, version, People(version, "trait")
        self.hidden = numbers(run, "SELECT pid FROM hidden") if run.hidden else np.empty(0, np.int64)

    def before(self, stage: str) -> None:
        """Nothing where the stage reads neither."""
        with self.run.step("index"):
            self._narrow(stage)

    def _narrow(self, stage: str) -> None:
        if stage in _PERSONS:
            columns, pids = _PERSONS[stage]
            put(self.run, "trait", self._known(self.people.take(numbers(self.run, pids), columns)))
            for table in _DEAR.get(stage, ()):
                put(self.run, table, self.run.con.table(table).to_arrow_table())
        elif stage == "alone":
            put(self.run, "key", self._keys("exact", numbers(self.run, "SELECT exact FROM exact_key")))
        elif stage in _KEYS:
            wanted: dict[str, list[Any]] = {}
            for kinds, rows in _KEYS[stage]:
                query = f"SELECT {', '.join(kinds)} FROM sought_key WHERE {rows}"
                found = self.run.con.execute(query).fetchnumpy()
                for own, kind in kinds.items():
                    wanted.setdefault(kind, []).append(found[own])
            with ThreadPoolExecutor(os.cpu_count()) as pool:
                tables = list(pool.map(lambda kind: self._keys(kind, _different(wanted[kind])), wanted))
            put(self.run, "key", pa.concat_tables(tables, promote_options="default"))

    def _known(self, persons: pa.Table) -> pa.Table:
        """The persons, those that are hidden without their homes."""
        if not len(self.hidden):
            return persons
        hidden = pc.is_in(persons["pid"], value_set=_array(self.hidden))
        homeless = persons.filter(hidden)
        for place, name in enumerate(homeless.column_names):
            if name in traits.TELL_OF_HOMES["trait"]:
                nothing = pa.nulls(len(homeless), homeless.schema.field(name).type)
                homeless = homeless.set_column(place, homeless.schema.field(name), nothing)
        return pa.concat_tables([persons.filter(pc.invert(hidden)), homeless])

    def _keys(self, kind: str, wanted: Numbers) -> pa.Table:
        """The kind's keys that are wanted, each with the persons who have it."""
        held = np.load(self.version / f"index-{kind}.npy", mmap_mode="r")
        first, last = held.searchsorted(wanted << 32), held.searchsorted((wanted + 1) << 32)
        counts = last - first
        starts = np.repeat(first - np.cumsum(counts) + counts, counts)
        found = held[starts + np.arange(counts.sum())]
        if kind in traits.TELL_OF_HOMES["key"] and len(self.hidden):
            found = found[~np.isin(found & _PID, self.hidden)]
        keys, pids = _array(found >> 32), _array(found)
        return pa.Table.from_arrays([keys, pids], names=[kind, "pid"])


def _different(columns: Iterable[Any]) -> Numbers:
    """The different numbers in columns, in ascending order; those that are masked are none."""
    present = [np.ma.compressed(column) for column in columns]
    return np.unique(np.concatenate(present)).astype(np.int64)


def _array(values: Numbers) -> pa.Array:
    """As 32-bit numbers. `pa.array` would first load all of pandas, where that is installed."""
    return pa.Array.from_buffers(pa.int32(), len(values), [None, pa.py_buffer(values.astype(np.int32))])


def numbers(run: Run, query: str) -> Numbers:
    """The different numbers of a query's only column, in ascending order."""
    return _different(run.con.execute(query).fetchnumpy().values())


def put(run: Run, table: str, rows: pa.Table) -> None:
    """Rows in the place of a table, in pieces that all cores share."""
    run.con.register(table, pa.Table.from_batches(rows.to_batches(PIECE), rows.schema))


# Of the stages that read `trait`, the columns (all, where none is named) and the persons that they read.
_PERSONS: dict[str, tuple[Sequence[str], str]] = {
    "repaired": (
        ("pid", "born", "surname", "formers", "given"),
        "SELECT pid FROM mended",
    ),
    "ladder": (
        ("pid", "born", "sex", "given", *traits.HOME, *traits.FORMER_HOMES),
        "SELECT pid FROM alone",
    ),
    "near_score": ((), "SELECT pid FROM near_pair"),
    "far_score": ((), "SELECT pid FROM far_pair"),
}
# Of the stages that work hard on few rows, the tables that are read in pieces, so that all cores share it.
_DEAR = {"near_score": ("sought", "near_pair"), "far_score": ("far_pair",)}
# Of the stages that read `key`, the kinds of keys and the rows of `sought_key` whose keys are sought.
_KEYS = {
    "near_pair": [(NEAR, "variant = 0")],
    "far_pair": [
        (WIDE, "row NOT IN (SELECT row FROM sure)"),
        (NEAR, "row NOT IN (SELECT row FROM sure) AND variant = 1"),
    ],
}
