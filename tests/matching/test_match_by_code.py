"""What a code decides, in the order of the contract."""

from pathlib import Path

import pytest

from matching import engine
from tests.matching.drawn import TODAY, code, draw_store, match_rows, read_csv, results

ANNA, OTTO, NOBODY = code("010190-900"), code("020280Y901"), code("030370-902")
PERSONS = f"""
    person_id | hetu   | surname  | given_names | birth_date
    anna      | {ANNA} | Virtanen | Anna Maria  | 1990-01-01
    otto      | {OTTO} | Öhman    | Otto        | 1980-02-02
"""


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return draw_store(tmp_path, person=PERSONS)


def test_each_row_gets_the_result_that_its_code_decides(store: Path, tmp_path: Path) -> None:
    rows = f"""
        row_id      | hetu             | surname  | given_names | birth_date
        same        | {ANNA}           | Virtanen | Anna Maria  | 01.01.1990
        lower case  | {ANNA.lower()}   | Virtanen | Anna        |
        long dash   | 010190\u2013{ANNA[7:]} | Virtanen | Anna  |
        unknown     | {NOBODY}         | Kataja   | Ilmari      | 05.05.1955
        bad check   | 010190-900?      | Kataja   | Ilmari      | 05.05.1955
        nonsense    | -                | Kataja   | Ilmari      | 05.05.1955
        no code     |                  | Kataja   | Ilmari      | 05.05.1955
        name alone  |                  | Virtanen | Anna        |
        date alone  |                  |          |             | 01.01.1990
        empty       |                  |          |             |
    """
    assert results(match_rows(tmp_path, store, rows)) == {
        "same": "match_id",
        "lower case": "match_id",
        "long dash": "match_id",
        "unknown": "not_found",
        "bad check": "invalid_id",
        "nonsense": "invalid_id",
        "no code": "not_found",
        "name alone": "insufficient_data",
        "date alone": "insufficient_data",
        "empty": "insufficient_data",
    }


def test_rule_1_blanks_and_lower_case_do_not_hide_a_person(store: Path, tmp_path: Path) -> None:
    rows = match_rows(tmp_path, store, f"row_id | hetu | surname\n1 | {OTTO.lower()} | ÖHMAN", "surname")
    assert rows[0]["vtj_result"] == "match_id"
    assert rows[0]["vtj_surname"] == "Öhman"


def test_rule_2_a_code_with_another_separator_is_no_code(store: Path, tmp_path: Path) -> None:
    rows = f"row_id | hetu | surname\n1 | {ANNA.replace('-', '/')} | Virtanen"
    assert results(match_rows(tmp_path, store, rows)) == {"1": "invalid_id"}


def test_rule_3_the_separator_is_never_ignored(store: Path, tmp_path: Path) -> None:
    rows = f"row_id | hetu | surname\n1 | {ANNA.replace('-', 'Y')} | Virtanen"
    assert results(match_rows(tmp_path, store, rows)) == {"1": "not_found"}


def test_rule_4_an_artificial_code_finds_nobody_in_a_real_store(tmp_path: Path) -> None:
    real = draw_store(tmp_path, artificial=False, person="person_id | surname\nanna | Virtanen")
    rows = f"row_id | hetu | surname\n1 | {ANNA} | Virtanen\n2 | {ANNA[:-1]}? | Virtanen"
    assert results(match_rows(tmp_path, real, rows)) == {"1": "artificial_id", "2": "invalid_id"}


def test_rule_1_a_code_of_tomorrow_is_invalid(store: Path, tmp_path: Path) -> None:
    rows = f"row_id | hetu | surname\n1 | {code('241126A901')} | Virtanen"
    assert match_rows(tmp_path, store, rows)[0]["vtj_rule"] == "invalid_future"


def test_the_rule_says_what_decided(store: Path, tmp_path: Path) -> None:
    rows = f"row_id | hetu | surname\n1 | {ANNA} | Virtanen\n2 | {ANNA} | Korpi\n3 | {NOBODY} | Korpi"
    assert [row["vtj_rule"] for row in match_rows(tmp_path, store, rows)] == ["code", "name", ""]


@pytest.mark.parametrize("blank", ["\t", "\u00a0", " \u2007 "])
def test_a_code_of_blanks_alone_is_no_code(store: Path, tmp_path: Path, blank: str) -> None:
    register = tmp_path / "blank.csv"
    register.write_text(f"hetu,surname\n{blank},\n", encoding="utf-8")
    engine.match(register, store, tmp_path / "out.csv", on=TODAY)
    assert [row["vtj_result"] for row in read_csv(tmp_path / "out.csv")] == ["insufficient_data"]
