"""A synthetic population is repeatable, has artificial codes only, and looks like one."""

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest
from stdnum.fi import ytunnus

from matching.__main__ import main
from matching.identifiers import parse_hetu, parse_prt, parse_real_estate
from matching.store.schema import SCHEMA
from tests.matching.conftest import Population

AS_OF = date(2026, 11, 1)


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """Views of a synthetic extract of 20,000 persons, typed as a store's tables."""
    folder = tmp_path_factory.mktemp("synth") / "extract"
    main(["synth", str(folder), "--persons", "20000", "--seed", "7", "--format", "parquet"])
    with duckdb.connect() as con:
        for table in SCHEMA:
            con.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet('{folder}/{table}.parquet')")
        yield con


def one(tables: duckdb.DuckDBPyConnection, query: str) -> float:
    return tables.execute(query).fetchall()[0][0]


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


@pytest.mark.parametrize("file_format", ["csv", "parquet"])
def test_the_same_seed_gives_the_same_bytes_with_one_thread_and_two(tmp_path: Path, file_format: str) -> None:
    for threads in ("1", "2"):
        command = ["synth", str(tmp_path / threads), "--persons", "30000", "--format", file_format]
        assert main([*command, "--threads", threads]) == 0
    assert digests(tmp_path / "1") == digests(tmp_path / "2")
    assert len(digests(tmp_path / "1")) == 10


def test_another_seed_gives_other_people(population: Population, tmp_path: Path) -> None:
    main(["synth", str(tmp_path / "other"), "--persons", "2000", "--seed", "2"])
    assert digests(tmp_path / "other")["person.csv"] != digests(population.extract)["person.csv"]


@pytest.mark.parametrize("persons", [1, 2, 17])
def test_the_smallest_populations_can_be_built(tmp_path: Path, persons: int) -> None:
    extract = str(tmp_path / "extract")
    assert main(["synth", extract, "--persons", str(persons)]) == 0
    assert main(["build", extract, str(tmp_path / "store")]) == 0


def test_a_folder_with_something_in_it_is_left_alone(population: Population) -> None:
    before = digests(population.extract)
    assert main(["synth", str(population.extract), "--persons", "10"]) == 2
    assert digests(population.extract) == before


def test_every_code_is_valid_artificial_and_of_one_person(tables: duckdb.DuckDBPyConnection) -> None:
    rows = tables.execute(
        """SELECT hetu, person_id FROM person WHERE hetu IS NOT NULL
        UNION ALL SELECT hetu, person_id FROM former_hetu"""
    ).fetchall()
    assert all(parse_hetu(code, on=AS_OF).artificial for code, _person in rows)
    assert len({code for code, _person in rows}) == len(rows)


def test_codes_use_all_separators_of_living_centuries(tables: duckdb.DuckDBPyConnection) -> None:
    used = tables.execute("SELECT DISTINCT substr(hetu, 7, 1) FROM person WHERE hetu IS NOT NULL").fetchall()
    assert {separator for (separator,) in used} >= set("-YXWVUABCDEF")


def test_codes_agree_with_birth_dates(tables: duckdb.DuckDBPyConnection) -> None:
    for code, born in tables.execute("SELECT hetu, birth_date FROM person WHERE hetu IS NOT NULL").fetchall():
        assert parse_hetu(code, on=AS_OF).birth_date == born


def test_building_real_estate_and_business_identifiers_are_valid(tables: duckdb.DuckDBPyConnection) -> None:
    buildings = tables.execute("SELECT building_id, real_estate_id FROM building").fetchall()
    assert all(parse_prt(prt) == prt and parse_real_estate(unit).code == unit for prt, unit in buildings)
    companies = tables.execute("SELECT business_id FROM owner WHERE business_id IS NOT NULL").fetchall()
    assert len(companies) > 100
    assert all(ytunnus.is_valid(company) for (company,) in companies)


def test_references_between_files_hold(tables: duckdb.DuckDBPyConnection) -> None:
    for table, column, target in (
        ("address", "building_id", "building.building_id"),
        ("dwelling", "building_id", "building.building_id"),
        ("building", "real_estate_id", "real_estate.real_estate_id"),
        ("real_estate", "successor_id", "real_estate.real_estate_id"),
        ("person", "municipality", "municipality.code"),
        ("owner", "person_id", "person.person_id"),
    ):
        known = "SELECT {1} FROM {0}".format(*target.split("."))
        broken = f"SELECT count(*) FROM {table} WHERE {column} NOT IN ({known})"
        assert one(tables, broken) == 0, (table, column)


def test_ages_and_languages_are_those_of_finland(tables: duckdb.DuckDBPyConnection) -> None:
    living = f"(SELECT *, ('{AS_OF}' - birth_date) / 365.25 AS age FROM person WHERE death_date IS NULL)"
    assert one(tables, f"SELECT avg((age < 15)::INTEGER) FROM {living}") == pytest.approx(0.149, abs=0.02)
    assert one(tables, f"SELECT avg((age >= 65)::INTEGER) FROM {living}") == pytest.approx(0.234, abs=0.02)
    for language, share in (("fi", 0.849), ("sv", 0.051)):
        found = one(tables, f"SELECT avg((mother_tongue = '{language}')::INTEGER) FROM person")
        assert found == pytest.approx(share, abs=0.015)


def test_about_one_in_five_hundred_is_under_protection(tables: duckdb.DuckDBPyConnection) -> None:
    held = one(tables, f"SELECT count(*) FROM person WHERE protected_until >= '{AS_OF}'")
    assert held / 20000 == pytest.approx(0.0021, abs=0.001)


def test_even_a_small_population_has_each_kind_of_protection(population: Population) -> None:
    with duckdb.connect() as con:
        query = "SELECT DISTINCT protected_until FROM read_csv(?, all_varchar = true)"
        rows = con.execute(query, [str(population.extract / "person.csv")]).fetchall()
    ends = {end for (end,) in rows if end}
    assert "9999-12-31" in ends
    assert any(end < AS_OF.isoformat() for end in ends)
    assert any(AS_OF.isoformat() < end < "9999" for end in ends)


def test_all_kinds_of_addresses_names_and_lives_occur(tables: duckdb.DuckDBPyConnection) -> None:
    kinds = tables.execute("SELECT DISTINCT kind FROM address ORDER BY kind").fetchall()
    assert len(kinds) == 8
    for some in (
        "absence_code = '0'",
        "absence_code = '1'",
        "absence_code = '9'",
        "death_date IS NOT NULL",
        "hetu IS NULL",
        "surname LIKE '%-%'",
        "surname SIMILAR TO '(von|af) .*'",
        "regexp_matches(surname, '[åäö]')",
        "given_names LIKE '% % %'",
        "call_name <> split_part(given_names, ' ', 1)",
        "(substr(hetu, 10, 1)::INTEGER % 2 = 1) <> (sex = '1')",
    ):
        assert one(tables, f"SELECT count(*) FROM person WHERE {some}") > 0, some


def test_names_have_a_long_tail(tables: duckdb.DuckDBPyConnection) -> None:
    assert one(tables, "SELECT count(DISTINCT surname) FROM person") > 3000
    most = one(tables, "SELECT max(n) / 20000 FROM (SELECT count(*) AS n FROM person GROUP BY surname)")
    assert 0.002 < most < 0.02


def test_married_name_changes_leave_a_former_surname(tables: duckdb.DuckDBPyConnection) -> None:
    changed = (
        "SELECT count(*) FROM former_name JOIN person USING (person_id) WHERE kind = '05' AND name <> surname"
    )
    assert one(tables, changed) > 1000
