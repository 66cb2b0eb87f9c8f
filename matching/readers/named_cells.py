"""A filled form's cells by their defined names, read in a process of its own with bounded memory and time.

openpyxl holds a workbook's styles and texts as objects, so that a few megabytes can ask for gigabytes and
minutes. The process that does it holds no secret and may fail alone (see `workbook`).

As a program: `python -m matching.readers.named_cells PATH PREFIX FORM HEADED` prints the form as JSON, or
null where the workbook has no such form.
"""

import json
import os
import re
import resource
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from matching.readers.base import problem

MAX_MEMORY = 768 << 20  # bytes of address space; a register of 100,000 rows in the form needs half of it
MAX_SECONDS = 20  # such a register needs half of it too
DAMAGED = 2  # exit status; any other failure means that it outgrew its bounds
LAST_ROW, LAST_COLUMN = 300, 20  # where a cell of the form's sheet may have been moved to
HEADER_ROWS, HEADER_COLUMNS = 20, 500  # where the headers may stand
MAX_NAMES, LONGEST_NAME = 1000, 255  # of the form's cells
MAX_TEXT = 4000  # characters told of a cell: more than any cell of a form may have
ROOT = Path(__file__).resolve().parents[2]

_CELL = re.compile(r"'?(?P<sheet>[^!]{1,40}?)'?!(?P<cell>\$?[A-Z]{1,3}\$?[0-9]{1,7})")


@dataclass(frozen=True)
class Cell:
    """A cell's value, and its place as people say it (`Tilaus!B7`)."""

    place: str
    value: Any = None
    is_formula: bool = False


@dataclass(frozen=True)
class NamedCells:
    """`cells` by their names without the prefix; `headers`: header → (column letters, row), 1-based."""

    cells: dict[str, Cell]
    sheet: str
    headers: dict[str, tuple[str, int]]


def read_named_cells(path: Path, prefix: str, form: str, headed: str) -> NamedCells | None:
    """The cells on the sheet where the name `form` is, and the headers of the sheet where `headed` is.

    None where the workbook has no such names. Raises InputProblems.
    """
    found = json.loads(_run(path, prefix, form, headed))
    if found is None:
        return None
    cells = {
        name: Cell(place, date.fromisoformat(value["day"]) if isinstance(value, dict) else value, is_formula)
        for name, (place, value, is_formula) in found["cells"].items()
    }
    headers = {header: (letters, row) for header, (letters, row) in found["headers"].items()}
    return NamedCells(cells, found["sheet"], headers)


def _run(*arguments: object) -> bytes:
    """The program's output. Raises InputProblems where it fails."""
    outgrew = problem("form_too_large", "the register is too large for the form")
    try:
        done = subprocess.run(
            [sys.executable, "-m", "matching.readers.named_cells", *map(str, arguments)],
            # A library that numpy starts would ask for memory for each processor.
            env={
                "PYTHONPATH": str(ROOT),
                "PYTHONUTF8": "1",
                "PATH": os.defpath,
                "OPENBLAS_NUM_THREADS": "1",
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # the library's messages may quote cells
            timeout=MAX_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise outgrew from None
    if done.returncode == DAMAGED:
        raise problem("damaged_file", "the workbook is damaged and can't be read")
    if done.returncode:
        raise outgrew
    return done.stdout


def main(path: str, prefix: str, form: str, headed: str) -> int:
    """Do what the module's text says; the exit status tells how it went."""
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from openpyxl.utils.exceptions import InvalidFileException

    damage = (ParseError, InvalidFileException, zipfile.BadZipFile, OSError, EOFError)
    wrong_parts = (LookupError, ValueError, TypeError, AttributeError)
    try:
        text = json.dumps(_form(path, prefix, form, headed))
    except (*damage, *wrong_parts):
        return DAMAGED
    sys.stdout.write(text)
    return 0


def _form(path: str, prefix: str, form: str, headed: str) -> dict[str, Any] | None:
    from openpyxl import load_workbook

    file = open(path, "rb")  # noqa: SIM115 - read until the process ends; a path would need its ending
    book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
    places = dict(list(_places(book, prefix))[:MAX_NAMES])
    sheet, register = (places.get(name, ("", ""))[0] for name in (form, headed))
    if not {sheet, register} <= set(book.sheetnames):
        return None
    filled = {f"{letters}{row}": cell for letters, row, cell in _cells(book[sheet], LAST_ROW, LAST_COLUMN)}
    cells = {
        name: (f"{sheet}!{place}", *_told(filled.get(place)))
        for name, (of_sheet, place) in places.items()
        if of_sheet == sheet
    }
    headers = {
        cell.value.strip()[:MAX_TEXT]: (letters, row)
        for letters, row, cell in _cells(book[register], HEADER_ROWS, HEADER_COLUMNS)
        if isinstance(cell.value, str)
    }
    return {"cells": cells, "sheet": register, "headers": headers}


def _places(book: Any, prefix: str) -> Iterator[tuple[str, tuple[str, str]]]:
    """(name without the prefix, (sheet, cell)) of the names that stand for one cell."""
    for name, defined in book.defined_names.items():
        found = _CELL.fullmatch(defined.attr_text or "")
        if found and name.startswith(prefix) and len(name) <= LONGEST_NAME:
            place = found["sheet"].replace("''", "'"), found["cell"].replace("$", "")
            yield name.removeprefix(prefix), place


def _cells(sheet: Any, rows: int, columns: int) -> Iterator[tuple[str, int, Any]]:
    """(column letters, row, openpyxl's cell) of the filled cells in a sheet's upper left corner."""
    for row in sheet.iter_rows(max_row=rows, max_col=columns):
        for cell in row:
            if cell.value is not None:
                yield cell.column_letter, cell.row, cell


def _told(cell: Any) -> tuple[Any, bool]:
    """A cell's value as JSON has it, and whether it is a formula."""
    value = None if cell is None else cell.value
    if isinstance(value, datetime):
        value = {"day": value.date().isoformat()}
    elif not isinstance(value, (int, float, type(None))):
        value = str(value).strip()[:MAX_TEXT]
    return value, cell is not None and cell.data_type == "f"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
