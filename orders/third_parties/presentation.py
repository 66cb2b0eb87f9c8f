"""Permissions for third parties as pages show them: how each stands, and what was asked and decided."""

from typing import Any

from django.utils.translation import gettext as _

from orders import oversight_states as states
from orders import words
from orders.models import Order, ThirdPartyPermission
from orders.third_parties import permissions as third_parties
from portal.access import reason_not_to
from portal.templatetags.components import day
from portal.ui import SummaryRow, Tone

TONES: dict[str, Tone] = {
    states.ASKED: "info",
    states.GRANTED: "success",
    states.REFUSED: "error",
    states.WITHDRAWN: "neutral",
    states.VOID: "neutral",
}


def order_part(order: Order) -> dict[str, Any]:
    """What an order's page shows of them, once there is a delivery whose data could be given on."""
    if not order.deliveries.exists():
        return {}
    permissions = order.third_parties.select_related("order__organisation", "permit").order_by("serial")
    return {
        "third_parties": [standing(one) for one in permissions],
        "third_party_reason": reason_not_to(third_parties.check_can_ask, order),
    }


def standing(permission: ThirdPartyPermission) -> dict[str, Any]:
    """A permission as lists show it: a granted one that cannot be used today says why."""
    reason = reason_not_to(third_parties.check_in_force, permission)
    is_stayed = permission.status == states.GRANTED and reason is not None
    return {
        "permission": permission,
        "tone": "warning" if is_stayed else TONES[permission.status],
        "label": _("Cannot be used now") if is_stayed else permission.get_status_display(),
        "reason": reason if permission.status in {states.GRANTED, states.VOID} else None,
        "fields": words.field_labels(permission.fields, permission.order.subject),
    }


def facts(permission: ThirdPartyPermission) -> list[SummaryRow]:
    """What was asked for, and the decision."""
    order = permission.order
    rows = [
        SummaryRow(_("Gives the data"), order.organisation.name),
        SummaryRow(_("Receives the data"), f"{permission.recipient} ({permission.business_id})"),
        SummaryRow(_("E-mail of the receiving organisation"), permission.recipient_email),
        SummaryRow(_("Order"), order.number),
        SummaryRow(_("Permit"), str(permission.permit)),
        SummaryRow(_("Data to be given on"), words.field_labels(permission.fields, order.subject)),
        SummaryRow(_("What the recipient uses the data for"), permission.purpose),
        SummaryRow(_("Law on which the giving is based"), permission.legal_ground),
        SummaryRow(_("How the recipient protects the data"), permission.protection),
        SummaryRow(_("Last day of the permission"), day(permission.valid_to)),
        SummaryRow(_("Asked on"), day(permission.asked_at)),
        SummaryRow(_("Decided on"), day(permission.decided_at)),
        SummaryRow(_("Conditions"), permission.conditions),
        SummaryRow(_("Reasons"), permission.reasons),
    ]
    return [row for row in rows if row.value]
