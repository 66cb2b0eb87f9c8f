"""The change list: each value that differs from the register, before and after, and nothing withheld."""

from pathlib import Path

from matching import engine
from tests.matching.drawn import TODAY, code, draw_store, read_csv, table, write_table

KEPT, OPEN, SAME = code("010190-900"), code("010190-902"), code("010190-904")
PERSONS = f"""
    person_id | hetu   | surname  | given_names | municipality | protected_until
    kept      | {KEPT} | Virtanen | Tuuli       | 091          | 2030-12-31
    open      | {OPEN} | Virtanen | Meri        | 091          |
    same      | {SAME} | Virtanen | Aava        | 091          |
"""
ADDRESSES = """
    person_id | kind      | street_fi | postal_code | post_office_fi | country
    kept      | permanent | Piilotie  | 00100       | HELSINKI       | 246
    open      | permanent | Kotikatu  | 00200       | HELSINKI       | 246
    same      | permanent | Rantatie  | 00300       | HELSINKI       | 246
"""
ROWS = f"""row_id | hetu | surname | street | postal_code
    0001 | {KEPT} | Virtanen | Vanha 1  | 99999
    0002 | {OPEN} | Vanhanen;Virtanen | Vanha 1 | 00200
    0003 | {SAME} | VIRTANEN | Rantatie | 00300
    0004 | 010190-9999 | Virtanen | =1+1 | 00300
"""


def changes(folder: Path, fields: str, rows: str = ROWS, **options: bool) -> list[dict[str, str]]:
    register = write_table(folder / "register.csv", table(rows))
    store = draw_store(folder, person=PERSONS, address=ADDRESSES)
    out = {"output": folder / "out.csv", "changes": folder / "changes.csv"}
    engine.match(register, store, **out, fields=fields.split(), on=TODAY, threads=2, **options)
    return read_csv(folder / "changes.csv")


def test_a_changed_value_stands_with_its_row_before_and_after(tmp_path: Path) -> None:
    assert changes(tmp_path, "street postal_code") == [
        {"vtj_row": "2", "row_id": "0002", "field": "street", "before": "Vanha 1", "after": "Kotikatu"}
    ]


def test_it_says_what_vtj_changed_says(tmp_path: Path) -> None:
    listed = changes(tmp_path, "surname street postal_code municipality")
    told = {
        (row["vtj_row"], name)
        for row in read_csv(tmp_path / "out.csv")
        for name in row["vtj_changed"].split(";")
        if name
    }
    assert {(row["vtj_row"], row["field"]) for row in listed} == told


def test_rule_11_a_field_that_is_not_asked_for_never_stands_in_it(tmp_path: Path) -> None:
    assert {row["field"] for row in changes(tmp_path, "postal_code")} == set()


def test_rule_12_a_protected_persons_withheld_fields_never_stand_in_it(tmp_path: Path) -> None:
    listed = changes(tmp_path, "street postal_code")
    assert "1" not in {row["vtj_row"] for row in listed}
    assert "Piilotie" not in (tmp_path / "changes.csv").read_text()


def test_rule_12_an_entitled_permit_gets_the_changes_too(tmp_path: Path) -> None:
    listed = changes(tmp_path, "street", entitled_to_protected=True)
    assert [(row["row_id"], row["after"]) for row in listed] == [("0001", "Piilotie"), ("0002", "Kotikatu")]


def test_a_register_without_row_ids_has_them_empty(tmp_path: Path) -> None:
    (row,) = changes(tmp_path, "street", f"hetu | street\n{OPEN} | Vanha 1")
    assert (row["vtj_row"], row["row_id"]) == ("1", "")


def test_a_register_with_nothing_to_compare_gives_the_header_alone(tmp_path: Path) -> None:
    assert changes(tmp_path, "street", f"hetu\n{OPEN}") == []
    assert (tmp_path / "changes.csv").read_text().startswith("vtj_row,row_id,field,before,after")
