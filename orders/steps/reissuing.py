"""A delivery is made anew by the machine: judged again, recorded again, and the old one is gone."""

from django.db import transaction
from django.utils import timezone

from orders import emails, pipeline, policies, retention, workflow
from orders.delivery import making as delivery
from orders.models import Delivery, Order, Reissue
from portal.access import Denied
from portal.audit import record
from portal.events import MACHINE, Event
from portal.outbox import Lease


def reissue(lease: Lease) -> None:
    """Make the delivery anew of the same material and links, under the permit and the protection of today.

    The new delivery, its disclosures, the end of the old one and the job's end are one transaction.
    """
    asked = Reissue.objects.select_related("order__organisation", "order__permit").get(pk=lease.key)
    order = asked.order
    if not asked.is_open:
        lease.finish()
        return
    if refused := _refusal(order):
        with transaction.atomic():
            _fail(asked, refused)
            lease.finish()
        return
    workflow.follow_permit(order, by=MACHINE)
    with pipeline.made_delivery(order) as made, transaction.atomic():
        workflow.lock(order)
        if refused := _refusal(order):  # revoked, or expired, while it was made
            _fail(asked, refused)
            lease.finish()
            return
        _withdraw(order.delivery)
        new = delivery.hand_over(order, made)
        Reissue.objects.filter(pk=asked.pk).update(delivery=new, done_at=timezone.now())
        record(Event.DELIVERY_REISSUED, by=MACHINE, about=order, reissue=asked.pk, delivery=new.pk)
        emails.reissued(order)
        lease.finish()


def give_up(reissue_pk: str) -> None:
    """The job has failed for good: an official or the customer can ask again."""
    asked = Reissue.objects.select_related("order").get(pk=reissue_pk)
    if asked.is_open:
        with transaction.atomic():
            _fail(asked, "fault")


def _refusal(order: Order) -> str:
    """Why it can no longer be made: the permit, or that it is no longer there. Empty where it can."""
    current = order.delivery
    if current is None or current.purged_at is not None or policies.today() > current.expires_on:
        return "expired"
    try:
        policies.check_permit_of(current)
        policies.check_permit(order)
    except Denied:
        return "permit"
    return ""


def _fail(asked: Reissue, reason: str) -> None:
    Reissue.objects.filter(pk=asked.pk).update(failed_at=timezone.now(), failed_reason=reason)
    record(Event.DELIVERY_REISSUE_FAILED, by=MACHINE, about=asked.order, reissue=asked.pk, reason=reason)


def _withdraw(old: Delivery | None) -> None:
    """End a delivery in favour of the next: its files are purged at once."""
    if old is not None:
        Delivery.objects.filter(pk=old.pk).update(purged_at=timezone.now())
        workflow.purge_files(old.files.filter(purged_at=None), retention.SUPERSEDED)
