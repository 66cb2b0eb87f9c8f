"""Rule 18: the best address, and that of another day."""

from datetime import date
from pathlib import Path

import pytest

from tests.matching.drawn import code, draw_store, match_rows

ANNA = code("010190-900")
PERSON = f"person_id | hetu | surname\nanna | {ANNA} | Virtanen"
ORDER = ["permanent", "permanent_abroad", "postal", "postal_abroad", "temporary", "temporary_abroad"]
ROW = f"row_id | hetu | surname\n1 | {ANNA} | Virtanen"


def store_with(folder: Path, addresses: list[str]) -> Path:
    columns = "person_id | kind | street_fi | street_sv | house_number | stair | dwelling | letter"
    header = f"{columns} | postal_code | post_office_fi | country | from_date | to_date"
    return draw_store(
        folder, person=PERSON, address="\n".join([header, *(f"anna | {row}" for row in addresses)])
    )


@pytest.mark.parametrize("first", range(6))
def test_rule_18_the_best_kind_that_a_person_has_is_given(tmp_path: Path, first: int) -> None:
    rows = [f"{kind} | {kind} | | 1 | | | | 00100 | X | 246 | |" for kind in reversed(ORDER[first:])]
    rows.append("former | old | | 1 | | | | 00100 | X | 246 | |")
    (row,) = match_rows(tmp_path, store_with(tmp_path, rows), ROW, "address_kind street")
    assert (row["vtj_address_kind"], row["vtj_street"]) == (ORDER[first], f"{ORDER[first]} 1")


def test_of_two_addresses_of_one_kind_and_day_the_same_one_is_given_whatever_their_order(
    tmp_path: Path,
) -> None:
    rows = [f"permanent | {street} | | 1 | | | | 00100 | X | 246 | |" for street in ("Eka", "Toka", "Kolmas")]
    given = set()
    for place in range(3):
        store = store_with(tmp_path / str(place), rows[place:] + rows[:place])
        given.add(match_rows(tmp_path, store, ROW, "street")[0]["vtj_street"])
    assert len(given) == 1


def test_rule_18_the_contact_address_is_never_the_best_one(tmp_path: Path) -> None:
    store = store_with(tmp_path, ["contact | PL 2 | | | | | | 00100 | HELSINKI | | |"])
    (row,) = match_rows(tmp_path, store, ROW, "address_kind street contact_address")
    assert (row["vtj_address_kind"], row["vtj_street"]) == ("", "")
    assert row["vtj_contact_address"] == "PL 2, 00100 HELSINKI"


def test_an_address_line_is_written_as_on_an_envelope(tmp_path: Path) -> None:
    store = store_with(tmp_path, ["permanent | Koti | | 1 | a | 002 | B | 00100 | HELSINKI | | |"])
    (row,) = match_rows(tmp_path, store, ROW, "street postal_code post_office")
    assert [row[f"vtj_{name}"] for name in ("street", "postal_code", "post_office")] == [
        "Koti 1 A 2b",
        "00100",
        "HELSINKI",
    ]


@pytest.mark.parametrize(
    ("on", "street"),
    [
        (date(2019, 12, 31), ""),
        (date(2020, 1, 1), "Eka"),
        (date(2022, 6, 30), "Eka"),
        (date(2022, 7, 1), "Toka"),
        (date(2026, 12, 31), "Toka"),
        (date(2027, 1, 1), "Mökki"),
        (date(2030, 1, 1), "Kolmas"),
    ],
)
def test_rule_18_the_address_is_that_of_the_day(tmp_path: Path, on: date, street: str) -> None:
    store = store_with(
        tmp_path,
        [
            "permanent | Eka    | | | | | | | | | 2020-01-01 | 2022-06-30",
            "permanent | Toka   | | | | | | | | | 2022-07-01 | 2026-12-31",
            "temporary | Mökki  | | | | | | | | | 2021-01-01 | 2028-01-01",
            "permanent | Kolmas | | | | | | | | | 2030-01-01 |",
        ],
    )
    (row,) = match_rows(tmp_path, store, ROW, "street", on=on)
    assert row["vtj_street"] == street


@pytest.mark.parametrize(
    ("sent", "changed"),
    [("Koti 1 A 2", ""), ("koti 1 a 002", ""), ("Koti 1A2", ""), ("HEM 1 A 2", ""), ("Koti 1 A 3", "street")],
)
def test_a_street_in_another_form_or_language_is_no_change(tmp_path: Path, sent: str, changed: str) -> None:
    store = store_with(tmp_path, ["permanent | Koti | Hem | 1 | A | 002 | | 00100 | HELSINKI | | |"])
    (row,) = match_rows(tmp_path, store, f"hetu | surname | street\n{ANNA} | Virtanen | {sent}", "street")
    assert row["vtj_changed"] == changed


@pytest.mark.parametrize(
    ("sent", "changed"), [("Koti 1 as 12", ""), ("Koti 1 12", ""), ("Koti 11 2", "street")]
)
def test_a_number_and_a_flat_never_run_together(tmp_path: Path, sent: str, changed: str) -> None:
    store = store_with(tmp_path, ["permanent | Koti | | 1 | | 12 | | 00100 | HELSINKI | | |"])
    (row,) = match_rows(tmp_path, store, f"hetu | surname | street\n{ANNA} | Virtanen | {sent}", "street")
    assert row["vtj_changed"] == changed
