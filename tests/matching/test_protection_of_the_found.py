"""Rule 13 for rows without a code: the answer doesn't depend on the address of a protected person."""

from itertools import product
from pathlib import Path

import pytest

from tests.matching.drawn import code, draw_store, match_rows

PERSONS = f"""
    person_id | hetu                 | surname  | given_names   | birth_date | protected_until
    kept      | {code("120385-901")} | Kuusela  | Anna Maria    | 1985-03-12 | 2030-01-01
    open      | {code("120385-903")} | Honkala  | Anna Maria    | 1985-03-12 |
    other     | {code("030350-905")} | Kuusela  | Eino Armas    | 1950-03-03 |
"""
ADDRESSES = """
    person_id | kind      | street_fi     | street_sv    | house_number | postal_code | from_date
    kept      | permanent | Kotikatu      | Hemgatan     | 5            | 00100       | 2020-01-01
    kept      | temporary | Mökkitie      | Stugvägen    | 6            | 00200       | 2020-01-01
    kept      | former    | Vanhatie      | Gamlavägen   | 7            | 00300       | 2010-01-01
    open      | permanent | Rantakatu     | Strandgatan  | 9            | 00400       | 2020-01-01
"""
HOMES = ["Kotikatu 5 | 00100", "Hemgatan 5 |", "| 00100", "Mökkitie 6 | 00200", "Vanhatie 7 | 00300"]
ELSEWHERE = "Muualla 1 | 99999"
# Whole, with an initial, with a slip in the date, without a date, of another given name.
NAMES = [
    "Kuusela | Anna Maria | 12.3.1985",
    "Kuusela | A | 12.3.1985",
    "Kuusela | Anna | 12.3.1986",
    "Kuusela | Anna |",
    "Kuusela | Pirjo | 12.3.1985",
    "Kusella | Anna | 3.12.1985",
]
TOLD = ("vtj_result", "vtj_confidence", "vtj_rule", "vtj_changed", "vtj_surname", "vtj_street")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return draw_store(tmp_path, person=PERSONS, address=ADDRESSES)


def answers(folder: Path, store: Path, cases: list[tuple[str, str]]) -> list[tuple[str, ...]]:
    rows = "\n".join(f"{number} | {name} | {home}" for number, (name, home) in enumerate(cases))
    header = "row_id | surname | given_names | birth_date | street | postal_code"
    return [
        tuple(row[name] for name in TOLD)
        for row in match_rows(folder, store, f"{header}\n{rows}", "surname street")
    ]


def test_rule_13_a_protected_person_is_found_alike_whatever_address_was_sent(
    store: Path, tmp_path: Path
) -> None:
    sent = list(product(NAMES, HOMES))
    told = answers(tmp_path, store, sent)
    assert told == answers(tmp_path, store, [(name, ELSEWHERE) for name, _ in sent])
    assert {answer[0] for answer in told} > {"match_data"}


def test_the_address_of_others_is_evidence(store: Path, tmp_path: Path) -> None:
    name = "Honkala | Anna Maria |"
    at_home, elsewhere = answers(tmp_path, store, [(name, "Rantakatu 9 | 00400"), (name, ELSEWHERE)])
    assert (at_home[0], elsewhere[0]) == ("match_data", "not_found")


def test_rule_13_who_has_no_present_address_is_found_as_the_protected_are(tmp_path: Path) -> None:
    former = "former | Vanhatie | Gamlavägen | 7 | 00300 | 2010-01-01"
    header = ADDRESSES.strip().splitlines()[0]
    told = []
    for protected_until in ("2030-01-01", ""):
        folder = tmp_path / (protected_until or "open")
        folder.mkdir()
        persons = PERSONS.replace("| 2030-01-01", f"| {protected_until}")
        store = draw_store(folder, person=persons, address=f"{header}\nkept | {former}")
        told.append(answers(folder, store, list(product(NAMES, ["Vanhatie 7 | 00300", ELSEWHERE]))))
    assert told[0] == told[1]
