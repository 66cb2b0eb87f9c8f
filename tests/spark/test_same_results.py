"""A register that is searched for on Spark gets the results of DuckDB, row by row."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from matching.engine import ENGINES, view_store
from matching.linking import persons as linking
from matching.linking import searching
from matching.register.loading import load_register
from matching.run import Resources, running
from matching.store.versions import build, open_version
from matching.synth.draw import draw_register
from matching.synth.population import synthesise
from matching.weighing.model import read_model
from tests.matching.drawn import TODAY

PERSONS, ROWS = 20_000, 2_000
RESULT = "row, result, rule, confidence, pid, weight"
LEVELS = "row, place, pid, variant, surname, given_names, birth_date, home, sex, code, weight"


@dataclass(frozen=True)
class Linked:
    """Rows of `link` and of `candidate`, without the last column, and the weights that stand in it."""

    results: list[Any]
    levels: list[Any]
    weights: list[float | None]


@pytest.fixture(scope="module")
def extract(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("twenty-thousand")
    synthesise(folder / "extract", PERSONS, threads=2)
    build(folder / "extract", folder / "store")
    return folder / "extract"


@pytest.fixture(scope="module", params=[1.0, 0.2], ids=["without codes", "with codes"])
def both(request: Any, cluster: Any, extract: Path, tmp_path_factory: Any) -> tuple[Linked, Linked]:
    """The same dirty register linked by DuckDB and by Spark."""
    folder = tmp_path_factory.mktemp("linked")
    draw_register(folder / "register.csv", extract, ROWS, without_id=request.param)
    here, there = (
        linked(engine, folder / "register.csv", extract.parent / "store") for engine in ("duckdb", "spark")
    )
    return here, there


def linked(engine: str, register: Path, store: Path) -> Linked:
    snapshot = open_version(store)
    by_code = linking.Linking(TODAY, snapshot.artificial)
    with running(Resources(2), register.parent, [register], [snapshot.path]) as run:
        load_register(run.con, register, None, run.temp)
        view_store(run, snapshot)
        for name, query in linking.stages(by_code).items():
            run.stage(name, query)
        search = searching.Searching(by_code.day, read_model(), snapshot.persons)
        ENGINES[engine](run, snapshot, searching.stages(search))
        run.stage("link", linking.link(searched=True))
        results = run.con.execute(f"SELECT {RESULT} FROM link ORDER BY row").fetchall()
        levels = run.con.execute(f"SELECT {LEVELS} FROM candidate ORDER BY row, place").fetchall()
    weights = [row[-1] for row in (*results, *levels)]
    return Linked([row[:-1] for row in results], [row[:-1] for row in levels], weights)


def test_every_row_has_the_result_rule_confidence_and_person_of_duckdb(both: tuple[Linked, Linked]) -> None:
    here, there = both
    assert len(here.results) == ROWS
    assert len({row[1] for row in here.results}) >= 3
    assert there.results == here.results


def test_every_candidate_has_the_place_and_levels_of_duckdb(both: tuple[Linked, Linked]) -> None:
    here, there = both
    assert len(here.levels) > 20
    assert there.levels == here.levels


def test_weights_differ_by_less_than_a_billionth_of_a_bit(both: tuple[Linked, Linked]) -> None:
    here, there = both
    assert [weight is None for weight in there.weights] == [weight is None for weight in here.weights]
    known = [weight for weight in here.weights if weight is not None]
    found = [weight for weight in there.weights if weight is not None]
    assert found == pytest.approx(known, rel=0, abs=1e-9)
