"""Orders, their files, matches, deliveries, prices, and the disclosure register."""

from orders.models.delivery import Delivery
from orders.models.disclosure import Disclosure, FieldSet
from orders.models.files import Material, OrderFile
from orders.models.match import Chunk, MatchModel
from orders.models.order import Format, Order, OrderQuerySet, Status, StudentGroup
from orders.models.pricing import PriceList
from orders.models.promises import Attestation, Confirmation, Statement

__all__ = [
    "Attestation",
    "Chunk",
    "Confirmation",
    "Delivery",
    "Disclosure",
    "FieldSet",
    "Format",
    "MatchModel",
    "Material",
    "Order",
    "OrderFile",
    "OrderQuerySet",
    "PriceList",
    "Statement",
    "Status",
    "StudentGroup",
]
