"""A batch that is not the next one, or that would make the store wrong, changes nothing and is told."""

from pathlib import Path
from typing import Any

import pytest

from matching.errors import InputProblems
from matching.store.apply import apply
from matching.store.versions import open_version
from tests.matching.batches import AINO, AINO_NEW, BO, BO_NEW, PERSONS, problems_of_batch, write_batch
from tests.matching.drawn import draw_store

FORMER = f"person_id | hetu\n A | {AINO_NEW}"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Three persons, one of them with a former code; on 1 November 2026, no batch yet."""
    return draw_store(tmp_path, person=PERSONS, former_hetu=FORMER)


@pytest.fixture
def numbered(store: Path) -> Path:
    """The same with batch 7 in it, of 2 November."""
    apply(write_batch(store.parent / "seven", {"batch": 7}), store)
    return store


def test_batches_follow_one_another_several_a_day(numbered: Path) -> None:
    for number, note in ((8, {"batch": 8}), (11, {"batch": 11, "follows": 8})):
        apply(write_batch(numbered.parent / str(number), note), numbered)
    assert open_version(numbered).batch == 11


@pytest.mark.parametrize(
    ("note", "told"),
    [
        ({"batch": 7}, "batch 7 is in the store, whose last is 7"),
        ({"batch": 6}, "batch 6 is in the store, whose last is 7"),
        ({"batch": 9}, "batch 9 does not follow on 7"),
        ({"batch": 9, "follows": 8}, "batch 9 does not follow on 7"),
        (
            {"batch": 8, "as_of": "2026-11-01"},
            "extract.json: the store already shows that day or a later one",
        ),
        ({}, "extract.json: the batch has no number, and those before it have"),
    ],
)
def test_gaps_and_repeats_are_refused(numbered: Path, note: dict[str, Any], told: str) -> None:
    assert told in problems_of_batch(numbered, note)


@pytest.mark.parametrize(
    ("note", "told"),
    [
        ({"as_of": "2026-11-01"}, "the store already shows that day or a later one"),
        ({"as_of": "2026-10-31", "batch": 1}, "the store already shows that day or a later one"),
        ({"as_of": None}, "a batch needs its day, as_of"),
        ({"artificial": False}, "not artificial as the store is, or the reverse"),
        ({"follows": 3}, "the batch has no number, and those before it have"),
    ],
)
def test_a_batch_that_is_not_of_this_store_is_refused(store: Path, note: dict[str, Any], told: str) -> None:
    assert problems_of_batch(store, note) == [f"extract.json: {told}"]


@pytest.mark.parametrize("note", [{"batch": "8"}, {"batch": True}, {"follows": 1.5}, {"as_of": "2.11.2026"}])
def test_a_note_that_cannot_be_read_is_refused(store: Path, note: dict[str, Any]) -> None:
    assert problems_of_batch(store, note)[0].startswith("extract.json: expected")


@pytest.mark.parametrize(
    ("table", "rows", "told"),
    [
        ("person", "person_id\n A", "person: the column is missing"),
        ("person", "op | person_id\n replace | A", "row 1, column op: person: neither upsert nor delete"),
        ("person", 'op | person_id\n "" | A', "row 1, column op: person: neither upsert nor delete"),
        ("person", "op | surname\n upsert | Aalto", "person: the column is missing"),
        ("address", "op | person_id\n delete | ", "row 1, column person_id: address: the cell is empty"),
        (
            "person",
            "op | person_id\n delete | A\n upsert | A",
            "row 1, column person_id: person: the value is on more than one row",
        ),
        (
            "building",
            "op | building_id\n delete | B9",
            "row 1, column building_id: building: no such row in the store",
        ),
        (
            "person",
            "op | person_id | sex\n delete | A | 7\n upsert | B | 7",
            "row 2, column sex: person: not a code of this column",
        ),
        (
            "owner",
            "op | property_id | person_id\n upsert | R | A\n upsert | R | Z",
            "row 2, column person_id: owner: no such person in the store",
        ),
    ],
)
def test_rows_that_are_wrong_are_told_by_their_numbers_in_the_batch(
    store: Path, table: str, rows: str, told: str
) -> None:
    assert told in problems_of_batch(store, **{table: rows})[0]


@pytest.mark.parametrize(
    ("table", "rows", "told"),
    [
        ("person", f"B | {AINO}", "person: the value is on another row too, of the batch or of the store"),
        ("person", f"B | {AINO_NEW}", "person: one person's present code is another person's former code"),
        (
            "former_hetu",
            f"B | {AINO}",
            "former_hetu: one person's former code is another person's present code",
        ),
        ("former_hetu", f"B | {AINO_NEW}", "former_hetu: a former code of more than one person"),
    ],
)
def test_a_code_stays_one_persons(store: Path, table: str, rows: str, told: str) -> None:
    batch = f"op | person_id | hetu\n upsert | {rows}"
    assert problems_of_batch(store, **{table: batch}) == [f"row 1, column hetu: {told}"]


def test_a_code_that_its_person_gave_up_in_the_same_batch_is_free(store: Path) -> None:
    person = f"op | person_id | hetu\n upsert | A | {BO}\n upsert | B | {BO_NEW}\n delete | C |"
    apply(write_batch(store.parent / "batch", person=person), store)
    assert open_version(store).persons == 2


def test_a_deleted_person_is_told_nothing_more_of(store: Path) -> None:
    told = problems_of_batch(
        store,
        person="op | person_id\n delete | A",
        former_name="op | person_id | kind\n delete | A |\n upsert | A | 05",
    )
    assert told == ["row 2, column person_id: former_name: no such person in the store"]


def test_a_folder_that_is_none_and_a_store_without_a_version_are_told(store: Path, tmp_path: Path) -> None:
    for folder, place in ((tmp_path / "none", store), (store, tmp_path / "empty")):
        with pytest.raises(InputProblems, match=r"not a folder|no published version"):
            apply(folder, place)


@pytest.mark.parametrize("note", [{"batch": 0}, {"batch": -1}, {"batch": 2**63}, {"batch": 1, "follows": -1}])
def test_numbers_that_no_batch_has_are_refused(store: Path, note: dict[str, Any]) -> None:
    assert "batch is a number from 1 on" in problems_of_batch(store, note)[0]


@pytest.mark.parametrize("note", [{"batch": 1, "follows": 0}, {"batch": 2**63 - 1}])
def test_the_first_and_the_last_number_are_taken(store: Path, note: dict[str, Any]) -> None:
    apply(write_batch(store.parent / "batch", note), store)
    assert open_version(store).batch == note["batch"]
