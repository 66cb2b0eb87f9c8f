"""A sound code that is nobody's is evidence where it is one slip from the person's, check character aside."""

import json
from pathlib import Path
from typing import Any

import pytest

from matching.doubts.explain import explain_row
from matching.weighing.model import SHIPPED
from tests.matching.drawn import TODAY, code, match_rows, table, write_table

HEADER = "row_id | hetu | surname | given_names | birth_date | street | postal_code"
HOME = "Esimerkkikatu 5 A 3 | 90100"


def levels_of(folder: Path, store: Path, row: str) -> dict[str, str | None]:
    """Comparison → level, of the row's nearest person."""
    register = write_table(folder / "register.csv", table(f"{HEADER}\n1 | {row}"))
    nearest = explain_row(register, store, 1, on=TODAY)["candidates"][0]
    return {step["name"]: step["level"] for step in nearest["steps"]}


@pytest.mark.parametrize(
    ("start", "level"),
    [
        ("120385Y901", "nearly the same"),  # another sign for the century
        ("210385-901", "nearly the same"),  # two digits of the date exchanged
        ("120358-901", "nearly the same"),
        ("120386-901", "nearly the same"),  # one digit of the date
        ("120385-910", "other"),  # two of the individual number exchanged: another of that birthday
        ("120385-902", "other"),  # one of it
        ("210358-901", "other"),
        ("120385-937", "other"),
    ],
)
def test_a_slip_counts_though_the_check_character_was_worked_out_anew(
    town_store: Path, tmp_path: Path, start: str, level: str
) -> None:
    row = f"{code(start)} | Kuusela | Anna | 12.3.1985 | {HOME}"
    assert levels_of(tmp_path, town_store, row)["code"] == level


@pytest.mark.parametrize(
    ("start", "born", "code_says", "date_says"),
    [
        ("200761-937", "", None, "other"),
        ("120385-937", "", "other", "same"),
        ("200761-937", "12.3.1985", "other", "same"),
        ("120358-901", "", "nearly the same", "one digit"),
    ],
)
def test_where_the_birth_date_is_read_from_the_code_the_two_contradict_once(
    town_store: Path, tmp_path: Path, start: str, born: str, code_says: str | None, date_says: str
) -> None:
    levels = levels_of(tmp_path, town_store, f"{code(start)} | Kuusela | Anna Maria | {born} | {HOME}")
    assert (levels["code"], levels["birth_date"]) == (code_says, date_says)


def rough() -> dict[str, Any]:
    """The shipped model, in which names and codes are as often wrong as in a poor register."""
    content: dict[str, Any] = json.loads(SHIPPED.read_text(encoding="utf-8"))
    for level in ("other, woman", "other"):
        content["comparisons"]["surname"][level]["m"] = 0.01
    content["comparisons"]["given_names"]["other"]["m"] = 0.01
    return content


@pytest.mark.parametrize(("start", "result"), [("120358-901", "match_data"), ("120385-937", "ambiguous")])
def test_no_housemate_has_nearly_the_persons_code(
    town_store: Path, tmp_path: Path, start: str, result: str
) -> None:
    model = tmp_path / "model.json"
    model.write_text(json.dumps(rough()), encoding="utf-8")
    row = f"{HEADER}\n1 | {code(start)} | Vierasnimi | Pirjo | 12.3.1985 | {HOME}"
    (out,) = match_rows(tmp_path, town_store, row, "person_id", model=model)
    assert out["vtj_result"] == result
