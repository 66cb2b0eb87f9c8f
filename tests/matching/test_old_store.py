"""A store that another preparation made."""

import json
from pathlib import Path

import pytest

from matching import engine
from matching.errors import InputProblems
from matching.store.versions import open_version
from tests.matching.drawn import TODAY, code, draw_store, table, write_table

ANNA = code("010190-900")


def test_a_version_of_another_preparation_is_refused_with_what_to_do(tmp_path: Path) -> None:
    store = draw_store(tmp_path, person=f"person_id | hetu | surname\nanna | {ANNA} | Virtanen")
    manifest = open_version(store).path / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"preparation": 1}))
    register = write_table(tmp_path / "register.csv", table(f"hetu | surname\n{ANNA} | Virtanen"))
    with pytest.raises(InputProblems) as refused:
        engine.match(register, store, tmp_path / "out.csv", on=TODAY)
    assert [problem.code for problem in refused.value.problems] == ["old_store"]
    assert not (tmp_path / "out.csv").exists()
