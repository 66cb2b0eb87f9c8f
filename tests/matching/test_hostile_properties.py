"""Registers and stores of buildings that nobody meant: an answer for each row, and never an error."""

import csv
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching import engine
from tests.matching.drawn import TODAY, draw_store, match_rows, read_csv, results
from tests.matching.properties import HOME, draw_town

SUBJECTS = pytest.mark.parametrize("subject", ["building", "real_estate"])
RESULTS = {
    *("match_id", "match_id_changed", "match_id_repaired", "match_data", "conflict", "ambiguous"),
    *("not_found", "invalid_id", "insufficient_data"),
}
COLUMNS = (
    *("building_id", "real_estate_id", "street", "house_number", "postal_code", "post_office"),
    *("municipality", "name"),
)
STRANGE = (
    *("", "Koivutie 5", "x" * 10_000, "5 " * 5_000, "c/o " * 3_000, "🏠", "\u202e5 eitvuioK", "a\u0301" * 50),
    *("'; DROP TABLE link; --", "=HYPERLINK(1)", "[0-9]+(.*", "\\1", "%_", "91-2-5-3", HOME),
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw_town(tmp_path_factory.mktemp("town"))


@SUBJECTS
def test_a_store_of_persons_alone_finds_no_property(tmp_path: Path, subject: str) -> None:
    store = draw_store(tmp_path, person="person_id | surname\n1 | Virtanen")
    rows = f"""
        row_id | building_id | real_estate_id | street     | postal_code | municipality | name
        code   | {HOME}      | 91-2-5-3       |            |             |              |
        place  |             |                | Koivutie 5 | 00100       | Helsinki     | Koivula
        number |             |                | Koivutie 5 | 00100       | 91           | Koivula
        empty  |             |                |            |             |              |
    """
    found = results(match_rows(tmp_path, store, rows, "owners municipality", subject=subject))
    assert found == dict.fromkeys(("code", "place", "number"), "not_found") | {"empty": "insufficient_data"}


@SUBJECTS
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(cells=st.lists(st.lists(st.sampled_from(STRANGE), min_size=8, max_size=8), min_size=1, max_size=20))
def test_rule_19_strange_rows_have_one_result_each_in_their_order(
    store: Path, subject: str, cells: list[list[str]]
) -> None:
    with TemporaryDirectory() as folder:
        register, out = Path(folder) / "r.csv", Path(folder) / "o.csv"
        with register.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, quoting=csv.QUOTE_ALL)
            writer.writerow(["row_id", *COLUMNS])
            writer.writerows([index, *row] for index, row in enumerate(cells))
        engine.match(register, store, out, subject=subject, fields=["municipality", "owners"], on=TODAY)
        rows = read_csv(out)
    assert [row["row_id"] for row in rows] == [str(index) for index in range(len(cells))]
    assert {row["vtj_result"] for row in rows} <= RESULTS
    assert [[row[name] for name in COLUMNS] for row in rows] == cells


@SUBJECTS
def test_a_repeated_identifier_or_address_gives_each_row_its_own(
    store: Path, tmp_path: Path, subject: str
) -> None:
    row = f" | {HOME} | 91-2-5-3 | Koivutie 5 | 00100\n | | | Koivutie 5 | 00100\n"
    rows = match_rows(
        tmp_path,
        store,
        "row_id | building_id | real_estate_id | street | postal_code\n" + row * 50,
        subject=subject,
    )
    assert [row["vtj_result"] for row in rows] == ["match_id", "match_data"] * 50


def test_many_rows_of_an_address_with_many_buildings_cost_no_more_than_their_number(tmp_path: Path) -> None:
    many = 20_000
    buildings = "street_fi | house_number | postal_code\n" + "Koivutie | 5 | 00100\n" * many
    store = draw_store(tmp_path, person="person_id\n1", building=buildings)
    rows = "street | postal_code\n" + "Koivutie 5 | 00100\n" * many
    found = match_rows(tmp_path, store, rows, subject="building", memory="200MB")
    assert {row["vtj_result"] for row in found} == {"ambiguous"}


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_the_result_is_the_same_on_any_number_of_threads(store: Path, tmp_path: Path, threads: int) -> None:
    register = tmp_path / "r.csv"
    cells = ["Koivutie 5,00100", "Koivutie 9,00100", "Kovutie 5,00100", ",", "Niemelä,66640"]
    register.write_text("street,postal_code\n" + "\n".join(cells * 2000), encoding="utf-8")
    engine.match(register, store, tmp_path / "o.csv", subject="building", threads=threads, on=TODAY)
    rules = [row["vtj_rule"] for row in read_csv(tmp_path / "o.csv")]
    assert rules == ["address", "address", "near_street", "", "address"] * 2000
