"""Rule 17: a dead person's date of death and an absent person's mark, each where the permit names it."""

from pathlib import Path

import pytest

from tests.matching.drawn import code, draw_store, match_rows

CODES = {name: code(f"01019{place}-900") for place, name in enumerate(("dead", "abroad", "removed", "here"))}
PERSONS = "person_id | hetu | surname | death_date | absence_code\n" + "\n".join(
    f"{name} | {CODES[name]} | Virtanen | {facts}"
    for name, facts in (("dead", "2025-05-05 | "), ("abroad", " | 1"), ("removed", " | 9"), ("here", " | "))
)
ROWS = "row_id | hetu | surname\n" + "\n".join(f"{name} | {hetu} | Virtanen" for name, hetu in CODES.items())


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return draw_store(tmp_path, person=PERSONS)


def test_rule_17_all_of_them_are_matched(store: Path, tmp_path: Path) -> None:
    assert {row["vtj_result"] for row in match_rows(tmp_path, store, ROWS)} == {"match_id"}


def test_rule_17_death_and_absence_are_given_where_named(store: Path, tmp_path: Path) -> None:
    rows = match_rows(tmp_path, store, ROWS, "death_date absence")
    assert [row["vtj_death_date"] for row in rows] == ["2025-05-05", "", "", ""]
    assert [row["vtj_absence"] for row in rows] == ["", "1", "9", ""]


def test_rule_17_they_are_not_given_where_not_named(store: Path, tmp_path: Path) -> None:
    rows = match_rows(tmp_path, store, ROWS, "surname")
    assert not [row for row in rows if "2025-05-05" in row.values() or "9" in row.values()]
