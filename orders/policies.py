"""What is possible in the state in which an order is: each check raises Denied with the reason.

The same check guards the act and tells the page why its button is off (`portal.access.reason_not_to`).
"""

from collections.abc import Collection
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from orders import states
from orders.models import Delivery, Format, Material, Order, OrderFile, ReissueCause
from permits.access import NotAccepted, check_fields, check_usable, usable_permits, version_now
from permits.models import Permit, PermitQuerySet, RegisterKind, SubjectKind
from portal.access import Denied
from portal.calendar import local_day
from portal.models import Organisation, User
from portal.templatetags.components import day as day_words

FARTHEST_WISH = timedelta(days=366)


def today() -> date:
    """The calendar day in Finland."""
    return local_day(timezone.now())


def orderable_permits(organisation: Organisation) -> PermitQuerySet:
    """The permits under which the organisation can order today, whatever their data are of."""
    return usable_permits(organisation, today()).exclude(scopes={})


def form_permits(organisation: Organisation) -> PermitQuerySet:
    """Those of them under which the order form (XLSX), which is for registers of persons, can order."""
    return orderable_permits(organisation).covering("person")


def check_orderable(permit: Permit, organisation: Organisation, subject: str = "") -> None:
    """Raise Denied unless the organisation can order under the permit today, and data of the subject."""
    check_usable(permit, organisation, today())
    if not permit.subjects:
        raise Denied(_("Permit %(permit)s covers no data that can be ordered.") % {"permit": permit})
    if subject and not permit.fields_of(subject):
        raise Denied(
            _("Permit %(permit)s covers no data on: %(subject)s.")
            % {"permit": permit, "subject": SubjectKind(subject).label}
        )


def check_permit(order: Order) -> None:
    """The permit's version that is in force today can be used, and covers what the one before it did."""
    permit = version_now(order.permit, today())
    check_usable(permit, order.organisation, today())
    if permit != order.permit:
        check_fields(permit, set(order.fields) & set(order.covered_fields), order.subject)


def waits_for_acceptance(order: Order) -> bool:
    """True where all that the permit needs is its acceptance by the holder's signing official."""
    try:
        check_permit(order)
    except NotAccepted:
        return True
    except Denied:
        return False
    return False


def check_can_describe(order: Order) -> None:
    if order.status != states.DRAFT:
        raise Denied(_("The order has been placed and can no longer be changed."))


def check_can_upload(order: Order) -> None:
    check_can_describe(order)
    check_permit(order)


def asks_whose_data(order: Order) -> bool:
    """True of a register of students: it is told whether they are present or former ones."""
    is_of_persons = order.subject == SubjectKind.PERSON
    return is_of_persons and order.permit.register_kind == RegisterKind.STUDENTS


def check_formats(formats: Collection[str]) -> None:
    if not formats or not set(formats) <= set(Format.values):
        raise Denied(_("Choose at least one of the forms of delivery that are offered."))


def check_wanted(day: date | None) -> None:
    """The day by which the customer wants the delivery, where one is told, is still to come."""
    if day is not None and day <= today():
        raise Denied(_("The day by which you want the delivery must be tomorrow or later."))
    if day is not None and day > today() + FARTHEST_WISH:
        raise Denied(_("The day by which you want the delivery must be within a year."))


def check_wish(order: Order, day: date | None) -> None:
    """A wish as it is made: not for a day before the window of an order placed today can open."""
    opens = order.window_if_placed(today()).opens
    if day is not None and day < opens:
        raise Denied(
            _("The day by which you want the delivery can be %(day)s at the earliest.")
            % {"day": day_words(opens)}
        )
    check_wanted(day)


def check_can_map(order: Order) -> None:
    """The newest material is there, has been read, and can be read in another way."""
    check_can_upload(order)
    material = order.material
    if material is None or material.file.purged_at is not None:
        raise Denied(_("Send the register first."))
    if material.is_form:
        raise Denied(_("The order form has columns of its own, which are always read in the same way."))
    if material.state == Material.State.RECEIVED:
        raise Denied(_("The register is still being checked."))


def check_described(order: Order) -> None:
    """Who answers, what the register is and which data are wanted; of a student register also whose data."""
    needed = [order.contact_name, order.contact_email, order.register_name, order.fields]
    if asks_whose_data(order):
        needed.append(order.students)
    if not all(needed):
        raise Denied(_("Fill in the order's details first."))


def check_can_place(order: Order) -> None:
    """The order is described, its newest material is checked, and its permit holds."""
    if order.status != states.DRAFT:
        raise Denied(_("The order has already been placed."))
    material = order.material
    arriving = order.arriving is not None
    if arriving or (material is not None and material.state == Material.State.RECEIVED):
        raise Denied(_("The register is still being checked."))  # and an order form with it, which describes
    check_described(order)
    if material is None:
        raise Denied(_("Send the register first."))
    if material.state == Material.State.REFUSED:
        raise Denied(_("The register could not be read. Send it again."))
    check_permit(order)
    check_fields(version_now(order.permit, today()), order.fields, order.subject)
    check_wanted(order.wanted_on)


def check_can_repeat(order: Order) -> None:
    """A placed order can be begun again, under its permit as it is today, where that covers some of it."""
    if order.placed_at is None:
        raise Denied(_("Only an order that has been placed can be ordered again."))
    permit = version_now(order.permit, today())
    check_orderable(permit, order.organisation, order.subject)
    if not set(order.fields) & set(permit.fields_of(order.subject)):
        raise Denied(_("Permit %(permit)s covers none of the data of this order.") % {"permit": permit})


def check_can_cancel(order: Order) -> None:
    if order.status not in {states.DRAFT, states.PLACED, states.MATCHING, states.CLEARING}:
        raise Denied(_("The order can be cancelled only before it has been matched."))


def check_can_release(order: Order) -> None:
    if order.status != states.READY:
        raise Denied(_("Only an order that is ready can be released."))
    check_permit(order)


def check_can_retry(order: Order) -> None:
    if order.status != states.FAILED:
        raise Denied(_("Only an order that a fault has stopped can be started again."))
    check_permit(order)


def check_can_download(order: Order) -> None:
    """The delivery is there and has not expired, and the permit, in its version of today, still covers it."""
    delivery = order.delivery
    if order.status == states.PURGED or (delivery is not None and delivery.purged_at is not None):
        raise Denied(_("The delivery has been deleted, as its time was over."))
    if order.status != states.DELIVERED or delivery is None:
        raise Denied(_("There is no delivery yet."))
    if today() > delivery.expires_on:
        raise Denied(_("The delivery has expired."))
    check_permit_of(delivery)
    _check_not_made_anew(delivery)


def check_permit_of(delivery: Delivery) -> None:
    """The permit under which it was made, in its version of today, still covers what the delivery holds."""
    permit = version_now(delivery.permit, today())
    check_usable(permit, delivery.order.organisation, today())
    check_fields(permit, delivery.fields, delivery.order.subject)
    if delivery.permit.entitled_to_protected and not permit.entitled_to_protected:
        raise Denied(_("The permit no longer entitles to data under a non-disclosure order."))


def _check_not_made_anew(delivery: Delivery) -> None:
    """Nobody gets what is about to be replaced, nor what was to be replaced for somebody's protection.

    What the registry wanted replaced, for whatever cause, is refused in the same words: the refusal must not
    tell that somebody has got a turvakielto.
    """
    if delivery.order.reissues.filter(done_at=None, failed_at=None).exists():
        raise Denied(_("The delivery is being made anew. It can be downloaded in a moment."))
    replaced = Q(cause=ReissueCause.PROTECTION) | Q(by_official=True)
    failed = delivery.order.reissues.filter(replaced, failed_at__isnull=False)
    if failed.filter(asked_at__gte=delivery.made_at).exists():  # whatever else was asked for since
        raise Denied(_("The delivery must be made anew before it can be downloaded. Write to us."))


def material_kept_until(order: Order) -> date | None:
    """The last day on which what the customer sent, and its match, are kept; None before the delivery."""
    if order.delivered_at is None:
        return None
    return local_day(order.delivered_at + timedelta(days=settings.UPLOAD_DAYS_AFTER_DELIVERY))


def check_can_reissue(order: Order, *, by_official: bool) -> None:
    """A delivery is made anew while it can be downloaded, and what it is made of is still there."""
    delivery = order.delivery
    if order.status != states.DELIVERED or delivery is None or delivery.purged_at is not None:
        raise Denied(_("Only a delivery that can still be downloaded can be made anew."))
    if today() > delivery.expires_on:
        raise Denied(_("The delivery has expired. Make a new order."))
    if order.reissues.filter(done_at=None, failed_at=None).exists():
        raise Denied(_("The delivery is already being made anew."))
    kept = order.files.filter(purged_at=None)
    needed = (OrderFile.Kind.MATERIAL, OrderFile.Kind.LINKS)
    if not all(kept.filter(kind=kind).exists() for kind in needed):
        raise Denied(_("The register that you sent has been deleted. Make a new order."))
    if not by_official:
        _check_own_reissues(order)
    check_permit_of(delivery)
    check_permit(order)


def _check_own_reissues(order: Order) -> None:
    """How often a customer has a delivery made anew without asking an official: not at all, unless it is set.

    Nothing but protection is judged anew, so that two deliveries beside each other tell who has got a
    turvakielto since the first. An official looks at the reason before that can be seen.
    """
    if settings.CUSTOMER_REISSUES == 0:
        told = _(
            "The registry makes the delivery anew where that is needed. Write what is wrong to %(address)s."
        )
        raise Denied(told % {"address": settings.CONTACT_EMAIL})
    if order.reissues.filter(by_official=False).count() >= settings.CUSTOMER_REISSUES:
        raise Denied(_("You have had the delivery made anew several times. Write to us."))


class DutiesNeeded(Denied):
    """The duties that go with protected persons' data must be acknowledged first."""


def check_acknowledged(delivery: Delivery, user: User) -> None:
    """Each who downloads a delivery that holds protected persons has acknowledged the duties, by name."""
    if delivery.needs_acknowledgement and not delivery.acknowledgements.filter(user=user).exists():
        raise DutiesNeeded(
            _(
                "This delivery holds data under a non-disclosure order. Read the duties and acknowledge them"
                " first."
            )
        )
