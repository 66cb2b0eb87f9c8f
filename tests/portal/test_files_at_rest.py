"""Files are encrypted on their way to storage, for the key of who may read them (domain rule 21)."""

import io
import subprocess
import sys
from pathlib import Path

import pyrage
import pytest
from django.core.files.uploadhandler import StopUpload

from portal import storage
from portal.uploads import EncryptingUploadHandler, encrypted_copy

TEXT = b"010594Y9032;Esimerkki\n" * 200_000  # several blocks


def test_rule_21_an_upload_lies_encrypted_under_a_random_name(files_folder: Path) -> None:
    stored = encrypted_copy(io.BytesIO(TEXT), "opiskelijat.csv").keep("materials")
    raw = (files_folder / stored.name).read_bytes()
    assert raw.startswith(b"age-encryption.org/v1")
    assert b"010594Y9032" not in raw
    assert "opiskelijat" not in stored.name
    assert stored.size == len(TEXT)


def test_a_worker_reads_back_what_was_uploaded() -> None:
    stored = encrypted_copy(io.BytesIO(TEXT), "r.csv").keep("materials")
    back = io.BytesIO()
    storage.decrypt_to(stored.name, storage.upload_key(), back)
    assert back.getvalue() == TEXT


def test_the_web_which_lacks_the_private_key_cannot_read_an_upload(settings) -> None:
    stored = encrypted_copy(io.BytesIO(TEXT), "r.csv").keep("materials")
    settings.UPLOAD_IDENTITIES = []
    with pytest.raises(Exception, match=r"(?i)identit|key|match"):
        storage.decrypt_to(stored.name, storage.upload_key(), io.BytesIO())
    with pytest.raises(pyrage.DecryptError):
        storage.decrypt_to(stored.name, storage.delivery_key(), io.BytesIO())


def test_a_delivery_is_read_in_blocks() -> None:
    stored = storage.store(io.BytesIO(TEXT), storage.delivery_key(), folder="deliveries")
    assert b"".join(storage.decrypted_blocks(stored.name, storage.delivery_key())) == TEXT


def test_a_reader_who_goes_away_leaves_no_thread_waiting() -> None:
    stored = storage.store(io.BytesIO(TEXT), storage.delivery_key(), folder="deliveries")
    blocks = storage.decrypted_blocks(stored.name, storage.delivery_key())
    next(blocks)
    blocks.close()


def test_damage_at_rest_is_noticed(files_folder: Path) -> None:
    stored = storage.store(io.BytesIO(TEXT), storage.delivery_key(), folder="deliveries")
    path = files_folder / stored.name
    raw = bytearray(path.read_bytes())
    raw[-50] ^= 1
    path.write_bytes(raw)
    with pytest.raises(OSError, match="decryption"):
        list(storage.decrypted_blocks(stored.name, storage.delivery_key()))


def test_an_upload_over_the_limit_is_stopped(settings) -> None:
    settings.UPLOAD_MAX_BYTES = 100_000
    with pytest.raises(StopUpload):
        encrypted_copy(io.BytesIO(TEXT), "r.csv")


def test_no_other_handler_takes_files_in(settings) -> None:
    module = EncryptingUploadHandler.__module__
    assert [f"{module}.{EncryptingUploadHandler.__name__}"] == settings.FILE_UPLOAD_HANDLERS


def test_a_key_in_a_traceback_does_not_show_its_private_half() -> None:
    key = storage.upload_key()
    assert key.identities
    assert not any(identity in repr(key) for identity in key.identities)


HELD = """
import sys
from django.conf import settings
settings.configure(WORK_DIR=sys.argv[1], STORAGES={})
from portal import storage
with storage.private_folder() as folder:
    (folder / "plain.csv").write_text("a name")
    print(folder, flush=True)
    sys.stdin.read()
"""


def test_what_a_killed_worker_left_is_removed_and_what_a_living_one_has_is_not(
    settings, tmp_path: Path
) -> None:
    settings.WORK_DIR = str(tmp_path)
    holder = subprocess.Popen(
        [sys.executable, "-c", HELD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout
    left = Path(holder.stdout.readline().strip())
    storage.sweep_private_folders()
    assert (left / "plain.csv").exists()
    holder.kill()
    holder.communicate()
    assert (left / "plain.csv").exists()
    with storage.private_folder() as folder:
        assert list(tmp_path.iterdir()) == [folder]
