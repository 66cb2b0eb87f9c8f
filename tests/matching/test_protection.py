"""Rules 12 to 14: who is under a turvakielto (non-disclosure for personal safety) is nowhere to be found."""

import json
from datetime import date
from pathlib import Path

import duckdb
import pytest

from matching import engine
from matching.fields import output_fields
from matching.store.versions import versions
from tests.matching.drawn import TODAY, code, draw_store, match_rows, read_csv, table, write_table

KEPT, OPEN, ENDED, BARE = code("010190-900"), code("010190-902"), code("010190-904"), code("010190-906")
PERSONS = f"""
    person_id | hetu    | surname  | municipality | moved_on   | absence_code | protected_until
    kept      | {KEPT}  | Virtanen | 091          | 2020-01-01 | 1            | 2026-11-23
    open      | {OPEN}  | Virtanen | 091          | 2020-01-01 | 1            |
    ended     | {ENDED} | Virtanen | 091          | 2020-01-01 | 1            | 2026-11-22
    bare      | {BARE}  | Virtanen |              |            |              |
"""
ADDRESSES = "person_id | kind | street_fi | postal_code | post_office_fi | country\n" + "\n".join(
    f"{person} | {kind} | {street} | 00100 | HELSINKI | 246"
    for person in ("kept", "open", "ended")
    for kind, street in (
        ("permanent", "Kotikatu"),
        ("temporary", "Mökkitie"),
        ("postal", "PL 1"),
        ("contact", "PL 2"),
    )
)
SENT = "street | postal_code | post_office | municipality\n"
ROWS = f"row_id | hetu | surname | {SENT}" + "\n".join(
    f"{name} | {hetu} | Virtanen | Vanha 1 | 99999 | VAASA | 905"
    for name, hetu in (("kept", KEPT), ("open", OPEN), ("ended", ENDED), ("bare", BARE))
)
WITHHELD = [field.name for field in output_fields() if field.protected]
ALL = " ".join(field.name for field in output_fields())


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return draw_store(tmp_path, person=PERSONS, address=ADDRESSES)


def by_id(rows: list[dict[str, str]]) -> dict[str, dict[str, str]]:
    return {row["row_id"]: row for row in rows}


def test_rule_12_the_withheld_fields_are_those_of_the_contract() -> None:
    assert set(WITHHELD) == {
        *(
            "municipality",
            "municipality_since",
            "street",
            "postal_code",
            "post_office",
            "country",
            "address_kind",
        ),
        *("temporary_address", "postal_address", "moved_on", "absence"),
    }


def test_rule_12_nothing_of_a_protected_person_is_given_but_the_contact_address(
    store: Path, tmp_path: Path
) -> None:
    row = by_id(match_rows(tmp_path, store, ROWS, ALL))["kept"]
    assert {name for name in WITHHELD if row[f"vtj_{name}"]} == set()
    assert row["vtj_contact_address"] == "PL 2, 00100 HELSINKI"
    assert row["vtj_surname"] == "Virtanen"
    assert row["vtj_protected"] == "1"
    assert row["vtj_changed"] == ""


@pytest.mark.parametrize("person", ["open", "ended"])
def test_rule_12_an_ended_protection_withholds_nothing(store: Path, tmp_path: Path, person: str) -> None:
    row = by_id(match_rows(tmp_path, store, ROWS, ALL))[person]
    assert (row["vtj_street"], row["vtj_municipality"], row["vtj_protected"]) == ("Kotikatu", "091", "0")
    assert row["vtj_changed"] == "municipality;street;postal_code;post_office"


def test_rule_12_protection_holds_to_the_end_of_its_last_day(store: Path, tmp_path: Path) -> None:
    rows = by_id(match_rows(tmp_path, store, ROWS, "street", on=date(2026, 11, 24)))
    assert rows["kept"]["vtj_street"] == "Kotikatu"
    rows = by_id(match_rows(tmp_path, store, ROWS, "street", on=date(2026, 11, 22)))
    assert (rows["kept"]["vtj_street"], rows["ended"]["vtj_street"]) == ("", "")


def test_rule_12_an_entitled_permit_gets_all(store: Path, tmp_path: Path) -> None:
    row = by_id(match_rows(tmp_path, store, ROWS, ALL, entitled_to_protected=True))["kept"]
    assert (row["vtj_street"], row["vtj_protected"], row["vtj_absence"]) == ("Kotikatu", "1", "1")
    assert "street" in row["vtj_changed"]


def test_rule_13_a_withheld_row_is_as_one_whose_address_is_unknown(store: Path, tmp_path: Path) -> None:
    fields = " ".join([*WITHHELD, "surname", "sex", "death_date"])
    rows = by_id(match_rows(tmp_path, store, ROWS, fields))
    told = [
        {name: value for name, value in rows[person].items() if name not in ("row_id", "hetu", "vtj_row")}
        for person in ("kept", "bare")
    ]
    assert told[0] == told[1]


def test_rule_13_the_statistics_do_not_tell_a_withheld_row(store: Path, tmp_path: Path) -> None:
    reports = []
    for person in (KEPT, BARE):
        register = write_table(
            tmp_path / "one.csv", table(f"hetu | {SENT.strip()}\n{person} | a | 1 | b | 1")
        )
        report = engine.match(register, store, tmp_path / "one-out.csv", fields=WITHHELD, on=TODAY)
        reports.append({name: report[name] for name in ("rows", "results", "rules", "changed", "unreadable")})
    assert reports[0] == reports[1]


def test_rule_13_rows_keep_their_order_whoever_is_protected(store: Path, tmp_path: Path) -> None:
    assert [row["vtj_row"] for row in match_rows(tmp_path, store, ROWS, "street")] == ["1", "2", "3", "4"]


def test_rule_14_no_field_of_another_person_or_kind_leaks_the_address(store: Path, tmp_path: Path) -> None:
    out = by_id(match_rows(tmp_path, store, ROWS, ALL))["kept"]
    given = json.dumps(
        {name: value for name, value in out.items() if name.startswith("vtj_")}, ensure_ascii=False
    )
    assert not [word for word in ("Kotikatu", "Mökkitie", "PL 1,", "091", "2020-01-01") if word in given]


def release(
    folder: Path, store: Path, **options: object
) -> tuple[list[dict[str, str]], list[tuple[object, ...]]]:
    """Link with the oldest version, disclose as of it; the rows and the ledger."""
    oldest = versions(store)[-1].version
    register = write_table(folder / "register.csv", table(ROWS))
    engine.link(register, store, folder / "links.parquet", version=oldest, on=TODAY)
    out, ledger = folder / "out.csv", folder / "ledger.parquet"
    engine.disclose(
        register,
        folder / "links.parquet",
        store,
        out,
        ledger,
        version=oldest,
        fields=["street"],
        on=TODAY,
        **options,
    )
    return read_csv(out), duckdb.read_parquet(str(ledger)).order("vtj_row").fetchall()


def test_rule_12_who_is_protected_in_a_newer_version_is_withheld_too(store: Path, tmp_path: Path) -> None:
    draw_store(tmp_path, person=PERSONS.replace("| 1            |\n", "| 1            | 9999-12-31\n"))
    newest = versions(store)[0].version
    rows, ledger = release(tmp_path, store, protection_version=newest)
    assert [row["vtj_street"] for row in rows] == ["", "", "Kotikatu", ""]
    assert [row[3] for row in ledger] == [True, True, False, False]


def test_rule_12_protection_of_the_matched_version_holds_though_a_newer_one_lacks_it(
    store: Path, tmp_path: Path
) -> None:
    draw_store(tmp_path, person=PERSONS.replace("2026-11-23", ""))
    rows, _ = release(tmp_path, store, protection_version=versions(store)[0].version)
    assert rows[0]["vtj_street"] == ""


def test_rule_12_who_is_protected_on_the_day_of_release_is_withheld(store: Path, tmp_path: Path) -> None:
    rows, _ = release(tmp_path, store, protection_on=date(2026, 11, 22))
    assert [row["vtj_street"] for row in rows] == ["", "Kotikatu", "", ""]


def test_the_ledger_has_a_row_for_each_row_given(store: Path, tmp_path: Path) -> None:
    _, ledger = release(tmp_path, store)
    assert ledger == [
        (1, "kept", KEPT, True),
        (2, "open", OPEN, False),
        (3, "ended", ENDED, False),
        (4, "bare", BARE, False),
    ]
