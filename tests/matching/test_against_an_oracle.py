"""The engine against a plain restatement of the contract, row by row, over a drawn dirty register."""

import csv
import re
import unicodedata
from pathlib import Path

import pytest

from matching import engine
from matching.synth.draw import draw_register

FIELDS = ["person_id", "hetu", "surname", "given_names", "birth_date", "death_date", "protected"]
CHECKS = "0123456789ABCDEFHJKLMNPRSTUVWXY"
CODE = re.compile(r"(\d{6})[-+YXWVUABCDEF](\d{3})([0-9A-Y])")
BY_DATA = {"match_data", "ambiguous"}
Row = dict[str, str]


def table(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def folded(names: str) -> set[str]:
    text = unicodedata.normalize("NFD", names.casefold())
    return set(re.findall("[a-z]+", re.sub(r"[̀-ͯ]", "", text)))


def plain(code: str) -> str:
    return code.strip().upper().replace("–", "-")


def is_code(text: str) -> bool:
    found = CODE.fullmatch(text)
    if not found or int(found[2]) < 2:
        return False
    return (
        CHECKS[int(found[1] + found[2]) % 31] == found[3] and found[1][:2] <= "31" and found[1][2:4] <= "12"
    )


@pytest.fixture(scope="module")
def people(population) -> tuple[dict[str, Row], dict[str, str], dict[str, str]]:
    """Persons by id, present codes to ids, former codes to ids."""
    persons = {row["person_id"]: row for row in table(population.extract / "person.csv")}
    now = {row["hetu"]: pk for pk, row in persons.items() if row["hetu"]}
    former = {row["hetu"]: row["person_id"] for row in table(population.extract / "former_hetu.csv")}
    return persons, now, former


@pytest.fixture(scope="module")
def matched(population, tmp_path_factory) -> list[Row]:
    folder = tmp_path_factory.mktemp("oracle")
    draw_register(folder / "register.csv", population.extract, 5000, seed=77)
    engine.match(folder / "register.csv", population.store, folder / "out.csv", fields=FIELDS)
    return table(folder / "out.csv")


def test_each_row_is_decided_by_its_code_as_the_contract_says(matched, people) -> None:
    _, now, former = people
    for row in matched:
        code, result = plain(row["hetu"]), row["vtj_result"]
        if not code:
            assert result in {"not_found", "insufficient_data", *BY_DATA}, row["vtj_row"]
        elif code in now:
            assert result in {"match_id", "conflict"}, row["vtj_row"]
        elif code in former:
            assert result in {"match_id_changed", "conflict"}, row["vtj_row"]
        elif is_code(code):
            assert result in {"not_found", *BY_DATA}, row["vtj_row"]
        else:
            assert result in {"invalid_id", "match_id_repaired", *BY_DATA}, row["vtj_row"]


def test_a_row_that_names_the_person_is_never_a_conflict_and_gets_that_persons_data(matched, people) -> None:
    persons, now, former = people
    given = 0
    for row in matched:
        code = plain(row["hetu"])
        person = persons.get(now.get(code) or former.get(code) or "")
        if person is None:
            given_by_data = row["vtj_result"] in {"match_id_repaired", "match_data"}
            assert any(row[f"vtj_{name}"] for name in FIELDS) == given_by_data, row["vtj_row"]
        elif folded(row["surname"]) == folded(person["surname"]) and row["vtj_result"] != "conflict":
            given += 1
            assert [row[f"vtj_{name}"] for name in FIELDS[:-1]] == [person[name] for name in FIELDS[:-1]]
        else:
            assert row["vtj_result"] != "conflict" or not any(row[f"vtj_{name}"] for name in FIELDS)
            same = folded(row["surname"] + " " + row["given_names"]) & folded(person["surname"])
            assert not same or row["vtj_result"] != "conflict", row["vtj_row"]
    assert given > 3000


def test_every_match_is_the_true_person(matched) -> None:
    given = [row for row in matched if row["vtj_person_id"]]
    assert [row["vtj_row"] for row in given if row["vtj_person_id"] != row["truth"]] == []
