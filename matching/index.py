"""An index of a version on a worker's own disk: a small register reads the few persons it needs, not all.

index-<kind>.npy   sorted 64-bit numbers: a search key of the kind (matching.traits) above, its pid below
index-trait.arrow, index-subject.arrow
                   these tables, uncompressed, so that single persons are read out of the file where they lie

Made from the version's Parquet where a worker copies it (matching.cache). Without one, or for a large
register, the same stages read the Parquet whole, and find the same.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from matching import traits
from matching.connect import connect
from matching.extract import sql_text
from matching.run import Run
from matching.searching import PAIRED
from matching.store import INDEX

BATCH = 1_000_000  # persons read at once: the fewer the batches, the faster a person is found

Numbers = np.ndarray[tuple[int], np.dtype[np.int64]]


def make(version: Path) -> None:
    """Write the index of the version in a folder, beside its Parquet files."""
    with connect() as con:
        for kind in traits.KINDS:
            np.save(version / f"index-{kind}.npy", _sorted_keys(con, version / "key.parquet", kind))
        for table in ("trait", "subject"):
            _copy(con, version / f"{table}.parquet", version / INDEX.format(table))


def _copy(con: duckdb.DuckDBPyConnection, source: Path, target: Path) -> None:
    rows = con.sql(f"FROM read_parquet({sql_text(str(source))}) ORDER BY pid")
    with rows.to_arrow_reader(BATCH) as reader, pa.ipc.new_file(target, reader.schema) as file:
        for batch in reader:
            file.write_batch(batch)


def _sorted_keys(con: duckdb.DuckDBPyConnection, path: Path, kind: str) -> Numbers:
    found = con.execute(
        f"SELECT {kind}::BIGINT << 32 | pid AS key FROM read_parquet({sql_text(str(path))})"
        f" WHERE {kind} IS NOT NULL"
    ).fetchnumpy()
    keys = np.asarray(found["key"], dtype=np.int64)
    keys.sort()
    return keys


class People:
    """A table of the index."""

    def __init__(self, version: Path, table: str) -> None:
        file = pa.ipc.open_file(pa.memory_map(str(version / INDEX.format(table))))
        self.schema = file.schema
        self.batches = [file.get_batch(number) for number in range(file.num_record_batches)]
        self.last = [batch["pid"][-1].as_py() for batch in self.batches]

    def take(self, pids: Numbers) -> pa.Table:
        """The rows of these persons, who are there, in ascending order."""
        taken, first = [], 0
        for batch, end in zip(self.batches, pids.searchsorted(self.last, "right"), strict=True):
            places = batch["pid"].to_numpy().searchsorted(pids[first:end])
            taken.append(batch.take(pa.array(places)))
            first = end
        return pa.Table.from_batches(taken, self.schema)


@contextmanager
def of_few(run: Run, version: Path, table: str, pids: str) -> Iterator[None]:
    """`table` holds only these persons meanwhile."""
    put(run, table, People(version, table).take(numbers(run, pids)))
    yield
    run.con.execute(f"DROP TABLE temp.{table}")


@contextmanager
def narrowed(run: Run, version: Path) -> Iterator[Callable[[str], None]]:
    """What to call with each stage's name before it; at the end the whole tables are back in their places."""
    yield Index(run, version).before
    for table in ("trait", "key"):
        run.con.execute(f"DROP TABLE IF EXISTS temp.{table}")


class Index:
    """Puts the part of `trait` or `key` that a stage needs in the table's place, before the stage is made."""

    def __init__(self, run: Run, version: Path) -> None:
        self.run, self.version, self.people = run, version, People(version, "trait")

    def before(self, stage: str) -> None:
        """Nothing where the stage reads neither."""
        with self.run.step("index"):
            self._narrow(stage)

    def _narrow(self, stage: str) -> None:
        if stage in _PERSONS:
            put(self.run, "trait", self.people.take(numbers(self.run, _PERSONS[stage])))
        elif stage == "alone":
            put(self.run, "key", self._keys("exact", "SELECT exact FROM exact_key WHERE exact IS NOT NULL"))
        elif stage == "pair":
            wanted: dict[str, list[str]] = {}
            for own, kind in PAIRED.items():
                wanted.setdefault(kind, []).append(
                    f"SELECT {own} AS key FROM sought_key WHERE {own} IS NOT NULL"
                )
            tables = [self._keys(kind, " UNION ".join(parts)) for kind, parts in wanted.items()]
            put(self.run, "key", pa.concat_tables(tables, promote_options="default"))

    def _keys(self, kind: str, keys: str) -> pa.Table:
        """The kind's keys that are wanted, each with the persons who have it."""
        wanted = numbers(self.run, keys)
        held = np.load(self.version / f"index-{kind}.npy", mmap_mode="r")
        first, last = held.searchsorted(wanted << 32), held.searchsorted((wanted + 1) << 32)
        counts = last - first
        starts = np.repeat(first - np.cumsum(counts) + counts, counts)
        found = held[starts + np.arange(counts.sum())]
        return pa.table({kind: (found >> 32).astype(np.int32), "pid": found.astype(np.int32)})


def numbers(run: Run, query: str) -> Numbers:
    """The different numbers of a query's only column, in ascending order."""
    found = run.con.execute(f"SELECT DISTINCT n FROM ({query}) t(n) WHERE n IS NOT NULL ORDER BY n")
    return np.asarray(found.fetchnumpy()["n"], dtype=np.int64)


def put(run: Run, table: str, rows: pa.Table) -> None:
    """Rows as a temporary table, which goes before the other of its name."""
    run.con.register("narrowed", rows)
    run.con.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS FROM narrowed")
    run.con.unregister("narrowed")


# Of the stages that read `trait`, the persons that they read.
_PERSONS = {
    "repaired": "SELECT k.pid FROM mended m JOIN code k ON k.code = m.code",
    "ladder": "SELECT pid FROM alone",
    "score": "SELECT pid FROM pair",
}
