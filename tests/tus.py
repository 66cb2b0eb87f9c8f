"""A small client of the upload protocol over Django's test client, for tests."""

import base64
import hashlib
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from orders.models import Order, Upload
from tests import factories

VERSION = {"tus-resumable": "1.0.0"}
REGISTER = factories.REGISTER.encode("cp1252")


def metadata(name: str = "opiskelijat.csv", **others: str) -> str:
    pairs = {"filename": name, **others}
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in pairs.items())


def begin(client: Client, order: Order, length: object = len(REGISTER), **headers: str) -> Any:
    told = VERSION | {"upload-length": str(length), "upload-metadata": metadata()} | headers
    return client.post(reverse("orders:uploads", args=[order.pk]), headers=told)


def begun(client: Client, order: Order, length: int = len(REGISTER)) -> Upload:
    response = begin(client, order, length)
    assert response.status_code == 201, response.content
    return Upload.objects.get(pk=response["Location"].split("/")[-2])


def address(upload: Upload) -> str:
    return reverse("orders:upload_part", args=[upload.order_id, upload.pk])


def patch(client: Client, upload: Upload, content: bytes, offset: object = 0, **headers: str) -> Any:
    told = VERSION | {"upload-offset": str(offset)} | headers
    kind = told.pop("content-type", "application/offset+octet-stream")
    return client.patch(address(upload), content, content_type=kind, headers=told)


def head(client: Client, upload: Upload) -> Any:
    return client.head(address(upload), headers=VERSION)


def delete(client: Client, upload: Upload) -> Any:
    return client.delete(address(upload), headers=VERSION)


def offset(client: Client, upload: Upload) -> int:
    response: HttpResponse = head(client, upload)
    assert response.status_code == 200
    return int(response["Upload-Offset"])


def checksum(algorithm: str, content: bytes) -> str:
    return f"{algorithm} {base64.b64encode(hashlib.new(algorithm, content).digest()).decode()}"
