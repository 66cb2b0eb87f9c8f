"""What every page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """Whom to ask, the largest upload in bytes, and the days for which files are kept."""
    return {
        "contact_email": settings.CONTACT_EMAIL,
        "upload_max_bytes": settings.UPLOAD_MAX_BYTES,
        "draft_days": settings.DRAFT_DAYS,
        "delivery_days": settings.DELIVERY_DAYS,
        "upload_days": settings.UPLOAD_DAYS_AFTER_DELIVERY,
    }
