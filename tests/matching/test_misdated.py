"""What is written as a birth date and is none is a slip: it is compared digit by digit."""

from pathlib import Path

import duckdb
import pytest

from matching.doubts.explain import explain_row
from matching.normalise import misdated
from tests.matching.drawn import TODAY, table, write_table

HEADER = "surname | given_names | birth_date | street | postal_code"


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("45.03.1980", "45031980"),
        ("3.13.1980", "03131980"),
        (" 30/2/1980 ", "30021980"),
        ("1980-13-03", "03131980"),
        ("19801303", "03131980"),
        ("30021780", "30021780"),
        ("45.03.80", None),
        ("1980", None),
        ("", None),
    ],
)
def test_the_digits_of_a_date_that_is_none_are_read_as_day_month_year(text: str, digits: str | None) -> None:
    query = f"SELECT {misdated('text')} FROM (SELECT ?::VARCHAR AS text)"
    with duckdb.connect() as con:
        assert con.execute(query, [text]).fetchall() == [(digits,)]


@pytest.mark.parametrize(
    ("written", "level"),
    [
        ("72.9.1990", "one digit"),
        ("22.90.1990", "one digit"),
        ("1990-09-82", "one digit"),
        ("09/22/1990", "day and month swapped"),
        ("31.9.1990", None),
        ("not told", None),
    ],
)
def test_such_a_date_has_the_level_of_what_agrees(
    town_store: Path, tmp_path: Path, written: str, level: str | None
) -> None:
    row = f"{HEADER}\nLehtovaara | Liisa | {written} | Pihlajakatu 6 B 12 | 00200"
    register = write_table(tmp_path / "register.csv", table(row))
    nearest = explain_row(register, town_store, 1, on=TODAY)["candidates"][0]
    steps = {step["name"]: step["level"] for step in nearest["steps"]}
    assert steps["surname"] == "same"
    assert steps["birth_date"] == level
