"""Rows that their customer has completed: found by the completed data, told as they were sent."""

from datetime import date
from pathlib import Path

import pyarrow.parquet
import pytest

from matching import chunks, engine
from matching.linking import completed
from matching.linking.completed import Links
from tests.matching.drawn import TODAY, draw_store, read_csv, table, write_table
from tests.matching.properties import LEFT, draw_town
from tests.matching.test_protection_of_the_found import ADDRESSES, PERSONS

REGISTER = """
row_id | surname  | given_names | birth_date
1      | Korhonen | Matti Olavi | 15.6.1970
2      | Kuusela  | Anna Maria  | 12.3.1985
3      | Korhonen | Matti Olavi | 15.6.1970
4      | Korhonen | Matti Olavi | 15.6.1970
"""
NAMED = {"surname": "Korhonen", "given_names": "Matti Olavi", "birth_date": "15.6.1970"}


class Case:
    """A register of doubtful rows, linked in a folder to the town of namesakes."""

    def __init__(self, store: Path, folder: Path) -> None:
        self.store, self.folder = store, folder
        self.register = write_table(folder / "register.csv", table(REGISTER))
        self.before, self.anew, self.after = (
            Links(folder / f"{name}-links.parquet", folder / f"{name}-candidates.parquet")
            for name in ("before", "anew", "after")
        )
        engine.link(self.register, store, self.before.links, candidates_out=self.before.candidates, on=TODAY)

    def complete(self, rows: dict[int, dict[str, str]], on: date = TODAY) -> dict[int, str]:
        """Link the completed rows and put them into the links; the result of each."""
        piece, (version,) = self.folder / "piece.parquet", [(self.store / "current").read_text().strip()]
        completed.write_piece(rows, piece)
        candidates = self.anew.candidates
        chunks.link_piece(
            piece, self.store, self.anew.links, version=version, on=on, candidates_out=candidates
        )
        completed.take(self.before, self.anew, self.after)
        return completed.results(self.anew)


@pytest.fixture
def case(town_store: Path, tmp_path: Path) -> Case:
    return Case(town_store, tmp_path)


def persons(store: Path) -> list[dict[str, object]]:
    (version,) = (store / "versions").iterdir()
    found = pyarrow.parquet.read_table(version / "subject.parquet").to_pylist()
    return [one for one in found if (one["surname"], one["given_names"]) == ("Korhonen", "Matti Olavi")]


def test_a_completed_code_finds_its_person(case: Case) -> None:
    meant = persons(case.store)[0]
    assert case.complete({3: NAMED | {"hetu": str(meant["hetu"])}}) == {3: "match_id"}
    before, after = (pyarrow.parquet.read_table(one.links).to_pylist() for one in (case.before, case.after))
    assert (after[2]["result"], after[2]["pid"]) == ("match_id", meant["pid"])
    assert after[:2] + after[3:] == before[:2] + before[3:]
    rows = pyarrow.parquet.read_table(case.after.candidates, columns=["vtj_row"])["vtj_row"].to_pylist()
    assert set(rows) == {1, 4}


def test_completed_data_that_find_nobody_change_nothing(case: Case) -> None:
    assert case.complete({1: NAMED | {"surname": "Olematon", "given_names": "Ei"}}) == {1: "not_found"}
    for name in ("links", "candidates"):
        before, after = (
            pyarrow.parquet.read_table(getattr(one, name)).to_pylist() for one in (case.before, case.after)
        )
        assert before == after


def test_the_code_of_another_is_a_conflict(case: Case) -> None:
    code = str(persons(case.store)[0]["hetu"])
    assert case.complete({4: {"surname": "Laine", "given_names": "Eino", "hetu": code}}) == {4: "conflict"}


def test_a_row_that_stays_doubtful_has_the_candidates_of_what_was_completed(case: Case) -> None:
    assert case.complete({3: NAMED | {"former_surname": "Laine"}}) == {3: "ambiguous"}
    found = pyarrow.parquet.read_table(case.after.candidates).to_pylist()
    anew = pyarrow.parquet.read_table(case.anew.candidates).to_pylist()
    assert [one for one in found if one["vtj_row"] == 3] == anew


def test_the_customers_own_columns_are_told_as_they_were_sent(case: Case, tmp_path: Path) -> None:
    meant = persons(case.store)[0]
    case.complete({3: {"surname": "Korhonen", "hetu": str(meant["hetu"])}})
    version, out = (case.store / "current").read_text().strip(), tmp_path / "out.csv"
    engine.disclose(
        *(case.register, case.after.links, case.store, out),
        completed_rows=[tmp_path / "piece.parquet"],
        version=version,
        fields=["person_id"],
        on=TODAY,
    )
    row = read_csv(out)[2]
    assert (row["given_names"], row["birth_date"]) == ("Matti Olavi", "15.6.1970")
    assert (row["vtj_result"], row["vtj_person_id"]) == ("match_id", meant["person_id"])


def disclosed(folder: Path, persons_at_match: str, street: str) -> dict[str, str]:
    """A row without an address, completed with one, when Anna Kuusela has come under a turvakielto since."""
    store = draw_store(folder, person=persons_at_match, address=ADDRESSES)
    draw_store(folder, person=PERSONS, address=ADDRESSES)
    matched, newest = sorted(path.name for path in (store / "versions").iterdir())
    sent = {"surname": "Kuusela", "given_names": "Anna", "birth_date": "", "street": "", "postal_code": ""}
    register = write_table(folder / "register.csv", [sent])
    piece, out = folder / "piece.parquet", folder / "out.csv"
    before, anew, after = (Links(folder / f"l{one}", folder / f"c{one}") for one in range(3))
    engine.link(register, store, before.links, version=matched, on=TODAY, candidates_out=before.candidates)
    full = sent | {"birth_date": "12.3.1985", "street": street, "postal_code": "00100"}
    completed.write_piece({1: full}, piece)
    chunks.link_piece(piece, store, anew.links, version=matched, on=TODAY, candidates_out=anew.candidates)
    completed.take(before, anew, after)
    options = {"version": matched, "on": TODAY, "protection_version": newest, "fields": ["surname", "street"]}
    engine.disclose(register, after.links, store, out, completed_rows=[piece], **options)
    return {name: cell for name, cell in read_csv(out)[0].items() if name.startswith("vtj_")}


def test_who_is_newly_protected_is_found_alike_whatever_address_was_completed(tmp_path: Path) -> None:
    late = PERSONS.replace("| 2030-01-01", "|")
    told = [
        disclosed(tmp_path / f"{name}-{number}", at_match, street)
        for name, at_match in (("late", late), ("early", PERSONS))
        for number, street in enumerate(("Kotikatu 5", "Muualla 1"))
    ]
    assert all(one == told[0] for one in told)


def test_a_building_is_told_from_its_neighbour_by_its_completed_identifier(tmp_path: Path) -> None:
    store, piece, out = draw_town(tmp_path), tmp_path / "piece.parquet", tmp_path / "out.csv"
    sent = {"row_id": "1", "street": "Koivutie 9", "postal_code": "00100"}
    register = write_table(tmp_path / "register.csv", [sent])
    before, anew, after = (Links(tmp_path / f"l{one}", tmp_path / f"c{one}") for one in range(3))
    version = (store / "current").read_text().strip()
    options = {"version": version, "on": TODAY, "subject": "building"}
    engine.link(register, store, before.links, candidates_out=before.candidates, **options)
    completed.write_piece({1: sent | {"building_id": LEFT}}, piece)
    chunks.link_piece(piece, store, anew.links, candidates_out=anew.candidates, **options)
    completed.take(before, anew, after)
    engine.disclose(
        register, after.links, store, out, completed_rows=[piece], fields=["building_id"], **options
    )
    row = read_csv(out)[0]
    assert completed.results(before) == {1: "ambiguous"}
    assert (row["vtj_result"], row["vtj_building_id"]) == ("match_id", LEFT)


def test_a_row_with_more_candidates_than_are_told_stays_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, piece = draw_town(tmp_path), tmp_path / "piece.parquet"
    sent = {"row_id": "1", "street": "Koivutie 9", "postal_code": "00100"}
    register = write_table(tmp_path / "register.csv", [sent])
    before, anew, after = (Links(tmp_path / f"l{one}", tmp_path / f"c{one}") for one in range(3))
    version = (store / "current").read_text().strip()
    options = {"version": version, "on": TODAY, "subject": "building"}
    engine.link(register, store, before.links, candidates_out=before.candidates, **options)
    completed.write_piece({1: sent | {"municipality": "Helsinki"}}, piece)
    monkeypatch.setattr("matching.linking.property_search.MOST_TOLD", 1)
    chunks.link_piece(piece, store, anew.links, candidates_out=anew.candidates, **options)
    completed.take(before, anew, after)
    assert completed.results(anew) == {1: completed.TOO_MANY}
    assert len(pyarrow.parquet.read_table(after.candidates)) == 2
