"""The worker's own copies of store versions: whole, few, and never taken from under who reads them."""

import json
import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

import pytest

from matching.errors import InputProblems
from matching.store.cache import cached, newest
from matching.store.versions import open_version, versions
from tests.matching.drawn import code, draw_store, match_rows, results

AINO = code("010594Y903")
PERSON = f"person_id|hetu|surname\na|{AINO}|Aalto"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return draw_store(tmp_path / "made", person=PERSON)


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def held(cache: Path) -> list[str]:
    """The versions of which the cache holds a copy, newest first."""
    return [snapshot.version for snapshot in versions(cache)]


def publish(store: Path) -> str:
    draw_store(store.parent, person=PERSON)
    return open_version(store).version


def test_a_copy_holds_what_the_version_holds_and_matches_alike(tmp_path: Path, store, cache) -> None:
    version = open_version(store).version
    with cached(store, cache) as copy:
        kept = open_version(copy, version).path.iterdir()
        files = {path.name: path.read_bytes() for path in kept}
        assert files == {path.name: path.read_bytes() for path in open_version(store).path.iterdir()}
        rows = f"row_id|hetu|surname\n1|{AINO}|Aalto"
        assert results(match_rows(tmp_path, copy, rows, version=version)) == {"1": "match_id"}


def test_a_copy_that_is_there_is_used_without_the_store(store: Path, cache: Path) -> None:
    version = open_version(store).version
    with cached(store, cache):
        pass
    store.rename(store.parent / "elsewhere")
    with cached(store, cache, version) as copy:
        assert open_version(copy, version).persons == 1


@pytest.mark.parametrize("how", ["cut off", "missing", "no manifest"])
def test_a_damaged_copy_is_made_again(store: Path, cache: Path, how: str) -> None:
    version = open_version(store).version
    with cached(store, cache):
        pass
    folder = cache / "versions" / version
    damaged = folder / ("manifest.json" if how == "no manifest" else "subject.parquet")
    damaged.write_bytes(b"PAR1") if how == "cut off" else damaged.unlink()
    with cached(store, cache, version) as copy:
        assert open_version(copy, version).persons == 1
        assert (folder / "subject.parquet").read_bytes() == (
            open_version(store).path / "subject.parquet"
        ).read_bytes()


def test_a_store_whose_content_is_not_its_manifests_is_not_copied(store: Path, cache: Path) -> None:
    path = open_version(store).path / "subject.parquet"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(InputProblems, match="damaged"), cached(store, cache):
        pass
    assert held(cache) == []


def test_the_third_version_pushes_out_the_oldest(store: Path, cache: Path) -> None:
    names = [open_version(store).version, publish(store), publish(store)]
    for name in names:
        with cached(store, cache, name):
            pass
    assert held(cache) == names[:0:-1] == newest(store)


def test_a_copy_in_use_stays_until_it_is_let_go(store: Path, cache: Path) -> None:
    first = open_version(store).version
    with cached(store, cache, first) as copy:
        for _ in range(2):
            publish(store)
            with cached(store, cache):
                pass
        assert open_version(copy, first).persons == 1
    last = publish(store)
    with cached(store, cache):
        pass
    assert last in held(cache)
    assert first not in held(cache)


def copy_in_another_process(store: Path, cache: Path, start, answers) -> None:  # type: ignore[no-untyped-def]
    start.wait()
    with cached(store, cache) as copy:
        answers.put(open_version(copy, newest(copy)[0]).persons)


def test_processes_that_ask_at_once_make_one_copy_and_all_read_it(store: Path, cache: Path) -> None:
    context = multiprocessing.get_context("spawn")
    start, answers = context.Event(), context.Queue()
    processes = [
        context.Process(target=copy_in_another_process, args=(store, cache, start, answers)) for _ in range(3)
    ]
    for process in processes:
        process.start()
    start.set()
    assert [answers.get(timeout=60) for _ in processes] == [1, 1, 1]
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert len(held(cache)) == 1


def test_what_a_killed_copying_left_is_no_copy_and_goes(store: Path, cache: Path) -> None:
    version = open_version(store).version
    code = (
        "import os, signal, sys; from pathlib import Path; from matching.store import cache\n"
        "cache.stores.flush = lambda path: os.kill(os.getpid(), signal.SIGKILL)\n"
        "with cache.cached(Path(sys.argv[1]), Path(sys.argv[2])): pass"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(store), str(cache)], env=os.environ)
    assert killed.returncode < 0
    assert held(cache) == []
    assert list(cache.glob(".copying-*"))
    with cached(store, cache) as copy:
        assert json.loads((copy / "versions" / version / "manifest.json").read_text())["version"] == version
    assert not list(cache.glob(".copying-*"))
