"""Cases drawn as small text tables: persons in, rows in, {row: what came out} out."""

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

from matching import engine
from matching.identifiers import hetu_check_character
from matching.store.versions import build

TODAY = date(2026, 11, 23)


def code(start: str) -> str:
    """A personal identity code from its first ten characters, with its check character."""
    return start + hetu_check_character(int(start[:6] + start[7:10]))


def table(text: str) -> list[dict[str, str]]:
    """Rows of a table with `|` between cells and a header first; `""` in a cell is an empty one."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    return [dict(zip(lines[0], cells, strict=True)) for cells in lines[1:]]


def write_table(path: Path, rows: list[dict[str, str]], delimiter: str = ",") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def draw_store(folder: Path, *, artificial: bool = True, **tables: str) -> Path:
    """A store with one more version, of the extract that the tables draw (`person="…"`, `address="…"`)."""
    extract = folder / f"extract-{len(list(folder.glob('extract-*')))}"
    for name, text in tables.items():
        write_table(extract / f"{name}.csv", table(text))
    (extract / "extract.json").write_text(json.dumps({"artificial": artificial, "as_of": "2026-11-01"}))
    build(extract, folder / "store")
    return folder / "store"


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def match_rows(
    folder: Path, store: Path, rows: str, fields: str = "", on: date = TODAY, **options: Any
) -> list[dict[str, str]]:
    """The output rows for a drawn register; `fields` by blanks."""
    register = write_table(folder / "register.csv", table(rows))
    engine.match(register, store, folder / "out.csv", fields=fields.split(), on=on, threads=2, **options)
    return read_csv(folder / "out.csv")


def results(rows: list[dict[str, str]]) -> dict[str, str]:
    """Row id → result."""
    return {row["row_id"]: row["vtj_result"] for row in rows}
