"""The population store: versions that are never changed, and a pointer to the newest one.

    STORE/versions/<version>/   nine tables of the extract, prepared tables, their index, manifest.json
    STORE/current               the newest version's name
    STORE/.building-<random>/   a build under way; a later build clears away what a killed one left
    STORE/.pruned-<version>/    a version on its way out

A version appears by one rename, whole and flushed to disk. Names sort by the time of the build.
"""

import fcntl
import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from matching.connect import connect
from matching.errors import InputProblems, Problem
from matching.store import extract as extracts
from matching.store.prepare import PREPARATION, prepare
from matching.store.property_tables import prepare_properties
from matching.store.schema import SCHEMA
from matching.store.traits import INDEX
from matching.store.validate import validate

SCHEMA_VERSION = 1
BUILDING = ".building-"
LOCK = "lock"
MANIFEST = "manifest.json"
PRUNED = ".pruned-"


@dataclass(frozen=True)
class Snapshot:
    """A published version: `path` holds its Parquet files, `as_of` is the day that it shows."""

    version: str
    path: Path
    as_of: date
    artificial: bool
    persons: int
    batch: int | None = None  # number of the last batch of changes in it
    prepared: bool = True  # by this preparation and schema, so that changes can be merged

    @property
    def indexed(self) -> bool:
        """Whether single persons can be read from it; a version of before has no index."""
        return (self.path / INDEX.format("trait")).exists()


@dataclass(frozen=True)
class Origin:
    """What a version is made of: an extract, or a batch of changes on top of `parent`."""

    as_of: date
    artificial: bool
    batch: int | None = None
    parent: Snapshot | None = None


@dataclass(frozen=True)
class Limits:
    """What a build may use; None means all cores, and 60 % of the memory."""

    threads: int | None = None
    memory: str | None = None


def build(
    extract: Path,
    store: Path,
    *,
    limits: Limits | None = None,
    on_step: Callable[[str], None] = lambda step: None,
) -> str:
    """Validate an extract, publish it as the newest version in one atomic step, return the version's name.

    Raises InputProblems, also where the store holds persons of the other kind, artificial or real; then, or
    when the build is killed, the store is as it was.
    """
    limits = limits or Limits()
    (store / "versions").mkdir(parents=True, exist_ok=True)
    with building(store) as folder, connection(folder, limits) as con:
        on_step("read")
        found = extracts.check_folder(extract, con)
        _refuse_other_kind(store, artificial=found.note.artificial)
        as_of = found.note.as_of or datetime.now(UTC).date()
        tables = folder / "version"
        tables.mkdir()
        extracts.read_extract(con, found, tables)
        on_step("validate")
        validate(con, artificial=found.note.artificial, as_of=as_of)
        on_step("prepare")
        prepare(con, tables)
        prepare_properties(con, tables)
        on_step("index")
        make_index(tables, limits)
        on_step("publish")
        return publish(con, store, tables, Origin(as_of, found.note.artificial, found.note.batch))


def _refuse_other_kind(store: Path, *, artificial: bool) -> None:
    """Artificial and real people never share a store: the newest version alone tells which codes match.

    A damaged version says nothing, since a build is what mends the store.
    """
    for manifest in store.glob(f"versions/*/{MANIFEST}"):
        try:
            other = json.loads(manifest.read_text(encoding="utf-8"))["artificial"]
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if other is not artificial:
            text = "extract.json: not artificial as the store is, or the reverse"
            raise InputProblems([Problem("other_kind", text)])


def make_index(tables: Path, limits: Limits) -> None:
    """Write the index of the prepared tables in a folder beside them."""
    from matching.store import index  # loads what only making one needs

    index.make(tables, threads=limits.threads, memory=limits.memory)


def open_version(store: Path, version: str | None = None) -> Snapshot:
    """A published version, the newest one by default. Raises InputProblems where there is none."""
    if version is None:
        try:
            version = (store / "current").read_text(encoding="ascii").strip()
        except (FileNotFoundError, NotADirectoryError):
            raise InputProblems([Problem("empty_store", "the store has no published version")]) from None
        except (OSError, UnicodeError):
            raise _damaged() from None
    try:
        return _snapshot(store / "versions" / version)
    except (FileNotFoundError, NotADirectoryError):
        raise _unknown_version() from None


def newest_beside(snapshot: Snapshot, store: Path) -> Snapshot:
    """The newest version of the store that a version was opened in; the same in a copy, which has one."""
    return open_version(store) if (store / "current").exists() else snapshot


def versions(store: Path) -> list[Snapshot]:
    """The published versions, newest first."""
    folders = sorted((store / "versions").glob(f"*/{MANIFEST}"), reverse=True)
    return [_snapshot(manifest.parent) for manifest in folders]


def prune(store: Path, keep: Collection[str] = (), *, newest: int = 2) -> list[str]:
    """Remove the versions that nobody needs; return their names, oldest first.

    There stay those in `keep`, the current one, the `newest` (at least one) and any that is in use
    (`in_use`). A version goes by one rename, so that a killed prune leaves none in part. Raises
    InputProblems where the store has no version.
    """
    removed = []
    with _locked(store):
        _clear_pruned(store)
        current = open_version(store).version
        published = sorted(path.parent.name for path in store.glob(f"versions/*/{MANIFEST}"))
        for name in published[: -max(newest, 1)]:
            if name not in keep and name != current and _remove(store, name):
                removed.append(name)
    return removed


def _remove(store: Path, name: str) -> bool:
    """Take a version out of the store, unless somebody uses it."""
    gone = store / f"{PRUNED}{name}"
    with (store / "versions" / name / MANIFEST).open("r+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        (store / "versions" / name).rename(gone)
    flush(store / "versions")
    shutil.rmtree(gone)
    return True


def _clear_pruned(store: Path) -> None:
    """Finish what a killed prune began."""
    for folder in store.glob(f"{PRUNED}*"):
        shutil.rmtree(folder)


@contextmanager
def in_use(snapshot: Snapshot) -> Iterator[None]:
    """Keep a version from being pruned. Raises InputProblems where it has just been."""
    with ExitStack() as held:
        try:
            lock = held.enter_context((snapshot.path / MANIFEST).open())
            fcntl.flock(lock, fcntl.LOCK_SH)
            (snapshot.path / MANIFEST).stat()  # a prune may have been faster
        except FileNotFoundError:
            raise _unknown_version() from None
        yield


def _snapshot(path: Path) -> Snapshot:
    """Raises FileNotFoundError, and InputProblems where the version is not whole."""
    text = (path / MANIFEST).read_text(encoding="utf-8", errors="replace")
    try:
        manifest = json.loads(text)
        as_of = date.fromisoformat(manifest["as_of"])
        sizes = {name: file["bytes"] for name, file in manifest["files"].items()}
        persons = manifest["counts"]["person"]
        made = manifest["schema"], manifest["preparation"]
        snapshot = Snapshot(
            *(manifest["version"], path, as_of, manifest["artificial"], persons, manifest.get("batch")),
            prepared=made == (SCHEMA_VERSION, PREPARATION),
        )
        whole = all((path / name).stat().st_size == size for name, size in sizes.items())
    except (ValueError, KeyError, TypeError, AttributeError, OSError):
        whole = False
    if not whole:
        raise _damaged()
    return snapshot


def _unknown_version() -> InputProblems:
    return InputProblems([Problem("unknown_version", "the store has no such version")])


def _damaged() -> InputProblems:
    return InputProblems([Problem("damaged_store", "the store is damaged: build it anew")])


@contextmanager
def building(store: Path) -> Iterator[Path]:
    """A folder for one build, gone after it; its lock is held while the build lives."""
    with ExitStack() as held:
        with _locked(store):
            _clear_leftovers(store)
            folder = store / f"{BUILDING}{secrets.token_hex(8)}"
            folder.mkdir()
            held.enter_context(_locked(folder))
        held.callback(shutil.rmtree, folder, ignore_errors=True)
        yield folder


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock; the system frees it when the process ends, however it ends."""
    with (folder / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _clear_leftovers(store: Path) -> None:
    """Remove the folders of builds that are no more: a live build holds the lock in its folder."""
    for folder in store.glob(f"{BUILDING}*"):
        with (folder / LOCK).open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            shutil.rmtree(folder)


def connection(folder: Path, limits: Limits) -> duckdb.DuckDBPyConnection:
    return connect(threads=limits.threads, memory=limits.memory, temp=folder / "temp")


def publish(con: duckdb.DuckDBPyConnection, store: Path, tables: Path, origin: Origin) -> str:
    """Flush all to disk, then, one at a time: name the version, move its folder, switch the pointer.

    Raises InputProblems where the parent is no longer the newest version.
    """
    parent = origin.parent.path if origin.parent else None
    manifest = {
        "as_of": origin.as_of.isoformat(),
        "artificial": origin.artificial,
        "batch": origin.batch,
        "parent": origin.parent.version if origin.parent else None,
        "counts": {table: _count(con, table) for table in SCHEMA},
        "files": {path.name: _checksum(path, parent) for path in sorted(tables.iterdir())},
        "schema": SCHEMA_VERSION,
        "preparation": PREPARATION,
        "duckdb": duckdb.__version__,
    }
    for path in tables.iterdir():
        flush(path)
    with _locked(store):
        if origin.parent and open_version(store).version != origin.parent.version:
            raise InputProblems([Problem("overtaken", "another version was published meanwhile: apply anew")])
        version = _version_name()
        _write(tables / MANIFEST, json.dumps({"version": version, **manifest}, indent=1) + "\n")
        flush(tables)
        tables.rename(store / "versions" / version)
        flush(store / "versions")
        new = store / ".current-new"
        _write(new, f"{version}\n")
        os.replace(new, store / "current")
        flush(store)
    return version


def _version_name() -> str:
    """The second in UTC and six hexadecimal digits: the microsecond, then a random one. Sorts by time."""
    now = datetime.now(UTC)
    return f"{now:%Y%m%dT%H%M%SZ}-{now.microsecond * 16 + secrets.randbelow(16):06x}"


def _count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(con.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])


def _checksum(path: Path, parent: Path | None) -> dict[str, str | int]:
    """Size and SHA-256 of a file; of one that is the parent's own, as the parent's manifest has them."""
    if parent and (parent / path.name).exists() and path.samefile(parent / path.name):
        files: dict[str, dict[str, str | int]] = json.loads((parent / MANIFEST).read_text())["files"]
        return files[path.name]
    with path.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    return {"sha256": digest, "bytes": path.stat().st_size}


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    flush(path)


def flush(path: Path) -> None:
    """Have the system write a file, or a folder's entries, to disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
