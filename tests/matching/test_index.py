"""A version has an index, by which a small register is matched: it finds what the whole tables give."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from matching import engine
from matching.store.apply import apply
from matching.synth.draw import draw_register
from tests.matching.batches import write_batch
from tests.matching.conftest import Population
from tests.matching.drawn import TODAY, draw_store, match_rows, results

ROWS = 90  # of 2,000 persons: few enough for the index


def told(population: Population, register: Path, folder: Path) -> tuple[Any, ...]:
    """Links, candidates, delivery, ledger, counts of results and crowds, and whether the index was used."""
    folder.mkdir(exist_ok=True)
    links, candidates, out, ledger = (
        folder / name for name in ("l.parquet", "c.parquet", "o.csv", "d.parquet")
    )
    store, version = population.store, population.version
    linked = engine.link(register, store, links, version=version, on=TODAY, candidates_out=candidates)
    fields = ["person_id", "surname", "street", "protected"]
    engine.disclose(register, links, store, out, ledger, version=version, fields=fields, on=TODAY)
    read = [duckdb.sql(f"FROM '{path}'").fetchall() for path in (links, candidates, ledger)]
    return (*read, out.read_text(encoding="utf-8"), linked.results, linked.crowded, "index" in linked.seconds)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("without_id", [0, 0.5, 1])
def test_an_index_finds_what_the_whole_tables_give(
    population: Population, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, without_id: float
) -> None:
    register = tmp_path / "register.csv"
    draw_register(register, population.extract, ROWS, seed=seed, without_id=without_id)
    *few, indexed = told(population, register, tmp_path / "few")
    monkeypatch.setattr("matching.linking.few.PERSONS_A_ROW", 10**9)
    *whole, indexed_whole = told(population, register, tmp_path / "whole")
    assert few == whole
    assert (indexed, indexed_whole) == (True, False)


def test_a_large_register_is_matched_by_the_whole_tables(population: Population, tmp_path: Path) -> None:
    register = tmp_path / "register.csv"
    draw_register(register, population.extract, 300, without_id=1)
    *_, indexed = told(population, register, tmp_path / "out")
    assert not indexed


def test_a_person_is_found_after_others_were_deleted(tmp_path: Path) -> None:
    people = "".join(f"\n{place}|Aalto{place}|Aino|1990-01-{place}" for place in range(10, 31))
    store = draw_store(tmp_path / "made", person=f"person_id|surname|given_names|birth_date{people}")
    apply(write_batch(tmp_path / "batch", person="op|person_id\ndelete|11\ndelete|25"), store)
    rows = "row_id|surname|given_names|birth_date|street\n1|Aalto30|Aino|30.1.1990|Rantatie 1"
    found = match_rows(tmp_path, store, rows, "person_id")
    assert (results(found), found[0]["vtj_person_id"]) == ({"1": "match_data"}, "30")
