"""Real-estate units are found by their code, through mergers, else by building, address or name."""

from datetime import date
from pathlib import Path

import pytest

from tests.matching.drawn import match_rows, results
from tests.matching.extracts import problems_of
from tests.matching.properties import HOME, LEFT, draw_town, prt

KOIVULA, USED = "09100200050003", "09100200050008"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw_town(tmp_path_factory.mktemp("town"))


def outcome(folder: Path, store: Path, rows: str, on: date | None = None) -> dict[str, tuple[str, str, str]]:
    """Row id → result, rule, unit."""
    day = {"on": on} if on else {}
    out = match_rows(folder, store, rows, "real_estate_id", subject="real_estate", **day)
    return {row["row_id"]: (row["vtj_result"], row["vtj_rule"], row["vtj_real_estate_id"]) for row in out}


ROWS = f"""
    row_id    | real_estate_id | building_id    | street     | municipality | name
    dashes    | 91-2-5-3       |                |            |              |
    digits    | {KOIVULA}      |                |            |              | Koivula
    parcel    | 91-2-5-3-M601  |                |            |              |
    merged    | 91-2-5-8       |                |            |              |
    twice     | 91-2-5-9M12    |                |            |              |
    building  |                | {HOME}         |            |              |
    legacy    |                | 91-2-5-3-K-1   |            |              |
    both      |                | {LEFT}         |            |              |
    address   |                |                | Koivutie 5 | Helsinki     |
    one unit  |                |                | Koivutie 9 | Helsinki     |
    name      |                |                |            | 091          | KOIVULA
    ended     |                |                |            | Espoo        | Koivula
    conflict  | 91-2-5-3       |                |            | Espoo        | Kuusela
    unknown   | 1-1-1-1        |                |            |              |
    no such   |                | {prt(99)}      |            |              |
    invalid   | 91-2-5         |                |            |              |
    empty     |                |                |            |              |
    name only |                |                |            |              | Koivula
"""


def test_each_row_gets_the_result_that_it_deserves(store: Path, tmp_path: Path) -> None:
    found = outcome(tmp_path, store, ROWS)
    assert found["dashes"] == found["digits"] == found["parcel"] == ("match_id", "code", KOIVULA)
    assert found["merged"] == found["twice"] == ("match_id_changed", "former_code", KOIVULA)
    assert found["building"] == found["legacy"] == ("match_data", "building", KOIVULA)
    assert found["both"] == ("match_data", "building", "09100200050005")
    assert found["address"] == ("match_data", "address_in_municipality", KOIVULA)
    assert found["one unit"] == ("match_data", "address_in_municipality", "09100200050005")
    assert found["name"] == ("match_data", "unit_name", KOIVULA)
    assert found["ended"] == found["unknown"] == found["no such"] == ("not_found", "", "")
    assert found["conflict"] == ("conflict", "other_name", "")
    assert found["invalid"] == ("invalid_id", "invalid_format", "")
    assert found["empty"] == found["name only"] == ("insufficient_data", "", "")


@pytest.mark.parametrize(
    ("on", "result", "unit"),
    [
        (date(2009, 12, 31), "match_id", "09100200050009"),
        (date(2010, 1, 1), "match_id_changed", USED),
        (date(2019, 12, 31), "match_id_changed", USED),
        (date(2020, 1, 1), "match_id_changed", KOIVULA),
    ],
)
def test_a_merger_is_followed_as_far_as_it_had_come_on_the_day(
    store: Path, tmp_path: Path, on: date, result: str, unit: str
) -> None:
    found = outcome(tmp_path, store, "row_id | real_estate_id\n1 | 91-2-5-9", on)
    assert (found["1"][0], found["1"][2]) == (result, unit)


def test_a_unit_that_ended_without_a_successor_is_itself(store: Path, tmp_path: Path) -> None:
    rows = "row_id | real_estate_id\n1 | 91-2-5-7"
    out = match_rows(tmp_path, store, rows, "ended_on successor_id", subject="real_estate")
    assert (out[0]["vtj_result"], out[0]["vtj_ended_on"]) == ("match_id", "2015-01-01")


def test_a_successor_that_ended_is_the_last_that_is_known(tmp_path: Path) -> None:
    store = draw_town(
        tmp_path,
        real_estate="real_estate_id | ended_on | successor_id\n"
        "09100200050001 | 2010-01-01 | 09100200050002\n09100200050002 | 2015-01-01 | 09100200050099",
    )
    found = outcome(tmp_path, store, "row_id | real_estate_id\n1 | 91-2-5-1\n2 | 91-2-5-2")
    assert found["1"] == ("match_id_changed", "former_code", "09100200050002")
    assert found["2"] == ("match_id", "code", "09100200050002")


def test_a_unit_with_a_successor_and_no_day_of_ending_has_ended(tmp_path: Path) -> None:
    store = draw_town(
        tmp_path,
        real_estate="real_estate_id | successor_id\n09100200050001 | 91-2-5-2\n09100200050002 |",
    )
    found = outcome(tmp_path, store, "row_id | real_estate_id\n1 | 91-2-5-1", date(1900, 1, 1))
    assert found["1"] == ("match_id_changed", "former_code", "09100200050002")


def test_units_of_one_name_in_a_municipality_are_for_an_official_to_tell_apart(tmp_path: Path) -> None:
    store = draw_town(
        tmp_path,
        real_estate="real_estate_id | name | municipality\n"
        "09100200050001 | Mäkelä | 091\n09100200050002 | Mäkelä | 091",
    )
    rows = "row_id | name | municipality\n1 | Mäkelä | Helsinki"
    assert outcome(tmp_path, store, rows)["1"] == ("ambiguous", "unit_name", "")


@pytest.mark.parametrize(
    "rows",
    [
        "09100200050001,09100200050001",
        "09100200050001,09100200050002\n09100200050002,09100200050001",
        "09100200050001,91-2-5-2\n09100200050002,91-2-5-1",
        "\n".join(f"{number:014},{number + 1:014}" for number in range(1, 40)) + "\n00000000000040,",
    ],
)
def test_mergers_in_a_circle_or_without_end_are_an_error_of_the_extract(tmp_path: Path, rows: str) -> None:
    problems = problems_of(
        tmp_path, person="person_id\n1\n", real_estate=f"real_estate_id,successor_id\n{rows}\n"
    )
    assert "column successor_id: real_estate: the units that it was merged into" in problems[0]


@pytest.mark.parametrize(
    ("name", "municipality", "result"),
    [
        ("Kuusela", "Espoo", "conflict"),
        ("Kuusela", "Helsinki", "match_id"),
        ("Kuusela", "", "match_id"),
        ("Koivula", "Espoo", "match_id"),
        ("Koivulan tila", "Espoo", "match_id"),
        ("", "Espoo", "match_id"),
    ],
)
def test_only_another_name_in_another_municipality_contradicts_a_code(
    store: Path, tmp_path: Path, name: str, municipality: str, result: str
) -> None:
    rows = f"row_id | real_estate_id | name | municipality\n1 | 91-2-5-3 | {name} | {municipality}"
    assert results(match_rows(tmp_path, store, rows, subject="real_estate")) == {"1": result}


def test_the_name_of_before_the_merger_does_not_contradict(store: Path, tmp_path: Path) -> None:
    rows = "row_id | real_estate_id | name | municipality\n1 | 91-2-5-9 | Vanhala | Vaasa"
    found = results(match_rows(tmp_path, store, rows, subject="real_estate"))
    assert found == {"1": "match_id_changed"}
