"""The accuracy that is promised, on a register that no threshold was chosen by."""

from pathlib import Path

import pytest

from matching import engine
from matching.evaluate import evaluate
from matching.store.versions import build
from matching.synth.draw import draw_register
from matching.synth.population import synthesise
from tests.matching.drawn import TODAY


@pytest.mark.slow
def test_rows_without_a_code_find_their_persons_and_nobody_elses(tmp_path: Path) -> None:
    extract, register, out = tmp_path / "extract", tmp_path / "register.csv", tmp_path / "out.csv"
    synthesise(extract, 20_000, seed=101, threads=2)
    draw_register(register, extract, 5000, seed=101, without_id=1)
    build(extract, tmp_path / "store")
    engine.match(register, tmp_path / "store", out, fields=["person_id"], on=TODAY, threads=2)
    figures = evaluate(out, "truth")
    assert figures["precision"] >= 0.9995
    assert figures["recall"] >= 0.97
