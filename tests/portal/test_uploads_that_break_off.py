"""A file is taken from who is signed in, one at a time, and nothing of a broken request stays behind."""

import io
import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse, UnreadablePostError
from django.test import Client, RequestFactory
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse

from portal import storage
from portal.middleware import BrokenUploadMiddleware
from portal.uploads import EncryptingUploadHandler


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[storage.Encryptor]:
    """Every encryption that is started, and with it a thread and a file on the disk."""
    made: list[storage.Encryptor] = []
    begin = storage.Encryptor.__init__

    def remember(self: storage.Encryptor, *args: object) -> None:
        made.append(self)
        begin(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(storage.Encryptor, "__init__", remember)
    return made


def file() -> SimpleUploadedFile:
    return SimpleUploadedFile("r.csv", b"hetu\n" * 1000)


def test_a_strangers_file_is_not_taken(db: None, started: list[storage.Encryptor]) -> None:
    response = Client().post("/accounts/login/", {"login": "a@b.example", "register": file()})
    assert response.status_code == 200
    assert not started


def test_one_file_of_a_request_is_taken(cast, sign_in, started: list[storage.Encryptor]) -> None:  # type: ignore[no-untyped-def]
    files = {"other": file(), "register": [file(), file()]}
    assert sign_in(cast.secretary).post(reverse("orders:new"), files).status_code == 200
    assert len(started) == 1


class Broken(io.BytesIO):
    """A request's body whose connection breaks after its first bytes."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell() > 2_000_000:
            raise OSError("connection reset")
        return super().read(size)


def test_an_upload_that_breaks_off_leaves_no_thread_and_no_file(started: list[storage.Encryptor]) -> None:
    content = SimpleUploadedFile("r.csv", b"hetu\n" * 1_000_000)
    body = encode_multipart(BOUNDARY, {"register": content})
    request = RequestFactory().generic("POST", "/")
    request._stream = Broken(body)  # type: ignore[attr-defined]
    request.content_type, request.content_params = "multipart/form-data", {"boundary": BOUNDARY}
    request.META |= {"CONTENT_TYPE": MULTIPART_CONTENT, "CONTENT_LENGTH": str(len(body))}
    handler = EncryptingUploadHandler()
    request.upload_handlers = [handler]
    before = threading.active_count()
    with pytest.raises(UnreadablePostError):
        BrokenUploadMiddleware(lambda request: HttpResponse(request.POST.get("a", "")))(request)
    assert len(started) == 1
    assert threading.active_count() == before
    assert handler.encrypted.closed
