"""Spark's string distances are DuckDB's to the last bit, of empty and missing texts too."""

import random
from collections.abc import Iterator
from typing import Any

import duckdb
import pyarrow
import pytest

from matching.spark.dialect import DISTANCE
from matching.spark.distances import DISTANCES, add_distances

PAIRS = 20_000
ALPHABETS = ("ab", "abcdef", "abcdefghijklmnopqrstuvwxyz -'0123456789")


def drawn_pairs(seed: int) -> Iterator[tuple[str | None, str | None]]:
    """Pairs of ASCII texts, of which half are few edits apart."""
    draw = random.Random(seed)
    for _ in range(PAIRS):
        letters = draw.choice(ALPHABETS)
        left = "".join(draw.choices(letters, k=draw.choice((0, 1, 4, 9, 20, 70))))
        right = "".join(draw.choices(letters, k=draw.choice((0, 1, 4, 9, 20))))
        if draw.random() < 0.5:
            cut = draw.randint(0, len(left))
            right = left[:cut] + draw.choice(letters) + left[cut + draw.randint(0, 2) :]
        yield left, right
    yield from ((None, "a"), ("a", None), (None, None))


@pytest.mark.parametrize("name", DISTANCES)
def test_random_ascii_texts_are_as_far_apart_as_in_duckdb(cluster: Any, name: str) -> None:
    add_distances(cluster)
    pairs = [(number, *pair) for number, pair in enumerate(drawn_pairs(11))]
    frame = cluster.createDataFrame(pairs, "n INT, l STRING, r STRING").repartition(5)
    there = {row.n: row.d for row in frame.selectExpr("n", f"{DISTANCE.format(name)}(l, r) AS d").collect()}
    table = pyarrow.table({"l": [left for _, left, _ in pairs], "r": [right for _, _, right in pairs]})
    with duckdb.connect() as con:
        con.register("pairs", table)
        here = [row[0] for row in con.execute(f"SELECT {name}(l, r) FROM pairs").fetchall()]
    assert [there[number] for number in range(len(pairs))] == here
    assert len(set(here)) > 5
