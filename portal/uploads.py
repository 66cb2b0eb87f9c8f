"""Uploads: encrypted while they arrive, so that the web never holds a customer's file in the clear."""

import contextlib
import hashlib
import re
import tempfile
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import IO, Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopFutureHandlers, StopUpload

from portal import storage

HEAD_BYTES = 8
FIELD, ATTACHMENT = "register", "attachment"
"""The only fields of forms that take a file."""
ATTACHMENT_MAX_BYTES = 20 * 1024 * 1024
BLOCK = 256 * 1024
HIDDEN_SIGNS = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
"""Unicode's categories of controls, marks of direction, unassigned and private signs, ends of lines."""


def largest(field: str | None) -> int:
    """The largest size of a file sent in the field, in bytes."""
    return ATTACHMENT_MAX_BYTES if field == ATTACHMENT else settings.UPLOAD_MAX_BYTES


class EncryptedUpload(UploadedFile):
    """What arrived, as ciphertext for the workers.

    `size` and `sha256` are of the content, `head` its first bytes.
    """

    def __init__(self, encrypted: Any, *, encryptor: storage.Encryptor, head: bytes, **kwargs: Any) -> None:
        super().__init__(file=encrypted, size=encryptor.size, **kwargs)
        self._ciphertext = encrypted
        self.sha256 = encryptor.sha256
        self.head = head

    def keep(self, folder: str) -> storage.StoredFile:
        """Move the ciphertext into storage."""
        return storage.keep(
            self._ciphertext, folder=folder, size=self.size or 0, sha256=self.sha256, key=storage.upload_key()
        )


class EncryptingUploadHandler(FileUploadHandler):
    """The only upload handler: streams a file through age encryption, and stops one that is too large.

    It takes one file of a request, and only from who is signed in: nobody else may fill the disk. Others pass
    by unread.
    """

    chunk_size = BLOCK

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.unfinished = ExitStack()
        self.taken = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        allowed = self.request is None or self.request.user.is_authenticated
        if self.taken or not allowed or self.field_name not in {FIELD, ATTACHMENT}:
            raise SkipFile
        self.taken = True
        self.head = b""
        self.encrypted = tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR)  # noqa: SIM115  (closed by its receiver)
        self.unfinished.callback(self.encrypted.close)
        self.encryptor = storage.Encryptor(self.encrypted, storage.upload_key())
        self.unfinished.callback(self.encryptor.close)
        raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.encryptor.size + len(raw_data) > largest(self.field_name):
            self.upload_interrupted()
            if self.request is not None:
                self.request.upload_too_large = True  # type: ignore[attr-defined]
            raise StopUpload(connection_reset=False)
        if len(self.head) < HEAD_BYTES:
            self.head = (self.head + raw_data)[:HEAD_BYTES]
        self.encryptor.write(raw_data)

    def file_complete(self, file_size: int) -> EncryptedUpload:
        self.encryptor.close()
        self.unfinished.pop_all()
        return EncryptedUpload(
            self.encrypted,
            encryptor=self.encryptor,
            head=self.head,
            name=self.file_name,
            content_type=self.content_type,
            charset=self.charset,
        )

    def upload_interrupted(self) -> None:
        self.unfinished.close()


@dataclass(frozen=True)
class EncryptedPart:
    """What arrived of a file in one request, as ciphertext: the content's size, first bytes and digest."""

    ciphertext: IO[bytes]
    size: int
    sha256: str
    head: bytes
    digest: bytes

    def keep(self, folder: str) -> storage.StoredFile:
        """Move the ciphertext into storage."""
        return storage.keep(
            self.ciphertext, folder=folder, size=self.size, sha256=self.sha256, key=storage.upload_key()
        )


@contextlib.contextmanager
def encrypted_part(
    read: Callable[[int], bytes], length: int, algorithm: str = "sha256"
) -> Iterator[EncryptedPart]:
    """Encrypt what `read` gives, up to `length` bytes. A line that breaks ends the part: what came counts."""
    digest, head = hashlib.new(algorithm, usedforsecurity=False), b""
    with tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as encrypted:
        encryptor = storage.Encryptor(encrypted, storage.upload_key())
        try:
            while block := _next(read, min(BLOCK, length - encryptor.size)):
                head = head or block[:HEAD_BYTES]
                digest.update(block)
                encryptor.write(block)
        finally:
            encryptor.close()
        yield EncryptedPart(encrypted, encryptor.size, encryptor.sha256, head, digest.digest())


def _next(read: Callable[[int], bytes], size: int) -> bytes:
    try:
        return read(size) if size else b""
    except OSError:  # the connection broke
        return b""


def clean_name(name: str) -> str:
    """A file's name as its sender gave it, without folders and what does not show or misleads."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    shown = "".join(sign for sign in last if unicodedata.category(sign) not in HIDDEN_SIGNS)
    return shown.strip()[:200].strip()


def encrypted_copy(source: IO[bytes], name: str) -> EncryptedUpload:
    """A file of this machine as what it would be had it come through the browser."""
    handler = EncryptingUploadHandler()
    with contextlib.suppress(StopFutureHandlers):
        handler.new_file(FIELD, name, "application/octet-stream", None)
    read = 0
    while block := source.read(handler.chunk_size):
        handler.receive_data_chunk(block, read)
        read += len(block)
    return handler.file_complete(read)
