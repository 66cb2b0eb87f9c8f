"""Write a synthetic population extract: made-up people, artificial codes; same seed, same bytes."""

import json
import os
import shutil
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb

from matching.connect import available_memory, connect
from matching.errors import InputProblems, Problem
from matching.store.extract import sql_text
from matching.store.schema import SCHEMA
from matching.synth.draws import Draws
from matching.synth.facts import make_facts
from matching.synth.files import IN_CHUNK, selects
from matching.synth.homes import make_homes
from matching.synth.people import households_for, make_people

# Fixed, so that the same seed gives the same bytes on any day.
AS_OF = date(2026, 11, 1)
MEMORY = 2_500_000_000
# Persons whose rows are sorted at a time.
CHUNK = 500_000
FORMATS = {
    "csv": "FORMAT csv, HEADER, DELIMITER ','",
    "parquet": "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880",
}


def synthesise(
    folder: Path,
    persons: int,
    *,
    seed: int = 1,
    file_format: str = "csv",
    as_of: date = AS_OF,
    threads: int | None = None,
    memory: str | None = None,
    on_step: Callable[[str], None] = lambda step: None,
) -> None:
    """Write an extract of `persons` persons into `folder`, which must be empty or not exist.

    The folder appears whole or not at all. `on_step` is told the name of each step as it begins.
    Raises InputProblems.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputProblems([Problem("folder_not_empty", "the output folder exists and is not empty")])
    if persons < 1:
        raise InputProblems([Problem("too_few_persons", "the number of persons must be at least 1")])
    folder.parent.mkdir(parents=True, exist_ok=True)
    memory = memory or f"{min(MEMORY, available_memory() // 2)}B"
    work = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
    try:
        with connect(threads=threads, memory=memory, temp=work / "temp") as con:
            _make_tables(con, Draws(seed), persons, as_of.isoformat(), on_step)
            (work / "extract").mkdir()
            files = selects(Draws(seed), as_of.isoformat())
            _write_files(con, work / "extract", file_format, files, on_step)
        note = {"artificial": True, "as_of": as_of.isoformat()}
        (work / "extract" / "extract.json").write_text(json.dumps(note) + "\n", encoding="utf-8")
        os.replace(work / "extract", folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _make_tables(
    con: duckdb.DuckDBPyConnection, draws: Draws, persons: int, as_of: str, on_step: Callable[[str], None]
) -> None:
    on_step("homes")
    make_homes(con, draws, households_for(persons))
    on_step("people")
    make_people(con, draws, persons, as_of)
    on_step("facts")
    make_facts(con, draws, as_of)


def _write_files(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    file_format: str,
    files: dict[str, str],
    on_step: Callable[[str], None],
) -> None:
    for name, select in files.items():
        on_step(name)
        source = _in_parts(con, select, folder.parent / name) if IN_CHUNK in select else select
        typed = ", ".join(f"{column}::{kind} AS {column}" for column, kind in SCHEMA[name].items())
        target = sql_text(str(folder / f"{name}.{file_format}"))
        con.execute(f"COPY (SELECT {typed} FROM ({source})) TO {target} ({FORMATS[file_format]})")


def _in_parts(con: duckdb.DuckDBPyConnection, select: str, parts: Path) -> str:
    """Sort and write a chunk of persons at a time, to bound the memory; return what reads them in order."""
    parts.mkdir()
    persons = con.execute("SELECT count(*) FROM person_fact").fetchall()[0][0]
    for first in range(0, persons, CHUNK):
        con.execute(f"SET VARIABLE first = {first}; SET VARIABLE last = {first + CHUNK - 1}")
        con.execute(f"COPY ({select}) TO {sql_text(str(parts / f'{first:012d}.parquet'))} (FORMAT parquet)")
    return f"SELECT * FROM read_parquet({sql_text(str(parts / '*.parquet'))})"
