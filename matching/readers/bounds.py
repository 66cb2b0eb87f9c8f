"""How much a packed file may unpack to, and how far the cells of a workbook may lie."""

import re

MAX_UNPACKED = 2 << 30  # bytes of a whole workbook, or of the file in an archive
MAX_RATIO = 200  # of a member's unpacked and packed size; real sheets stay under 50
RATIO_FROM = 10 << 20  # small members may repeat themselves as they like


def swells(size: int, packed: int) -> bool:
    """Whether a member has unpacked to far more than its packed size."""
    return size > RATIO_FROM and size > MAX_RATIO * max(packed, 1)


LAST_COLUMN, LAST_ROW = "XFD", 1_048_576  # of a workbook's sheet
# Only what may lie too far is looked at closely: most cells cost no more than the search for `r=`.
_FAR = re.compile(
    rb'r=["\'](?:(?P<column>[A-Za-z]{4,}|[X-Zx-z][A-Za-z]{2})[0-9]|[A-Za-z]{0,3}0*(?P<row>[1-9][0-9]{6,}))'
)
_CELL = re.compile(rb"<(?:\w+:)?(?:c|row)\s(?:[^<>]*\s)?\Z")
_LONGEST = 400  # bytes of a tag before its reference


class Places:
    """Reads the parts of a workbook block by block and sees whether a cell lies where no sheet has any.

    The reader makes a table of all cells up to the last one, however few there are. References that are
    written in an odd way, which no program does, are left to the bounds of its process.
    """

    def __init__(self) -> None:
        self._tail = b""

    def beyond(self, block: bytes) -> bool:
        text = self._tail + block
        self._tail = text[-_LONGEST:]
        return any(
            _too_far(found) and _CELL.search(text[max(found.start() - _LONGEST, 0) : found.start()])
            for found in _FAR.finditer(text)
        )


def _too_far(found: re.Match[bytes]) -> bool:
    column, row = found["column"], found["row"]
    if column is not None:
        return len(column) > len(LAST_COLUMN) or column.decode().upper() > LAST_COLUMN
    return len(row) > 7 or int(row) > LAST_ROW
