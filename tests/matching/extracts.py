"""Drawn extracts: small tables written as CSV text in the test itself."""

import json
from pathlib import Path
from textwrap import dedent

import pytest

from matching.errors import InputProblems
from matching.store.versions import build


def write_extract(folder: Path, *, artificial: bool = True, **tables: str) -> Path:
    """Write each table's text as `<table>.csv` into `folder`, with an extract.json beside them."""
    folder.mkdir(parents=True, exist_ok=True)
    for table, text in tables.items():
        (folder / f"{table}.csv").write_text(dedent(text).lstrip("\n"), encoding="utf-8")
    note = {"artificial": artificial, "as_of": "2026-11-01"}
    (folder / "extract.json").write_text(json.dumps(note), encoding="utf-8")
    return folder


def problems_of(tmp_path: Path, *, artificial: bool = True, **tables: str) -> list[str]:
    """The messages with which a build of the drawn extract is refused; nothing may have been published."""
    extract = write_extract(tmp_path / "extract", artificial=artificial, **tables)
    with pytest.raises(InputProblems) as refused:
        build(extract, tmp_path / "store")
    assert not (tmp_path / "store" / "current").exists()
    return [str(problem) for problem in refused.value.problems]
