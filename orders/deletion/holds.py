"""Legal holds: an administrator keeps an order's files from being purged, and lets the purge go on later."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from orders import workflow
from orders.models import LegalHold, Order, OrderFile
from portal import outbox
from portal.access import Denied
from portal.audit import record
from portal.events import Event
from portal.models import User


def check_can_place(order: Order) -> None:
    """Raise Denied where the order is held already, or has nothing left to hold."""
    if order.open_hold is not None:
        raise Denied(_("The order is already under a legal hold."))
    if order.files.exists() and not order.files.filter(purged_at=None).exists():
        raise Denied(_("Everything of the order has been deleted: there is nothing left to hold."))


def check_can_lift(order: Order) -> None:
    if order.open_hold is None:
        raise Denied(_("The order is not under a legal hold."))


@transaction.atomic
def place(order: Order, *, by: User, reason: str, told: str = "") -> LegalHold:
    """Hold the order. The lock is what a purge takes too: what is not purged by now stays."""
    if not reason.strip():
        raise Denied(_("Enter the reason for the hold."))
    workflow.lock(order)
    check_can_place(order)
    hold = LegalHold.objects.create(
        order=order, placed_by=by, reason=reason.strip()[:1000], told=told.strip()[:500]
    )
    record(Event.LEGAL_HOLD_PLACED, by=by, about=order, hold=hold.pk)
    return hold


@transaction.atomic
def lift(order: Order, *, by: User, reason: str) -> None:
    """End the hold. What would have been purged meanwhile is queued now; the clock finds the rest."""
    if not reason.strip():
        raise Denied(_("Enter the reason for which the hold is lifted."))
    workflow.lock(order)
    check_can_lift(order)
    hold: LegalHold = order.open_hold  # type: ignore[assignment]
    hold.lifted_at, hold.lifted_by, hold.lift_reason = timezone.now(), by, reason.strip()[:1000]
    hold.save(update_fields=["lifted_at", "lifted_by", "lift_reason"])
    record(Event.LEGAL_HOLD_LIFTED, by=by, about=order, hold=hold.pk)
    for upload in order.uploads.exclude(ended_at=None).exclude(parts=None).distinct():
        workflow.purge_parts(upload)
    for file in OrderFile.objects.filter(order=order, purged_at=None).exclude(purge_rule=""):
        outbox.queue("orders.purge_file", file.pk, rule=file.purge_rule)
