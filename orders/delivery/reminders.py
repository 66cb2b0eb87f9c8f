"""A delivery that nobody has fetched: its customer is reminded before it expires, once for each day set."""

from django.conf import settings
from django.db import transaction

from orders import emails, policies, states
from orders.delivery import downloads
from orders.models import Delivery, DeliveryReminder
from portal.audit import record
from portal.events import MACHINE, Event

MOST = 500  # in one run: who switches reminders on late floods nobody


def remind() -> int:
    """Queue the reminders that are due; returns how many."""
    today, days = policies.today(), sorted(settings.DELIVERY_REMINDER_DAYS)
    waiting = Delivery.objects.filter(
        purged_at=None, expires_on__gte=today, order__status=states.DELIVERED
    ).select_related("order")
    sent = 0
    for delivery in waiting.order_by("expires_on", "pk").iterator(chunk_size=MOST):
        left = (delivery.expires_on - today).days
        due = next((day for day in days if left <= day), None)
        if due is None or sent >= MOST:  # the others expire later still
            break
        if not downloads.is_fetched(delivery):
            sent += _remind(delivery, due)
    return sent


def _remind(delivery: Delivery, days_before: int) -> bool:
    """Once: an earlier day that was missed is left out, not made up for."""
    with transaction.atomic():
        _row, made = DeliveryReminder.objects.get_or_create(delivery=delivery, days_before=days_before)
        if made:
            record(
                Event.DELIVERY_REMINDED,
                by=MACHINE,
                about=delivery.order,
                delivery=delivery.pk,
                days=days_before,
            )
            emails.expiring(delivery.order)
    return made
