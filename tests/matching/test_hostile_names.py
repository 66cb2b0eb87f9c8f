"""Names that no one should send: the same answer as without the mischief, or a clear one, never an error."""

import csv
import unicodedata
from pathlib import Path

import pytest

from matching import engine
from matching.errors import InputProblems
from tests.matching.drawn import TODAY, draw_store, match_rows, read_csv

FIELDS = ["surname", "given_names", "name", "former_surname", "birth_date", "street", "postal_code"]
HOSTILE = {
    "empty": "",
    "blanks": " \t\u00a0\u2007",
    "long": "Kuusela" * 1500,
    "many words": "Zorro " * 2500,
    "emoji": "👩‍👩‍👧 😀",
    "right to left": "\u202eאבג شمس\u202c",
    "combining marks": "K" + "\u0301" * 500,
    "SQL": "'); DROP TABLE sent; --",
    "quotes": "\"'`\\",
    "formula": '=HYPERLINK("http://example.org";"x")',
    "pattern": "%_.*(?:[a-z]+)+$|",
    "bar": "|a|b|",
    "question marks": "????",
    "replaced": "\ufffd\ufffd",
}


def sent(folder: Path, store: Path, rows: list[list[str]]) -> list[dict[str, str]]:
    with (folder / "register.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([FIELDS, *rows])
    engine.match(
        folder / "register.csv", store, folder / "out.csv", fields=["person_id"], on=TODAY, threads=2
    )
    return read_csv(folder / "out.csv")


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_name_finds_nobody_and_harms_no_other_row(
    town_store: Path, tmp_path: Path, text: str
) -> None:
    rest, anna = ["12.3.1985", "Esimerkkikatu 5 A 3", "90100"], ["Kuusela", "Anna", "", ""]
    rows = [[text, text, "", text, *rest], ["", "", text, "", *rest], [*anna, *rest]]
    out = sent(tmp_path, town_store, rows)
    assert {row["vtj_result"] for row in out[:2]} <= {"not_found", "insufficient_data", "ambiguous"}
    assert (out[2]["vtj_result"], out[2]["vtj_person_id"]) == ("match_data", "anna")
    assert out[2]["surname"] == "Kuusela"


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_in_another_field_hides_nobody(town_store: Path, tmp_path: Path, text: str) -> None:
    rows = [
        ["Kuusela", "Anna Maria", "", text, "12.3.1985", text, text],
        ["Kuusela", "Anna Maria", text, "", "12.3.1985", "", ""],
    ]
    assert [row["vtj_person_id"] for row in sent(tmp_path, town_store, rows)] == ["anna", "anna"]


def test_a_register_with_a_nul_character_is_refused_with_its_row(town_store: Path, tmp_path: Path) -> None:
    with pytest.raises(InputProblems, match="row 1: the file has NUL characters"):
        sent(tmp_path, town_store, [["Kuu\x00sela", "Anna", "", "", "12.3.1985", "", ""]])
    assert not (tmp_path / "out.csv").exists()


def test_composed_and_decomposed_letters_are_one_name(town_store: Path, tmp_path: Path) -> None:
    name = ["Sjöström", "Björn Åke", "", "", "19.3.1959", "", ""]
    rows = [[unicodedata.normalize(form, cell) for cell in name] for form in ("NFC", "NFD", "NFKD")]
    out = sent(tmp_path, town_store, rows)
    assert {(row["vtj_result"], row["vtj_rule"], row["vtj_person_id"]) for row in out} == {
        ("match_data", "surname: same, given_names: same, birth_date: same", "bjorn")
    }


def test_hostile_names_in_the_store_are_found_or_left_alone(tmp_path: Path) -> None:
    names = [text for key, text in HOSTILE.items() if key not in ("blanks", "bar", "pattern")]
    lines = [f"p{number} | {name} | {name} | 1985-03-12" for number, name in enumerate(names)]
    person = "\n".join(["person_id | surname | given_names | birth_date", *lines])
    former = "\n".join(
        ["person_id | kind | name", *(f"p{n} | 05 | {name}" for n, name in enumerate(names) if name)]
    )
    store = draw_store(tmp_path, person=person, former_name=former)
    rows = "row_id | surname | given_names | birth_date\n" + "\n".join(
        f"{number} | {name} | {name} | 12.3.1985" for number, name in enumerate(names)
    )
    out = match_rows(tmp_path, store, rows, "person_id surname")
    given = [row for row in out if row["vtj_result"] == "match_data"]
    assert given
    assert all(row["vtj_person_id"] == f"p{row['row_id']}" for row in given)
    assert all(row["vtj_surname"] == row["surname"] for row in given)
