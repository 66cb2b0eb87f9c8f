"""What a form says of a cell is what the check of a whole register says of it."""

from collections.abc import Iterator
from itertools import product

import duckdb
import pytest

from matching import normalise
from matching.fields import CODE_FIELDS, INPUT_NAMES
from matching.register import cells, findings
from matching.register.loading import CODE_FORMS, unreadable_sql
from tests.matching.drawn import TODAY, code, table

CASES = f"""
field          | text               | problem
hetu           | {code("010594Y903")} |
hetu           | 010594Y9031        | check
hetu           | 010594             | length
hetu           | 010594?9032        | separator
birth_date     | 1.5.1994           |
birth_date     | 2026-11-23         |
birth_date     | 010594             |
birth_date     | 1.5.94             |
birth_date     | 19940501           |
birth_date     | 31.2.1994          | date
birth_date     | keväällä           | date
birth_date     | 24.11.2026         | future
birth_date     | 2050-01-01         | future
postal_code    | 00100              |
postal_code    | 100                |
postal_code    | FI-00100           |
postal_code    | SE 11122           |
postal_code    | !                  | postal_code
postal_code    | 123456789012345    | postal_code
sex            | Nainen             |
sex            | tyttö              |
sex            | x                  | sex
building_id    | 100000000E         |
building_id    | 91-2-5-3-K-1       |
building_id    | 100000000F         | check
building_id    | talo               | format
real_estate_id | 91-2-5-3           |
real_estate_id | 91-2-5             | format
surname        | mikä vain          |
hetu           | ""                 |
"""


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def of_register(con: duckdb.DuckDBPyConnection, field: str, text: str) -> bool:
    """Whether the check of a register finds fault with the cell."""
    on = f"DATE '{TODAY}'"
    subject = next((one for one, name in CODE_FIELDS.items() if name == field), None)
    checks = {field: unreadable_sql(on).get(field, "false")}
    if subject:
        checks[field] = f"trim({field}) <> '' AND {CODE_FORMS[subject][0](field)} IS NOT NULL"
    query = f"SELECT coalesce({checks[field]}, false) FROM (SELECT ? AS {field})"
    return bool(con.execute(query, [text]).fetchall()[0][0])


@pytest.mark.parametrize("case", table(CASES), ids=lambda case: f"{case['field']} {case['text']}")
def test_a_cell_is_judged_as_in_a_register(con: duckdb.DuckDBPyConnection, case: dict[str, str]) -> None:
    text = "" if case["text"] == '""' else case["text"]
    found = cells.problem(case["field"], text, TODAY)
    assert (found or "") == case["problem"]
    assert bool(found) == of_register(con, case["field"], text)


def test_nobody_is_born_after_today() -> None:
    assert cells.problem("birth_date", "24.11.2026", TODAY) == "future"
    assert cells.problem("hetu", code("241126A903"), TODAY) == "future"


@pytest.mark.parametrize(
    "text", ["1.5.1994", "010594", "1.5.26", "1.12.26", "231126", "19940501", "1994-05-01"]
)
def test_a_day_is_read_as_in_a_register(con: duckdb.DuckDBPyConnection, text: str) -> None:
    query = f"SELECT {normalise.read_date('day', f'DATE {TODAY.isoformat()!r}')} FROM (SELECT ? AS day)"
    assert cells.read_date(text, TODAY) == con.execute(query, [text]).fetchall()[0][0]


SOME = ("name", "surname", "birth_date", "street", "postal_code", "municipality", "building_id")


@pytest.mark.parametrize("subject", CODE_FIELDS)
def test_there_is_enough_to_search_by_as_in_a_register(con: duckdb.DuckDBPyConnection, subject: str) -> None:
    for given in product((False, True), repeat=len(SOME)):
        row = {name: "x" for name, has in zip(SOME, given, strict=True) if has}
        columns = ", ".join(f"{row.get(name, '')!r} AS {name}" for name in INPUT_NAMES)
        query = f"SELECT {findings.ENOUGH[subject]} FROM (SELECT {columns}) s"
        told = con.execute(query).fetchall()[0][0] or bool(row.get(CODE_FIELDS[subject]))
        assert cells.is_enough(subject, row) == told, row
