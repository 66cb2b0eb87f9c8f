"""docs/permissions.md says what the code does."""

from pathlib import Path

from permits import acts, permission_table

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "permissions.md"


def test_the_document_is_as_the_code() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == permission_table.text()


def test_every_act_has_a_row_and_every_party_its_words() -> None:
    text = permission_table.text()
    rows = {line.split(" | ")[0].removeprefix("| ") for line in text.splitlines()}
    assert acts.APPLICATION_ACTS.keys() | acts.PERMIT_ACTS.keys() | set(acts.Party) <= rows


def test_who_decides_stands_in_its_state_alone() -> None:
    row = next(line for line in permission_table.text().splitlines() if line.startswith("| decide "))
    assert row.split("|")[2:-1] == ["  ", "  ", "  ", "  ", " decider ", "  ", "  ", "  "]
