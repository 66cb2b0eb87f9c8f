"""Values of options: what argparse calls to read one, and says of one that cannot be read."""

import argparse
from collections.abc import Callable
from datetime import date
from typing import TypeVar

from matching.connect import checked_memory

T = TypeVar("T")
MOST_THREADS = 256
# Days that a made-up extract can show: its dead were born up to 146 years before, none of them before 1850,
# and no code tells of a birth after 2099.
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)


def whole(least: int | None = None, most: int | None = None) -> Callable[[str], int]:
    """A whole number, within bounds."""
    bounds = [f"from {least}" if least is not None else "", f"up to {most}" if most is not None else ""]

    def read(text: str) -> int:
        told = " ".join(["it must be a whole number", *filter(None, bounds)])
        found = _read(int, text, told)
        if (least is not None and found < least) or (most is not None and found > most):
            raise argparse.ArgumentTypeError(told)
        return found

    return read


threads = whole(1, MOST_THREADS)


def number(text: str) -> float:
    """A number, whole or not."""
    return _read(float, text, "it must be a number, such as 0.05")


def memory(text: str) -> str:
    """A size as the engine takes it."""
    return _read(checked_memory, text, "it must be a size such as 500MB or 2GB")


def day(text: str) -> date:
    """A day."""
    return _read(date.fromisoformat, text, "it must be a day, written YYYY-MM-DD")


def extract_day(text: str) -> date:
    """A day that a made-up extract can show."""
    found = day(text)
    if not FIRST_DAY <= found <= LAST_DAY:
        raise argparse.ArgumentTypeError(f"it must be a day from {FIRST_DAY} to {LAST_DAY}")
    return found


def _read(kind: Callable[[str], T], text: str, told: str) -> T:
    try:
        return kind(text)
    except ValueError:
        raise argparse.ArgumentTypeError(told) from None
