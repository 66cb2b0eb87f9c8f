"""Permissions to give data of a delivery to a third party: asked for, decided, withdrawn, void; case by case.

Without one, what was delivered must not be given on. One official decides, who is a member of neither
organisation. The permission is tied to the order and its permit.
"""

import uuid
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from orders import oversight_states as states
from orders import participation, policies, workflow
from orders.access import get_order_for
from orders.models import Order, ThirdPartyPermission
from orders.third_parties import mail
from permits.access import check_fields, check_usable, version_now
from portal import outbox
from portal.access import Denied
from portal.audit import record
from portal.events import MACHINE, Event
from portal.models import Membership, User
from portal.states import Conflict, move

DETAILS = frozenset(
    {
        "recipient",
        "business_id",
        "recipient_email",
        "fields",
        "purpose",
        "legal_ground",
        "protection",
        "valid_to",
    }
)


def check_can_ask(order: Order) -> None:
    """There is a delivery whose data could be given on, and the permit holds."""
    if order.delivery is None:
        raise Denied(_("There is no delivery yet whose data could be given on."))
    policies.check_permit(order)


def check_asked(order: Order, details: dict[str, Any], today: date) -> None:
    """What is asked for is within the delivery and the permit, and for another than the holder."""
    delivery = order.delivery
    outside = set(details["fields"]) - set(delivery.fields if delivery else ())
    if not details["fields"] or outside:
        raise Denied(_("Choose data that the delivery holds."))
    permit = version_now(order.permit, today)
    check_fields(permit, details["fields"], order.subject)
    if details["business_id"] == order.organisation.business_id:
        raise Denied(_("The recipient must be another organisation than yours."))
    if details["valid_to"] < today:
        raise Denied(_("The last day must not be in the past."))
    if permit.valid_to is not None and details["valid_to"] > permit.valid_to:
        raise Denied(_("The permission cannot last longer than the permit that it is tied to."))


@transaction.atomic
def ask(order: Order, *, by: User, token: uuid.UUID, **details: Any) -> ThirdPartyPermission:
    """Ask for a permission; `token` is the form's: sent twice, it asks once."""
    if set(details) != DETAILS:
        raise TypeError(f"details of a permission: {sorted(DETAILS)}")
    workflow.lock(order)
    if (made := order.third_parties.filter(pk=token).first()) is not None:
        return made
    if ThirdPartyPermission.objects.filter(pk=token).exists():
        raise Denied(_("The form was already used. Open it anew."))
    check_can_ask(order)
    today = policies.today()
    check_asked(order, details, today)
    delivery: Any = order.delivery
    last = order.third_parties.aggregate(last=Max("serial"))["last"] or 0
    asked = ThirdPartyPermission.objects.create(
        pk=token,
        serial=last + 1,
        order=order,
        delivery=delivery,
        permit=version_now(order.permit, today),
        asked_by=by,
        **details,
    )
    record(
        Event.THIRD_PARTY_ASKED,
        by=by,
        about=asked,
        organisation=order.organisation_id,
        order=order.pk,
        permit=asked.permit_id,
        fields=sorted(asked.fields),
    )
    return asked


def get_permission_for(user: User, order_pk: uuid.UUID, serial: int) -> ThirdPartyPermission:
    """A permission of an order that the user may read; 404 for a stranger."""
    order = get_order_for(user, order_pk)
    found = _all().filter(order=order, serial=serial).first()
    if found is None:
        raise Http404
    return found


def get_case_for(user: User, pk: uuid.UUID) -> ThirdPartyPermission:
    """A permission, for an official who is a member of neither organisation."""
    found = _all().filter(pk=pk).first()
    if found is None:
        raise Http404
    if not user.is_official:
        raise Denied(_("Only an official of the registry can do this."))
    check_impartial(found, user)
    return found


def check_impartial(permission: ThirdPartyPermission, user: User) -> None:
    """Raise Denied for a member of the asking or the receiving organisation, or who acted for the first.

    Act 434/2003, 28 §.
    """
    own = Membership.objects.filter(user=user)
    asking = own.filter(organisation=permission.order.organisation_id)
    if asking.exists() or own.filter(organisation__business_id=permission.business_id).exists():
        raise Denied(_("Only an official who is a member of neither organisation can do this."))
    if participation.acted_in(user, permission.order):
        raise Denied(_("You have acted for the organisation in this matter. Another official decides."))


def check_can_grant(permission: ThirdPartyPermission) -> None:
    check_waits(permission)
    check_permit_covers(permission)
    if permission.valid_to < policies.today():
        raise Denied(_("The last day that was asked for has passed."))


def check_waits(permission: ThirdPartyPermission) -> None:
    if permission.status != states.ASKED:
        raise Denied(_("The matter no longer waits for a decision."))


def check_permit_covers(permission: ThirdPartyPermission) -> None:
    """The order's permit holds today, and covers the data."""
    today, organisation = policies.today(), permission.order.organisation
    permit = version_now(permission.permit, today)
    check_usable(permit, organisation, today)
    check_fields(permit, permission.fields, permission.order.subject)


def check_in_force(permission: ThirdPartyPermission) -> None:
    """Raise Denied, with the reason, unless data may be given on under the permission today."""
    if permission.status == states.VOID:
        raise Denied(ended_words(permission))
    if permission.status != states.GRANTED:
        raise Denied(_("The registry has not granted the permission. The data must not be given on."))
    if permission.valid_to < policies.today():
        raise Denied(_("The last day of the permission has passed."))
    check_permit_covers(permission)


def ended_words(permission: ThirdPartyPermission) -> str:
    """Why a permission is void."""
    texts = {
        "time": _("The last day of the permission has passed."),
        "permit": _("The permit to which the permission was tied has ended or been revoked."),
        "fields": _("The permit no longer covers the data."),
    }
    return texts.get(permission.ended_reason, "")


@transaction.atomic
def grant(permission: ThirdPartyPermission, *, by: User, reasons: str = "", conditions: str) -> None:
    """Permit it, on conditions."""
    check_impartial(permission, by)
    check_can_grant(permission)
    if not conditions.strip():
        raise Denied(_("Enter the conditions of the permission."))
    _decide(permission, states.GRANTED, by=by, reasons=reasons, conditions=conditions)


@transaction.atomic
def refuse(permission: ThirdPartyPermission, *, by: User, reasons: str) -> None:
    """Refuse it, with reasons."""
    check_impartial(permission, by)
    check_waits(permission)
    if not reasons.strip():
        raise Denied(_("Enter the reasons for the refusal."))
    _decide(permission, states.REFUSED, by=by, reasons=reasons, conditions="")


def _decide(permission: ThirdPartyPermission, to: str, *, by: User, reasons: str, conditions: str) -> None:
    move(
        permission,
        to,
        by=by,
        frm=states.ASKED,
        details={"order": permission.order_id, "permit": permission.permit_id},
        decided_at=timezone.now(),
        decided_by=by,
        reasons=reasons.strip()[:4000],
        conditions=conditions.strip()[:4000],
    )
    outbox.queue("orders.third_party_decision", permission.pk)
    mail.decided(permission)


@transaction.atomic
def withdraw(permission: ThirdPartyPermission, *, by: User) -> None:
    check_waits(permission)
    move(
        permission,
        states.WITHDRAWN,
        by=by,
        frm=states.ASKED,
        details={"order": permission.order_id},
        ended_at=timezone.now(),
        ended_reason="withdrawn",
    )


def end_void() -> int:
    """Mark as void what the dates and the permits have ended; both parties are told. Returns how many."""
    ended = 0
    for permission in _all().filter(status__in=[states.ASKED, states.GRANTED]).iterator(chunk_size=500):
        if not (reason := _ended_by(permission)):
            continue
        try:
            with transaction.atomic():
                move(
                    permission,
                    states.VOID,
                    by=MACHINE,
                    details={"reason": reason},
                    ended_at=timezone.now(),
                    ended_reason=reason,
                )
                mail.ended(permission)
        except Conflict:  # decided or withdrawn this instant
            continue
        ended += 1
    return ended


def _ended_by(permission: ThirdPartyPermission) -> str:
    """What has ended the permission; a permit that is suspended only stays it."""
    today = policies.today()
    permit = version_now(permission.permit, today)
    has_no_future = not permit.WORKFLOW.transitions[permit.status]
    if has_no_future or (permit.valid_to is not None and permit.valid_to < today):
        return "permit"
    if permission.valid_to < today:
        return "time"
    return "fields" if set(permission.fields) - set(permit.fields_of(permission.order.subject)) else ""


def _all() -> Any:
    return ThirdPartyPermission.objects.select_related(
        "order__organisation", "permit", "delivery", "asked_by", "decided_by"
    )
