"""A street line is taken apart as people write it."""

import duckdb
import pytest

from matching import normalise
from matching.street import number_form, split_line, street_form


def value(expression: str, text: str | None) -> str | None:
    query = f"SELECT {expression} FROM (SELECT {normalise.fold('raw')} AS line FROM (SELECT ? AS raw))"
    return duckdb.execute(query, [text]).fetchall()[0][0]


@pytest.mark.parametrize(
    ("line", "street", "number", "rest"),
    [
        ("Koivutie 5", "koivutie", "5", None),
        ("KOIVUTIE 5 A 12", "koivutie", "5", "a 12"),
        ("Koivutie 5-7 A 12", "koivutie", "5", "7 a 12"),
        ("Koivutie 5as12", "koivutie", "5", "12"),
        ("Koivutie 5 B as. 12", "koivutie", "5", "b 12"),
        ("Koivutie 5 asunto 12", "koivutie", "5", "12"),
        ("Koivutie 5b", "koivutie", "5b", None),
        ("Koivutie 5b12", "koivutie", "5", "b12"),
        ("Koivutie5 b 12", "koivutie", "5", "b 12"),
        ("Koivutie 05", "koivutie", "5", None),
        ("Alvar Aallon katu 1", "alvar aallon katu", "1", None),
        ("1. linja 4", "1 linja", "4", None),
        ("Björkvägen 12 bst 3", "bjorkvagen", "12", "3"),
        ("Koivutie", "koivutie", None, None),
        ("PL 12", None, None, None),
        ("P.L. 12", None, None, None),
        ("PB 12, Björkvägen 3", "bjorkvagen", "3", None),
        ("Koivutie 5, PL 12", "koivutie", "5", None),
        ("c/o Virtanen, Koivutie 5 A 12", "koivutie", "5", "a 12"),
        ("Koivutie 5 A c/o Virtanen", "koivutie", "5", "a"),
        ("c/o Virtanen", None, None, None),
        ("", None, None, None),
        (None, None, None, None),
        ("5", None, None, None),
        ("1. linja", "1 linja", None, None),
    ],
)
def test_a_line_has_a_street_a_number_and_a_rest(
    line: str | None, street: str | None, number: str | None, rest: str | None
) -> None:
    assert [value(part, line) for part in split_line("line")] == [street, number, rest]


@pytest.mark.parametrize(
    ("short", "whole"),
    [
        ("Koivuk. 5", "Koivukatu 5"),
        ("Koivut. 5", "Koivutie 5"),
        ("Skogsbacksg. 5", "Skogsbacksgatan 5"),
        ("Holmv. 5", "Holmvägen 5"),
        ("Alvar Aallon k. 5", "Alvar Aallon katu 5"),
        ("Koivukj. 5", "Koivukuja 5"),
    ],
)
def test_a_shortened_ending_is_written_out(short: str, whole: str) -> None:
    street, number, _ = split_line("line")
    assert (value(street, short), value(number, short)) == (value(street, whole), value(number, whole))


def test_a_separate_street_and_number_take_the_forms_of_a_line() -> None:
    assert value(street_form("line"), "Koivuk.") == "koivukatu"
    assert [value(number_form("line"), text) for text in ("5 B", "5b", "05", "5-7", "", "x")] == [
        *("5b", "5b", "5", "5", None, None),
    ]


@pytest.mark.parametrize(
    "line", ["x" * 10_000, "5 " * 5_000, "c/o " * 2_500, "🏠🏠 5", "=1+1", "\u202e5 eit"]
)
def test_any_text_is_taken_apart_without_an_error(line: str) -> None:
    for part in split_line("line"):
        value(part, line)
