"""Whatever batches come, the store is the one that a build of the final extract would make."""

import shutil
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import duckdb
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching import engine
from matching.store import traits
from matching.store.apply import COUNTED, PREPARED, apply
from matching.store.property_tables import TABLES as PROPERTIES
from matching.store.schema import SCHEMA
from matching.store.versions import build, open_version
from tests.matching.batches import Rows, Tables, after, write_batch, write_tables
from tests.matching.drawn import TODAY, code, read_csv, write_table

PEOPLE = 6
FIELDS = "person_id hetu surname given_names former_surnames street postal_code contact_address protected"
# Each person has codes of their own, so that no drawn batch is refused for a code.
CODES = [[code(f"{day:02}0190-90{turn}") for turn in range(3)] for day in range(1, PEOPLE + 1)]
SURNAMES, GIVEN, STREETS = (
    ("Aalto", "Aaltonen", "Berg"),
    ("Aino", "Aino Maria", "Bo"),
    ("Koivukuja", "Rantatie"),
)
BIRTHDAYS = ("1990-01-01", "1990-01-02", "")
drawn = st.sampled_from


@st.composite
def persons(draw: st.DrawFn, person: int) -> dict[str, str]:
    return {
        "person_id": f"P{person}",
        "hetu": draw(drawn([*CODES[person], ""])),
        "surname": draw(drawn(SURNAMES)),
        "given_names": draw(drawn(GIVEN)),
        "birth_date": draw(drawn(BIRTHDAYS)),
        "protected_until": draw(drawn(["", "", "2030-01-01"])),
    }


@st.composite
def own_rows(draw: st.DrawFn, table: str, person: int) -> Rows:
    """None to two rows of a person's."""
    row = {
        "former_hetu": st.fixed_dictionaries({"hetu": drawn(CODES[person])}),
        "former_name": st.fixed_dictionaries({"kind": drawn(["05", "10"]), "name": drawn(SURNAMES)}),
        "address": st.fixed_dictionaries(
            {
                "kind": drawn(["permanent", "former", "contact"]),
                "street_fi": drawn(STREETS),
                "house_number": drawn(["1", "2"]),
                "postal_code": drawn(["00100", "33100"]),
                "from_date": drawn(["", "2020-01-01", "2026-11-20"]),
            }
        ),
    }[table]
    return [{"person_id": f"P{person}"} | told for told in draw(st.lists(row, max_size=2))]


@st.composite
def extracts(draw: st.DrawFn) -> Tables:
    present = sorted(draw(st.sets(st.integers(0, PEOPLE - 1), min_size=1)))
    tables = {table: [row for p in present for row in draw(own_rows(table, p))] for table in own_tables()}
    return {"person": [draw(persons(p)) for p in present], **tables}


@st.composite
def batches(draw: st.DrawFn, tables: Tables) -> Tables:
    """A batch that fits on the tables: some persons told anew, some gone, and rows of those who are there."""
    there = {int(row["person_id"][1:]) for row in tables["person"]}
    gone = draw(st.sets(drawn(sorted(there)), max_size=2)) if there else set()
    told = draw(st.sets(st.integers(0, PEOPLE - 1), max_size=3)) - gone
    batch = {"person": [{"op": "delete", "person_id": f"P{person}"} for person in sorted(gone)]}
    batch["person"] += [
        {"op": "upsert"} | draw(persons(person)) for person in draw(st.permutations(sorted(told)))
    ]
    for table in own_tables():
        named = draw(st.sets(st.integers(0, PEOPLE - 1), max_size=2)) & ((there | told) - gone)
        batch[table] = [row for person in sorted(named) for row in draw(told_rows(table, person))]
    return batch


@st.composite
def told_rows(draw: st.DrawFn, table: str, person: int) -> Rows:
    rows = [{"op": "upsert"} | row for row in draw(own_rows(table, person))]
    return rows or [{"op": "delete", "person_id": f"P{person}"}]


def own_tables() -> tuple[str, ...]:
    return ("former_hetu", "former_name", "address")


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_applying_batches_is_building_what_they_lead_to(data: st.DataObject) -> None:
    tables = data.draw(extracts())
    with TemporaryDirectory() as name, patch.object(traits, "CROWD", 2):
        folder = Path(name)
        store = folder / "applied"
        build(write_tables(folder / "base", tables, "2026-11-01"), store)
        for number in (1, 2):
            batch = data.draw(batches(tables))
            given_batch = {table: headed(rows) for table, rows in batch.items() if rows}
            apply(write_batch(folder / str(number), {"batch": number}, **given_batch), store)
            tables = after(tables, batch)
        build(write_tables(folder / "final", tables, "2026-11-02"), folder / "built")
        assert contents(store) == contents(folder / "built")
        assert matched(folder, store) == matched(folder, folder / "built")


def headed(rows: Rows) -> Rows:
    """The same rows, each with every column."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    return [{column: row.get(column, "") for column in columns} for row in rows]


def contents(store: Path) -> dict[str, list[str]]:
    """The rows of every table, sorted, persons by their own number instead of the version's."""
    version = open_version(store).path
    assert {path.stem for path in version.glob("*.parquet")} == {*SCHEMA, *PREPARED, *COUNTED, *PROPERTIES}
    subject = f"read_parquet('{version / 'subject.parquet'}')"
    found = {}
    for path in sorted(version.glob("*.parquet")):
        by_pid = f"JOIN (SELECT pid AS number, person_id AS who FROM {subject}) ON number = pid"
        rows = duckdb.sql(
            f"SELECT * EXCLUDE (pid, number) FROM '{path}' {by_pid}"
            if path.stem in PREPARED
            else f"FROM '{path}'"
        ).fetchall()
        found[path.stem] = sorted(map(repr, rows))
    return found


def register_rows() -> Iterable[dict[str, str]]:
    for codes in CODES:
        for sent in (*codes, codes[0][:-1] + "?"):
            yield {
                "hetu": sent,
                "surname": "Aalto",
                "given_names": "Aino",
                "birth_date": "1990-01-01",
                "street": "",
            }
    for surname in (*SURNAMES, "Aaalto"):
        for given_names in GIVEN:
            for born in BIRTHDAYS:
                row = {"hetu": "", "surname": surname, "given_names": given_names, "birth_date": born}
                yield row | {"street": "Koivukuja 1"}


def matched(folder: Path, store: Path) -> Rows:
    register = write_table(folder / "register.csv", list(register_rows()))
    shutil.rmtree(folder / "out.csv", ignore_errors=True)
    engine.match(register, store, folder / "out.csv", fields=FIELDS.split(), on=TODAY, threads=2)
    return read_csv(folder / "out.csv")
