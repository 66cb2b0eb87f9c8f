"""A row's answer depends on that row alone: not on its place, its neighbours, other columns or threads."""

import csv
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching import engine
from matching.synth.draw import draw_register
from tests.matching.conftest import Population
from tests.matching.drawn import TODAY, read_csv

TOLD = ("vtj_result", "vtj_confidence", "vtj_rule", "vtj_person_id")
ROWS = 60
Row = dict[str, str]


@pytest.fixture(scope="module")
def rows(population: Population, tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    """Dirty rows, half of them without a code."""
    folder = tmp_path_factory.mktemp("rows")
    draw_register(folder / "register.csv", population.extract, ROWS, seed=5, without_id=0.5)
    return read_csv(folder / "register.csv")


def answers(store: Path, rows: list[Row], threads: int = 2) -> dict[str, tuple[str, ...]]:
    """Row id → what is told of the row."""
    with TemporaryDirectory() as name:
        register, out = Path(name) / "register.csv", Path(name) / "out.csv"
        with register.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        engine.match(register, store, out, fields=["person_id"], on=TODAY, threads=threads)
        return {row["row_id"]: tuple(row[column] for column in TOLD) for row in read_csv(out)}


few = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)


@few
@given(order=st.permutations(range(ROWS)), kept=st.integers(1, ROWS))
def test_neither_the_order_nor_the_other_rows_matter(
    population: Population, rows: list[Row], order: list[int], kept: int
) -> None:
    whole = answers(population.store, rows)
    chosen = [rows[place] for place in order[:kept]]
    assert answers(population.store, chosen) == {row["row_id"]: whole[row["row_id"]] for row in chosen}


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=20)


@few
@given(cells=st.lists(TEXT, min_size=ROWS, max_size=ROWS))
def test_columns_that_are_no_field_do_not_matter(
    population: Population, rows: list[Row], cells: list[str]
) -> None:
    wider = [{"Muistiinpano 1": cell, **row} for row, cell in zip(rows, cells, strict=True)]
    assert answers(population.store, wider) == answers(population.store, rows)


def test_threads_do_not_matter(population: Population, rows: list[Row]) -> None:
    assert answers(population.store, rows, threads=1) == answers(population.store, rows, threads=2)
