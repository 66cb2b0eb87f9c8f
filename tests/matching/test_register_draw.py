"""A drawn register knows its truth, is repeatable, and goes wrong in the ways that registers do."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from matching import engine
from matching.__main__ import main
from matching.identifiers import InvalidHetu, normalise_hetu, parse_hetu
from tests.matching.conftest import Population
from tests.matching.drawn import TODAY, code, draw_store

Row = dict[str, str]
COLUMNS = [
    "truth",
    "row_id",
    "hetu",
    "surname",
    "given_names",
    "birth_date",
    "street",
    "postal_code",
    "post_office",
]


def draw(population: Population, output: Path, *options: str) -> list[Row]:
    command = ["register", str(output), "--extract", str(population.extract), *options]
    assert main(command) == 0
    return read(output)


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def people(population: Population) -> dict[str, Row]:
    return {row["person_id"]: row for row in read(population.extract / "person.csv")}


@pytest.fixture(scope="module")
def dirty(population: Population, tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    return draw(population, tmp_path_factory.mktemp("dirty") / "register.csv", "--rows", "1900")


def valid(code: str) -> bool:
    try:
        return bool(parse_hetu(code))
    except InvalidHetu:
        return False


def test_a_register_has_the_columns_of_the_contract_and_numbered_rows(dirty: list[Row]) -> None:
    assert list(dirty[0]) == COLUMNS
    assert [row["row_id"] for row in dirty] == [str(number) for number in range(1, 1901)]


def test_the_same_seed_gives_the_same_bytes_with_one_thread_and_two(
    population: Population, tmp_path: Path
) -> None:
    for threads in ("1", "2"):
        draw(population, tmp_path / threads, "--rows", "1500", "--threads", threads)
    assert (tmp_path / "1").read_bytes() == (tmp_path / "2").read_bytes()


def test_two_in_a_hundred_are_not_in_the_extract(dirty: list[Row], people: dict[str, Row]) -> None:
    strangers = [row for row in dirty if not row["truth"]]
    assert len(strangers) / 1900 == pytest.approx(0.02, abs=0.005)
    codes = {person["hetu"] for person in people.values()}
    assert not codes & {normalise_hetu(row["hetu"]) for row in strangers if row["hetu"]}


def test_some_persons_are_there_twice(dirty: list[Row]) -> None:
    times = Counter(row["truth"] for row in dirty if row["truth"])
    assert 10 < sum(1 for count in times.values() if count > 1) < 80


def test_a_clean_register_is_right_in_every_row(
    population: Population, people: dict[str, Row], tmp_path: Path
) -> None:
    rows = draw(population, tmp_path / "clean.csv", "--rows", "1500", "--clean")
    for row in rows:
        person = people[row["truth"]]
        assert all(row[name] == person[name] for name in ("hetu", "surname", "given_names"))
        assert row["hetu"]
        assert ".".join(reversed(person["birth_date"].split("-"))) == row["birth_date"]
    assert len({row["truth"] for row in rows}) == 1500


def test_a_clean_register_has_nothing_to_change(tmp_path: Path) -> None:
    person = f"person_id | hetu | surname\na | {code('010190-900')} | Virtanen"
    home = (
        "person_id | kind | street_fi | house_number | dwelling | letter\na | permanent | Koti | 1 | 12 | b"
    )
    store = draw_store(tmp_path, person=person, address=home)
    register, extract = tmp_path / "r.csv", str(tmp_path / "extract-0")
    assert main(["register", str(register), "--extract", extract, "--rows", "1", "--clean"]) == 0
    engine.match(register, store, tmp_path / "out.csv", fields=["street"], on=TODAY)
    (row,) = read(tmp_path / "out.csv")
    assert (row["street"], row["vtj_changed"]) == ("Koti 1 12b", "")


def test_the_share_without_a_code_is_as_asked(population: Population, tmp_path: Path) -> None:
    rows = draw(population, tmp_path / "register.csv", "--rows", "1500", "--without-id", "0.4")
    assert sum(not row["hetu"] for row in rows) / 1500 == pytest.approx(0.4, abs=0.05)
    clean = draw(population, tmp_path / "none.csv", "--rows", "500", "--clean", "--without-id", "1")
    assert not any(row["hetu"] for row in clean)


def test_some_codes_are_mistyped_and_some_untidy(dirty: list[Row]) -> None:
    codes = [row["hetu"] for row in dirty if row["hetu"]]
    assert 0.003 < sum(not valid(code) for code in codes) / len(codes) < 0.03
    assert any(code != normalise_hetu(code) and valid(code) for code in codes)


def test_addresses_and_surnames_are_out_of_date(
    population: Population, people: dict[str, Row], dirty: list[Row]
) -> None:
    now = {
        (row["person_id"], row["postal_code"])
        for row in read(population.extract / "address.csv")
        if row["kind"].startswith("permanent")
    }
    known = [row for row in dirty if row["truth"] and row["postal_code"]]
    moved = sum((row["truth"], row["postal_code"]) not in now for row in known)
    assert 0.04 < moved / len(known) < 0.4
    former = {(row["person_id"], row["name"]) for row in read(population.extract / "former_name.csv")}
    assert any((row["truth"], row["surname"]) in former for row in known)


def test_a_former_code_is_among_a_large_draw(population: Population, tmp_path: Path) -> None:
    former = {row["hetu"] for row in read(population.extract / "former_hetu.csv")}
    drawn = [draw(population, tmp_path / seed, "--rows", "1900", "--seed", seed) for seed in "1234567"]
    assert former & {row["hetu"] for rows in drawn for row in rows}


@pytest.mark.parametrize(
    ("column", "pattern"),
    [
        ("surname", "Ã¤|Ã¶|�|[?]"),
        ("surname", "^[A-ZÅÄÖ-]{3,}$"),
        ("given_names", "^[^ ]+$"),
        ("given_names", " [A-Z]$"),
        ("birth_date", "^$"),
        ("birth_date", r"^\d\d[.]\d\d[.]\d{4}$"),
        ("street", "^$"),
    ],
)
def test_each_kind_of_damage_occurs(dirty: list[Row], column: str, pattern: str) -> None:
    assert any(re.search(pattern, row[column]) for row in dirty)


def test_more_rows_than_persons_can_be_drawn(population: Population, tmp_path: Path) -> None:
    assert len(draw(population, tmp_path / "register.csv", "--rows", "5000")) == 5000


@pytest.mark.parametrize("options", [["--rows", "0"], ["--rows", "5", "--without-id", "1.5"]])
def test_sizes_that_cannot_be_are_refused(population: Population, tmp_path: Path, options: list[str]) -> None:
    output = tmp_path / "register.csv"
    assert main(["register", str(output), "--extract", str(population.extract), *options]) == 2
    assert not output.exists()
