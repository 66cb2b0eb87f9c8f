"""What tests of deliveries share: orders in the forms that a test wants, and files as they are received."""

from django.core.exceptions import FieldDoesNotExist
from django.urls import reverse

from orders.delivery import files as delivery_files
from orders.models import Delivery, Order
from portal import storage
from tests import factories


def deliver(cast, monkeypatch, *formats: str, **kwargs: object) -> Order:  # type: ignore[no-untyped-def]
    """A delivered order, in these forms."""
    order = factories.ready_order(cast.secretary, **kwargs)
    try:
        Order._meta.get_field("formats")
    except FieldDoesNotExist:
        monkeypatch.setattr(delivery_files, "formats", lambda order: formats)
    else:
        Order.objects.filter(pk=order.pk).update(formats=list(formats))
    factories.release(order, cast.official)
    return order


def page_of(order: Order, form: str = "csv") -> str:
    return reverse("orders:download", args=[order.pk, form])


def content(order: Order, kind: str) -> bytes:
    """A file of an order's newest delivery that was made for the portal's key."""
    file = newest(order).files.get(kind=kind)
    return b"".join(storage.decrypted_blocks(file.name, storage.delivery_key()))


def newest(order: Order) -> Delivery:
    delivery = order.deliveries.order_by("-number").first()
    assert delivery is not None
    return delivery
