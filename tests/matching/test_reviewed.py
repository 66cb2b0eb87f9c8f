"""What officials decided stands in the links, and in what is disclosed by them (contract: match_review)."""

from pathlib import Path

import pyarrow.parquet
import pytest

from matching import engine
from matching.doubts import reviewed
from tests.matching.drawn import TODAY, read_csv, table, write_table

REGISTER = """
row_id | surname  | given_names | birth_date
1      | Korhonen | Matti Olavi | 15.6.1970
2      | Kuusela  | Anna Maria  | 12.3.1985
3      | Korhonen | Matti Olavi | 15.6.1970
4      | Korhonen | Matti Olavi | 15.6.1970
"""


@pytest.fixture
def linked(town_store: Path, tmp_path: Path) -> tuple[Path, Path, Path]:
    register = write_table(tmp_path / "register.csv", table(REGISTER))
    links, candidates = tmp_path / "links.parquet", tmp_path / "candidates.parquet"
    engine.link(register, town_store, links, candidates_out=candidates, on=TODAY)
    return register, links, candidates


def test_a_decided_row_has_its_person_or_none_and_keeps_its_confidence(
    linked: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    _register, links, candidates = linked
    counts = reviewed.amend(links, candidates, tmp_path / "after.parquet", [(1, 2), (3, None)])
    before = pyarrow.parquet.read_table(links).to_pylist()
    after = pyarrow.parquet.read_table(tmp_path / "after.parquet").to_pylist()
    places = pyarrow.parquet.read_table(candidates).to_pylist()
    second = next(one["pid"] for one in places if (one["vtj_row"], one["place"]) == (1, 2))
    assert counts == {"ambiguous": 1, "match_data": 1, "match_review": 1, "no_match_review": 1}
    assert [(row["result"], row["pid"]) for row in after[::2]] == [
        ("match_review", second),
        ("no_match_review", None),
    ]
    assert [row["rule"] for row in after[::2]] == ["official", "official"]
    assert [row["confidence"] for row in after] == [row["confidence"] for row in before]
    assert (after[1], after[3]) == (before[1], before[3])


def test_the_data_of_the_chosen_person_are_given(
    linked: tuple[Path, Path, Path], town_store: Path, tmp_path: Path
) -> None:
    register, links, candidates = linked
    reviewed.amend(links, candidates, tmp_path / "after.parquet", [(1, 1), (4, None)])
    version = (town_store / "current").read_text().strip()
    after, out = tmp_path / "after.parquet", tmp_path / "out.csv"
    engine.disclose(
        register, after, town_store, out, version=version, fields=["surname", "person_id"], on=TODAY
    )
    rows = read_csv(out)
    assert [row["vtj_result"] for row in rows] == [
        "match_review",
        "match_data",
        "ambiguous",
        "no_match_review",
    ]
    assert rows[0]["vtj_person_id"] in {"matti", "namesake"}
    assert [row["vtj_person_id"] for row in rows[2:]] == ["", ""]


@pytest.mark.parametrize("decision", [(2, 1), (1, 99), (99, None)])
def test_a_decision_of_another_row_or_candidate_is_refused(
    linked: tuple[Path, Path, Path], tmp_path: Path, decision: tuple[int, int | None]
) -> None:
    _register, links, candidates = linked
    with pytest.raises(ValueError, match="not of these links"):
        reviewed.amend(links, candidates, tmp_path / "after.parquet", [decision])
    assert not (tmp_path / "after.parquet").exists()
