"""Notices by e-mail: queued with what they tell of, sent once, in the reader's language, without data."""

from functools import partial

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from orders.models import Order
from portal import outbox
from portal.models import User
from portal.outbox import Lease


def _queue(order: Order, notice: str) -> None:
    """Queue a notice to who placed the order, in the caller's transaction."""
    if order.placed_by_id is not None:
        outbox.queue("orders.mail", f"{order.pk}:{notice}", order=str(order.pk), notice=notice)


delivered = partial(_queue, notice="delivered")
rejected = partial(_queue, notice="rejected")
purged = partial(_queue, notice="purged")
reissued = partial(_queue, notice="reissued")
expiring = partial(_queue, notice="expiring")


def send(lease: Lease) -> None:
    """Send one notice. The job's end is stored before the sending is committed, so a fault repeats it."""
    order = Order.objects.select_related("placed_by").get(pk=lease.payload["order"])
    reader: User = order.placed_by  # type: ignore[assignment]
    context = {"order": order, "link": settings.SITE_URL + reverse("orders:detail", args=[order.pk])}
    with transaction.atomic(), translation.override(reader.language):
        lease.finish()
        template = f"emails/order_{lease.payload['notice']}"
        subject = render_to_string(f"{template}_subject.txt", context).strip()
        send_mail(
            subject, render_to_string(f"{template}.txt", context), settings.DEFAULT_FROM_EMAIL, [reader.email]
        )
