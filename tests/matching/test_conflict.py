"""A code whose person has another name is nobody's word on that person."""

from pathlib import Path

import pytest

from tests.matching.drawn import code, draw_store, match_rows, results

ANNA, ALI = code("010190-900"), code("020280Y901")
PERSONS = f"""
    person_id | hetu   | surname         | given_names    | birth_date
    anna      | {ANNA} | von Öhman-Mäki  | Anna-Maija Åsa | 1990-01-01
    ali       | {ALI}  | Đorđević        | Ali            | 1980-02-02
"""
FORMER = """
    person_id | kind | name      | to_date
    anna      | 05   | Hietanen  | 2015-05-05
    anna      | 06   | Raakel    | 2015-05-05
"""


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return draw_store(tmp_path, person=PERSONS, former_name=FORMER)


@pytest.mark.parametrize(
    "row",
    [
        "von Öhman-Mäki | Anna-Maija Åsa",
        "VON ÖHMAN-MÄKI | ANNA",
        "Ohman | Kukka",
        "Mäki Öhman | ",
        "Öhmann | Kukka",
        "Hietanen | Kukka",
        "Kukka | Raakel",
        "Anna-Maija | Öhman",
        "Toinen | Åsa Anna",
        "Öhman | A",
        " | A",
    ],
)
def test_a_row_with_one_agreeing_name_is_confirmed(store: Path, tmp_path: Path, row: str) -> None:
    rows = f"row_id | hetu | surname | given_names\n1 | {ANNA} | {row}"
    assert results(match_rows(tmp_path, store, rows)) == {"1": "match_id"}


@pytest.mark.parametrize("row", ["Korpi | Kukka", "von Korpi | ", "Korpi | A", " | K", "Ali | Djordjevic"])
def test_a_row_without_any_agreeing_name_is_a_conflict(store: Path, tmp_path: Path, row: str) -> None:
    rows = f"row_id | hetu | surname | given_names\n1 | {ANNA} | {row}"
    assert results(match_rows(tmp_path, store, rows)) == {"1": "conflict"}


def test_letters_without_an_accent_to_lose_are_folded(store: Path, tmp_path: Path) -> None:
    rows = f"row_id | hetu | surname\n1 | {ALI} | Dordevic"
    assert results(match_rows(tmp_path, store, rows)) == {"1": "match_id"}


def test_a_whole_name_in_one_cell_is_read_in_any_order(store: Path, tmp_path: Path) -> None:
    rows = (
        f"row_id | hetu | nimi\n1 | {ALI} | Ali Đorđević\n2 | {ALI} | Đorđević, Ali\n3 | {ALI} | Kukka Korpi"
    )
    assert results(match_rows(tmp_path, store, rows)) == {"1": "match_id", "2": "match_id", "3": "conflict"}


def test_without_a_name_the_birth_date_decides(store: Path, tmp_path: Path) -> None:
    rows = f"""
        row_id     | hetu   | birth_date | surname
        same       | {ANNA} | 1.1.1990   |
        other      | {ANNA} | 2.1.1990   |
        unreadable | {ANNA} | 1990       |
        none       | {ANNA} |            |
        unknown    | {ANNA} | 2.1.1990   | Tuntematon
    """
    assert results(match_rows(tmp_path, store, rows)) == {
        "same": "match_id",
        "other": "conflict",
        "unreadable": "match_id",
        "none": "match_id",
        "unknown": "conflict",
    }


def test_another_birth_date_beside_an_agreeing_name_is_a_change(store: Path, tmp_path: Path) -> None:
    rows = f"row_id | hetu | surname | birth_date\n1 | {ANNA} | Hietanen | 2.1.1990"
    (row,) = match_rows(tmp_path, store, rows, "birth_date surname")
    assert (row["vtj_result"], row["vtj_changed"]) == ("match_id", "birth_date;surname")


def test_a_conflict_gives_no_data(store: Path, tmp_path: Path) -> None:
    rows = f"row_id | hetu | surname\n1 | {ANNA} | Korpi"
    (row,) = match_rows(tmp_path, store, rows, "hetu surname given_names protected person_id")
    assert {value for name, value in row.items() if name.startswith("vtj_")} == {"1", "conflict", "name", ""}
