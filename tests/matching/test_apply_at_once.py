"""A batch is applied whole or not at all, whatever happens meanwhile."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from matching.errors import InputProblems
from matching.store.apply import apply
from matching.store.versions import build, open_version, prune, versions
from tests.matching.batches import PERSONS, write_batch
from tests.matching.drawn import draw_store

STEPS = ("read", "validate", "merge", "prepare", "publish")
# Stops itself for good at the named step, as a machine that loses its power would.
KILLED_AT = """
import os, signal, sys
from pathlib import Path
from matching.store.apply import apply
stop = lambda step: os.kill(os.getpid(), signal.SIGKILL) if step == sys.argv[3] else None
apply(Path(sys.argv[1]), Path(sys.argv[2]), on_step=stop)
"""


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return draw_store(tmp_path, person=PERSONS)


@pytest.fixture
def batch(tmp_path: Path) -> Path:
    return write_batch(tmp_path / "batch", {"batch": 1}, person="op | person_id\n delete | A")


@pytest.mark.parametrize("step", STEPS)
def test_a_killed_apply_leaves_the_old_version_current(store: Path, batch: Path, step: str) -> None:
    old = open_version(store)
    killed = subprocess.run([sys.executable, "-c", KILLED_AT, batch, store, step], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert versions(store) == [old]
    apply(batch, store)
    assert {path.name for path in store.iterdir()} == {"current", "lock", "versions"}


def test_of_one_batch_twice_at_once_one_is_applied(store: Path, batch: Path) -> None:
    command = [sys.executable, "-m", "matching", "apply", str(batch), str(store)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(3)]
    for process in running:
        process.communicate()
    assert sorted(process.returncode for process in running) == [0, 2, 2]
    assert [version.batch for version in versions(store)] == [1, None]


def test_what_was_built_meanwhile_is_not_covered_up(tmp_path: Path, store: Path, batch: Path) -> None:
    def build_at_the_end(step: str) -> None:
        if step == "publish":
            build(tmp_path / "extract-0", store)

    with pytest.raises(InputProblems, match="another version was published meanwhile"):
        apply(batch, store, on_step=build_at_the_end)
    assert open_version(store).batch is None
    assert len(versions(store)) == 2


def test_the_version_that_changes_are_made_to_is_not_pruned_meanwhile(
    tmp_path: Path, store: Path, batch: Path
) -> None:
    def build_and_prune(step: str) -> None:
        if step == "merge":
            build(tmp_path / "extract-0", store)
            assert prune(store, newest=1) == []

    with pytest.raises(InputProblems, match="another version"):
        apply(batch, store, on_step=build_and_prune)
    assert len(prune(store, newest=1)) == 1


def test_a_disk_without_links_gets_copies(store: Path, batch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(source: Path, target: Path) -> None:
        raise OSError

    monkeypatch.setattr(os, "link", refuse)
    apply(batch, store)
    new, old = (version.path / "building.parquet" for version in versions(store))
    assert new.read_bytes() == old.read_bytes()
    assert not new.samefile(old)


def test_a_version_outlives_the_one_it_shares_files_with(store: Path, batch: Path) -> None:
    old = open_version(store)
    apply(batch, store)
    shutil.rmtree(old.path)
    assert open_version(store).persons == 2
