"""A workbook's cells, read in a process of its own with bounded memory.

A workbook of two kilobytes can name a cell in its last corner, or one long text a million times, and make its
reader ask for all the machine's memory. The process that reads it holds no secret and may fail alone; it
ends with the one that began it.

As a program: `python -m matching.readers.workbook PATH` prints {sheet: first rows} as JSON;
`… PATH SKIP OUT`, with a sheet's name on standard input, writes its cells as text, from the 0-based row SKIP
on, into an Arrow stream.
"""

import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from matching.connect import available_memory
from matching.readers.base import problem

TOP_ROWS = 20
MAX_MEMORY = 6 << 30  # bytes of address space; a million rows of thirty columns need a third of it
MAX_SECONDS = 900
MAX_CPU_SECONDS = 300  # of all its threads together
PR_SET_PDEATHSIG = 1  # of prctl(2)
DAMAGED = 2  # exit status: the library's own error; any other failure means that it outgrew its bounds
PARENT, MEMORY = "READ_FOR", "READ_WITHIN"  # variables that tell it who began it, and its bytes
ROOT = Path(__file__).resolve().parents[2]


def first_rows(path: Path, memory: int | None = None) -> dict[str, list[list[str]]]:
    """Sheet name → its first rows of text; `memory`: see `_run`. Raises InputProblems."""
    answer: dict[str, list[list[str]]] = json.loads(_run(path, memory=memory))
    return answer


def read_sheet(path: Path, sheet: str, skip: int, temp: Path, memory: int | None = None) -> Any:
    """The sheet's cells from a row on, as an Arrow table of text; a copy lies in `temp` for a moment."""
    import pyarrow  # heavy: only for those who send a workbook

    copy = temp / "sheet.arrow"
    try:
        _run(path, skip, copy, sheet=sheet, memory=memory)
        with pyarrow.OSFile(str(copy)) as file:
            return pyarrow.ipc.open_stream(file).read_all()
    finally:
        copy.unlink(missing_ok=True)


def _run(*arguments: object, sheet: str = "", memory: int | None = None) -> bytes:
    """The program's output. Raises InputProblems where it fails.

    `memory`: bytes that it may take beside the program itself; never more than `MAX_MEMORY` in all.
    """
    environment = {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "PATH": os.defpath}
    environment |= {PARENT: str(os.getpid()), MEMORY: str(memory or MAX_MEMORY)}
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
        text = "the workbook unpacks to far more than its size, or to more than the memory allowed"
        raise problem("unpacks_too_large", text)
    return done.stdout


def main(path: str, skip: str = "0", out: str = "") -> int:
    """Do what the module's text says; the exit status tells how it went."""
    _end_with_parent()
    import fastexcel
    import pyarrow

    _bound()
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


def _end_with_parent() -> None:
    """Nobody waits for what is read once the process that began this is gone, killed perhaps."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != int(os.environ.get(PARENT, os.getppid())):  # it went before that was set
        os._exit(1)


def _bound() -> None:
    """Set the bounds, once all libraries are there: what they take of the address space is not counted."""
    wanted = int(os.environ.get(MEMORY, MAX_MEMORY)) + _address_space()
    memory = min(MAX_MEMORY, available_memory(), wanted)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_SECONDS, MAX_CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _address_space() -> int:
    """Bytes that this process has mapped so far."""
    if sys.platform != "linux":
        return 0
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * os.sysconf("SC_PAGE_SIZE")


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
