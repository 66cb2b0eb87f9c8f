"""`evaluate`: the figures of a matched register by a column of true person_ids."""

from pathlib import Path

import pytest

from matching.errors import InputProblems
from matching.evaluate import evaluate
from tests.matching.drawn import table, write_table

MATCHED = """
    truth | kind    | vtj_result | vtj_person_id
    A     | young   | match_id   | A
    B     | young   | match_data | C
    C     | old     | not_found  | ""
    ""    | old     | match_data | D
    ""    | ""      | not_found  | ""
"""


@pytest.fixture
def matched(tmp_path: Path) -> Path:
    return write_table(tmp_path / "matched.csv", table(MATCHED.replace('""', "")))


def test_a_person_given_to_a_row_of_nobody_counts_against_precision_alone(matched: Path) -> None:
    figures = evaluate(matched, "truth")
    assert (figures["rows"], figures["given"], figures["right"]) == (5, 3, 1)
    assert figures["precision"] == pytest.approx(1 / 3, abs=1e-6)
    assert figures["recall"] == pytest.approx(1 / 3, abs=1e-6)


def test_each_result_has_figures_of_its_own(matched: Path) -> None:
    by_result = evaluate(matched, "truth")["by_result"]
    assert {name: each["rows"] for name, each in by_result.items()} == {
        "match_data": 2,
        "match_id": 1,
        "not_found": 2,
    }
    assert by_result["match_id"]["f1"] == 1.0
    assert by_result["not_found"]["precision"] is None


def test_groups_are_told_by_the_values_of_a_column(matched: Path) -> None:
    groups = evaluate(matched, "truth", by=["kind"])["by"]["kind"]
    assert {name: (each["rows"], each["given"], each["right"]) for name, each in groups.items()} == {
        "young": (2, 2, 1),
        "old": (2, 1, 0),
        "": (1, 0, 0),
    }


def test_groups_are_told_only_where_they_are_asked_for(matched: Path) -> None:
    assert "by" not in evaluate(matched, "truth")


def test_a_group_column_that_is_missing_is_named(matched: Path) -> None:
    with pytest.raises(InputProblems) as problems:
        evaluate(matched, "truth", by=["age"])
    assert problems.value.problems[0].column == "age"
