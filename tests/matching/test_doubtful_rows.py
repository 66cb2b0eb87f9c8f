"""Rows that two persons fit: nobody is given, and nothing of anybody is told (rule 15)."""

from pathlib import Path

import duckdb
import pytest

from matching import engine
from matching.doubts.explain import explain
from matching.fields import output_fields
from matching.store.versions import open_version
from matching.weighing.model import read_model
from matching.weighing.scoring import ADJUSTED
from tests.matching.drawn import TODAY, match_rows, table, write_table

HEADER = "row_id | surname | given_names | birth_date | street | postal_code"
EVERYTHING = " ".join(field.name for field in output_fields())
DOUBTFUL = {
    "namesakes born the same day": "Korhonen | Matti Olavi | 15.6.1970 | |",
    "twins without a given name": "Hakala | | 4.4.2010 | Pajutie 3 | 20100",
    "twins with one initial": "Hakala | E | 4.4.2010 | Pajutie 3 | 20100",
    "twins with a name between theirs": "Hakala | Elma | 4.4.2010 | Pajutie 3 | 20100",
    "father and son of one name": "Aaltola | Kalle Johannes | | Haapatie 4 | 70100",
    "a sister born the same day": "Kuusela | Pirjo | 12.3.1985 | Esimerkkikatu 5 A 3 | 90100",
}


@pytest.mark.parametrize("row", DOUBTFUL.values(), ids=DOUBTFUL.keys())
def test_rule_15_a_doubtful_row_gives_no_data_of_anybody(town_store: Path, tmp_path: Path, row: str) -> None:
    fields = f"{EVERYTHING} person_id"
    (out,) = match_rows(tmp_path, town_store, f"{HEADER}\n1 | {row}", fields, entitled_to_protected=True)
    assert out["vtj_result"] == "ambiguous"
    assert {name for name in fields.split() if out[f"vtj_{name}"]} == set()
    assert out["vtj_changed"] == ""


@pytest.mark.parametrize(
    ("row", "person"),
    [
        ("Korhonen | Matti | 15.6.1970 | Mäntykuja 2 | 65100", "namesake"),
        ("Korhonen | Matti | 15.6.1970 | | 33100", "matti"),
        ("Hakala | Ella | 4.4.2010 | Pajutie 3 | 20100", "ella"),
        ("Hakala | Kaarina Elsa | 4.4.2010 | Pajutie 3 | 20100", "elsa"),
        ("Aaltola | Kalle Johannes | 17.7.1980 | Haapatie 4 | 70100", "son"),
        ("Aaltola | Kalle | 2.1.1950 | |", "father"),
    ],
)
def test_what_parts_the_two_settles_the_row(town_store: Path, tmp_path: Path, row: str, person: str) -> None:
    (out,) = match_rows(tmp_path, town_store, f"{HEADER}\n1 | {row}", "person_id")
    assert (out["vtj_result"], out["vtj_person_id"]) == ("match_data", person)


def test_the_candidates_of_a_doubtful_row_are_for_officials_in_a_file_of_their_own(
    town_store: Path, tmp_path: Path
) -> None:
    row = DOUBTFUL["namesakes born the same day"]
    register = write_table(tmp_path / "register.csv", table(f"{HEADER}\n1 | {row}"))
    candidates = tmp_path / "candidates.parquet"
    links = tmp_path / "links.parquet"
    engine.link(register, town_store, links, candidates_out=candidates, on=TODAY)
    with duckdb.connect() as con:
        found = con.execute("SELECT person_id FROM read_parquet(?) WHERE place <= 2", [str(candidates)])
        assert {person for (person,) in found.fetchall()} == {"matti", "namesake"}
        assert con.execute("SELECT result, pid FROM read_parquet(?)", [str(links)]).fetchall() == [
            ("ambiguous", None)
        ]


def test_the_file_of_candidates_tells_all_that_a_weight_is_made_of(town_store: Path, tmp_path: Path) -> None:
    row = DOUBTFUL["a sister born the same day"]
    register = write_table(tmp_path / "register.csv", table(f"{HEADER}\n1 | {row}"))
    candidates = tmp_path / "candidates.parquet"
    engine.link(register, town_store, tmp_path / "links", candidates_out=candidates, on=TODAY)
    with duckdb.connect() as con:
        found = con.execute("FROM read_parquet(?)", [str(candidates)])
        names = [column[0] for column in found.description]
        first = dict(zip(names, found.fetchall()[0], strict=True))
    shares = {name: first[f"{name}_share"] for name in ADJUSTED}
    persons = open_version(town_store).persons
    steps = explain(first, shares, read_model(), persons, first["penalty"])
    assert sum(step.bits for step in steps) == pytest.approx(first["weight"], abs=1e-6)


def test_a_member_of_the_family_is_not_taken_for_another(town_store: Path, tmp_path: Path) -> None:
    row = "Aaltola | Pirjo | 17.7.1963 | Haapatie 4 | 70100"
    (out,) = match_rows(tmp_path, town_store, f"{HEADER}\n1 | {row}", "person_id")
    assert (out["vtj_result"], out["vtj_rule"], out["vtj_confidence"]) == ("not_found", "", "")
