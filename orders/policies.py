"""What is possible in the state in which an order is: each check raises Denied with the reason.

The same check guards the act and tells the page why its button is off (`portal.access.reason_not_to`).
"""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from orders import states
from orders.models import Material, Order
from permits.access import check_fields, check_usable
from permits.models import RegisterKind
from portal.access import Denied
from portal.calendar import local_day


def today() -> date:
    """The calendar day in Finland."""
    return local_day(timezone.now())


def check_permit(order: Order) -> None:
    check_usable(order.permit, order.organisation, today())


def check_can_describe(order: Order) -> None:
    if order.status != states.DRAFT:
        raise Denied(_("The order has been placed and can no longer be changed."))


def check_can_upload(order: Order) -> None:
    check_can_describe(order)
    check_permit(order)


def check_described(order: Order) -> None:
    """Who answers, what the register is and which data are wanted; of a student register also whose data."""
    needed = [order.contact_name, order.contact_email, order.register_name, order.fields]
    if order.permit.register_kind == RegisterKind.STUDENTS:
        needed.append(order.students)
    if not all(needed):
        raise Denied(_("Fill in the order's details first."))


def check_can_place(order: Order) -> None:
    """The order is described, its newest material is checked, and its permit holds."""
    if order.status != states.DRAFT:
        raise Denied(_("The order has already been placed."))
    check_described(order)
    material = order.material
    if material is None:
        raise Denied(_("Send the register first."))
    if material.state == Material.State.RECEIVED:
        raise Denied(_("The register is still being checked."))
    if material.state == Material.State.REFUSED:
        raise Denied(_("The register could not be read. Send it again."))
    check_permit(order)
    check_fields(order.permit, order.fields)


def check_can_cancel(order: Order) -> None:
    if order.status not in {states.DRAFT, states.PLACED}:
        raise Denied(_("The order can be cancelled only before its matching has begun."))


def check_can_release(order: Order) -> None:
    if order.status != states.READY:
        raise Denied(_("Only an order that is ready can be released."))
    check_permit(order)


def check_can_retry(order: Order) -> None:
    if order.status != states.FAILED:
        raise Denied(_("Only an order that a fault has stopped can be started again."))
    check_permit(order)


def check_can_download(order: Order) -> None:
    """The delivery is there and has not expired, and the permit still holds today."""
    delivery = order.delivery
    if order.status == states.PURGED or (delivery is not None and delivery.purged_at is not None):
        raise Denied(_("The delivery has been deleted, as its time was over."))
    if order.status != states.DELIVERED or delivery is None:
        raise Denied(_("There is no delivery yet."))
    if today() > delivery.expires_on:
        raise Denied(_("The delivery has expired."))
    check_usable(delivery.permit, order.organisation, today())
