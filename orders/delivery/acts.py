"""What people do with a delivery: acknowledge its duties, ask that it be made anew. Each one transaction."""

from django.db import transaction
from django.utils.translation import gettext as _

from orders import policies, workflow
from orders.models import Delivery, DutyAcknowledgement, Order, Reissue, ReissueCause
from portal import outbox
from portal.access import Denied
from portal.audit import record
from portal.events import Event
from portal.models import User


@transaction.atomic
def acknowledge(delivery: Delivery, *, by: User, name: str) -> None:
    """Acknowledge by name the duties that go with protected persons' data; once for each delivery."""
    policies.check_can_download(delivery.order)
    if not delivery.needs_acknowledgement:
        raise Denied(_("This delivery holds no data under a non-disclosure order."))
    if not name.strip():
        raise Denied(_("Acknowledge the duties with your name."))
    _row, made = DutyAcknowledgement.objects.get_or_create(
        delivery=delivery, user=by, defaults={"name": name.strip()[:200]}
    )
    if made:
        record(Event.DUTIES_ACKNOWLEDGED, by=by, about=delivery.order, delivery=delivery.pk)


@transaction.atomic
def ask_reissue(
    order: Order, *, by: User, by_official: bool, cause: str, reason: str, seen: int | None = None
) -> Reissue:
    """Have the delivery made anew. Until it is, the one that is there cannot be downloaded.

    `seen`: the number of the delivery that is meant; a newer one is not made anew by mistake.
    """
    workflow.lock(order)
    policies.check_can_reissue(order, by_official=by_official)
    if seen is not None and (order.delivery is None or order.delivery.number != seen):
        raise Denied(_("The delivery has just been made anew. Look at the order’s page first."))
    if not reason.strip():
        raise Denied(_("Tell why the delivery is to be made anew."))
    asked = Reissue.objects.create(
        order=order,
        cause=ReissueCause(cause),
        reason=reason.strip()[:1000],
        asked_by=by,
        by_official=by_official,
    )
    record(
        Event.DELIVERY_REISSUE_ASKED, by=by, about=order, reissue=asked.pk, cause=cause, official=by_official
    )
    outbox.queue("orders.reissue", asked.pk, order.turn)
    return asked
