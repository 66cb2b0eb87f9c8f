"""A worker's own copies of store versions, on a disk of its own: shaped like a store, read like one.

    CACHE/versions/<version>/   a whole copy, checked against the manifest while it was made
    CACHE/locks/<version>       held shared by whoever reads the copy, alone by whoever makes or removes it
    CACHE/.copying-<version>/   a copy under way, or what a killed one left

A copy appears by one rename. Several processes may share a cache.
"""

import fcntl
import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from matching.errors import InputProblems, Problem
from matching.store import versions as stores

COPYING = ".copying-"
KEPT = 2
BLOCK = 1 << 22


@contextmanager
def cached(store: Path, cache: Path, version: str | None = None, keep: int = KEPT) -> Iterator[Path]:
    """Yield `cache` once it holds a whole copy of the version (the newest by default), in use until the end.

    A copy that is damaged is made again. Making one removes all but the `keep` newest copies, save those that
    somebody uses. Raises InputProblems where the store lacks the version or is damaged itself.
    """
    name = version or stores.open_version(store).version
    (cache / "versions").mkdir(parents=True, exist_ok=True)
    (cache / "locks").mkdir(exist_ok=True)
    with (cache / "locks" / name).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        while not _whole(cache, name):
            # Turning one lock into the other lets go in between: what holds is seen only afterwards.
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not _whole(cache, name):
                _copy(store, cache, name)
            fcntl.flock(lock, fcntl.LOCK_SH)
            _prune(cache, keep)
        yield cache


def newest(store: Path, keep: int = KEPT) -> list[str]:
    """The names of the store's newest versions, newest first."""
    return sorted((path.parent.name for path in store.glob("versions/*/manifest.json")), reverse=True)[:keep]


def _whole(cache: Path, name: str) -> bool:
    """True where every file of the copy is there in its size; its content was checked when it was made."""
    try:
        stores.open_version(cache, name)
    except InputProblems:
        return False
    return True


def _copy(store: Path, cache: Path, name: str) -> None:
    """Copy a version and publish the copy; whoever calls holds the version's lock alone."""
    snapshot = stores.open_version(store, name)
    part, place = cache / f"{COPYING}{name}", cache / "versions" / name
    for leftover in (part, place):
        shutil.rmtree(leftover, ignore_errors=True)
    part.mkdir()
    try:
        with stores.in_use(snapshot):
            _fill(part, snapshot.path)
        for path in [*part.iterdir(), part]:
            stores.flush(path)
        part.rename(place)
        stores.flush(place.parent)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _fill(part: Path, source: Path) -> None:
    """Copy the files that the manifest names, then it. Raises InputProblems for other content than its."""
    manifest = (source / "manifest.json").read_bytes()
    for file, facts in json.loads(manifest)["files"].items():
        if _copy_file(source / file, part / file) != facts["sha256"]:
            raise InputProblems([Problem("damaged_store", "the store is damaged: build it anew")])
    (part / "manifest.json").write_bytes(manifest)


def _copy_file(source: Path, target: Path) -> str:
    """Copy a file; returns the SHA-256 of what was copied, in hex."""
    digest = hashlib.sha256()
    with source.open("rb") as content, target.open("xb") as copy:
        while block := content.read(BLOCK):
            digest.update(block)
            copy.write(block)
    return digest.hexdigest()


def _prune(cache: Path, keep: int) -> None:
    """Remove the copies beyond the newest that nobody uses, and what a killed copying left of any version."""
    names = sorted((path.name for path in (cache / "versions").iterdir()), reverse=True)
    leftovers = {path.name.removeprefix(COPYING) for path in cache.glob(f"{COPYING}*")}
    for name in {*names[keep:], *leftovers}:
        with (cache / "locks" / name).open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            shutil.rmtree(cache / f"{COPYING}{name}", ignore_errors=True)
            if name in names[keep:]:
                _remove(cache / "versions" / name)


def _remove(folder: Path) -> None:
    """The manifest goes first: what a kill leaves half removed is no copy."""
    (folder / "manifest.json").unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
