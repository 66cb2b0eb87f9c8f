"""What is given of buildings and real estate, and what of it is a change."""

from datetime import date
from pathlib import Path

import pytest

from matching import engine
from matching.errors import InputProblems
from matching.fields import output_fields
from tests.matching.drawn import match_rows
from tests.matching.properties import HOME, SHOP, draw_town

PERSONS = """
    person_id | surname  | given_names | death_date
    anna      | Virtanen | Anna Maria  |
    otto      | Aalto    | Otto        |
    away      | Öhman    | Eva         |
    dead      | Vainaja  | Ville       | 2020-01-01
    unknown   |          |             |
"""
PLACE = "street_fi | house_number | postal_code | post_office_fi | country"
ADDRESSES = f"""
    person_id | kind | {PLACE} | from_date | to_date
    anna | permanent | Koivutie | 5 | 00100 | HELSINKI | 246 | 2020-01-01 |
    anna | temporary | Mökkitie | 1 | 66640 | MAKSAMAA | 246 | |
    otto | permanent | Vanhatie | 2 | 00100 | HELSINKI | 246 | | 2024-12-31
    otto | permanent | Uusitie  | 3 | 00200 | HELSINKI | 246 | 2025-01-01 |
    away | permanent_abroad | Storgatan | 4 | | 11122 STOCKHOLM | 752 | |
    dead | permanent | Kalmisto | 1 | 00100 | HELSINKI | 246 | | 2020-01-01
"""
OWNERS = f"""
    property_id    | person_id | business_id | from_date
    {HOME}         | otto      |             |
    {HOME}         | anna      |             | 2010-01-01
    {HOME}         | anna      |             | 2015-01-01
    {HOME}         |           | 2077474-0   |
    {HOME}         | dead      |             |
    {HOME}         | unknown   |             |
    {SHOP}         | away      |             |
    09100200050003 | anna      |             | 2026-11-24
    09100200050003 | otto      |             |
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw_town(tmp_path_factory.mktemp("town"), person=PERSONS, address=ADDRESSES, owner=OWNERS)


def given(
    folder: Path, store: Path, subject: str, row: str, fields: str, **options: object
) -> dict[str, str]:
    """The values of the fields for a register of one row, `header | …\\nvalue | …`."""
    (out,) = match_rows(folder, store, row, fields, subject=subject, **options)
    return {name.removeprefix("vtj_"): value for name, value in out.items() if name.startswith("vtj_")}


def test_every_column_of_a_building_is_given(store: Path, tmp_path: Path) -> None:
    fields = [field.name for field in output_fields("building") if field.name != "owners"]
    row = given(tmp_path, store, "building", f"building_id\n{HOME}", " ".join(fields))
    assert [row[name] for name in fields[:10]] == [
        *(HOME, "091-002-0005-0003-K-001", "09100200050003", "091", "Koivutie", "Björkvägen", "5"),
        *("00100", "HELSINKI", "HELSINGFORS"),
    ]
    assert (row["completed_on"], row["class"], row["easting"]) == ("1990-05-01", "", "")


def test_every_column_of_a_unit_is_given(store: Path, tmp_path: Path) -> None:
    fields = [field.name for field in output_fields("real_estate") if field.name != "owners"]
    row = given(tmp_path, store, "real_estate", "real_estate_id\n91-2-5-7", " ".join(fields))
    assert [row[name] for name in fields] == [
        *("09100200050007", "Koivula", "049", "100", "1970-01-01", "2015-01-01", ""),
    ]


def test_the_owners_of_a_building_are_in_one_cell_persons_by_name_first(store: Path, tmp_path: Path) -> None:
    assert given(tmp_path, store, "building", f"building_id\n{HOME}", "owners")["owners"] == (
        "Aalto Otto, Uusitie 3, 00200 HELSINKI; Vainaja Ville;"
        " Virtanen Anna Maria, Koivutie 5, 00100 HELSINKI; 2077474-0"
    )


def test_an_owner_abroad_has_the_country_in_the_address(store: Path, tmp_path: Path) -> None:
    row = given(tmp_path, store, "building", f"building_id\n{SHOP}", "owners")
    assert row["owners"] == "Öhman Eva, Storgatan 4, 11122 STOCKHOLM, 752"


@pytest.mark.parametrize(
    ("on", "owners"),
    [
        (date(2024, 12, 31), "Aalto Otto, Vanhatie 2, 00100 HELSINKI"),
        (date(2026, 11, 23), "Aalto Otto, Uusitie 3, 00200 HELSINKI"),
        (
            date(2026, 11, 24),
            "Aalto Otto, Uusitie 3, 00200 HELSINKI; Virtanen Anna Maria, Koivutie 5, 00100 HELSINKI",
        ),
    ],
)
def test_owners_and_their_addresses_are_those_of_the_day(
    store: Path, tmp_path: Path, on: date, owners: str
) -> None:
    row = given(tmp_path, store, "real_estate", "real_estate_id\n91-2-5-3", "owners", on=on)
    assert row["owners"] == owners


def test_nothing_is_given_of_a_building_that_is_not_found_for_sure(store: Path, tmp_path: Path) -> None:
    rows = f"building_id | street | postal_code\n | Koivutie 9 | 00100\n{HOME} | Rantatie 1 | 65100"
    out = match_rows(tmp_path, store, rows, "building_id owners floor_area municipality", subject="building")
    assert [row["vtj_result"] for row in out] == ["ambiguous", "conflict"]
    assert {row[f"vtj_{name}"] for row in out for name in ("building_id", "owners", "municipality")} == {""}


@pytest.mark.parametrize(
    ("field", "column", "same", "other"),
    [
        ("building_id", "building_id", HOME.lower(), "91-2-5-3-K-1"),
        ("real_estate_id", "real_estate_id", "91-2-5-3-M601", "91-2-5-4"),
        ("municipality", "municipality", "Helsingfors", "Espoo"),
        ("street_fi", "street", "KOIVUT. 5 A 2", "Koivukatu 5"),
        ("street_fi", "street", "Björkvägen", ""),
        ("street_sv", "street", "Koivutie 5", "Koivukatu 5"),
        ("house_number", "house_number", "05", "6"),
        ("house_number", "street", "Koivutie 5 A 2", "Koivutie 6"),
        ("postal_code", "postal_code", "100", "00200"),
        ("post_office_fi", "post_office", "Helsinki", "ESPOO"),
        ("post_office_sv", "post_office", "Helsinki", "ESBO"),
    ],
)
def test_another_form_of_a_value_is_no_change(
    store: Path, tmp_path: Path, field: str, column: str, same: str, other: str
) -> None:
    for sent, changed in ((same, ""), (other, field)):
        # Another column finds the building where the value itself is no code of it.
        code = sent if column == "building_id" else HOME
        cells = "" if column == "building_id" else f" | {sent}"
        header = "building_id" + ("" if column == "building_id" else f" | {column}")
        row = given(tmp_path, store, "building", f"{header}\n{code}{cells}", field)
        assert row["changed"] == changed, sent


def test_the_code_name_and_municipality_of_a_unit_may_change(store: Path, tmp_path: Path) -> None:
    fields = "real_estate_id name municipality area"
    header = "real_estate_id | name | municipality | area"
    same = given(tmp_path, store, "real_estate", f"{header}\n91-2-5-3 | KOIVULA | 91 | 1", fields)
    merged = given(tmp_path, store, "real_estate", f"{header}\n91-2-5-9 | Vanhala | Espoo | 1", fields)
    assert (same["changed"], merged["changed"]) == ("", "real_estate_id;name;municipality")


def test_a_value_that_the_store_lacks_is_no_change(tmp_path: Path) -> None:
    store = draw_town(tmp_path, building=f"building_id\n{HOME}")
    row = f"building_id | street | house_number | municipality\n{HOME} | Koivutie | 5 | 091"
    fields = "street_fi street_sv house_number municipality"
    assert given(tmp_path, store, "building", row, fields)["changed"] == ""


@pytest.mark.parametrize(("subject", "field"), [("building", "surname"), ("real_estate", "street_fi")])
def test_a_field_of_another_subject_is_no_field(
    store: Path, tmp_path: Path, subject: str, field: str
) -> None:
    with pytest.raises(InputProblems, match="there is no such field"):
        given(tmp_path, store, subject, f"building_id\n{HOME}", field)


def test_an_unknown_subject_is_refused(store: Path, tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("hetu\n1\n")
    with pytest.raises(InputProblems, match="there is no such subject"):
        engine.link(tmp_path / "r.csv", store, tmp_path / "links.parquet", subject="dwelling")
