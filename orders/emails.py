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
from portal.models import Job, User
from portal.outbox import Lease
from portal.roles import Role


def _queue(order: Order, notice: str) -> None:
    """Queue a notice to each of the order's readers, in the caller's transaction."""
    for reader in readers(order, order.placed_by):
        outbox.queue(
            "orders.mail",
            f"{order.pk}:{notice}:{reader.pk}",
            order=str(order.pk),
            notice=notice,
            user=str(reader.pk),
        )


def readers(order: Order, who: User | None) -> list[User]:
    """The member who acted; once that person has left the organisation, all who may order for it."""
    if who is None:
        return []
    applicants = User.objects.filter(
        memberships__organisation=order.organisation_id, memberships__role=Role.APPLICANT, is_active=True
    )
    return list(applicants.filter(pk=who.pk) or applicants)


delivered = partial(_queue, notice="delivered")
rejected = partial(_queue, notice="rejected")
purged = partial(_queue, notice="purged")
reissued = partial(_queue, notice="reissued")
expiring = partial(_queue, notice="expiring")
ROWS_WAIT = "rows_wait"
PAGES = {ROWS_WAIT: "orders:own_rows"}
"""Notice → the page that it leads to, where that is not the order's."""


def rows_wait(order: Order) -> None:
    """Tell once that the customer may complete doubtful rows, where it may; in the caller's transaction."""
    told = Job.objects.filter(task="orders.mail", key__startswith=f"{order.pk}:{ROWS_WAIT}:")
    if order.completable_rows().exists() and not told.exists():
        _queue(order, ROWS_WAIT)


def send(lease: Lease) -> None:
    """Send one notice. The job's end is stored before the sending is committed, so a fault repeats it."""
    order = Order.objects.get(pk=lease.payload["order"])
    reader = User.objects.get(pk=lease.payload.get("user") or str(order.placed_by_id))
    page = PAGES.get(lease.payload["notice"], "orders:detail")
    context = {"order": order, "link": settings.SITE_URL + reverse(page, args=[order.pk])}
    with transaction.atomic(), translation.override(reader.language):
        lease.finish()
        template = f"emails/order_{lease.payload['notice']}"
        subject = render_to_string(f"{template}_subject.txt", context).strip()
        send_mail(
            subject, render_to_string(f"{template}.txt", context), settings.DEFAULT_FROM_EMAIL, [reader.email]
        )
