"""Rules 12 and 13: who came under a turvakielto after the match is found as if it had been before."""

from itertools import product
from pathlib import Path

import pytest

from matching import engine
from matching.store.versions import versions
from tests.matching.drawn import TODAY, draw_store, read_csv, table, write_table
from tests.matching.test_protection_of_the_found import ADDRESSES, ELSEWHERE, HOMES, NAMES, PERSONS, TOLD

OPEN = PERSONS.replace("| 2030-01-01", "|")
ROWS = [
    f"{number} | {name} | {home}" for number, (name, home) in enumerate(product(NAMES, [*HOMES, ELSEWHERE]))
]


def released(folder: Path, persons: str, *, few: bool, **options: object) -> list[tuple[str, ...]]:
    """What is told of each row that is linked to `persons`, and released once Anna Kuusela is protected."""
    store = draw_store(folder, person=persons, address=ADDRESSES)
    draw_store(folder, person=PERSONS, address=ADDRESSES)
    newest, matched = (version.version for version in versions(store))
    header = "row_id | surname | given_names | birth_date | street | postal_code\n"
    register = write_table(folder / "register.csv", table(header + "\n".join(ROWS)))
    links, out = folder / "links.parquet", folder / "out.csv"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("matching.linking.few.PERSONS_A_ROW", 0 if few else 10**9)  # by the index, or all
        engine.link(register, store, links, version=matched, on=TODAY)
        engine.disclose(
            *(register, links, store, out),
            version=matched,
            fields=["surname", "street"],
            on=TODAY,
            protection_version=newest,
            **options,
        )
    return [tuple(row[name] for name in TOLD) for row in read_csv(out)]


@pytest.mark.parametrize("few", [True, False])
def test_rule_13_a_newly_protected_person_is_found_alike_whatever_address_was_sent(
    tmp_path: Path, few: bool
) -> None:
    told = released(tmp_path, OPEN, few=few)
    for number in range(len(NAMES)):
        of_name = told[number * len(HOMES) + number : (number + 1) * (len(HOMES) + 1)]
        assert len(set(of_name)) == 1


@pytest.mark.parametrize("few", [True, False])
def test_rule_12_the_answer_is_that_of_one_who_was_protected_at_the_match(tmp_path: Path, few: bool) -> None:
    assert released(tmp_path / "late", OPEN, few=few) == released(tmp_path / "early", PERSONS, few=few)


def test_an_entitled_permit_gets_the_answer_of_the_match(tmp_path: Path) -> None:
    told = released(tmp_path, OPEN, few=True, entitled_to_protected=True)
    assert "name_date_home" in {answer[TOLD.index("vtj_rule")] for answer in told}


@pytest.mark.parametrize("few", [True, False])
def test_rule_12_an_older_version_is_matched_under_the_protection_of_the_newest(
    tmp_path: Path, few: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matching.linking.few.PERSONS_A_ROW", 0 if few else 10**9)
    store = draw_store(tmp_path, person=OPEN, address=ADDRESSES)
    older = versions(store)[0].version
    draw_store(tmp_path, person=PERSONS, address=ADDRESSES)
    header = "row_id | surname | given_names | birth_date | street | postal_code\n"
    register = write_table(tmp_path / "register.csv", table(header + "\n".join(ROWS)))
    told = []
    for version in (older, None):
        engine.match(
            register, store, tmp_path / "out.csv", version=version, fields=["surname", "street"], on=TODAY
        )
        told.append([tuple(row[name] for name in TOLD) for row in read_csv(tmp_path / "out.csv")])
    assert told[0] == told[1]
