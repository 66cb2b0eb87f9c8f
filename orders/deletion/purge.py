"""Purging: every file goes by a rule of `orders.retention`, and leaves a receipt.

The receipt is the file's row: its size, hash, times of making and purging and the rule stay, the content does
not. Nothing of an order goes while a legal hold on it is open (`holds`): each purge looks at the hold
under the order's lock, which placing a hold takes too, so that a job that was queued before it finds it.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from orders import emails, policies, retention, states
from orders.delivery import kinds as delivery_kinds
from orders.material import upload_jobs
from orders.models import Delivery, LegalHold, Order, OrderFile, Reissue
from portal import outbox, shelves, storage
from portal.audit import record
from portal.events import MACHINE, Event
from portal.outbox import Lease
from portal.states import move

shelves.keep(
    shelves.Shelf(
        "uploads",
        retention.folders_for("uploads"),
        lambda: _at_rest().filter(kind__in=retention.kinds_for("uploads")),
        storage.upload_key,
        about="order",
    ),
    shelves.Shelf(
        "deliveries",
        retention.folders_for("deliveries"),
        lambda: _at_rest().filter(kind__in=retention.kinds_for("deliveries"), own_key=None),
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
    """Delete one file for good and write its receipt; one that is held waits for the end of the hold.

    Repeating it deletes nothing more.
    """
    with transaction.atomic():
        order = Order.objects.select_for_update(of=("self",)).get(files__id=lease.key)
        file = OrderFile.objects.get(pk=lease.key)
        rule = lease.payload.get("rule") or retention.OF_KIND[file.kind].rule.name
        if file.purged_at is None and order.open_hold is not None:
            _wait_for_the_hold(order, file, rule)
        elif file.purged_at is None:
            _purge(order, file, rule)
        lease.finish()


def _wait_for_the_hold(order: Order, file: OrderFile, rule: str) -> None:
    OrderFile.objects.filter(pk=file.pk).update(purge_rule=rule)
    record(Event.PURGE_HELD, by=MACHINE, about=order, file=file.pk, rule=rule)


def _purge(order: Order, file: OrderFile, rule: str) -> None:
    storage.delete(file.name)
    if file.kind == OrderFile.Kind.MATERIAL and order.status != states.DRAFT:
        order.materials.update(given_name="")  # a customer's file name may name a person
    OrderFile.objects.filter(pk=file.pk).update(purged_at=timezone.now(), purge_rule=rule)
    is_delivery = retention.OF_KIND[file.kind].rule is retention.DELIVERY_OVER
    event = Event.DELIVERY_PURGED if is_delivery else Event.UPLOAD_PURGED
    record(event, by=MACHINE, about=order, file=file.pk, bytes=file.size, sha256=file.sha256, rule=rule)


def queue_due() -> int:
    """Queue the purge of everything whose time is over; returns how many files were found."""
    upload_jobs.expire_due()
    return sum(queue() for queue in DUE.values())


def _delivered_uploads() -> int:
    """Materials and links of orders delivered UPLOAD_DAYS_AFTER_DELIVERY days ago or earlier.

    Until then the delivery can be made anew; one that is being made keeps what it is made of. What else the
    match has left, such as candidates, is other people's data, and goes at once.
    """
    edge = timezone.now() - timedelta(days=settings.UPLOAD_DAYS_AFTER_DELIVERY)
    kinds = retention.kinds_by(retention.AFTER_DELIVERY)
    being_made = Reissue.objects.filter(done_at=None, failed_at=None).values("order")
    files = _free().filter(kind__in=kinds, order__delivered_at__lte=edge).exclude(order__in=being_made)
    return _queue(files, retention.AFTER_DELIVERY)


def _working_files(rule: retention.Rule) -> int:
    """Working files are purged as their orders go on; what is left of them goes after the delivery."""
    left = _free().filter(order__delivered_at__isnull=False)
    return _queue(left.filter(kind__in=retention.kinds_by(rule)), rule)


def _ended_orders() -> int:
    ended = _free().filter(order__status__in=[states.CANCELLED, states.REJECTED])
    return _queue(ended, retention.ORDER_ENDED)


def _abandoned_drafts() -> int:
    """Drafts that nobody has touched for DRAFT_DAYS days are cancelled, and their materials go."""
    edge = timezone.now() - timedelta(days=settings.DRAFT_DAYS)
    files = 0
    drafts = Order.objects.filter(status=states.DRAFT, created_at__lt=edge).exclude(
        materials__received_at__gte=edge
    )
    drafts = drafts.exclude(uploads__status__in=[states.UPLOAD_OPEN, states.UPLOAD_RECEIVED])
    for order in drafts.exclude(_is_held("pk")).distinct()[:500]:
        with transaction.atomic():
            move(order, states.CANCELLED, by=MACHINE, ended_at=timezone.now(), ended_reason="abandoned")
            files += _queue(_at_rest().filter(order=order), retention.DRAFT_ABANDONED)
    return files


def _expired_deliveries() -> int:
    """Deliveries whose last day has passed: the order is purged, its customer is told, its files go."""
    files = 0
    expired = Delivery.objects.filter(purged_at=None, expires_on__lt=policies.today()).select_related("order")
    for delivery in expired.exclude(_is_held("order"))[:500]:
        with transaction.atomic():
            if not Delivery.objects.filter(pk=delivery.pk, purged_at=None).update(purged_at=timezone.now()):
                continue
            files += _queue(_at_rest().filter(order=delivery.order), retention.DELIVERY_OVER)
            if delivery.order.status == states.DELIVERED:
                move(
                    delivery.order, states.PURGED, by=MACHINE, ended_at=timezone.now(), ended_reason="expired"
                )
                emails.purged(delivery.order)
    return files


DUE: dict[str, Callable[[], int]] = {
    retention.AFTER_DELIVERY.name: _delivered_uploads,
    **{
        rule.name: partial(_working_files, rule)
        for rule in (retention.MATCH_DONE, retention.CLEARED, retention.DELIVERED)
    },
    retention.ORDER_ENDED.name: _ended_orders,
    retention.DRAFT_ABANDONED.name: _abandoned_drafts,
    retention.DELIVERY_OVER.name: _expired_deliveries,
}
"""What the clock looks for, by the rule that it follows. The other rules act at once, at their cause."""


def _at_rest() -> QuerySet[OrderFile]:
    return OrderFile.objects.filter(purged_at=None)


def _free() -> QuerySet[OrderFile]:
    """Files at rest of orders that are not held."""
    return _at_rest().exclude(_is_held("order"))


def _is_held(order: str) -> Exists:
    return Exists(LegalHold.objects.filter(order=OuterRef(order), lifted_at=None))


def _queue(files: QuerySet[OrderFile], rule: retention.Rule) -> int:
    with transaction.atomic():
        found = list(files.values_list("pk", flat=True)[:2000])
        for pk in found:
            outbox.queue("orders.purge_file", pk, rule=rule.name)
    return len(found)
