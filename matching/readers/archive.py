"""A register packed in a ZIP by itself: unpacked in a process of its own, with bounded memory, time and size.

Nothing in the archive says where anything is written: names are looked at, and never used as paths.

As a program: `python -m matching.readers.archive PATH OUT` writes the archive's only file to OUT; its exit
status is the place of what is wrong in `PROBLEMS`, counted from `FIRST`.
"""

import os
import resource
import stat
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from matching.connect import available_memory
from matching.readers.base import problem
from matching.readers.bounds import MAX_UNPACKED, swells

MAX_MEMORY = 1 << 30  # bytes of address space; an archive of one file needs little
MAX_MEMBERS = 1000  # what a packing program adds of its own stays far below
MAX_SECONDS = 900
BLOCK = 1 << 20
FIRST = 10
PROBLEMS = (
    ("archive_not_one", "the archive holds no file, or more than one: pack the register alone"),
    ("archive_encrypted", "the archive is protected by a password: pack it without one"),
    ("archive_unsafe", "the archive holds a link, or a file outside its own folder"),
    ("archive_nested", "the archive holds another archive"),
    ("unpacks_too_large", "the archive unpacks to far more than its size"),
    ("damaged_file", "the archive is damaged and can't be read"),
)
_PLACES = {code: place for place, (code, _) in enumerate(PROBLEMS, start=FIRST)}
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ARCHIVES = (".zip", ".7z", ".rar", ".gz", ".tgz", ".tar", ".bz2", ".xz")
ROOT = Path(__file__).resolve().parents[2]


class Refused(Exception):
    """What is wrong with an archive: a code of `PROBLEMS`."""


def unpack(path: Path, temp: Path) -> Path:
    """The archive's only file, unpacked into `temp`. Raises InputProblems."""
    target = temp / "unpacked"
    command = [sys.executable, "-m", "matching.readers.archive", str(path.resolve()), str(target)]
    try:
        done = subprocess.run(
            command,
            env={"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "PATH": os.defpath},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,  # a name in the archive may be a person's
            timeout=MAX_SECONDS,
            check=False,
        )
        status = done.returncode
    except subprocess.TimeoutExpired:
        status = _PLACES["unpacks_too_large"]
    if status:
        target.unlink(missing_ok=True)
        told = status - FIRST if FIRST <= status < FIRST + len(PROBLEMS) else -1
        raise problem(*PROBLEMS[told])
    return target


def main(path: str, out: str) -> int:
    """Do what the module's text says."""
    memory = min(MAX_MEMORY, available_memory())
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_UNPACKED + BLOCK, MAX_UNPACKED + BLOCK))
    try:
        with zipfile.ZipFile(path) as archive, open(out, "xb") as target:
            member = only_member(archive)
            written = 0
            with archive.open(member) as file:
                while block := file.read(BLOCK):
                    written += len(block)
                    if written > MAX_UNPACKED or swells(written, member.compress_size):
                        raise Refused("unpacks_too_large")
                    target.write(block)
    except Refused as refused:
        return _PLACES[str(refused)]
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError):
        return _PLACES["damaged_file"]
    return 0


def only_member(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    """The archive's one file, beside folders and what packing programs add. Raises Refused."""
    if len(archive.infolist()) > MAX_MEMBERS:
        raise Refused("archive_not_one")
    files = [one for one in archive.infolist() if not one.is_dir() and not _added(one.filename)]
    if any(_unsafe(one) for one in files):
        raise Refused("archive_unsafe")
    if len(files) != 1:
        raise Refused("archive_not_one")
    (member,) = files
    if member.flag_bits & 0x1:
        raise Refused("archive_encrypted")
    if member.filename.lower().endswith(_ARCHIVES):
        raise Refused("archive_nested")
    if member.compress_type not in _METHODS:
        raise Refused("damaged_file")
    return member


def _added(name: str) -> bool:
    """Whether a packing program added the file by itself."""
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts[:1] or (parts[-1:] or ("",))[0] in {".DS_Store", "Thumbs.db", "desktop.ini"}


def _unsafe(member: zipfile.ZipInfo) -> bool:
    name = member.filename.replace("\\", "/")
    is_link = stat.S_ISLNK(member.external_attr >> 16)
    return is_link or name.startswith("/") or ":" in name.split("/")[0] or ".." in name.split("/")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
