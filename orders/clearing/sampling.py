"""Samples: which rows of a group are looked at one by one, and which decisions a second official sees."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from secrets import SystemRandom

from django.conf import settings
from django.utils.crypto import salted_hmac

from orders.models import DoubtfulRow

LEAST, SHARE = 10, 0.10
_random = SystemRandom()  # nobody can tell beforehand which rows will be looked at


def size(rows: int) -> int:
    """How many rows of a group are looked at before the rest is decided alike: ten, or a tenth if more."""
    return min(rows, max(LEAST, math.ceil(rows * SHARE)))


def draw(new: Sequence[DoubtfulRow], kept: Iterable[DoubtfulRow] = ()) -> None:
    """Mark the sample of each group among `new`, so many that with those drawn before there are enough."""
    groups: dict[str, list[DoubtfulRow]] = defaultdict(list)
    drawable: dict[str, list[DoubtfulRow]] = defaultdict(list)
    for row in new:
        if not row.in_sample:
            drawable[row.group].append(row)
    for row in (*new, *kept):
        groups[row.group].append(row)
    for group, rows in groups.items():
        wanted = size(len(rows)) - sum(row.in_sample for row in rows)
        fresh = drawable[group]
        for row in _random.sample(fresh, min(max(wanted, 0), len(fresh))):
            row.in_sample = True


def wants_second_opinion(row: DoubtfulRow) -> bool:
    """Whether the row is put to another official too: CLEARING_SECOND_SHARE of them are, as if by chance.

    A keyed hash draws it, once for all: who takes a decision back and decides again gets the same draw.
    """
    drawn = salted_hmac("second opinion", f"{row.order_id} {row.row}", algorithm="sha256").digest()
    return int.from_bytes(drawn[:8]) < settings.CLEARING_SECOND_SHARE * 2**64
