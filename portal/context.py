"""What every page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """`contact_email`, and `upload_max_bytes` for the pages that state the limit beforehand."""
    return {"contact_email": settings.CONTACT_EMAIL, "upload_max_bytes": settings.UPLOAD_MAX_BYTES}
