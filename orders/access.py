"""Who sees and handles which orders: fetching and authorising are one call."""

import uuid

from django.http import Http404
from django.utils.translation import gettext as _

from orders import participation
from orders.models import Order, OrderQuerySet
from portal.access import Denied
from portal.models import User
from portal.roles import Role


def visible_orders(user: User) -> OrderQuerySet:
    """The orders that the user may read: an official's all, an applicant's those of the own organisations."""
    orders = Order.objects.select_related("organisation", "permit", "price_list")
    if user.is_official:
        return orders
    return orders.filter(organisation__memberships__user=user, organisation__memberships__role=Role.APPLICANT)


def get_order_for(user: User, pk: uuid.UUID) -> Order:
    """The order, for reading; 404 for a stranger, who learns not even that it exists."""
    try:
        return visible_orders(user).get(pk=pk)
    except Order.DoesNotExist:
        raise Http404 from None


def get_own_order_for(user: User, pk: uuid.UUID) -> Order:
    """The order, for its customer's acts; an official, who may only read it, gets 403."""
    order = get_order_for(user, pk)
    if not order.organisation.memberships.filter(user=user, role=Role.APPLICANT).exists():
        raise Denied(_("Only the organisation that made the order can do this."))
    return order


def get_order_for_official(user: User, pk: uuid.UUID) -> Order:
    """The order, for an official's acts; its customer gets 403, and so does an official who is or was one.

    Who has acted for the customer in the order is disqualified in it for good (act 434/2003, 28 §).
    """
    order = get_order_for(user, pk)
    if not user.is_official:
        raise Denied(_("Only an official of the registry can do this."))
    if order.organisation.memberships.filter(user=user).exists() or participation.acted_in(user, order):
        raise Denied(
            _(
                "Only an official of the registry who is not a member of the organisation, and has not acted"
                " for it in the matter, can do this."
            )
        )
    return order


def get_order_for_admin(user: User, pk: uuid.UUID) -> Order:
    """The order, for an administrator's acts; others who may read it get 403."""
    order = get_order_for_official(user, pk)
    if not user.is_admin:
        raise Denied(_("Only an administrator can do this."))
    return order
