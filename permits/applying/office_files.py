"""The type of a zipped office document by its parts, and whether it has macros. Nothing runs it here.

What a ZIP says of itself is not believed: a document is known by the parts that its reader would look for,
and macros by where they lie and by what the document calls them, since a part may have any name.
"""

import re
import zipfile
import zlib
from pathlib import Path

ODT = "application/vnd.oasis.opendocument.text"
_OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX, XLSX = f"{_OFFICE}wordprocessingml.document", f"{_OFFICE}spreadsheetml.sheet"
ODT_PARTS = {"content.xml", "META-INF/manifest.xml"}
OFFICE_PARTS = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}
TYPES = "[Content_Types].xml"

MAX_PARTS = 5000
MAX_READ = 8 << 20  # bytes of the parts that name others; each link of a workbook is named in one
_MACRO_FOLDERS = ("basic/", "scripts/")
_MACRO_NAMES = re.compile(r"(^|/)vba(project|data)[^/]*$")
_MACRO_WORDS = (b"vbaproject", b"vbadata", b"macroenabled")


class Refused(Exception):
    """The file can't be used; the text is a key of `attachments.REASONS`."""


def office_type(path: Path) -> str:
    """The media type of the document in a ZIP. Raises Refused."""
    try:
        with zipfile.ZipFile(path) as packed:
            names = packed.namelist()
            # Of two parts of one name readers differ on which counts.
            if len(names) > MAX_PARTS or len(set(names)) < len(names):
                raise Refused("type")
            if _has_macros(packed, names):
                raise Refused("macros")
            return _type(packed, set(names))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, EOFError, OSError):
        raise Refused("type") from None


def _type(packed: zipfile.ZipFile, names: set[str]) -> str:
    if "mimetype" in names:
        is_small = packed.getinfo("mimetype").file_size < 100
        if is_small and packed.read("mimetype").strip() == ODT.encode() and names >= ODT_PARTS:
            return ODT
    elif TYPES in names:
        for part, media_type in OFFICE_PARTS.items():
            if part in names:
                return media_type
    raise Refused("type")


def _has_macros(packed: zipfile.ZipFile, names: list[str]) -> bool:
    lowered = {name: name.replace("\\", "/").lstrip("/").lower() for name in names}
    if any(name.startswith(_MACRO_FOLDERS) or _MACRO_NAMES.search(name) for name in lowered.values()):
        return True
    tell = [name for name, low in lowered.items() if low == TYPES.lower() or low.endswith(".rels")]
    if sum(packed.getinfo(name).file_size for name in tell) > MAX_READ:
        raise Refused("type")
    texts = (_characters(packed.read(name)) for name in tell)
    return any(word in text for text in texts for word in _MACRO_WORDS)


def _characters(xml: bytes) -> bytes:
    """Lower case, whatever the encoding: UTF-16 without its zeros, character references written out."""
    plain = xml.replace(b"\0", b"")
    plain = re.sub(rb"&#(\d{1,7});", lambda found: _character(int(found[1])), plain)
    plain = re.sub(rb"&#x([0-9a-fA-F]{1,6});", lambda found: _character(int(found[1], 16)), plain)
    return plain.lower()


def _character(code: int) -> bytes:
    return bytes([code]) if code < 128 else b"?"
