"""Rule 6: sex is an attribute of its own; the number in the code says nothing of it."""

from pathlib import Path

from matching.register.loading import check
from tests.matching.drawn import code, draw_store, match_rows, table, write_table

ODD, EVEN, NONE = code("010190-901"), code("010190-902"), code("010190-903")
PERSONS = f"person_id | hetu | surname | sex\na | {ODD} | Aho | 2\nb | {EVEN} | Aho | 1\nc | {NONE} | Aho | "
ROWS = f"row_id | hetu | surname | sex\na | {ODD} | Aho | 1\nb | {EVEN} | Aho | M\nc | {NONE} | Aho | N"


def test_rule_6_sex_comes_from_the_store_and_not_from_the_code(tmp_path: Path) -> None:
    rows = match_rows(tmp_path, draw_store(tmp_path, person=PERSONS), ROWS, "sex")
    assert [row["vtj_sex"] for row in rows] == ["2", "1", ""]
    assert [row["vtj_changed"] for row in rows] == ["sex", "", ""]
    assert {row["vtj_result"] for row in rows} == {"match_id"}


def test_rule_6_a_sex_that_disagrees_with_the_number_is_a_warning(tmp_path: Path) -> None:
    report = check(write_table(tmp_path / "r.csv", table(ROWS)))
    assert report.sex_unlike_code.rows == [2, 3]
