"""A model that Splink saved is read where its comparisons exist here."""

import json
from pathlib import Path
from typing import Any

import pytest

from matching.errors import InputProblems
from matching.weighing.model import Chances, read_model
from matching.weighing.splink_model import to_splink


def saved(folder: Path, name: str, *conditions: str) -> Path:
    levels: list[dict[str, Any]] = [{"sql_condition": f"{name}_l IS NULL", "is_null_level": True}]
    levels += [{"sql_condition": text, "m_probability": 0.4, "u_probability": 0.2} for text in conditions]
    content = {
        "sql_dialect": "duckdb",
        "comparisons": [{"output_column_name": name, "comparison_levels": levels}],
    }
    (folder / "splink.json").write_text(json.dumps(content))
    return folder / "splink.json"


def test_what_we_wrote_for_splink_reads_back_the_same(tmp_path: Path) -> None:
    model = read_model()
    (tmp_path / "ours.json").write_text(json.dumps(to_splink(model, 1000)))
    read = read_model(tmp_path / "ours.json")
    assert read.chances["given_names"] == model.chances["given_names"]
    assert read.chances["home"] == model.chances["home"]


@pytest.mark.parametrize(
    ("name", "condition", "level"),
    [
        ("surname", '"surname_l" = "surname_r"', "same"),
        ("surname", "jaro_winkler_similarity(surname_l, surname_r) >= 0.92", "near"),
        ("first_name", "jaro_winkler_similarity(first_name_l, first_name_r) >= 0.8", "alike"),
        ("surname", "jaro_winkler_similarity(surname_l, surname_r) >= 0.9", "near"),
        ("dob", "damerau_levenshtein(dob_l, dob_r) <= 1", "one digit"),
        ("sex", "ELSE", "other"),
    ],
)
def test_levels_are_known_by_what_they_test(tmp_path: Path, name: str, condition: str, level: str) -> None:
    ours = {"first_name": "given_names", "dob": "birth_date"}.get(name, name)
    assert read_model(saved(tmp_path, name, condition)).chances[ours][level] == Chances(0.4, 0.2)


@pytest.mark.parametrize(
    "condition",
    [
        "read_text(surname_l) = surname_r",
        "surname_l = surname_r; DROP TABLE person",
        "jaccard(surname_l, surname_r) >= 0.9",
        "surname_l = dob_r",
        "jaro_winkler_similarity(lower(surname_l), surname_r) >= 0.92",
        "((",
    ],
)
def test_what_does_not_exist_here_is_refused_with_its_place(tmp_path: Path, condition: str) -> None:
    with pytest.raises(InputProblems) as refused:
        read_model(saved(tmp_path, "surname", condition))
    assert [problem.params for problem in refused.value.problems] == [{"comparison": "surname", "level": 2}]
