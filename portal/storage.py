"""Files at rest: every file is age-encrypted on its way to storage, under a random name.

An upload is for the workers' key: the web, which holds only the public half, cannot read it back. A delivery
is for the portal's delivery key. Each row that names a file keeps the id of the key it was written for.
Format: age-encryption.org/v1.
"""

import fcntl
import hashlib
import os
import shutil
import tempfile
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, BinaryIO

import pyrage
from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from pyrage import x25519

BLOCK = 1024 * 1024


@dataclass(frozen=True)
class Key:
    """One of the portal's key pairs: the public half always, the private ones only where they may be."""

    recipient: str
    identities: tuple[str, ...] = field(repr=False)

    @property
    def id(self) -> str:
        """A short name of the public half, kept beside each file written for it."""
        return key_id(self.recipient)


@dataclass(frozen=True)
class StoredFile:
    """Where a file lies; size in bytes and SHA-256 (hex) of its content before encryption."""

    name: str
    size: int
    sha256: str
    key_id: str


def key_id(recipient: str) -> str:
    return hashlib.sha256(recipient.encode()).hexdigest()[:16]


def upload_key() -> Key:
    return Key(settings.UPLOAD_RECIPIENT, tuple(settings.UPLOAD_IDENTITIES))


def delivery_key() -> Key:
    return Key(settings.DELIVERY_RECIPIENT, tuple(settings.DELIVERY_IDENTITIES))


class Encryptor:
    """Written to like a file, it puts age-encrypted bytes into `target` and hashes what it was given.

    A thread carries the stream, so that memory stays at one block whatever the size.
    """

    def __init__(self, target: IO[bytes], key: Key) -> None:
        self._hash = hashlib.sha256()
        self.size = 0
        self._error: Exception | None = None
        reading_end, writing_end = os.pipe()
        self._writer = os.fdopen(writing_end, "wb", buffering=BLOCK)
        recipient = x25519.Recipient.from_str(key.recipient)
        self._thread = threading.Thread(
            target=self._carry, args=(reading_end, target, recipient), daemon=True
        )
        self._thread.start()

    def write(self, data: bytes) -> int:
        self._hash.update(data)
        self.size += len(data)
        try:
            return self._writer.write(data)
        except BrokenPipeError:
            self._thread.join()
            raise self._error or OSError("encryption stopped") from None

    def close(self) -> None:
        """End the stream; raises what went wrong on the way."""
        with suppress(BrokenPipeError):
            self._writer.close()
        self._thread.join()
        if self._error is not None:
            raise self._error

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def _carry(self, reading_end: int, target: IO[bytes], recipient: x25519.Recipient) -> None:
        with os.fdopen(reading_end, "rb") as reader:
            try:
                pyrage.encrypt_io(reader, target, [recipient])
            except Exception as error:
                self._error = error


def store_path(path: Path, key: Key, *, folder: str) -> StoredFile:
    """`store` of a file on disk, which stays there."""
    with path.open("rb") as source:
        return store(source, key, folder=folder)


def store(source: IO[bytes], key: Key, *, folder: str) -> StoredFile:
    """Encrypt `source` for `key` into storage under `folder` and a random name."""
    with tempfile.TemporaryFile(dir=settings.WORK_DIR) as encrypted:
        encryptor = Encryptor(encrypted, key)
        try:
            shutil.copyfileobj(source, encryptor, BLOCK)
        finally:
            encryptor.close()
        return keep(encrypted, folder=folder, size=encryptor.size, sha256=encryptor.sha256, key=key)


def keep(encrypted: IO[bytes], *, folder: str, size: int, sha256: str, key: Key) -> StoredFile:
    """Put an already encrypted stream into storage under `folder` and a random name."""
    encrypted.seek(0)
    name = default_storage.save(f"{folder}/{uuid.uuid4().hex}.age", File(encrypted))
    return StoredFile(name=name, size=size, sha256=sha256, key_id=key.id)


def decrypt_to(name: str, key: Key, target: IO[bytes]) -> None:
    """Write the decrypted content of a stored file to `target`.

    Raises pyrage.DecryptError where the process holds none of the keys it was written for.
    """
    with default_storage.open(name, "rb") as encrypted:
        pyrage.decrypt_io(encrypted, target, _identities(key))


def decrypted_blocks(name: str, key: Key) -> Iterator[bytes]:
    """The decrypted content of a stored file in blocks, for a streamed response."""
    reading_end, writing_end = os.pipe()
    failure: list[Exception] = []

    def carry() -> None:
        with os.fdopen(writing_end, "wb") as writer:
            try:
                decrypt_to(name, key, writer)
            except BrokenPipeError:  # the reader went away
                pass
            except Exception as error:
                failure.append(error)

    thread = threading.Thread(target=carry, daemon=True)
    thread.start()
    with os.fdopen(reading_end, "rb") as reader:
        while block := reader.read(BLOCK):
            yield block
    thread.join()
    if failure:
        raise failure[0]


def decrypted_range(name: str, key: Key, first: int, last: int) -> Iterator[bytes]:
    """Bytes `first` to `last` (both in it) of a stored file's content.

    age has no way in but from the start: what comes before is decrypted and left out.
    """
    at = 0
    for block in decrypted_blocks(name, key):
        wanted = block[max(first - at, 0) : last + 1 - at]
        at += len(block)
        if wanted:
            yield wanted
        if at > last:
            return


def raw_range(name: str, first: int, last: int) -> Iterator[bytes]:
    """Bytes `first` to `last` of a stored file as it lies, encrypted."""
    with default_storage.open(name, "rb") as encrypted:
        encrypted.seek(first)
        left = last + 1 - first
        while left > 0 and (block := encrypted.read(min(BLOCK, left))):
            left -= len(block)
            yield block


def raw_size(name: str) -> int:
    """The bytes of a stored file as it lies, encrypted."""
    return int(default_storage.size(name))


def delete(name: str) -> None:
    """Remove a stored file; one that is already gone is no error, so that a purge can be repeated."""
    default_storage.delete(name)


def stored_names(folder: str, *, before: datetime) -> Iterator[str]:
    """The names of files in storage under `folder` that were written before the moment."""
    try:
        names = default_storage.listdir(folder)[1]
    except FileNotFoundError:  # nothing was ever stored there
        return
    for name in names:
        path = f"{folder}/{name}"
        if default_storage.get_modified_time(path) < before:
            yield path


JOB_FOLDER = "job-"
LOCK = ".lock"


@contextmanager
def private_folder() -> Iterator[Path]:
    """A folder that only this process' user can enter, for plaintext while a job runs; gone afterwards.

    Its process holds a lock in it, so that what a killed one leaves behind is known for that.
    """
    sweep_private_folders()
    with tempfile.TemporaryDirectory(prefix=JOB_FOLDER, dir=settings.WORK_DIR) as name:
        folder = Path(name)
        with (folder / "new").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            (folder / "new").rename(folder / LOCK)  # seen only once it is held
            yield folder


def sweep_private_folders() -> None:
    """Remove the plaintext of jobs whose process was killed: at a worker's start and before each job."""
    for lock_file in Path(settings.WORK_DIR or tempfile.gettempdir()).glob(f"{JOB_FOLDER}*/{LOCK}"):
        with suppress(OSError), lock_file.open() as lock:  # another's folder, or gone this instant
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(lock_file.parent, ignore_errors=True)


@contextmanager
def decrypted_copy(name: str, key: Key, folder: Path) -> Iterator[Path]:
    """A decrypted copy of a stored file in a private folder, removed at the end."""
    path = folder / uuid.uuid4().hex
    target: BinaryIO
    with path.open("xb") as target:
        decrypt_to(name, key, target)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def _identities(key: Key) -> list[x25519.Identity]:
    return [x25519.Identity.from_str(text) for text in key.identities]


def reencrypt(name: str, key: Key) -> StoredFile:
    """A second copy of a stored file, written for the key as it is now; the plaintext only streams by.

    Raises pyrage.DecryptError where the process holds none of the keys it was written for.
    """
    with tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as encrypted:
        encryptor = Encryptor(encrypted, key)
        try:
            decrypt_to(name, key, encryptor)  # type: ignore[arg-type]
        finally:
            encryptor.close()
        folder = name.rpartition("/")[0]
        return keep(encrypted, folder=folder, size=encryptor.size, sha256=encryptor.sha256, key=key)
