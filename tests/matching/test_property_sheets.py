"""What an official sees of a doubtful row of buildings or real estate: what tells them apart, and nobody."""

import json
from pathlib import Path

import pytest

from matching import engine
from matching.doubts import property_sheets
from matching.doubts.sheets import Doubt
from matching.linking.property_likeness import COMPARISONS
from tests.matching.drawn import TODAY, code, draw_store, table, write_table
from tests.matching.properties import HELSINKI, KOIVUTIE, LEFT, OFFICES, PLACE, RIGHT, SHOP, TOWN, prt

OWNER = "person_id | surname | given_names | hetu | protected_until"
HEADER = (
    "row_id | building_id | real_estate_id | street | postal_code | municipality | name | hetu | Omistaja"
)
SHED = f"""
    building_id | {PLACE} | house_number | postal_code | {OFFICES} | class | use_status | completed_on
    {LEFT}  | 09100200050005 | {KOIVUTIE} | 9 | {HELSINKI} | 011 | 01 | 1990-05-01
    {RIGHT} | 09100200050004 | {KOIVUTIE} | 9 | {HELSINKI} | 041 | 02 | 2001-07-01
    {SHOP}  | 09100200050004 | {KOIVUTIE} | 9 | 00200 | HELSINKI | HELSINGFORS | 511 | |
"""
TWIN_HOUSE, TWIN_SHED, ONE, OTHER, THIRD, FOURTH = (prt(500 + number) for number in range(6))
DWELLINGS = f"building_id | stair | number\n{LEFT} | A | 1\n{LEFT} | B | 2\n{RIGHT} | C | 3"


def draw(folder: Path, **tables: str) -> Path:
    return draw_store(folder, **TOWN | {"building": SHED, "dwelling": DWELLINGS} | tables)


def doubts_of(folder: Path, store: Path, *rows: str, subject: str = "building") -> list[Doubt]:
    register = write_table(folder / "register.csv", table("\n".join([HEADER, *rows])))
    candidates = folder / "candidates.parquet"
    engine.link(
        register, store, folder / "links.parquet", candidates_out=candidates, on=TODAY, subject=subject
    )
    version = (store / "current").read_text().strip()
    asked = {"version": version, "on": TODAY, "subject": subject}
    return list(property_sheets.doubts(register, candidates, store, **asked))  # type: ignore[arg-type]


NINE = "1 | | | Koivutie 9 | 00100 | | | |"


def test_the_row_and_its_buildings_stand_side_by_side(tmp_path: Path) -> None:
    (doubt,) = doubts_of(tmp_path, draw(tmp_path), NINE)
    assert doubt.content["sent"] == {"row_id": "1", "street": "Koivutie 9", "postal_code": "00100"}
    left, right = doubt.content["candidates"]
    assert left["facts"] == {
        "building_id": LEFT,
        "unit_id": "09100200050005",
        "unit_name": "Pihat",
        "street": "Koivutie / Björkvägen",
        "house_number": "9",
        "postal_code": "00100",
        "post_office": "HELSINKI / HELSINGFORS",
        "municipality": "091 Helsinki / Helsingfors",
        "class": "011",
        "use_status": "01",
        "completed_on": "1990-05-01",
        "stairs": "A, B",
        "dwellings": "2",
    }
    assert (left["rule"], right["facts"]["class"]) == ("address", "041")


def test_the_units_of_a_row_stand_side_by_side_with_the_buildings_on_them(tmp_path: Path) -> None:
    (doubt,) = doubts_of(tmp_path, draw(tmp_path), NINE, subject="real_estate")
    first, second = doubt.content["candidates"]
    assert [first["facts"]["unit_id"], second["facts"]["unit_id"]] == ["09100200050004", "09100200050005"]
    assert first["facts"]["addresses"] == (
        "Koivutie / Björkvägen 9, 00100 HELSINKI / HELSINGFORS, 041;"
        " Koivutie / Björkvägen 9, 00200 HELSINKI / HELSINGFORS, 511"
    )
    assert (second["facts"]["name"], second["facts"]["area"]) == ("Pihat", "500")


@pytest.mark.parametrize(
    ("row", "comparison", "levels"),
    [
        ("1 | | | Koivutie 9 | 00100 | | | |", "street", ["same", "same"]),
        ("1 | | | Björkvägen 9 | 00100 | | | |", "street", ["same", "same"]),
        ("1 | | | Koivutei 9 | 00100 | | | |", "street", ["near", "near"]),
        ("1 | | | Koivutie 7-9 | 00100 | | | |", "number", ["range", "range"]),
        ("1 | | | Koivutie 9c | 00100 | | | |", "number", ["no letter", "no letter"]),
        ("1 | | 91-2-5-4 | Koivutie 9 | 00100 | | | |", "unit", ["same", "near"]),
        ("1 | | | Koivutie 9 B | 00100 | | | |", "stair", ["same", "other"]),
        ("1 | | | Koivutie 9 | 00210 | Helsinki | | |", "postal_code", ["near", "other", "other"]),
        ("1 | | | Koivutie 9 | 00100 | Espoo | | |", "municipality", ["other", "other"]),
        ("1 | | | Koivutie 9 | 00100 | | | |", "municipality", [None, None]),
        (f"1 | {LEFT[:-2]}XX | | Koivutie 9 | 00100 | | | |", "identifier", ["near", "other"]),
    ],
)
def test_each_way_of_agreeing_has_its_level_and_the_nearest_comes_first(
    tmp_path: Path, row: str, comparison: str, levels: list[str | None]
) -> None:
    (doubt,) = doubts_of(tmp_path, draw(tmp_path), row)
    assert [one["levels"][comparison] for one in doubt.content["candidates"]] == levels
    assert [one["place"] for one in doubt.content["candidates"]] == list(range(1, len(levels) + 1))


NAMED = """
    real_estate_id | name    | municipality
    09100200050004 | Koivula | 091
    09100200050005 | Pihat   | 091
    09100200050006 | Koivula | 091
"""


def test_units_of_one_name_are_told_apart_by_the_code_that_was_sent(tmp_path: Path) -> None:
    row = "1 | | 91-2-5-16 | | | Helsinki | Koivula | |"
    (doubt,) = doubts_of(tmp_path, draw(tmp_path, real_estate=NAMED), row, subject="real_estate")
    first, second = doubt.content["candidates"]
    assert first["facts"]["unit_id"] == "09100200050006"
    assert [one["levels"]["identifier"] for one in (first, second)] == ["near", "other"]
    assert (first["rule"], first["levels"]["name"]) == ("unit_name", "same")


def test_cases_are_alike_where_a_place_means_the_same_in_each(tmp_path: Path) -> None:
    more = (
        SHED
        + f"""{TWIN_HOUSE}  | 09100200050005 | {KOIVUTIE} | 19 | {HELSINKI} | 011 | 01 |
        {TWIN_SHED} | 09100200050005 | {KOIVUTIE} | 19 | {HELSINKI} | 041 | 02 |
        {ONE} | 09100200050005 | {KOIVUTIE} | 29 | {HELSINKI} | 011 | 01 |
        {OTHER} | 09100200050005 | {KOIVUTIE} | 29 | {HELSINKI} | 011 | 01 |
        {THIRD} | 09100200050005 | {KOIVUTIE} | 39 | {HELSINKI} | 011 | 01 |
        {FOURTH} | 09100200050005 | {KOIVUTIE} | 39 | {HELSINKI} | 011 | 01 |
    """
    )
    rows = [f"{number} | | | Koivutie {number} | 00100 | | | |" for number in (9, 19, 29, 29, 39)]
    groups = [one.group for one in doubts_of(tmp_path, draw(tmp_path, building=more), *rows)]
    # A house and its shed are such at every address; of two houses only those of one address are the same.
    assert groups[0] == groups[1]
    assert "kinds:011+041" in groups[0]
    assert groups[2] == groups[3] != groups[4]
    assert "rivals:2" in groups[4]


def sheets_with(folder: Path, *, protected_until: str, subject: str) -> list[Doubt]:
    """The sheets of a town in which somebody owns one of the buildings and units, and lives there."""
    store = draw(
        folder,
        person=f"{OWNER}\nP1 | Salainen | Sisko | {code('010190-900')} | {protected_until}",
        address=f"person_id | kind | street_fi | house_number | postal_code | building_id\n"
        f"P1 | permanent | Koivutie | 9 | 00100 | {LEFT}",
        owner=f"property_id | person_id\n{LEFT} | P1\n09100200050005 | P1",
    )
    row = "1 | | | Koivutie 9 B | 00100 | | Salainen Sisko | 010190-900Y | Salainen Sisko"
    return doubts_of(folder, store, row, subject=subject)


@pytest.mark.parametrize("subject", ["building", "real_estate"])
def test_rule_14_a_sheet_is_the_same_whoever_is_protected_and_names_nobody(
    tmp_path: Path, subject: str
) -> None:
    open_to_all, covered = (
        sheets_with(tmp_path / name, protected_until=until, subject=subject)
        for name, until in (("open", ""), ("kept", "2099-12-31"))
    )
    assert open_to_all == covered
    assert covered
    text = json.dumps([one.content["candidates"] for one in covered], ensure_ascii=False)
    assert not [word for word in ("Salainen", "Sisko", "010190", "P1", "protected") if word in text]


@pytest.mark.parametrize("subject", ["building", "real_estate"])
def test_a_row_shows_no_cell_that_may_name_an_owner(tmp_path: Path, subject: str) -> None:
    (doubt,) = sheets_with(tmp_path, protected_until="", subject=subject)
    shown = {name: text for name, text in doubt.content["sent"].items() if name not in doubt.hidden}
    assert shown == {"row_id": "1", "street": "Koivutie 9 B", "postal_code": "00100"}


def test_a_name_that_is_like_a_units_is_shown(tmp_path: Path) -> None:
    row = "1 | | | Koivutie 9 | 00100 | | Pihat | |"
    (doubt,) = doubts_of(tmp_path, draw(tmp_path), row, subject="real_estate")
    assert (doubt.content["sent"]["name"], doubt.hidden) == ("Pihat", ())
    assert [one["levels"]["name"] for one in doubt.content["candidates"]] == ["same", "other"]


def test_buildings_without_an_identifier_are_told_apart_all_the_same(tmp_path: Path) -> None:
    bare = f"""
        legacy_id | building_id | {PLACE} | house_number | postal_code | {OFFICES}
        091-002-0005-0003-K-001 | | 09100200050003 | {KOIVUTIE} | 9 | {HELSINKI}
        091-002-0005-0003-K-002 | | 09100200050003 | {KOIVUTIE} | 9 | {HELSINKI}
    """
    (doubt,) = doubts_of(tmp_path, draw(tmp_path, building=bare), NINE)
    assert len({*doubt.named}) == 2
    assert "one:1" in doubt.group


def test_no_table_of_persons_is_opened() -> None:
    assert not {"person", "subject", "owner", "address", "trait", "code"} & {*property_sheets.TABLES}


def test_a_row_with_more_buildings_than_anybody_could_choose_from_has_no_sheet(tmp_path: Path) -> None:
    many = f"building_id | {PLACE} | house_number | postal_code | {OFFICES}\n" + "\n".join(
        f"{prt(number)} | 09100200050005 | {KOIVUTIE} | 9 | {HELSINKI}" for number in range(21)
    )
    assert doubts_of(tmp_path, draw(tmp_path, building=many), NINE) == []


@pytest.mark.parametrize("subject", COMPARISONS)
def test_what_is_shown_of_a_row_is_of_no_person(subject: str) -> None:
    personal = {"hetu", "surname", "given_names", "former_surname", "birth_date", "sex"}
    assert not personal & {*property_sheets.SENT[subject]}
