"""The catalogues: complete as they stand, and kept by a tool that finds what is wrong with them."""

import json
from collections.abc import Callable
from pathlib import Path

import polib
import pytest

from portal import translations

Project = Callable[..., Path]

PYTHON = """
from django.utils.translation import gettext as _, ngettext, pgettext
_("Orders of %(name)s")
pgettext("verb", "Order")
ngettext("%(n)s row", "%(n)s rows", 2)
"""
TEMPLATE = """<div>
  {% translate "It's late" %}
      {% blocktranslate count n=rows %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}
 {% tag _("Front page") %} 100 % {% translate "Draft" context "noun" %}
"""
FILLED = {
    "Orders of %(name)s": "Tilaukset: %(name)s",
    "verb\x04Order": "Tilaa",
    "%(n)s row": ["%(n)s rivi", "%(n)s riviä"],
    "It's late": "Myöhässä",
    "%(n)s day": ["%(n)s päivä", "%(n)s päivää"],
    "Front page": "Etusivu",
    "noun\x04Draft": "Luonnos",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one module and one template."""
    (tmp_path / "orders").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "locale").mkdir()
    (tmp_path / "orders" / "views.py").write_text(PYTHON)
    (tmp_path / "templates" / "page.html").write_text(TEMPLATE)
    return tmp_path


@pytest.fixture
def filled(project: Path) -> Path:
    texts = project / "texts.json"
    texts.write_text(json.dumps({"fi": FILLED, "sv": FILLED}))
    assert translations.main(["--fill", str(texts)], project) == 0
    return project


def catalogue(root: Path) -> polib.POFile:
    return polib.pofile(str(translations.catalogue_path("fi", root)))


def change(root: Path, msgid: str, msgstr: str) -> None:
    po = catalogue(root)
    entry = po.find(msgid)
    assert entry
    entry.msgstr = msgstr
    translations.catalogue_path("fi", root).write_text(f"{po}\n")


def test_the_catalogues_of_the_project_are_complete() -> None:
    assert translations.check() == []


def test_texts_are_found_in_code_and_templates_with_plural_and_context(project: Path) -> None:
    found = translations.extract(project)
    assert set(found) == {
        (None, "Orders of %(name)s"),
        ("verb", "Order"),
        (None, "%(n)s row"),
        (None, "It's late"),
        (None, "%(n)s day"),
        (None, "Front page"),
        ("noun", "Draft"),
    }
    assert found[None, "%(n)s day"].msgid_plural == "%(n)s days"


def test_a_filled_catalogue_passes_and_is_compiled(filled: Path) -> None:
    assert translations.main(["--check"], filled) == 0
    compiled = polib.mofile(str(translations.catalogue_path("fi", filled).with_suffix(".mo")))
    assert {entry.msgstr for entry in compiled if entry.msgid == "It's late"} == {"Myöhässä"}


def test_an_update_keeps_translations_and_drops_what_nothing_uses(filled: Path) -> None:
    (filled / "orders" / "views.py").write_text('_("Orders of %(name)s")\n_("New")\n')
    translations.main([], filled)
    texts = {entry.msgid: entry.msgstr for entry in catalogue(filled)}
    assert texts["Orders of %(name)s"] == "Tilaukset: %(name)s"
    assert texts["New"] == ""
    assert "%(n)s row" not in texts


def test_an_untranslated_text_fails_the_check(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(filled, "It's late", "")
    assert translations.main(["--check"], filled) == 1
    assert 'fi: untranslated: "It\'s late"' in capsys.readouterr().err


def test_other_placeholders_fail_the_check(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(filled, "Orders of %(name)s", "Tilaukset: %(nimi)s")
    assert translations.main(["--check"], filled) == 1
    assert "fi: other placeholders" in capsys.readouterr().err


def test_a_fuzzy_text_fails_the_check(filled: Path) -> None:
    po = catalogue(filled)
    po[0].flags.append("fuzzy")
    assert [problem[:5] for problem in translations.problems(po)] == ["fuzzy"]


def test_a_catalogue_behind_the_code_fails_the_check(filled: Path) -> None:
    (filled / "templates" / "page.html").write_text("")
    assert "run `make messages`" in " ".join(translations.check(filled))


def test_a_text_that_nothing_uses_is_told(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    texts = project / "texts.json"
    texts.write_text(json.dumps({"fi": {"Ordres": "Tilaukset"}}))
    assert translations.main(["--fill", str(texts)], project) == 1
    assert "used nowhere, left out: fi: 'Ordres'" in capsys.readouterr().err
