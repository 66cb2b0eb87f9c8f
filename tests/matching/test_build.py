"""A build publishes a whole version or nothing, whatever happens meanwhile."""

import hashlib
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from matching.__main__ import main
from matching.errors import InputProblems
from matching.store.schema import SCHEMA
from matching.store.versions import build, open_version, versions
from tests.matching.conftest import Population
from tests.matching.extracts import write_extract

# Stops itself for good at the named step, as a machine that loses its power would.
KILLED_AT = """
import os, signal, sys
from pathlib import Path
from matching.store.versions import build
stop = lambda step: os.kill(os.getpid(), signal.SIGKILL) if step == sys.argv[3] else None
build(Path(sys.argv[1]), Path(sys.argv[2]), on_step=stop)
"""


def test_the_command_prints_the_version(
    population: Population, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["build", str(population.extract), str(tmp_path)]) == 0
    assert capsys.readouterr().out == f"{open_version(tmp_path).version}\n"


def test_a_version_has_all_nine_tables(population: Population) -> None:
    names = {path.stem for path in open_version(population.store).path.glob("*.parquet")}
    assert names >= set(SCHEMA)


def test_the_manifest_has_counts_and_checksums(population: Population) -> None:
    folder = open_version(population.store).path
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["counts"]["person"] == 2000
    for name, file in manifest["files"].items():
        content = (folder / name).read_bytes()
        assert file == {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    assert set(manifest["files"]) == {path.name for path in folder.iterdir()} - {"manifest.json"}


def test_an_artificial_extract_makes_an_artificial_version(population: Population) -> None:
    snapshot = open_version(population.store)
    assert (snapshot.artificial, snapshot.as_of.isoformat()) == (True, "2026-11-01")


@pytest.mark.parametrize("step", ["read", "validate", "prepare", "publish"])
def test_a_killed_build_leaves_the_old_version_current(
    population: Population, tmp_path: Path, step: str
) -> None:
    old = build(population.extract, tmp_path)
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_AT, population.extract, tmp_path, step], check=False
    )
    assert killed.returncode == -signal.SIGKILL
    assert open_version(tmp_path).version == old
    assert len(versions(tmp_path)) == 1


def test_the_next_build_clears_away_what_a_killed_one_left(population: Population, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", KILLED_AT, population.extract, tmp_path, "prepare"], check=False)
    assert list(tmp_path.glob(".building-*"))
    build(population.extract, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"current", "lock", "versions"}


def test_builds_at_the_same_time_are_both_published(population: Population, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "matching", "build", str(population.extract), str(tmp_path)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    printed = {process.communicate()[0].strip() for process in running}
    assert [process.returncode for process in running] == [0, 0, 0]
    assert {snapshot.version for snapshot in versions(tmp_path)} == printed
    assert open_version(tmp_path).version == max(printed)


def test_a_build_leaves_a_live_ones_folder_alone(population: Population, tmp_path: Path) -> None:
    code = KILLED_AT.replace("os.kill(os.getpid(), signal.SIGKILL)", "sys.stdin.read()")
    command = [sys.executable, "-c", code, population.extract, tmp_path, "prepare"]
    waiting = subprocess.Popen(command, stdin=subprocess.PIPE)
    while not list(tmp_path.glob(".building-*/version/person.parquet")):
        time.sleep(0.05)
    first = build(population.extract, tmp_path)
    waiting.communicate(b"")
    assert waiting.returncode == 0
    assert [snapshot.version for snapshot in versions(tmp_path)][1] == first


def test_a_refused_build_leaves_nothing_behind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    extract = write_extract(tmp_path / "extract", person="person_id,sex\nA,Secret\n")
    assert main(["build", str(extract), str(tmp_path / "store")]) == 2
    assert capsys.readouterr().err == "row 1, column sex: person: not a code of this column\n"
    assert not list((tmp_path / "store").glob(".building-*"))
    assert versions(tmp_path / "store") == []


def test_a_csv_and_a_parquet_extract_build_the_same_tables(population: Population, tmp_path: Path) -> None:
    main(["synth", str(tmp_path / "extract"), "--persons", "2000", "--format", "parquet"])
    build(tmp_path / "extract", tmp_path / "store")
    for table in SCHEMA:
        files = [
            open_version(store).path / f"{table}.parquet" for store in (population.store, tmp_path / "store")
        ]
        assert files[0].read_bytes() == files[1].read_bytes()


@pytest.mark.parametrize("artificial", [True, False])
def test_artificial_and_real_persons_do_not_share_a_store(tmp_path: Path, artificial: bool) -> None:
    person = "person_id,surname\nA,Virtanen\n"
    store = tmp_path / "store"
    one = build(write_extract(tmp_path / "one", artificial=artificial, person=person), store)
    with pytest.raises(InputProblems, match="not artificial as the store is, or the reverse"):
        build(write_extract(tmp_path / "other", artificial=not artificial, person=person), store)
    assert open_version(store).version == one


def test_a_damaged_version_does_not_keep_a_build_away(tmp_path: Path) -> None:
    extract = write_extract(tmp_path / "extract", person="person_id,surname\nA,Virtanen\n")
    (open_version(tmp_path, build(extract, tmp_path)).path / "manifest.json").write_text("{")
    assert open_version(tmp_path, build(extract, tmp_path)).artificial
