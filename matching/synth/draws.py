"""Repeatable randomness in SQL: a value depends on the seed, the name of the draw and a row's own number.

No state passes from row to row, so the result is the same for any number of threads and any order of work.
"""

from collections.abc import Sequence
from hashlib import blake2b
from itertools import pairwise


class Draws:
    """SQL expressions that draw for the row numbered `key`, an SQL integer expression of 0 or more."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def bits(self, name: str, key: str) -> str:
        """64 random bits (UBIGINT)."""
        salt = int.from_bytes(blake2b(f"{self.seed}:{name}".encode(), digest_size=8).digest(), "big")
        return f"hash(xor(({key})::UBIGINT, {salt}::UBIGINT))"

    def uniform(self, name: str, key: str) -> str:
        """A DOUBLE in [0, 1)."""
        return f"(({self.bits(name, key)} >> 11)::DOUBLE / 9007199254740992.0)"

    def integer(self, name: str, key: str, bound: int | str) -> str:
        """A BIGINT in 0 .. bound - 1."""
        return f"({self.bits(name, key)} % ({bound})::UBIGINT)::BIGINT"

    def chance(self, name: str, key: str, share: float | str) -> str:
        """A BOOLEAN that is true for `share` of the rows."""
        return f"({self.uniform(name, key)} < {share})"

    def one_of(self, name: str, key: str, options: Sequence[str]) -> str:
        """One of the texts; an option given twice is twice as likely."""
        texts = ", ".join("'" + option.replace("'", "''") + "'" for option in options)
        return f"[{texts}][1 + {self.integer(name, key, len(options))}]"

    def curve(self, name: str, key: str, points: Sequence[tuple[float, float]]) -> str:
        """A DOUBLE by its cumulative distribution: (share below, value) from share 0 to share 1."""
        u = self.uniform(name, key)
        parts = [
            f"WHEN {u} < {high} THEN {start} + ({u} - {low}) * {(end - start) / (high - low)}"
            for (low, start), (high, end) in pairwise(points)
        ]
        return f"(CASE {' '.join(parts)} END)"

    def rank(self, name: str, key: str, size: int | str, offset: int) -> str:
        """A rank in 0 .. size - 1 by a Zipf-Mandelbrot law: the larger `offset`, the flatter the top."""
        spread = f"(1 + ({size})::DOUBLE / {offset})"
        rank = f"floor({offset} * (pow({spread}, {self.uniform(name, key)}) - 1))"
        return f"least({rank}, ({size}) - 1)::BIGINT"
