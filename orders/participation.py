"""Who has acted for the customer in an order: that outlives their membership of the organisation.

An official who did so is a party to the order (act 434/2003, 28 §), also after having left the organisation.
"""

from typing import Any

from orders.models import Order
from portal.models import User

_WAYS = (
    "created_by",
    "placed_by",
    "materials__received_by",
    "uploads__created_by",
    "completions__made_by",
    "third_parties__asked_by",
)


def orders_of(user: User, **narrowed: Any) -> list[Any]:
    """The ids of the orders in which the user acted for the customer. Each way finds its rows by an index."""
    first, *others = (
        Order.objects.order_by().filter(**{way: user}, **narrowed).values("pk") for way in _WAYS
    )
    return list(first.union(*others).values_list("pk", flat=True))


def acted_in(user: User, order: Order) -> bool:
    """Whether the user created, placed or completed the order, sent for it or asked to give it on."""
    return bool(orders_of(user, pk=order.pk))
