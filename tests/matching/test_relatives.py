"""Another given name or birth date may be a relative's: how much that holds back is the model's to say."""

import json
from pathlib import Path
from typing import Any

import pytest

from matching.weighing.model import SHIPPED
from tests.matching.drawn import code, match_rows

HEADER = "row_id | surname | given_names | birth_date | street | postal_code"
SISTER = "Kuusela | Pirjo | 12.3.1985 | Esimerkkikatu 5 A 3 | 90100"


def model_of(folder: Path, m: float) -> Path:
    """The shipped model, in which other given names are as common as this among pairs of one person."""
    content = json.loads(SHIPPED.read_text(encoding="utf-8"))
    content["comparisons"]["given_names"]["other"]["m"] = m
    return written(folder, content)


def written(folder: Path, content: dict[str, Any]) -> Path:
    path = folder / "model.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


@pytest.mark.parametrize(("m", "result"), [(0.0004, "ambiguous"), (0.1, "match_data")])
def test_what_may_be_a_twin_is_given_only_where_such_mistakes_are_common(
    town_store: Path, tmp_path: Path, m: float, result: str
) -> None:
    model = model_of(tmp_path, m)
    (out,) = match_rows(tmp_path, town_store, f"{HEADER}\n1 | {SISTER}", "person_id", model=model)
    assert out["vtj_result"] == result


@pytest.mark.parametrize("given", ["Q", "Pirjo", ""])
def test_birth_date_and_home_alone_name_nobody_where_surnames_are_right(
    town_store: Path, tmp_path: Path, given: str
) -> None:
    model = model_of(tmp_path, 0.1)
    row = f"Vierasnimi | {given} | 12.3.1985 | Esimerkkikatu 5 A 3 | 90100"
    (out,) = match_rows(tmp_path, town_store, f"{HEADER}\n1 | {row}", "person_id", model=model)
    assert (out["vtj_result"], out["vtj_person_id"]) == ("ambiguous", "")


@pytest.mark.parametrize(("m", "result"), [(0.01, "ambiguous"), (0.2, "match_data")])
def test_birth_date_and_home_name_somebody_only_where_both_names_are_often_wrong(
    town_store: Path, tmp_path: Path, m: float, result: str
) -> None:
    content = json.loads(SHIPPED.read_text(encoding="utf-8"))
    for comparison, level in (("surname", "other, woman"), ("surname", "other"), ("given_names", "other")):
        content["comparisons"][comparison][level]["m"] = m
    row = f"{HEADER}\n1 | Vierasnimi | Pirjo | 12.3.1985 | Esimerkkikatu 5 A 3 | 90100"
    (out,) = match_rows(tmp_path, town_store, row, "person_id", model=written(tmp_path, content))
    assert out["vtj_result"] == result


OLDER = f"{code('230754-941')} | Kuusela | Anna Maria |"  # sound, and nobody's in the town


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (HEADER, "Kuusela | Pirjo Maria | 12.3.1985"),  # a twin: of the names only a later one
        (HEADER, "Kuusela | Pirjo Maria |"),  # a sister
        (HEADER, "Kuusela | Annan |"),  # a name nearly hers, and no date that tells them apart
        (HEADER, "Kuusela | Anna Maria | 23.7.1954"),  # her mother
        (HEADER.replace("surname", "hetu | surname"), OLDER),  # the same by the code
    ],
)
def test_who_may_be_a_relative_of_hers_at_her_home_is_not_given_her_data(
    town_store: Path, tmp_path: Path, header: str, row: str
) -> None:
    text = f"{header}\n1 | {row} | Esimerkkikatu 5 A 3 | 90100"
    (out,) = match_rows(tmp_path, town_store, text, "person_id")
    assert (out["vtj_result"], out["vtj_person_id"]) == ("ambiguous", "")


@pytest.mark.parametrize("row", ["Kuusela | Anma Maria | 12.3.1985", "Kuusela | Anna Maria |"])
def test_a_slip_in_the_first_name_or_a_missing_date_alone_is_no_relative(
    town_store: Path, tmp_path: Path, row: str
) -> None:
    text = f"{HEADER}\n1 | {row} | Esimerkkikatu 5 A 3 | 90100"
    (out,) = match_rows(tmp_path, town_store, text, "person_id")
    assert (out["vtj_result"], out["vtj_person_id"]) == ("match_data", "anna")
