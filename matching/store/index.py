"""An index of a version: a register reads the persons it needs where they lie, not all of them.

index-<kind>.npy   sorted 64-bit numbers: a search key of the kind (`traits.KINDS`) above, its pid below
index-<kind>-spans.npy
                   the first number of each span of them, so that a search stays in few lines of memory
index-trait.arrow, index-subject.arrow
                   these tables, uncompressed, so that single persons are read out of the file
index-trait.npy, index-subject.npy
                   of each pid, which row of that file is its

Made from the version's Parquet, which a register of very many rows reads whole: the same stages find the same
either way.
"""

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from matching.connect import connect
from matching.store import traits
from matching.store.extract import sql_text
from matching.store.traits import INDEX, SPAN

TABLES = ("trait", "subject")
BATCH = 1_000_000  # persons of a part of a file: the fewer the parts, the faster they are read


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
        for part in _parts(reader):
            pids.append(part["pid"].to_numpy())
            file.write_batch(part)
    every = np.concatenate([np.empty(0, np.int32), *pids])
    places = np.full(int(every.max(initial=0)) + 1, -1, np.int32)
    places[every] = np.arange(len(every), dtype=np.int32)
    np.save(version / f"index-{table}.npy", places)


def _parts(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Batches, which DuckDB makes no larger than a row group, joined to `BATCH` rows or a little more."""
    joined: list[pa.RecordBatch] = []
    for batch in batches:
        joined.append(batch)
        if sum(map(len, joined)) >= BATCH:
            yield pa.concat_batches(joined)
            joined = []
    if joined:
        yield pa.concat_batches(joined)


def _sort_keys(con: duckdb.DuckDBPyConnection, version: Path, kind: str) -> None:
    path = sql_text(str(version / "key.parquet"))
    found = con.execute(
        f"SELECT {kind}::BIGINT << 32 | pid AS key FROM read_parquet({path}) WHERE {kind} IS NOT NULL"
    ).fetchnumpy()
    keys = np.asarray(found["key"], dtype=np.int64)
    keys.sort()
    np.save(version / f"index-{kind}.npy", keys)
    np.save(version / f"index-{kind}-spans.npy", keys[::SPAN])
