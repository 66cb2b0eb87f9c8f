"""Batches of changes, drawn as text tables, and a plain model of what they do to an extract."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from matching.errors import InputProblems
from matching.store.apply import apply
from matching.store.schema import NAMED_BY, SCHEMA
from tests.matching.drawn import code, table, write_table

Rows = list[dict[str, str]]
Tables = dict[str, Rows]

# Artificial codes of three persons, and one more of each of the first two.
AINO, BO, CAI = code("010190-901"), code("020280-902"), code("030370-903")
AINO_NEW, BO_NEW = code("010190-911"), code("020280-912")
PERSONS = f"""
    person_id | hetu   | surname | given_names | birth_date
    A         | {AINO} | Aalto   | Aino        | 1990-01-01
    B         | {BO}   | Berg    | Bo          | 1980-02-02
    C         | {CAI}  | Cygnel  | Cai         | 1970-03-03"""


def write_batch(folder: Path, note: dict[str, Any] | None = None, **tables: str | Rows) -> Path:
    """A batch that the tables draw, with an extract.json of the day after the drawn store's."""
    said = {"artificial": True, "as_of": "2026-11-02"} | (note or {})
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        write_table(folder / f"{name}.csv", table(rows) if isinstance(rows, str) else rows)
    (folder / "extract.json").write_text(json.dumps(said))
    return folder


def problems_of_batch(store: Path, note: dict[str, Any] | None = None, **tables: str) -> list[str]:
    """The messages with which a drawn batch is refused; the store stays as it was."""
    before = sorted(store.rglob("*"))
    with pytest.raises(InputProblems) as refused:
        apply(write_batch(store.parent / "batch", note, **tables), store)
    assert sorted(store.rglob("*")) == before
    return [str(problem) for problem in refused.value.problems]


def write_tables(folder: Path, tables: Tables, as_of: str) -> Path:
    """The tables as an extract."""
    folder.mkdir(parents=True)
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(SCHEMA[name]))
            writer.writeheader()
            writer.writerows(rows)
    (folder / "extract.json").write_text(json.dumps({"artificial": True, "as_of": as_of}))
    return folder


def after(tables: Tables, batch: Tables) -> Tables:
    """What docs/contract.md says that a batch makes of an extract of persons."""
    told = {name: [row for row in rows if row["op"] == "upsert"] for name, rows in batch.items()}
    gone = {row["person_id"] for row in batch.get("person", []) if row["op"] == "delete"}
    persons = {row["person_id"]: row for row in [*tables["person"], *told.get("person", [])]}
    result = {"person": [row for key, row in persons.items() if key not in gone]}
    for name in tables.keys() - {"person"}:
        named = gone | {row["person_id"] for row in batch.get(name, [])}
        stay = [row for row in tables[name] if row[NAMED_BY[name]] not in named]
        result[name] = [*stay, *told.get(name, [])]
    return {
        name: [{key: row.get(key, "") for key in SCHEMA[name]} for row in rows]
        for name, rows in result.items()
    }
