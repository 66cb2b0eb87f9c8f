"""What a batch of changes does to each table, and to what a match gives."""

from pathlib import Path

import duckdb
import pytest

from matching.__main__ import main
from matching.store import prepare
from matching.store.apply import apply
from matching.store.versions import open_version, versions
from tests.matching.batches import AINO, AINO_NEW, BO, PERSONS, write_batch
from tests.matching.drawn import draw_store, match_rows

FORMER = """
    person_id | kind | name
    A         | 05   | Ahola
    A         | 05   | Anttila
    B         | 05   | Backman"""
PLACES = {
    "building": "building_id | class\n B1 | 01\n B2 | 01",
    "dwelling": "building_id | number\n B1 | 1\n B1 | 2\n B2 | 1",
    "real_estate": "real_estate_id | name\n R1 | Alpha",
    "owner": "property_id | person_id\n B1 | A\n R1 | A\n R1 | B",
}


def applied(tmp_path: Path, base: dict[str, str], **batch: str) -> Path:
    """The store of the persons and other tables, with the batch applied."""
    store = draw_store(tmp_path, person=PERSONS, **base)
    apply(write_batch(tmp_path / "batch", **batch), store)
    return store


def rows_of(store: Path, table: str, columns: str) -> list[tuple[str, ...]]:
    path = open_version(store).path / f"{table}.parquet"
    return duckdb.sql(f"SELECT {columns} FROM read_parquet('{path}')").fetchall()


def test_an_upsert_replaces_the_row_in_its_place_and_adds_a_new_one_at_the_end(tmp_path: Path) -> None:
    told = "op | person_id | surname\n upsert | B | Borg\n upsert | D | Dahl"
    store = applied(tmp_path, {}, person=told)
    assert rows_of(store, "person", "person_id, surname, given_names") == [
        ("A", "Aalto", "Aino"),
        ("B", "Borg", None),
        ("C", "Cygnel", "Cai"),
        ("D", "Dahl", None),
    ]


def test_prepared_tables_are_as_quick_to_read_as_a_builds(tmp_path: Path) -> None:
    store = applied(tmp_path, {}, person="op | person_id | surname\n upsert | B | Borg")
    after, built = versions(store)
    for table in ("subject", "code", "trait", "key", "sound"):
        read = f"SELECT DISTINCT compression FROM parquet_metadata('{{}}/{table}.parquet')"
        assert (
            duckdb.sql(read.format(after.path)).fetchall() == duckdb.sql(read.format(built.path)).fetchall()
        )


def test_a_new_code_and_the_former_one_both_find_the_person(tmp_path: Path) -> None:
    person = f"op | person_id | hetu | surname\n upsert | A | {AINO_NEW} | Aalto"
    store = applied(tmp_path, {}, person=person, former_hetu=f"op | person_id | hetu\n upsert | A | {AINO}")
    found = match_rows(tmp_path, store, f"hetu\n {AINO}\n {AINO_NEW}\n {BO}", "person_id hetu")
    assert [(row["vtj_result"], row["vtj_person_id"], row["vtj_hetu"]) for row in found] == [
        ("match_id_changed", "A", AINO_NEW),
        ("match_id", "A", AINO_NEW),
        ("match_id", "B", BO),
    ]


def test_a_deleted_person_is_found_no_more_and_takes_all_own_rows_along(tmp_path: Path) -> None:
    base = {"former_name": FORMER, "address": "person_id | kind\n A | permanent\n B | permanent", **PLACES}
    store = applied(tmp_path, base, person="op | person_id\n delete | A")
    assert rows_of(store, "former_name", "person_id") == [("B",)]
    assert rows_of(store, "address", "person_id") == [("B",)]
    assert rows_of(store, "owner", "property_id, person_id") == [("R1", "B")]
    assert [row["vtj_result"] for row in match_rows(tmp_path, store, f"hetu\n {AINO}")] == ["not_found"]


def test_the_told_rows_of_a_subject_are_all_that_it_has(tmp_path: Path) -> None:
    told = "op | person_id | kind | name\n upsert | A | 05 | Aho\n upsert | C | 05 | Carlson"
    store = applied(tmp_path, {"former_name": FORMER}, former_name=told)
    assert rows_of(store, "former_name", "person_id, name") == [
        ("B", "Backman"),
        ("A", "Aho"),
        ("C", "Carlson"),
    ]


def test_a_subject_with_nothing_but_deletes_has_no_row_left(tmp_path: Path) -> None:
    store = applied(tmp_path, {"former_name": FORMER}, former_name="op | person_id\n delete | A")
    assert rows_of(store, "former_name", "person_id, name") == [("B", "Backman")]


def test_a_deleted_building_or_unit_takes_its_dwellings_and_owners_along(tmp_path: Path) -> None:
    building, unit = "op | building_id\n delete | B1", "op | real_estate_id\n delete | R1"
    store = applied(tmp_path, PLACES, building=building, real_estate=unit)
    assert rows_of(store, "building", "building_id") == [("B2",)]
    assert rows_of(store, "dwelling", "building_id") == [("B2",)]
    assert rows_of(store, "owner", "property_id") == []


def test_a_table_that_did_not_change_is_the_same_file(tmp_path: Path) -> None:
    store = applied(
        tmp_path, {"former_name": FORMER}, person="op | person_id | surname\n upsert | A | Aarnio"
    )
    new, old = (version.path for version in versions(store))
    assert (new / "former_name.parquet").samefile(old / "former_name.parquet")
    assert not (new / "person.parquet").samefile(old / "person.parquet")


def test_a_person_who_stays_keeps_the_number_within_the_store(tmp_path: Path) -> None:
    told = "op | person_id | surname\n upsert | D | Dahl\n delete | A |\n upsert | B | Borg"
    store = applied(tmp_path, {}, person=told)
    assert rows_of(store, "subject", "pid, person_id") == [(2, "B"), (3, "C"), (4, "D")]


def test_an_address_that_ended_since_it_was_prepared_is_prepared_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    homes = """
        person_id | kind      | street_fi | from_date  | to_date
        A         | permanent | Vanhatie  | 2020-01-01 | 2026-03-31
        A         | permanent | Uusitie   | 2026-04-01 | """
    with monkeypatch.context() as in_february:
        chosen = prepare.chosen_addresses
        day = "DATE '2026-02-01'"
        in_february.setattr(prepare, "chosen_addresses", lambda dated, today: chosen(dated, day))
        store = draw_store(tmp_path, person=PERSONS, address=homes)
    assert rows_of(store, "subject", "street") == [("Vanhatie",), (None,), (None,)]
    apply(write_batch(tmp_path / "batch"), store)
    assert rows_of(store, "subject", "street") == [("Uusitie",), (None,), (None,)]


def test_a_day_without_changes_is_a_version_of_its_own(tmp_path: Path) -> None:
    store = applied(tmp_path, {})
    assert [str(version.as_of) for version in versions(store)] == ["2026-11-02", "2026-11-01"]
    assert rows_of(store, "person", "person_id") == [("A",), ("B",), ("C",)]


def test_the_command_prints_the_version(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = draw_store(tmp_path, person=PERSONS)
    batch = write_batch(tmp_path / "batch", person="op | person_id\n delete | A")
    assert main(["apply", str(batch), str(store)]) == 0
    assert capsys.readouterr().out == f"{open_version(store).version}\n"
    assert main(["apply", str(batch), str(store)]) == 2
    assert "already shows that day" in capsys.readouterr().err
