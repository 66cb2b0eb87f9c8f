"""Purging: uploads after delivery, deliveries after their time, abandoned drafts; each leaves a receipt.

The receipt is the file's row: its size, hash and times of making and purging stay, the content does not.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from orders import delivery_kinds, emails, policies, states
from orders.models import Delivery, Order, OrderFile, Reissue
from portal import outbox, shelves, storage
from portal.audit import record
from portal.events import MACHINE, Event
from portal.outbox import Lease
from portal.states import move

NOT_DELIVERIES = (
    OrderFile.Kind.MATERIAL,
    OrderFile.Kind.PIECE,
    OrderFile.Kind.PIECE_LINKS,
    OrderFile.Kind.PIECE_CANDIDATES,
    OrderFile.Kind.LINKS,
    OrderFile.Kind.CANDIDATES,
)
FOR_ANOTHER_DELIVERY = (OrderFile.Kind.MATERIAL, OrderFile.Kind.LINKS)
shelves.keep(
    shelves.Shelf(
        "uploads",
        ("materials", "pieces", "links", "candidates"),
        lambda: _at_rest().filter(kind__in=NOT_DELIVERIES),
        storage.upload_key,
        about="order",
    ),
    shelves.Shelf(
        "deliveries",
        ("deliveries",),
        lambda: _at_rest().filter(kind__in=delivery_kinds.ALL, own_key=None),
        storage.delivery_key,
        about="order",
    ),
    shelves.Shelf(
        "deliveries for customers' own keys",
        ("deliveries",),
        lambda: _at_rest().filter(kind__in=delivery_kinds.ALL).exclude(own_key=None),
        lambda: storage.Key("", ()),  # none of the portal's: such a file can only be made anew
        about="order",
    ),
)


def purge_file(lease: Lease) -> None:
    """Delete one file for good, then write its receipt. Repeating it deletes nothing more."""
    file = OrderFile.objects.select_related("order").get(pk=lease.key)
    storage.delete(file.name)
    is_delivery = file.kind not in NOT_DELIVERIES
    with transaction.atomic():
        # A customer's file name may name a person.
        if file.kind == OrderFile.Kind.MATERIAL and file.order.status != states.DRAFT:
            file.order.materials.update(given_name="")
        if OrderFile.objects.filter(pk=file.pk, purged_at=None).update(purged_at=timezone.now()):
            event = Event.DELIVERY_PURGED if is_delivery else Event.UPLOAD_PURGED
            record(event, by=MACHINE, about=file.order, file=file.pk, bytes=file.size, sha256=file.sha256)
        lease.finish()


def queue_due() -> int:
    """Queue the purge of everything whose time is over; returns how many files were found."""
    return _delivered_uploads() + _ended_orders() + _abandoned_drafts() + _expired_deliveries()


def _delivered_uploads() -> int:
    """Materials and links of orders delivered UPLOAD_DAYS_AFTER_DELIVERY days ago or earlier.

    Until then the delivery can be made anew; one that is being made keeps what it is made of. What else the
    match has left, such as candidates, is other people's data, and goes at once.
    """
    now = timezone.now()
    edge = now - timedelta(days=settings.UPLOAD_DAYS_AFTER_DELIVERY)
    files = _at_rest().filter(kind__in=NOT_DELIVERIES, order__delivered_at__lte=now)
    kept = Q(kind__in=FOR_ANOTHER_DELIVERY, order__delivered_at__gt=edge)
    being_made = Reissue.objects.filter(done_at=None, failed_at=None).values("order")
    return _queue(files.exclude(kept).exclude(order__in=being_made))


def _ended_orders() -> int:
    return _queue(_at_rest().filter(order__status__in=[states.CANCELLED, states.REJECTED]))


def _abandoned_drafts() -> int:
    """Drafts that nobody has touched for DRAFT_DAYS days are cancelled, and their materials go."""
    edge = timezone.now() - timedelta(days=settings.DRAFT_DAYS)
    files = 0
    drafts = Order.objects.filter(status=states.DRAFT, created_at__lt=edge).exclude(
        materials__received_at__gte=edge
    )
    for order in drafts.distinct()[:500]:
        with transaction.atomic():
            move(order, states.CANCELLED, by=MACHINE, ended_at=timezone.now(), ended_reason="abandoned")
            files += _queue(_at_rest().filter(order=order))
    return files


def _expired_deliveries() -> int:
    """Deliveries whose last day has passed: the order is purged, its customer is told, its files go."""
    files = 0
    expired = Delivery.objects.filter(purged_at=None, expires_on__lt=policies.today()).select_related("order")
    for delivery in expired[:500]:
        with transaction.atomic():
            if not Delivery.objects.filter(pk=delivery.pk, purged_at=None).update(purged_at=timezone.now()):
                continue
            files += _queue(_at_rest().filter(order=delivery.order))
            if delivery.order.status == states.DELIVERED:
                move(
                    delivery.order, states.PURGED, by=MACHINE, ended_at=timezone.now(), ended_reason="expired"
                )
                emails.purged(delivery.order)
    return files


def _at_rest():  # type: ignore[no-untyped-def]
    return OrderFile.objects.filter(purged_at=None)


def _queue(files) -> int:  # type: ignore[no-untyped-def]
    with transaction.atomic():
        found = list(files.values_list("pk", flat=True)[:2000])
        for pk in found:
            outbox.queue("orders.purge_file", pk)
    return len(found)
