"""Recognise a file by its first bytes and hand it to its reader; refuse what is no register."""

import zipfile
from pathlib import Path

from matching.readers.archive import unpack
from matching.readers.base import Source, problem
from matching.readers.delimited import open_delimited
from matching.readers.fixed_width import open_fixed_width
from matching.readers.mapping import Mapping
from matching.readers.parquet import open_parquet
from matching.readers.spreadsheet import open_spreadsheet, refuse_bomb

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")

# First bytes of what people send by mistake → a stable word for it.
FOREIGN = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"RIFF", "image"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"Rar!", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ", "archive"),
    (b"age-encryption.org", "encrypted"),
    (b"-----BEGIN", "encrypted"),
    (b"{\\rtf", "document"),
    (b"\x7fELF", "program"),
    (b"MZ\x90", "program"),
    (b"SQLite format 3", "database"),
)


ZIP = (b"PK\x03\x04", b"PK\x05\x06")


def open_source(path: Path, mapping: Mapping, temp: Path, memory: int | None = None) -> Source:
    """The register in `path` with its headers read. Raises InputProblems.

    One that is packed in a ZIP by itself is unpacked into `temp`, where it stays. `memory` is what another
    process may take to read it, in bytes.
    """
    start = _start(path)
    if start.startswith(ZIP) and not _zipped_document(path):
        path = unpack(path, temp)
        start = _start(path)
    if start.startswith(b"PAR1"):
        return open_parquet(path)
    if start.startswith(ZIP):
        _refuse_other_zip(path)
        return open_spreadsheet(path, mapping, memory)
    if mapping.fixed_width:
        return open_fixed_width(path, mapping)
    return open_delimited(path, mapping)


def is_workbook(path: Path) -> bool:
    """Whether the file is a workbook, and then one that is safe to unpack.

    Raises InputProblems where it is protected, damaged, unpacks to far too much, or is no register at all.
    """
    if not _start(path).startswith(ZIP):
        return False
    _refuse_other_zip(path)
    refuse_bomb(path)
    return True


def _start(path: Path) -> bytes:
    """The first bytes, unless they tell of a file that can be no register. Raises InputProblems."""
    with path.open("rb") as file:
        start = file.read(4096)
    if not start.strip():
        raise problem("empty_file", "the file is empty")
    if start.startswith(OLE):
        raise _ole_problem(path)
    kinds = [kind for magic, kind in FOREIGN if start.startswith(magic)]
    if start.lstrip().lower().startswith((b"<!doctype", b"<html", b"<?xml")):
        kinds = ["web page"]
    if kinds:
        text = f"this is no register but another kind of file: {kinds[0]}"
        raise problem("unsupported_type", text, kind=kinds[0])
    return start


def _zipped_document(path: Path) -> bool:
    """Whether a ZIP is a workbook or another document: both are ZIPs of their own parts."""
    names = _members(path)
    return "[Content_Types].xml" in names or "mimetype" in names or _has_workbook(names)


def _has_workbook(names: list[str]) -> bool:
    return "xl/workbook.xml" in names or "xl/workbook.bin" in names


def _members(path: Path) -> list[str]:
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise problem("damaged_file", "the file is damaged and can't be opened") from error


def _refuse_other_zip(path: Path) -> None:
    names = _members(path)
    if not _has_workbook(names):
        kind = "document" if "[Content_Types].xml" in names or "mimetype" in names else "archive"
        raise problem(
            "unsupported_type",
            f"this is no register but another kind of file: {kind}",
            kind=kind,
        )


def _ole_problem(path: Path) -> Exception:
    """An OLE container is a workbook under a password or one of the form before 2007."""
    tail = b""
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            if _ENCRYPTED_STREAM in tail + block:
                return problem(
                    "password_protected",
                    "the workbook is protected by a password: save it without one",
                )
            tail = block[-64:]
    return problem("old_workbook", "this is an old workbook or document: save it as .xlsx or .csv")
