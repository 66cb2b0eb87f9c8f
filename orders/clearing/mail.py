"""Mail to officials whose opinion doubtful rows wait for: one a day at most, with a number and a day."""

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from orders import policies
from orders.clearing import queue
from portal import outbox
from portal.models import Job, User
from portal.outbox import Lease
from portal.roles import Role

TASK = "orders.clearing_mail"


@transaction.atomic
def tell_officials() -> int:
    """Queue today's mail to each official for whom rows wait; returns how many."""
    officials = User.objects.filter(memberships__role=Role.OFFICIAL, is_active=True).distinct()
    told = 0
    for official in officials:
        key = f"{official.pk}:{policies.today().isoformat()}"
        if Job.objects.filter(task=TASK, key=key).exists():
            continue
        if queue.waiting_orders(official).exists():
            outbox.queue(TASK, key, user=str(official.pk))
            told += 1
    return told


def send(lease: Lease) -> None:
    """Send it, unless nothing waits any more. The job's end is stored first, so a fault repeats it."""
    reader = User.objects.get(pk=lease.payload["user"])
    with transaction.atomic(), translation.override(reader.language):
        lease.finish()
        orders = list(queue.waiting_orders(reader))
        if not orders or not reader.is_active:
            return
        context = {
            "orders": len(orders),
            "day": min(filter(None, (order.clearing_last_day for order in orders)), default=None),
            "link": settings.SITE_URL + reverse("orders:clearing_queue"),
        }
        subject = render_to_string("emails/clearing_waits_subject.txt", context).strip()
        body = render_to_string("emails/clearing_waits.txt", context)
        send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [reader.email])
