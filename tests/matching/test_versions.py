"""The published versions and the one that is current."""

from pathlib import Path

import pytest

from matching.__main__ import main
from matching.errors import InputProblems
from matching.store.versions import build, open_version, versions
from tests.matching.extracts import write_extract


def test_versions_are_listed_newest_first(tmp_path: Path) -> None:
    extract = write_extract(tmp_path / "extract", person="person_id\nA\n")
    built = [build(extract, tmp_path / "store") for _ in range(3)]
    assert [snapshot.version for snapshot in versions(tmp_path / "store")] == built[::-1]


def test_the_command_prints_version_day_and_persons(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    extract = write_extract(tmp_path / "extract", person="person_id\nA\nB\n")
    version = build(extract, tmp_path / "store")
    assert main(["versions", str(tmp_path / "store")]) == 0
    assert capsys.readouterr().out == f"{version}\t2026-11-01\t2\n"


def test_an_older_version_stays_open_by_its_name(tmp_path: Path) -> None:
    extract = write_extract(tmp_path / "extract", person="person_id\nA\n")
    first = build(extract, tmp_path / "store")
    second = build(extract, tmp_path / "store")
    assert open_version(tmp_path / "store").version == second
    assert open_version(tmp_path / "store", first).version == first


def test_a_store_without_a_version_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputProblems, match="no published version"):
        open_version(tmp_path)


def test_an_unknown_version_is_told(tmp_path: Path) -> None:
    build(write_extract(tmp_path / "extract", person="person_id\nA\n"), tmp_path / "store")
    with pytest.raises(InputProblems, match="no such version"):
        open_version(tmp_path / "store", "20200101T000000Z-000000")
