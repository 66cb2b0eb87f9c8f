"""What every page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from portal.scan import largest_packed


def site(request: HttpRequest) -> dict[str, Any]:
    """Whom to ask, the most bytes of an upload and of a packed one, and the days for which files are kept."""
    return {
        "contact_email": settings.CONTACT_EMAIL,
        "upload_max_bytes": settings.UPLOAD_MAX_BYTES,
        "packed_max_bytes": largest_packed(),
        "draft_days": settings.DRAFT_DAYS,
        "delivery_days": settings.DELIVERY_DAYS,
        "upload_days": settings.UPLOAD_DAYS_AFTER_DELIVERY,
    }
