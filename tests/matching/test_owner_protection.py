"""Rule 14: a protected person's address leaks by no owner, household, building or dwelling."""

import json
from datetime import date
from pathlib import Path

import duckdb
import pytest

from matching import engine
from matching.fields import CODE_FIELDS, output_fields
from matching.store.versions import versions
from tests.matching.drawn import TODAY, code, draw_store, match_rows, read_csv, table, write_table
from tests.matching.properties import HOME, TOWN

UNIT = "09100200050003"
CODES = {name: code(f"01019{place}-900") for place, name in enumerate(("kept", "open", "bare"))}
SUBJECTS = pytest.mark.parametrize("subject", ["building", "real_estate"])
LEAKS = ("Salakatu", "13", "Mökkitie", "PL", "00990")
# Not of what is found, but of the run.
OF_THE_RUN = {"seconds", "peak_memory_bytes", "store_version", "protected_withheld"}


def draw(folder: Path, *owners: str, protected: dict[str, str] | None = None, building: str = "") -> Path:
    """A version in which these persons own one building and one unit; protected: name → last day."""
    until = {"kept": "2026-11-23"} if protected is None else protected
    persons = "person_id | hetu | surname | given_names | protected_until\n" + "\n".join(
        f"{name} | {CODES[name]} | Virtanen | {'Bo' if name == 'open' else 'Ann'} | {until.get(name, '')}"
        for name in CODES
    )
    homes = "person_id | kind | street_fi | house_number | postal_code | country\n" + "\n".join(
        f"{name} | {kind} | {street} | 13 | 00990 | 246"
        for name in ("kept", "open")
        for kind, street in (("permanent", "Salakatu"), ("temporary", "Mökkitie"), ("contact", "PL"))
    )
    owned = "property_id | person_id | business_id\n" + "\n".join(
        f"{what} | {name} |" if name != "firm" else f"{what} | | 2077474-0"
        for what in (HOME, UNIT)
        for name in owners
    )
    building = building or f"building_id | floor_area\n{HOME} | 100"
    unit = f"real_estate_id | area\n{UNIT} | 100"
    town = TOWN | {"building": building, "real_estate": unit, "person": persons}
    return draw_store(folder, **town, address=homes, owner=owned)


def sent(folder: Path, subject: str) -> Path:
    own = HOME if subject == "building" else UNIT
    text = f"{CODE_FIELDS[subject]} | street | municipality | name\n{own} | Vanha 1 | 905 | x"
    return write_table(folder / "register.csv", table(text))


def given(folder: Path, store: Path, subject: str, **options: object) -> tuple[dict[str, str], object]:
    """The output row with every field there is, and the report without what is of the run."""
    fields = [field.name for field in output_fields(subject)]
    options = {"on": TODAY} | options
    out = folder / "out.csv"
    report = engine.match(sent(folder, subject), store, out, subject=subject, fields=fields, **options)
    return read_csv(out)[0], {name: report[name] for name in report.keys() - OF_THE_RUN}


@SUBJECTS
def test_rule_14_a_protected_owner_is_given_by_name_alone(tmp_path: Path, subject: str) -> None:
    row, _ = given(tmp_path, draw(tmp_path, "kept"), subject)
    assert row["vtj_owners"] == "Virtanen Ann"
    told = json.dumps({name: value for name, value in row.items() if name.startswith("vtj_")})
    assert not [leak for leak in LEAKS if leak in told.replace(HOME, "").replace(UNIT, "")]


@SUBJECTS
def test_rule_13_a_protected_owner_is_as_one_whose_address_is_unknown(tmp_path: Path, subject: str) -> None:
    kept, bare = (given(tmp_path / who, draw(tmp_path / who, who), subject) for who in ("kept", "bare"))
    assert kept == bare


@SUBJECTS
def test_an_owner_who_is_not_protected_is_given_with_the_address(tmp_path: Path, subject: str) -> None:
    row, _ = given(tmp_path, draw(tmp_path, "open"), subject)
    assert row["vtj_owners"] == "Virtanen Bo, Salakatu 13, 00990"


@SUBJECTS
def test_rule_12_an_entitled_permit_gets_the_address(tmp_path: Path, subject: str) -> None:
    row, _ = given(tmp_path, draw(tmp_path, "kept"), subject, entitled_to_protected=True)
    assert row["vtj_owners"] == "Virtanen Ann, Salakatu 13, 00990"


@pytest.mark.parametrize(
    ("on", "owners"),
    [
        (date(2026, 11, 23), "Virtanen Ann"),
        (date(2026, 11, 24), "Virtanen Ann, Salakatu 13, 00990"),
    ],
)
def test_rule_12_an_ended_protection_withholds_nothing_of_an_owner(
    tmp_path: Path, on: date, owners: str
) -> None:
    row, _ = given(tmp_path, draw(tmp_path, "kept"), "building", on=on)
    assert row["vtj_owners"] == owners


@pytest.mark.parametrize("protected", ["kept", "open", "bare"])
def test_rule_13_who_is_protected_changes_neither_order_nor_number_of_owners(
    tmp_path: Path, protected: str
) -> None:
    store = draw(tmp_path, "firm", "open", "kept", "bare", protected={protected: "9999-12-31"})
    row, _ = given(tmp_path, store, "building")
    names = [owner.split(",")[0] for owner in row["vtj_owners"].split("; ")]
    assert names == ["Virtanen Ann", "Virtanen Ann", "Virtanen Bo", "2077474-0"]
    # Of two with one name the store's identifier decides: bare, then kept.
    assert ("Salakatu" in row["vtj_owners"].split("; ")[1]) == (protected != "kept")


@SUBJECTS
def test_rule_14_the_statistics_and_changes_are_the_same_whoever_is_protected(
    tmp_path: Path, subject: str
) -> None:
    reports = [
        given(tmp_path / name, draw(tmp_path / name, "kept", "open", protected={name: "9999-12-31"}), subject)
        for name in ("kept", "open")
    ]
    assert reports[0][1] == reports[1][1]
    assert reports[0][0]["vtj_changed"] == reports[1][0]["vtj_changed"]


def test_rule_14_a_building_has_its_own_address_whoever_owns_it(tmp_path: Path) -> None:
    building = f"building_id | street_fi | house_number | postal_code\n{HOME} | Salakatu | 13 | 00990"
    rows = []
    for name in ("kept", "open"):
        row, _ = given(tmp_path / name, draw(tmp_path / name, name, building=building), "building")
        rows.append({key: value for key, value in row.items() if key != "vtj_owners"})
    assert rows[0] == rows[1]
    assert rows[0]["vtj_street_fi"] == "Salakatu"


@SUBJECTS
def test_rule_14_nothing_is_found_through_a_person(tmp_path: Path, subject: str) -> None:
    store = draw(tmp_path, "kept", "open")
    rows = f"""
        row_id  | hetu           | surname  | given_names | birth_date | street      | postal_code
        owner   | {CODES["kept"]} | Virtanen | Ann         | 01.01.1990 |             |
        address |                | Virtanen | Ann         |            | Salakatu 13 | 00990
    """
    out = match_rows(tmp_path, store, rows, CODE_FIELDS[subject], subject=subject)
    assert [row["vtj_result"] for row in out] == ["insufficient_data", "not_found"]


def test_rule_14_a_persons_fields_tell_nothing_of_another_person(tmp_path: Path) -> None:
    fields = " ".join(field.name for field in output_fields())
    rows = f"row_id | hetu | surname\nopen | {CODES['open']} | Virtanen"
    alone, beside = (
        match_rows(
            tmp_path / name,
            draw(tmp_path / name, "open", "kept", protected={name: "9999-12-31"}),
            rows,
            fields,
        )
        for name in ("bare", "kept")
    )
    assert alone == beside
    names = {field.name for field in output_fields()}
    assert not [name for name in names if "household" in name or "spouse" in name or "building" in name]


def release(folder: Path, store: Path, **options: object) -> tuple[str, list[tuple[object, ...]]]:
    """Link with the oldest version and disclose as of it: the owners, and the ledger."""
    oldest, register = versions(store)[-1].version, sent(folder, "building")
    options = {"fields": ["owners"], "on": TODAY, "subject": "building"} | options
    links, out, ledger = (folder / name for name in ("links.parquet", "out.csv", "ledger.parquet"))
    engine.link(register, store, links, version=oldest, on=TODAY, subject="building")
    engine.disclose(register, links, store, out, ledger, version=oldest, **options)
    return read_csv(out)[0].get("vtj_owners", ""), duckdb.read_parquet(str(ledger)).fetchall()


def test_the_ledger_has_every_person_given_in_a_row(tmp_path: Path) -> None:
    _, ledger = release(tmp_path, draw(tmp_path, "open", "kept", "bare", "firm"))
    assert ledger == [
        (1, "bare", CODES["bare"], False),
        (1, "kept", CODES["kept"], True),
        (1, "open", CODES["open"], False),
    ]


def test_the_ledger_of_a_delivery_without_owners_is_empty(tmp_path: Path) -> None:
    assert release(tmp_path, draw(tmp_path, "open", "kept"), fields=["building_id"]) == ("", [])


def test_the_ledger_of_an_entitled_permit_says_that_nothing_was_withheld(tmp_path: Path) -> None:
    _, ledger = release(tmp_path, draw(tmp_path, "kept"), entitled_to_protected=True)
    assert ledger == [(1, "kept", CODES["kept"], False)]


def test_rule_12_an_owner_who_is_protected_in_a_newer_version_is_withheld_too(tmp_path: Path) -> None:
    store = draw(tmp_path, "open", protected={})
    draw(tmp_path, "open", protected={"open": "9999-12-31"})
    newest = versions(store)[0].version
    assert release(tmp_path, store)[0] == "Virtanen Bo, Salakatu 13, 00990"
    assert release(tmp_path, store, protection_version=newest) == (
        "Virtanen Bo",
        [(1, "open", CODES["open"], True)],
    )


def test_rule_12_an_owner_protected_on_the_day_of_release_is_withheld(tmp_path: Path) -> None:
    store = draw(tmp_path, "open", protected={"open": "2026-11-22"})
    assert release(tmp_path, store)[0] == "Virtanen Bo, Salakatu 13, 00990"
    assert release(tmp_path, store, protection_on=date(2026, 11, 22))[0] == "Virtanen Bo"
