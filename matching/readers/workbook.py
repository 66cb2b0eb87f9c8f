"""A workbook's cells, read in a process of its own with bounded memory.

A workbook of two kilobytes can name a cell in its last corner, or one long text a million times, and make its
reader ask for all the machine's memory. The process that reads it holds no secret and may fail alone.

As a program: `python -m matching.readers.workbook PATH` prints {sheet: first rows} as JSON;
`… PATH SKIP OUT`, with a sheet's name on standard input, writes its cells as text, from the 0-based row SKIP
on, into an Arrow stream.
"""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

from matching.connect import available_memory
from matching.readers.base import problem

TOP_ROWS = 20
MAX_MEMORY = 6 << 30  # bytes of address space; a million rows of thirty columns need a third of it
MAX_SECONDS = 900
DAMAGED = 2  # exit status: the library's own error; any other failure means that it outgrew its bounds
ROOT = Path(__file__).resolve().parents[2]


def first_rows(path: Path) -> dict[str, list[list[str]]]:
    """Sheet name → its first rows of text. Raises InputProblems."""
    answer: dict[str, list[list[str]]] = json.loads(_run(path))
    return answer


def read_sheet(path: Path, sheet: str, skip: int, temp: Path) -> Any:
    """The sheet's cells from a row on, as an Arrow table of text; a copy lies in `temp` for a moment."""
    import pyarrow  # heavy: only for those who send a workbook

    copy = temp / "sheet.arrow"
    try:
        _run(path, skip, copy, sheet=sheet)
        with pyarrow.OSFile(str(copy)) as file:
            return pyarrow.ipc.open_stream(file).read_all()
    finally:
        copy.unlink(missing_ok=True)


def _run(*arguments: object, sheet: str = "") -> bytes:
    """The program's output. Raises InputProblems where it fails."""
    environment = {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "PATH": os.defpath}
    command = [sys.executable, "-m", "matching.readers.workbook", *map(str, arguments)]
    try:
        done = subprocess.run(
            command,
            env=environment,
            input=sheet.encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # the library's messages may quote cells
            timeout=MAX_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise problem("unpacks_too_large", "the workbook unpacks to far more than its size") from None
    if done.returncode == DAMAGED:
        raise problem("damaged_file", "the workbook is damaged and can't be read")
    if done.returncode:
        raise problem("unpacks_too_large", "the workbook unpacks to far more than its size")
    return done.stdout


def main(path: str, skip: str = "0", out: str = "") -> int:
    """Do what the module's text says; the exit status tells how it went."""
    memory = min(MAX_MEMORY, available_memory())
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import fastexcel
    import pyarrow

    try:
        book = fastexcel.read_excel(path)
        if not out:
            sys.stdout.write(json.dumps(_tops(book)))
            return 0
        sheet = sys.stdin.read()
        cells = book.load_sheet(sheet, header_row=None, dtypes="string", skip_rows=int(skip)).to_arrow()
    except fastexcel.FastExcelError:
        return DAMAGED
    with pyarrow.OSFile(out, "wb") as file, pyarrow.ipc.new_stream(file, cells.schema) as stream:
        stream.write(cells)
    return 0


def _tops(book: Any) -> dict[str, list[list[str]]]:
    """The first rows of every sheet, hidden sheets last; empty rows at the top count as rows."""
    sheets = [
        book.load_sheet(name, header_row=None, dtypes="string", skip_rows=0, n_rows=TOP_ROWS)
        for name in book.sheet_names
    ]
    sheets.sort(key=lambda sheet: sheet.visible != "visible")
    return {sheet.name: _texts(sheet.to_arrow()) for sheet in sheets}


def _texts(rows: Any) -> list[list[str]]:
    return [[(cell or "").strip() for cell in row.values()] for row in rows.to_pylist()]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
