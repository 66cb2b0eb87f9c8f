"""What an official sees of a doubtful row: enough to decide it, and nothing of a protected person's home."""

import json
from pathlib import Path

import pytest

from matching import engine
from matching.doubts import sheets
from matching.doubts.sheets import Doubt
from tests.matching.drawn import TODAY, draw_store, table, write_table

HEADER = "row_id | surname | given_names | birth_date | street | postal_code"
SISTER = "Kuusela | Pirjo | 12.3.1985 | Esimerkkikatu 5 A 3 | 90100"
NAMESAKES = "Korhonen | Matti Olavi | 15.6.1970 | |"


def doubts_of(folder: Path, store: Path, *rows: str, **options: object) -> list[Doubt]:
    lines = [HEADER, *(f"{number} | {row}" for number, row in enumerate(rows, start=1))]
    register = write_table(folder / "register.csv", table("\n".join(lines)))
    candidates = folder / "candidates.parquet"
    engine.link(register, store, folder / "links.parquet", candidates_out=candidates, on=TODAY)
    version = (store / "current").read_text().strip()
    return list(sheets.doubts(register, candidates, store, version=version, on=TODAY, **options))  # type: ignore[arg-type]


def test_the_row_and_its_candidates_stand_side_by_side(town_store: Path, tmp_path: Path) -> None:
    (doubt,) = doubts_of(tmp_path, town_store, SISTER)
    assert doubt.content["sent"]["street"] == "Esimerkkikatu 5 A 3"
    anna = doubt.content["candidates"][0]
    assert (anna["person"], anna["place"]) == ("anna", 1)
    facts = anna["facts"]
    assert (facts["given_names"], facts["birth_date"]) == ("Anna Maria", "1985-03-12")
    assert facts["address"].startswith("Esimerkkikatu 5 A 3 / Exempelgatan 5 A 3, 90100")
    assert facts["former_addresses"].startswith("Vanhatie 7")
    assert facts["code_start"] == "120385-"


def test_the_code_itself_is_not_on_the_sheet(town_store: Path, tmp_path: Path) -> None:
    (doubt,) = doubts_of(tmp_path, town_store, SISTER)
    assert "120385-901" not in json.dumps(doubt.content)


def test_the_steps_make_up_the_weight(town_store: Path, tmp_path: Path) -> None:
    for doubt in doubts_of(tmp_path, town_store, SISTER, NAMESAKES):
        for one in doubt.content["candidates"]:
            assert sum(bits for _, bits, _ in one["steps"]) == pytest.approx(one["weight"], abs=0.02)


def test_alike_cases_are_of_one_group_and_others_are_not(town_store: Path, tmp_path: Path) -> None:
    other = "Korhonen | Matti Olavi | 15.6.1970 | |"
    first, second, third = doubts_of(tmp_path, town_store, NAMESAKES, other, SISTER)
    assert first.group == second.group != third.group
    assert "surname:same" in first.group
    assert first.group.endswith("rivals:2")


PERSONS = """
person_id | surname | given_names | birth_date | sex | municipality | protected_until
P1        | Virtanen | Matti Juhani | 1980-05-17 | 1 | 091 | 2030-01-01
P2        | Virtanen | Matti Olavi  | 1980-05-17 | 1 | 091 |
"""
ADDRESSES = """
person_id | kind      | street_fi | house_number | postal_code
P1        | permanent | Piilopolku | 1 | 00100
P1        | former    | Entinentie | 4 | 00200
P2        | permanent | Avopolku | 2 | 00100
"""


def test_of_a_protected_person_nothing_tells_where_the_home_is(tmp_path: Path) -> None:
    store = draw_store(tmp_path, person=PERSONS, address=ADDRESSES)
    (doubt,) = doubts_of(tmp_path, store, "Virtanen | Matti | 17.5.1980 | | 00100")
    one = next(one for one in doubt.content["candidates"] if one["person"] == "P1")
    text = json.dumps(one, ensure_ascii=False)
    assert one["protected"]
    assert one["levels"]["home"] in {None, "withheld"}
    assert not any(word in text for word in ("Piilopolku", "Entinentie", "091", "00100"))
    assert not {"home", "household"} & {name for name, _, _ in one["steps"]}


def test_protection_is_judged_by_the_newest_version_too(tmp_path: Path) -> None:
    before = draw_store(tmp_path, person=PERSONS.replace("2030-01-01", ""), address=ADDRESSES)
    version = (before / "current").read_text().strip()
    row = "Virtanen | Matti | 17.5.1980 | | 00100"
    (doubt,) = doubts_of(tmp_path, before, row)
    assert [one["protected"] for one in doubt.content["candidates"]] == [False, False]
    draw_store(tmp_path, person=PERSONS, address=ADDRESSES)
    newest = (before / "current").read_text().strip()
    files = (tmp_path / "register.csv", tmp_path / "candidates.parquet", before)
    (again,) = sheets.doubts(*files, version=version, on=TODAY, protection=[(newest, TODAY)])
    covered = {one["person"]: one["protected"] for one in again.content["candidates"]}
    assert covered == {"P1": True, "P2": False}
