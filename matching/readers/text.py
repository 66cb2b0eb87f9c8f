"""Encodings of text files: told from the whole file, not from its beginning."""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from matching.readers.base import problem
from matching.readers.mapping import Mapping

BLOCK = 1 << 18  # stays in a core's cache while it is looked through
MAX_LINE = 1 << 20  # characters; no register has a row of a million

# In ISO-8859-15 these bytes are Š š ž Œ œ Ÿ; in Windows-1252 signs that never stand inside a word.
_LATIN_9 = re.compile(
    rb"[A-Za-z\xc0-\xff][\xa6\xa8\xb8\xbc\xbd\xbe][a-z\xe0-\xff]|(?<![\w])[\xa6\xb4][a-z\xe0-\xff]"
)
_EURO_9 = re.compile(rb"[0-9] ?\xa4")
_C1 = re.compile(rb"[\x80-\x9f]")
_UNDEFINED_1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
# ä ö å as an MS-DOS or old Macintosh program wrote them: signs inside words, if read as Windows-1252.
_OTHER_PAGE = re.compile(rb"[a-z][\x84\x86\x94\x8a\x8c][a-z]")
_UTF8_LETTERS = re.compile(rb"\xc3[\xa4\xb6\xa5\x84\x96\x85]")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def detect_encoding(path: Path) -> str:
    """Python's name for the encoding of the text in `path`. Raises InputProblems.

    utf-8, utf-8-sig, utf-16 (with its mark), utf-16-le, utf-16-be, cp1252 or iso8859-15. Reads the file
    once, in blocks; ISO-8859-1 is a part of Windows-1252.
    """
    with path.open("rb") as file:
        start = file.read(4096)
    _refuse_one_line(path)
    for mark, name in _BOMS:
        if start.startswith(mark):
            _check(path, name)
            return name
    if b"\0" in start[:200] and (guess := _unmarked_utf16(start)):
        _check(path, guess)
        return guess
    _refuse_nul(path)
    try:
        _check(path, "utf-8")
    except UnicodeDecodeError:
        return _single_byte(path)
    return "utf-8"


def encoding_of(path: Path, mapping: Mapping) -> str:
    """Python's name for the encoding that the mapping names, if the file is in it; else the detected one.

    Raises InputProblems.
    """
    if mapping.found_encoding:
        return mapping.found_encoding
    if not mapping.encoding:
        return detect_encoding(path)
    _refuse_one_line(path)
    name = mapping.encoding
    with path.open("rb") as file:
        start = file.read(4)
    if not name.startswith("utf-16"):
        _refuse_nul(path)
    if name == "utf-8" and start.startswith(codecs.BOM_UTF8):
        name = "utf-8-sig"
    try:
        _check(path, name)
    except UnicodeError as error:  # UTF-16 without its mark is no UnicodeDecodeError
        text = "the file is not in the encoding that the mapping names"
        raise problem("wrong_encoding", text) from error
    return name


def blocks(path: Path) -> Iterator[bytes]:
    """The bytes of a file in blocks."""
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield block


def decoded(path: Path, encoding: str) -> Iterator[str]:
    """The text of a file in blocks. Raises UnicodeDecodeError."""
    decoder = codecs.getincrementaldecoder(encoding)()
    for block in blocks(path):
        yield decoder.decode(block)
    yield decoder.decode(b"", final=True)


def first_lines(path: Path, encoding: str, most: int) -> Iterator[str]:
    """The first lines of a text without their ends; what is beyond the first block of it is not looked at."""
    for text in decoded(path, encoding):
        yield from text.replace("\r\n", "\n").replace("\r", "\n").split("\n", most)[:most]
        return


def _check(path: Path, encoding: str) -> None:
    """Raises InputProblems for NUL characters and broken UTF-16, UnicodeDecodeError for broken UTF-8."""
    row = 0
    try:
        for text in decoded(path, encoding):
            if encoding.startswith("utf-16") and "\0" in text:
                raise problem(
                    "nul_bytes",
                    "the file has NUL characters",
                    row=row + text[: text.index("\0")].count("\n"),
                )
            row += text.count("\n") if encoding != "utf-8" else 0
    except UnicodeDecodeError as error:
        if encoding == "utf-8":
            raise
        raise problem(
            "wrong_encoding",
            "the file is not in the encoding that it says",
            row=max(row, 1),
        ) from error


def _unmarked_utf16(start: bytes) -> str | None:
    """UTF-16 without its mark: in European text every other byte is NUL."""
    even, odd = start[0::2].count(0), start[1::2].count(0)
    half = len(start) / 2
    if odd > 0.6 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.6 * half and odd < 0.05 * half:
        return "utf-16-be"
    return None


def _refuse_nul(path: Path) -> None:
    if not any(0 in block for block in blocks(path)):
        return
    row = 0
    for block in blocks(path):
        if (place := block.find(0)) >= 0:
            controls = sum(byte < 32 and byte not in (9, 10, 13) for byte in block[:BLOCK])
            if controls > len(block) / 20:
                raise problem(
                    "unsupported_type",
                    "this is no register but another kind of file: binary",
                    kind="binary",
                )
            raise problem(
                "nul_bytes",
                "the file has NUL characters",
                row=row + block[:place].count(b"\n"),
            )
        row += block.count(b"\n")


def _refuse_one_line(path: Path) -> None:
    """A file without line breaks is refused after its first bytes, however large."""
    with path.open("rb") as file:
        start = file.read(4 * MAX_LINE)
    if len(start) == 4 * MAX_LINE and b"\n" not in start and b"\r" not in start:
        raise problem("line_too_long", "the file has a line of over a million characters", row=1)


def _single_byte(path: Path) -> str:
    """Windows-1252 or ISO-8859-15, or a problem where the bytes are neither."""
    latin_9 = c1 = other = utf8 = high = 0
    row = 0
    for block in blocks(path):
        if bad := _UNDEFINED_1252.search(block):
            at = row + block[: bad.start()].count(b"\n")
            raise problem(
                "wrong_encoding",
                "the letters are in no encoding that is accepted",
                row=max(at, 1),
            )
        row += block.count(b"\n")
        latin_9 += len(_LATIN_9.findall(block)) + len(_EURO_9.findall(block))
        c1 += len(_C1.findall(block))
        other += len(_OTHER_PAGE.findall(block))
        utf8 += len(_UTF8_LETTERS.findall(block))
        high += len(block) - len(block.translate(None, bytes(range(128, 256))))
    if other > high / 10 or 2 * utf8 > high / 2:
        raise problem(
            "wrong_encoding",
            "the letters are in no encoding that is accepted, or in two at once",
        )
    return "iso8859-15" if latin_9 and not c1 else "cp1252"
