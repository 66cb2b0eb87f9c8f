"""The words of tus 1.0.0 (https://tus.io/protocols/resumable-upload): headers read strictly, and written."""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.http import http_date
from django.utils.translation import gettext as _

from orders.material.unfit import too_large_reason
from orders.models import Upload

VERSION = "1.0.0"
EXTENSIONS = "creation,expiration,checksum,termination"
ALGORITHMS = ("sha1", "sha256")
CONTENT_TYPE = "application/offset+octet-stream"
CHECKSUM_MISMATCH = 460
MAX_METADATA = 4096
_NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)
_KEY = re.compile(r"[\x21-\x2b\x2d-\x7e]+")
_FINGERPRINT = re.compile(r"[0-9a-f-]{1,64}", re.ASCII)

Headers = Mapping[str, str]


class Refusal(Exception):
    """A request that the protocol does not allow: its status, and the reason for a person."""

    def __init__(self, status: int, reason: Any, headers: Mapping[str, str] | None = None) -> None:
        self.status, self.reason, self.headers = status, str(reason), dict(headers or {})
        super().__init__(self.reason)


@dataclass(frozen=True)
class Checksum:
    """What the sender says that the bytes of a request hash to."""

    algorithm: str
    digest: bytes


def options() -> dict[str, str]:
    """What this server can do."""
    return {
        "Tus-Version": VERSION,
        "Tus-Extension": EXTENSIONS,
        "Tus-Max-Size": str(settings.UPLOAD_MAX_BYTES),
        "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
    }


def standing(upload: Upload) -> dict[str, str]:
    """How far an upload is, and until when it is kept."""
    told = {"Upload-Offset": str(upload.offset)}
    return told | ({"Upload-Expires": _date(upload.expires_at)} if upload.is_open else {})


def written_metadata(upload: Upload) -> str:
    pairs = {"filename": upload.given_name, "fingerprint": upload.fingerprint}
    encoded = {key: base64.b64encode(value.encode()).decode() for key, value in pairs.items() if value}
    return ",".join(f"{key} {value}" for key, value in encoded.items())


def check_version(headers: Headers) -> None:
    if headers.get("Tus-Resumable") != VERSION:
        raise Refusal(
            412, _("This version of the upload protocol is not supported."), {"Tus-Version": VERSION}
        )


def length(headers: Headers) -> int:
    """How long the file will be: more than nothing, no more than an upload may be."""
    text = headers.get("Upload-Length", "")
    if re.fullmatch(r"[0-9]{19,}", text, re.ASCII) or int(_number(text)) > settings.UPLOAD_MAX_BYTES:
        raise Refusal(413, too_large_reason())
    if not int(text):
        raise Refusal(400, _("The file is empty. Choose a file that has a header row and your rows."))
    return int(text)


def offset(headers: Headers) -> int:
    return int(_number(headers.get("Upload-Offset", "")))


def check_content_type(headers: Headers) -> None:
    if headers.get("Content-Type", "") != CONTENT_TYPE:
        raise Refusal(415, _("The content must be of the type %(type)s.") % {"type": CONTENT_TYPE})


def content_length(headers: Headers, left: int) -> int:
    """How many bytes the request holds: told beforehand, and no more than are left."""
    if not headers.get("Content-Length"):
        raise Refusal(411, _("The request must tell its length."))
    size = int(_number(headers["Content-Length"]))
    if size > left:
        raise Refusal(413, _("More was sent than the length of the file that was told at first."))
    return size


def checksum(headers: Headers) -> Checksum | None:
    if "Upload-Checksum" not in headers:
        return None
    algorithm, _space, text = headers["Upload-Checksum"].partition(" ")
    if algorithm not in ALGORITHMS:
        raise Refusal(400, _("The checksum must be one of: %(names)s.") % {"names": ", ".join(ALGORITHMS)})
    return Checksum(algorithm, _decoded(text))


def metadata(headers: Headers) -> dict[str, str]:
    """The file's name and its sender's mark of it; what else is told is passed over."""
    text = headers.get("Upload-Metadata", "")
    if len(text) > MAX_METADATA:
        raise Refusal(400, _("The description of the file is too long."))
    found: dict[str, str] = {}
    for pair in text.split(",") if text.strip() else []:
        key, _space, value = pair.strip().partition(" ")
        if not _KEY.fullmatch(key) or key in found:
            raise Refusal(400, _("The description of the file could not be read."))
        try:
            found[key] = _decoded(value).decode()
        except UnicodeDecodeError:
            raise Refusal(400, _("The description of the file could not be read.")) from None
    mark = found.get("fingerprint", "")
    return {
        "name": found.get("filename", ""),
        "fingerprint": mark if _FINGERPRINT.fullmatch(mark) else "",
    }


def _number(text: str) -> str:
    if not _NUMBER.fullmatch(text):
        raise Refusal(400, _("A length or a place in the file is missing or is no number."))
    return text


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Refusal(400, _("The description of the file could not be read.")) from None


def _date(moment: datetime) -> str:
    return http_date(moment.timestamp())
