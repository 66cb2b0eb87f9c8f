"""What the pages tell of uploads in parts: the unfinished ones, and one that is being put together."""

import uuid
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from orders import states
from orders.material import uploads
from orders.models import Order, Upload
from portal.access import Denied, SignedInRequest

TOLD_FOR = timedelta(days=14)
REASONS = {
    "foreign": gettext_lazy(
        "It is no register. Save the register as a CSV file or an Excel workbook (.xlsx)."
    ),
    "permit": gettext_lazy("When it had arrived, the order could no longer take a register."),
    "fault": gettext_lazy("A fault in the service kept it from being put together. Send the file again."),
}


@login_required
@require_POST
def discard(request: SignedInRequest, pk: uuid.UUID, upload: uuid.UUID) -> HttpResponse:
    """Delete an unfinished upload, for who has no script."""
    found = uploads.get_upload_for(request.user, pk, upload)
    try:
        uploads.cancel(found, by=request.user)
    except Denied as denied:
        messages.error(request, denied.reason)
    else:
        messages.success(request, _("The unfinished upload has been deleted."))
    return redirect("orders:upload", pk=pk)


def upload_page(order: Order) -> dict[str, Any]:
    """What the upload page tells of uploads: those that can go on, and those that ended of late."""
    expired = order.uploads.filter(
        status=states.UPLOAD_EXPIRED, ended_at__gt=timezone.now() - TOLD_FOR
    ).order_by("-ended_at")
    return {
        "uploads_url": reverse("orders:uploads", args=[order.pk]),
        "check_url": reverse("orders:check", args=[order.pk]),
        "unfinished": uploads.unfinished(order),
        "expired": expired[:3],
    }


def arriving_page(request: SignedInRequest, order: Order, *, is_own: bool) -> HttpResponse | None:
    """The check page while the newest upload is put together, or where that failed; None for any other."""
    newest = order.uploads.exclude(received_at=None).order_by("-received_at").first()
    waits = newest is not None and newest.status == states.UPLOAD_RECEIVED
    if newest is None or not (waits or _is_last_word(newest, order)):
        return None
    context = {
        "order": order,
        "name": newest.given_name,
        "running": waits and is_own,
        "waits": waits,
        "reason": REASONS.get(newest.reason, ""),
        "is_own": is_own,
        "again_url": reverse("orders:upload", args=[order.pk]),
    }
    return render(request, "orders/check_arriving.html", context)


def _is_last_word(upload: Upload, order: Order) -> bool:
    """True of a refused upload since which no material has come."""
    if upload.status != states.UPLOAD_REFUSED or upload.ended_at is None:
        return False
    return not order.materials.filter(received_at__gt=upload.ended_at).exists()
