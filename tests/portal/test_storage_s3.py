"""Uploads and deliveries in object storage, through a real server of the S3 protocol.

The options are those of docker-compose.yml (`deploy/make_secrets.py`), with the test server's address.
"""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from moto.server import ThreadedMotoServer

from deploy.make_secrets import BUCKET, files_options
from orders import workflow
from orders.delivery import downloads
from portal import storage
from tests import factories

AGE = b"age-encryption.org/v1\n"


@pytest.fixture(scope="module")
def s3_server() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3_server: str, settings, files_folder) -> Iterator[object]:  # type: ignore[no-untyped-def]
    """The emptied bucket, with the portal's storage set to it."""
    options = files_options("access", "secret", s3_server)
    backend = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
    settings.STORAGES = settings.STORAGES | {"default": backend}
    call_command("create_bucket")
    call_command("create_bucket")
    yield default_storage.bucket  # type: ignore[attr-defined]
    default_storage.bucket.objects.delete()  # type: ignore[attr-defined]


def contents(bucket) -> dict[str, bytes]:  # type: ignore[no-untyped-def]
    return {item.key: item.get()["Body"].read() for item in bucket.objects.all()}


def test_an_upload_lies_in_the_bucket_as_ciphertext_only(bucket, cast: SimpleNamespace) -> None:  # type: ignore[no-untyped-def]
    order = factories.described_order(cast.secretary)
    workflow.send_material(order, by=cast.secretary, upload=factories.upload())
    ((name, content),) = contents(bucket).items()
    assert name.startswith("materials/")
    assert content.startswith(AGE)
    assert "Esimerkki".encode("cp1252") not in content


def test_an_order_goes_from_upload_to_download_through_the_bucket(  # type: ignore[no-untyped-def]
    bucket, cast: SimpleNamespace, store
) -> None:
    order = factories.delivered_order(cast.secretary, cast.official)
    at_rest = contents(bucket)
    assert any(name.startswith("deliveries/") for name in at_rest)
    assert all(content.startswith(AGE) for content in at_rest.values())
    assert not any(b"Esimerkki" in content for content in at_rest.values())

    file = downloads.handout(order, "csv", by=cast.secretary).file
    delivered = b"".join(storage.decrypted_blocks(file.name, storage.delivery_key()))
    assert len(delivered) == file.size
    assert delivered.count(b"\n") == 1 + sum(order.results.values())


def test_a_purged_file_is_gone_from_the_bucket(bucket, cast: SimpleNamespace) -> None:  # type: ignore[no-untyped-def]
    order = factories.described_order(cast.secretary)
    workflow.send_material(order, by=cast.secretary, upload=factories.upload())
    workflow.cancel(order, by=cast.secretary)
    factories.run_jobs()
    assert contents(bucket) == {}


def test_the_bucket_has_the_name_that_its_account_may_reach(bucket) -> None:  # type: ignore[no-untyped-def]
    assert bucket.name == BUCKET


def test_a_large_file_is_read_from_disk_and_not_from_memory(bucket) -> None:  # type: ignore[no-untyped-def]
    name = default_storage.save("materials/large", factories.upload(b"x" * 20_000_000).file)
    with default_storage.open(name) as file:
        assert file.read(10) == AGE[:10]
        assert file.file._rolled  # type: ignore[union-attr]
