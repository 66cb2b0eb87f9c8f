"""The index finds where each search key stands among all, in one span of them or over several."""

from pathlib import Path

import numpy as np
import pytest

from matching.linking.index import Keys
from matching.store.traits import SPAN

LARGEST = 2**31 - 1


def keys_of(folder: Path, numbers: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Keys:
    np.save(folder / "index-name.npy", numbers)
    np.save(folder / "index-name-spans.npy", numbers[::SPAN])
    return Keys(folder, "name")


@pytest.mark.parametrize("count", [0, 1, 2, SPAN - 1, SPAN, SPAN + 1, 2 * SPAN, 2 * SPAN + 1, 5_000])
@pytest.mark.parametrize("largest", [3, 1_000, LARGEST])
def test_every_key_is_found_with_all_its_persons(tmp_path: Path, count: int, largest: int) -> None:
    drawn = np.random.default_rng(count)
    keys = np.sort(drawn.integers(0, largest, count, endpoint=True))
    held = keys_of(tmp_path, np.sort(keys << 32 | drawn.integers(0, LARGEST, count)))
    wanted = np.unique(np.concatenate([keys, drawn.integers(0, largest, 300), [0, LARGEST]]))
    first, counts = held.found(wanted)
    assert first.tolist() == keys.searchsorted(wanted).tolist()
    assert counts.tolist() == [int((keys == key).sum()) for key in wanted]
