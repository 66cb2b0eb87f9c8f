"""Rule 11: the fields named, in their order, and nothing else."""

import unicodedata
from pathlib import Path
from typing import Literal

import pytest

from matching.errors import InputProblems
from matching.fields import OUTPUT_FIELDS, output_fields
from tests.matching.drawn import code, draw_store, match_rows

ANNA = code("010190-900")
PERSON = f"""
    person_id | hetu   | surname  | given_names | sex | birth_date | prohibitions | citizenships
    anna      | {ANNA} | Virtanen | Anna        | 2   | 1990-01-01 | direct;book  | 246;752
"""
ROW = f"row_id | note | hetu | surname\n1 | =1+1 | {ANNA} | Virtanen"
FIXED = ["vtj_row", "vtj_result", "vtj_confidence", "vtj_rule", "vtj_changed"]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    former = "person_id | kind | name | to_date\nanna | 05 | Aho | 2001-01-01\nanna | 07 | Ek | 2010-01-01"
    return draw_store(tmp_path, person=PERSON, former_name=former)


@pytest.mark.parametrize("fields", ["", "sex", "sex surname", "birth_date hetu"])
def test_rule_11_only_the_named_fields_stand_in_the_output(store: Path, tmp_path: Path, fields: str) -> None:
    (row,) = match_rows(tmp_path, store, ROW, fields)
    assert list(row) == [
        "row_id",
        "note",
        "hetu",
        "surname",
        *FIXED,
        *(f"vtj_{name}" for name in fields.split()),
    ]


@pytest.mark.parametrize("name", ["prohibitions", "sex;surname", "vtj_hetu", "pid"])
def test_rule_11_a_field_that_is_none_is_refused(store: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(InputProblems, match="no such field"):
        match_rows(tmp_path, store, ROW, name)
    assert not (tmp_path / "out.csv").exists()


def test_every_field_of_persons_can_be_given(store: Path, tmp_path: Path) -> None:
    names = [field.name for field in output_fields(evaluation=True)]
    (row,) = match_rows(tmp_path, store, ROW, " ".join(names))
    assert row["vtj_former_surnames"] == "Ek;Aho"
    assert row["vtj_citizenships"] == "246;752"
    assert row["vtj_person_id"] == "anna"


def test_rule_25_prohibitions_neither_block_nor_come_out(store: Path, tmp_path: Path) -> None:
    (row,) = match_rows(tmp_path, store, ROW, " ".join(field.name for field in output_fields()))
    assert row["vtj_result"] == "match_id"
    assert not [value for value in row.values() if "direct" in value or "book" in value]
    assert "prohibitions" not in {field.name for field in OUTPUT_FIELDS}


def test_the_internal_identifier_is_for_evaluation_alone() -> None:
    assert "person_id" not in {field.name for field in output_fields()}


def test_other_columns_pass_through_untouched(store: Path, tmp_path: Path) -> None:
    (row,) = match_rows(tmp_path, store, ROW)
    assert (row["note"], row["row_id"]) == ("=1+1", "1")


@pytest.mark.parametrize(
    ("sent", "changed"),
    [
        ("virtanen  | 01.01.1990 | N", ""),
        ("VIRTANEN  | 1990-01-01 | nainen", ""),
        ("Virtanen  | 010190     | 2", ""),
        ("Virtanen\u00a0 | 1.1.1990 0:00 | 2", ""),
        ("Virtanen  | 1. 1. 1990 | 2", ""),
        ("Ek        | 19900101   | Kvinna", "surname"),
        ("Wirtanen  | 02.01.1990 | mies", "surname;birth_date;sex"),
        ("Virtanen  |            | ", "birth_date;sex"),
    ],
)
def test_a_difference_of_form_alone_is_no_change(
    store: Path, tmp_path: Path, sent: str, changed: str
) -> None:
    rows = f"hetu | surname | birth_date | sex\n{ANNA} | {sent}"
    (row,) = match_rows(tmp_path, store, rows, "surname birth_date sex")
    assert row["vtj_changed"] == changed


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_letters_composed_in_another_way_are_no_change(tmp_path: Path, form: Literal["NFC", "NFD"]) -> None:
    store = draw_store(tmp_path, person=f"person_id | hetu | surname\nanna | {ANNA} | Mäki-Öhman")
    sent = unicodedata.normalize(form, "MÄKI\u2010ÖHMAN")
    (row,) = match_rows(tmp_path, store, f"hetu | surname\n{ANNA} | {sent}", "surname")
    assert (row["vtj_result"], row["vtj_changed"], row["surname"]) == ("match_id", "", sent)
