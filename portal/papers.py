"""Documents that the registry has made (asiakirjat): known by the hash of their content, and handed out.

Each app tells how its own are found, when it starts.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone

from portal import storage
from portal.models import User


@dataclass(frozen=True)
class Paper:
    """What anyone may know of a document whose hash they know; `standing`: what it is worth today."""

    kind: str
    number: str
    made_at: datetime
    standing: str = ""


class StoredPaper(models.Model):
    """A row that names a PDF at rest for the delivery key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    language = models.CharField(max_length=2)
    made_at = models.DateTimeField(default=timezone.now)
    name = models.CharField(max_length=200, unique=True)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    key_id = models.CharField(max_length=16)

    class Meta:
        abstract = True


LANGUAGES = ("fi", "sv")
"""The languages of the registry's documents."""


def language_of(user: User | None) -> str:
    """The language of a document for this user: the user's own, if it is one of documents."""
    return user.language if user is not None and user.language in LANGUAGES else LANGUAGES[0]


Finder = Callable[[str], Paper | None]
FINDERS: list[Finder] = []


def known(finder: Finder) -> Finder:
    """Tell how an app finds its documents by their SHA-256, in lower case."""
    FINDERS.append(finder)
    return finder


def find(sha256: str) -> Paper | None:
    """The document whose content has this hash; None where the registry has made none."""
    return next((found for finder in FINDERS if (found := finder(sha256)) is not None), None)


def handed_out(
    request: HttpRequest, document: StoredPaper, name: str
) -> HttpResponse | StreamingHttpResponse:
    """The document as a download called `name`; of a look at its header nothing is decrypted."""
    response: Any
    if request.method == "HEAD":
        response = HttpResponse()
    else:
        response = StreamingHttpResponse(storage.decrypted_blocks(document.name, storage.delivery_key()))
        response["Content-Length"] = str(document.size)
    response["Content-Type"] = "application/pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store, private"
    response["X-Content-Type-Options"] = "nosniff"
    return response
