"""Decisions of officials on doubtful buildings and units: in the links, and in what is disclosed."""

from pathlib import Path

import pyarrow.parquet
import pytest

from matching import engine
from matching.delivery.report import DisclosureReport
from matching.doubts import reviewed
from tests.matching.drawn import TODAY, code, draw_store, read_csv, table, write_table
from tests.matching.properties import LEFT, RIGHT, TOWN

REGISTER = """
row_id | street     | postal_code
1      | Koivutie 9 | 00100
2      | Koivutie 5 | 00100
3      | Koivutie 9 | 00100
4      | Koivutie 9 | 00100
"""
PERSONS = f"""
person_id | hetu | surname | given_names | protected_until
open | {code("010190-900")} | Virtanen | Bo  |
kept | {code("010191-900")} | Virtanen | Ann | 2099-12-31
"""
HOMES = """
person_id | kind      | street_fi | house_number | postal_code
open      | permanent | Avotie    | 1            | 00100
kept      | permanent | Salakatu  | 13           | 00990
"""
OWNERS = f"property_id | person_id\n{LEFT} | open\n{RIGHT} | kept\n{RIGHT} | open"
Linked = tuple[Path, Path, Path, Path]


@pytest.fixture
def linked(tmp_path: Path) -> Linked:
    store = draw_store(tmp_path, **TOWN | {"person": PERSONS, "address": HOMES, "owner": OWNERS})
    register = write_table(tmp_path / "register.csv", table(REGISTER))
    links, candidates = tmp_path / "links.parquet", tmp_path / "candidates.parquet"
    engine.link(register, store, links, candidates_out=candidates, on=TODAY, subject="building")
    return register, store, links, candidates


def disclosed(linked: Linked, decisions: list[tuple[int, int | None]]) -> tuple[Path, DisclosureReport]:
    register, store, links, candidates = linked
    after, out = links.with_name("after.parquet"), links.with_name("out.csv")
    reviewed.amend(links, candidates, after, decisions)
    version = (store / "current").read_text().strip()
    asked = {"version": version, "fields": ["building_id", "owners"], "on": TODAY, "subject": "building"}
    ledger = links.with_name("ledger.parquet")
    return out, engine.disclose(register, after, store, out, ledger, **asked)  # type: ignore[arg-type]


def test_the_chosen_building_is_given_by_an_officials_rule_without_a_confidence(linked: Linked) -> None:
    out, report = disclosed(linked, [(1, 2), (3, None)])
    rows = read_csv(out)
    assert [row["vtj_result"] for row in rows] == [
        "match_review",
        "match_data",
        "no_match_review",
        "ambiguous",
    ]
    assert [row["vtj_building_id"] for row in rows][::2] == [RIGHT, ""]
    assert [row["vtj_rule"] for row in rows] == ["official", "address", "official", "address"]
    assert [row["vtj_confidence"] for row in rows] == ["", "0.99", "", ""]
    assert report.results == {"ambiguous": 1, "match_data": 1, "match_review": 1, "no_match_review": 1}


def test_rule_14_of_a_chosen_building_a_protected_owner_is_given_by_name_alone(linked: Linked) -> None:
    out, _report = disclosed(linked, [(1, 2)])
    assert read_csv(out)[0]["vtj_owners"] == "Virtanen Ann; Virtanen Bo, Avotie 1, 00100"
    ledger = pyarrow.parquet.read_table(out.with_name("ledger.parquet")).to_pylist()
    assert [(one["vtj_row"], one["person_id"], one["withheld"]) for one in ledger] == [
        (1, "kept", True),
        (1, "open", False),
    ]


def test_nobody_is_given_for_a_row_that_an_official_found_nothing_for(linked: Linked) -> None:
    out, report = disclosed(linked, [(1, None), (3, None), (4, None)])
    assert [row["vtj_owners"] for row in read_csv(out)] == ["", "", "", ""]
    assert report.given == 1
    assert pyarrow.parquet.read_table(out.with_name("ledger.parquet")).num_rows == 0


@pytest.mark.parametrize("decision", [(2, 1), (1, 3)])
def test_a_decision_of_another_row_or_building_is_refused(
    linked: Linked, decision: tuple[int, int | None]
) -> None:
    with pytest.raises(ValueError, match="not of these links"):
        disclosed(linked, [decision])
