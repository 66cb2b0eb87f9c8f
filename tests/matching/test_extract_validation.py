"""An extract with a fault is refused: the file, row and column are told, never the content of a cell."""

from pathlib import Path

import duckdb
import pytest

from matching.errors import InputProblems
from matching.store.versions import Limits, build, open_version
from tests.matching.extracts import problems_of, write_extract

ALICE = "person_id,hetu\nA,010594Y9032\n"
ALICE_AND_BO = ALICE + "B,010594Y9021\n"


def test_only_a_person_id_is_required(tmp_path: Path) -> None:
    extract = write_extract(tmp_path / "extract", person="person_id\nA\n")
    build(extract, tmp_path / "store")
    assert open_version(tmp_path / "store").persons == 1


def test_an_extract_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputProblems, match="not a folder"):
        build(tmp_path / "nowhere", tmp_path / "store")


def test_a_missing_person_file_is_told(tmp_path: Path) -> None:
    assert problems_of(tmp_path, owner="person_id\nA\n") == ["person: the file is missing"]


def test_a_missing_person_id_is_told(tmp_path: Path) -> None:
    assert problems_of(tmp_path, person="surname\nX\n") == ["column person_id: person: the column is missing"]


def test_an_unknown_file_is_told(tmp_path: Path) -> None:
    told = problems_of(tmp_path, person=ALICE, **{"pets\n2": "name\nx\n"})
    assert told == ["pets?2.csv: a file that is no part of an extract"]


def test_an_unknown_column_is_told(tmp_path: Path) -> None:
    told = problems_of(tmp_path, person="person_id,shoe_size\nA,42\n")
    assert told == ["person: column number 2 is unknown"]


def test_a_column_that_is_there_twice_is_told(tmp_path: Path) -> None:
    told = problems_of(tmp_path, person="person_id,sex,sex\nA,1,1\n")
    assert told == ["column sex: person: the column is there twice"]


def test_a_number_column_in_parquet_is_told(tmp_path: Path) -> None:
    extract = write_extract(tmp_path / "extract")
    target = str(extract / "person.parquet")
    duckdb.execute("COPY (SELECT 'A' AS person_id, 91 AS municipality) TO ?", [target])
    with pytest.raises(InputProblems, match="municipality: person: the column must be text or a date"):
        build(extract, tmp_path / "store")


def test_an_empty_person_id_is_told(tmp_path: Path) -> None:
    told = problems_of(tmp_path, person="person_id,sex\nA,1\n,2\n")
    assert told == ["row 2, column person_id: person: the cell is empty"]


def test_a_person_id_on_two_rows_is_told(tmp_path: Path) -> None:
    told = problems_of(tmp_path, person="person_id,sex\nA,1\nB,1\nA,2\n")
    assert told == [
        f"row {row}, column person_id: person: the value is on more than one row" for row in (1, 3)
    ]


@pytest.mark.parametrize("day", ["31.12.2020", "2020-02-30", "2020-1-1", "yesterday"])
def test_a_date_that_is_none_is_told(tmp_path: Path, day: str) -> None:
    told = problems_of(tmp_path, person=f"person_id,birth_date\nA,1990-05-05\nB,{day}\n")
    assert told == ["row 2, column birth_date: person: not a date of the form YYYY-MM-DD"]


def test_a_row_with_too_many_cells_is_told(tmp_path: Path) -> None:
    told = problems_of(tmp_path, person="person_id,surname\nA,Secret\nB,Secret,Secret\n")
    assert told == ["row 2: person: the row cannot be read (quotes, number of columns or encoding)"]


@pytest.mark.parametrize("code", ["010594Y9033", "310294-9032", "010594/9032", "0105949032"])
def test_an_invalid_code_is_told_without_its_content(tmp_path: Path, code: str) -> None:
    told = problems_of(tmp_path, person=ALICE, former_hetu=f"person_id,hetu\nA,{code}\n")
    assert told == ["row 1, column hetu: former_hetu: not a valid personal identity code"]


def test_an_artificial_code_in_a_real_extract_is_told(tmp_path: Path) -> None:
    told = problems_of(tmp_path, artificial=False, person=ALICE)
    assert told[0].startswith("row 1, column hetu: person: an artificial code")


def test_a_code_of_two_persons_is_told(tmp_path: Path) -> None:
    told = problems_of(tmp_path, person=ALICE + "B,010594Y9032\n")
    assert told == [f"row {row}, column hetu: person: the value is on more than one row" for row in (1, 2)]


def test_a_code_that_is_one_persons_now_and_anothers_formerly_is_told(tmp_path: Path) -> None:
    told = problems_of(tmp_path, person=ALICE_AND_BO, former_hetu="person_id,hetu\nB,010594Y9032\n")
    assert told == [
        "row 1, column hetu: former_hetu: one person's former code is another person's present code"
    ]


def test_a_former_code_of_two_persons_is_told(tmp_path: Path) -> None:
    former = "person_id,hetu\nA,020594X903P\nB,020594X903P\n"
    told = problems_of(tmp_path, person=ALICE_AND_BO, former_hetu=former)
    assert len(told) == 2
    assert "a former code of more than one person" in told[0]


@pytest.mark.parametrize("table", ["former_hetu", "former_name", "address", "owner"])
def test_an_unknown_person_is_told(tmp_path: Path, table: str) -> None:
    told = problems_of(tmp_path, person=ALICE, **{table: "person_id\nA\nC\n"})
    assert told == [f"row 2, column person_id: {table}: no such person in the extract"]


def test_an_owner_may_be_a_business(tmp_path: Path) -> None:
    owner = "property_id,person_id,business_id\n09100200050003,,2077474-0\n"
    build(write_extract(tmp_path / "extract", person=ALICE, owner=owner), tmp_path / "store")
    assert open_version(tmp_path / "store").persons == 1


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("person", "sex"),
        ("person", "marital_status"),
        ("person", "absence_code"),
        ("address", "kind"),
        ("former_name", "kind"),
    ],
)
def test_an_unknown_code_is_told(tmp_path: Path, table: str, column: str) -> None:
    tables = {"person": ALICE} | {table: f"person_id,{column}\nA,unheard-of\n"}
    told = problems_of(tmp_path, **tables)
    assert told == [f"row 1, column {column}: {table}: not a code of this column"]


def test_at_most_a_hundred_problems_are_spelled_out_and_all_are_counted(tmp_path: Path) -> None:
    rows = "".join(f"P{number},x\n" for number in range(250))
    extract = write_extract(tmp_path / "extract", person="person_id,sex\n" + rows)
    with pytest.raises(InputProblems) as refused:
        build(extract, tmp_path / "store")
    assert (len(refused.value.problems), refused.value.total) == (100, 250)


@pytest.mark.parametrize("note", ['{"artificial": "yes"}', "[" * 100_000, '{"batch": 0}', '{"batch": 1.0}'])
def test_an_unreadable_note_is_told(tmp_path: Path, note: str) -> None:
    extract = write_extract(tmp_path / "extract", person=ALICE)
    (extract / "extract.json").write_text(note)
    with pytest.raises(InputProblems, match=r"extract\.json"):
        build(extract, tmp_path / "store")


def test_rows_with_line_breaks_and_commas_in_quotes_are_read(tmp_path: Path) -> None:
    person = 'person_id,surname\nA,"Meri,\nkoski"\nB,""\n'
    build(write_extract(tmp_path / "extract", person=person), tmp_path / "store")
    table = str(open_version(tmp_path / "store").path / "person.parquet")
    rows = duckdb.execute("SELECT surname FROM read_parquet(?)", [table]).fetchall()
    assert rows == [("Meri,\nkoski",), (None,)]


def test_too_little_memory_is_not_told_as_a_broken_file(tmp_path: Path) -> None:
    person = "person_id,surname\n" + "".join(f"{row},{'x' * 900}\n" for row in range(20_000))
    extract = write_extract(tmp_path / "extract", person=person)
    with pytest.raises(duckdb.OutOfMemoryException):
        build(extract, tmp_path / "store", limits=Limits(threads=1, memory="5MB"))
