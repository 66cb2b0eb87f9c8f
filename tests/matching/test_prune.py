"""Old versions go when nobody needs them; a kill or a build meanwhile harms nothing."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from matching.__main__ import main
from matching.errors import InputProblems
from matching.store.versions import PRUNED, build, in_use, open_version, prune, versions
from tests.matching.extracts import write_extract

# Stops itself for good once the first version has left its place.
KILLED = """
import os, shutil, signal, sys
from pathlib import Path
from matching.store import versions as store
shutil.rmtree = lambda path: os.kill(os.getpid(), signal.SIGKILL)
store.prune(Path(sys.argv[1]))
"""


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store of four versions."""
    extract = write_extract(tmp_path / "extract", person="person_id\nA\n")
    for _ in range(4):
        build(extract, tmp_path / "store")
    return tmp_path / "store"


def names(store: Path) -> list[str]:
    return [version.version for version in reversed(versions(store))]


def test_the_newest_two_and_those_to_keep_stay(store: Path) -> None:
    one, two, three, four = names(store)
    assert prune(store, {two, "20200101T000000Z-000000"}) == [one]
    assert names(store) == [two, three, four]
    assert prune(store) == [two]


def test_the_current_version_stays_even_when_it_is_not_the_newest(store: Path) -> None:
    one, _two, _three, four = names(store)
    (store / "current").write_text(f"{one}\n")
    prune(store, newest=1)
    assert names(store) == [one, four]
    assert open_version(store).version == one


def test_there_is_always_a_newest_one(store: Path) -> None:
    newest = names(store)[-1]
    prune(store, newest=0)
    assert names(store) == [newest]


def test_a_version_in_use_stays_until_it_is_free(store: Path) -> None:
    one, two, three, four = names(store)
    with in_use(open_version(store, one)), in_use(open_version(store, one)):
        assert prune(store) == [two]
        assert names(store) == [one, three, four]
    assert prune(store) == [one]


def test_a_version_that_was_just_pruned_cannot_be_used(store: Path) -> None:
    oldest = open_version(store, names(store)[0])
    prune(store)
    with pytest.raises(InputProblems, match="no such version"), in_use(oldest):
        pass


def test_a_killed_prune_leaves_whole_versions_and_the_next_one_clears_up(store: Path) -> None:
    _one, two, three, four = names(store)
    killed = subprocess.run([sys.executable, "-c", KILLED, store], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert names(store) == [two, three, four]
    assert len(list(store.glob(f"{PRUNED}*"))) == 1
    assert prune(store) == [two]
    assert {path.name for path in store.iterdir()} == {"current", "lock", "versions"}


def test_pruning_and_building_at_once_both_come_to_an_end(tmp_path: Path, store: Path) -> None:
    command = [sys.executable, "-m", "matching"]
    build_one = [*command, "build", str(tmp_path / "extract"), str(store)]
    running = [subprocess.Popen(build_one, stdout=subprocess.DEVNULL) for _ in range(2)]
    running += [subprocess.Popen([*command, "prune", str(store)], stdout=subprocess.DEVNULL)]
    assert [process.wait() for process in running] == [0, 0, 0]
    prune(store)
    assert len(names(store)) == 2
    assert open_version(store).version == names(store)[-1]


def test_the_command_prints_what_went(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, two, three, four = names(store)
    assert main(["prune", str(store), "--keep", one, "--newest", "1"]) == 0
    assert capsys.readouterr().out == f"{two}\n{three}\n"
    assert names(store) == [one, four]


def test_a_mistyped_version_to_keep_removes_nothing(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = names(store)
    assert main(["prune", str(store), "--keep", before[0][:-1]]) == 2
    assert capsys.readouterr().err == "the store has no such version\n"
    assert names(store) == before


def test_a_store_without_a_version_is_told(store: Path) -> None:
    shutil.rmtree(store / "versions")
    with pytest.raises(InputProblems, match="no such version"):
        prune(store)
