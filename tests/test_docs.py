"""The documents that repeat what the code says, held against it."""

import re
from pathlib import Path

import pytest

from matching import __main__ as command_line
from matching import fields
from matching.store.schema import SCHEMA
from matching.weighing.comparisons import PERSON
from orders.oversight_states import SEARCH, THIRD_PARTY
from orders.states import ORDER, UPLOAD
from permits.states import APPLICATION, PERMIT
from portal.workflows import Workflow
from tests import settings_catalogue

DOCS = Path(__file__).resolve().parent.parent / "docs"


def rows(name: str, heading: str = "") -> list[list[str]]:
    """The cells of the table rows of a document, from a heading on."""
    text = (DOCS / name).read_text()
    lines = text[text.index(heading) :].splitlines()
    return [re.split(r"(?<!\\)\|", line)[1:-1] for line in lines if line.startswith("| ")]


def first_words(name: str) -> set[str]:
    return {cells[0].strip(" `").split(" ")[0] for cells in rows(name)}


def test_settings_md_lists_every_setting_and_no_other() -> None:
    listed = first_words("settings.md") - {"setting"}
    assert listed == settings_catalogue.read().keys()


def test_settings_md_names_the_required_settings() -> None:
    text = (DOCS / "settings.md").read_text()
    section = text[text.index("## Required") : text.index("## Who runs it")]
    required = {name for name, setting in settings_catalogue.read().items() if setting.required}
    assert set(re.findall(r"^\| `(\w+)`", section, re.MULTILINE)) == required


def test_settings_md_has_the_default_numbers() -> None:
    defaults = {cells[0].strip(" `"): cells[1].strip() for cells in rows("settings.md", "## Files")}
    for name, setting in settings_catalogue.read().items():
        if name in defaults and setting.default and re.fullmatch(r"[\d.* ]+", setting.default):
            value = eval(setting.default)
            assert float(defaults[name].split(" ")[0]) == value, name


@pytest.mark.parametrize("workflow", [ORDER, UPLOAD, APPLICATION, PERMIT, SEARCH, THIRD_PARTY])
def test_architecture_md_draws_the_states_as_they_are(workflow: Workflow) -> None:
    assert f"```mermaid\n{workflow.diagram()}\n```" in (DOCS / "architecture.md").read_text()


@pytest.mark.parametrize("package", ["permits", "orders", "matching"])
def test_architecture_md_lists_every_room(package: str) -> None:
    text = (DOCS / "architecture.md").read_text()
    section = text.split(f"### The rooms of `{package}/`\n")[1].split("\n#")[0]
    rooms = {path.parent.name for path in (DOCS.parent / package).glob("*/__init__.py")}
    listed = set(re.findall(r"^\| `(\w+)/`", section, re.MULTILINE))
    assert listed == rooms - {"models", "migrations", "management", "templatetags"}


def test_contract_md_lists_every_command() -> None:
    assert set(command_line.COMMANDS) <= first_words("contract.md")


def test_matching_md_has_the_comparisons_and_their_levels() -> None:
    listed = {cells[0].strip(): cells[1].strip().split("; ") for cells in rows("matching.md")}
    listed.pop("comparison")
    assert listed == {one.name: [level.name for level in one.levels] for one in PERSON}


def test_contract_md_has_the_extracts_tables() -> None:
    listed = {
        cells[0].strip(): cells[1].strip().split(", ") for cells in rows("contract.md", "## Population")
    }
    assert {name: listed[name] for name in SCHEMA} == {
        name: list(columns) for name, columns in SCHEMA.items()
    }


def test_contract_md_names_every_field() -> None:
    text = (DOCS / "contract.md").read_text()
    known = [*fields.INPUT_NAMES, *(field.name for field in fields.output_fields())]
    assert [name for name in known if f"`{name}`" not in text] == []
    withheld = text[text.index("While a non-disclosure") :].split(": ", 1)[1].split(". ", 1)[0]
    protected = [field.name for field in fields.output_fields() if field.protected]
    assert re.findall(r"`(\w+)`", withheld) == protected
