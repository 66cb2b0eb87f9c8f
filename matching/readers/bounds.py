"""How much a packed file may unpack to."""

MAX_UNPACKED = 2 << 30  # bytes of a whole workbook, or of the file in an archive
MAX_RATIO = 200  # of a member's unpacked and packed size; real sheets stay under 50
RATIO_FROM = 10 << 20  # small members may repeat themselves as they like


def swells(size: int, packed: int) -> bool:
    """Whether a member has unpacked to far more than its packed size."""
    return size > RATIO_FROM and size > MAX_RATIO * max(packed, 1)
