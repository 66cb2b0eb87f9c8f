"""What tests of deliveries share: an order's files as their receiver has them."""

from django.urls import reverse

from orders.models import Delivery, Order
from portal import storage


def wanting(order: Order, *formats: str) -> Order:
    """The order, to be delivered in these forms."""
    order.formats = list(formats)  # type: ignore[attr-defined]
    return order


def page_of(order: Order, form: str = "csv") -> str:
    return reverse("orders:download", args=[order.pk, form])


def content(delivery: Delivery, kind: str) -> bytes:
    """A file of a delivery that was made for the portal's key."""
    return b"".join(storage.decrypted_blocks(delivery.files.get(kind=kind).name, storage.delivery_key()))


def newest(order: Order) -> Delivery:
    delivery = order.deliveries.order_by("-number").first()
    assert delivery is not None
    return delivery
