"""A population that lacks a column, and a register that has it: compared by what is there."""

from pathlib import Path

import pytest

from matching.store.versions import build
from tests.matching.drawn import match_rows, table, write_table

PERSONS = {
    "no given names": "person_id | surname | birth_date\none | Kuusela | 1985-03-12",
    "no surname": "person_id | given_names | birth_date\none | Anna | 1985-03-12",
    "no birth date": "person_id | surname | given_names\none | Kuusela | Anna",
    "an id alone": "person_id\none",
}


@pytest.mark.parametrize("persons", PERSONS.values(), ids=PERSONS.keys())
def test_a_store_without_a_column_is_built_and_searched(tmp_path: Path, persons: str) -> None:
    write_table(tmp_path / "extract" / "person.csv", table(persons))
    build(tmp_path / "extract", tmp_path / "store")
    rows = "row_id | hetu | surname | given_names | birth_date\n1 | | Kuusela | Anna | 12.3.1985"
    (out,) = match_rows(tmp_path, tmp_path / "store", rows)
    assert out["vtj_result"] in {"match_data", "ambiguous", "not_found"}
