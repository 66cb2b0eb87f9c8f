"""Rule 5: a passive code still finds its person, and the new one is given only where it may be."""

from pathlib import Path

import pytest

from tests.matching.drawn import code, draw_store, match_rows

OLD, OLDER, NEW = code("010190-900"), code("010191-902"), code("010190-904")
PERSONS = (
    f"person_id | hetu | surname | birth_date\nanna | {NEW} | Virtanen | 1990-01-01\nbo | | Ek | 1980-01-01"
)
FORMER = f"person_id | hetu | ended_on\nanna | {OLD} | 2020-01-01\nanna | {OLDER} | 2010-01-01"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return draw_store(tmp_path, person=PERSONS, former_hetu=FORMER)


@pytest.mark.parametrize("former", [OLD, OLDER])
def test_rule_5_any_former_code_is_one_hop(store: Path, tmp_path: Path, former: str) -> None:
    (row,) = match_rows(tmp_path, store, f"row_id | hetu | surname\n1 | {former} | Virtanen", "surname hetu")
    assert (row["vtj_result"], row["vtj_rule"]) == ("match_id_changed", "former_code")
    assert (row["vtj_hetu"], row["vtj_changed"]) == (NEW, "hetu")


def test_rule_5_the_new_code_is_not_given_unless_it_is_among_the_fields(store: Path, tmp_path: Path) -> None:
    (row,) = match_rows(tmp_path, store, f"row_id | hetu | surname\n1 | {OLD} | Virtanen", "surname")
    assert row["vtj_result"] == "match_id_changed"
    assert NEW not in row.values()
    assert row["vtj_changed"] == ""


def test_rule_5_a_former_code_with_a_foreign_name_is_a_conflict(store: Path, tmp_path: Path) -> None:
    (row,) = match_rows(tmp_path, store, f"row_id | hetu | surname\n1 | {OLD} | Korpi", "hetu")
    assert (row["vtj_result"], row["vtj_hetu"]) == ("conflict", "")


def test_the_present_code_of_a_person_with_former_ones_is_a_plain_match(store: Path, tmp_path: Path) -> None:
    (row,) = match_rows(tmp_path, store, f"row_id | hetu | surname\n1 | {NEW} | Virtanen", "hetu")
    assert (row["vtj_result"], row["vtj_changed"]) == ("match_id", "")
