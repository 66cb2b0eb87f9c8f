"""Orders, their files, matches, deliveries, prices, and the disclosure register."""

from orders.models.clearing import DoubtfulRow, Opinion
from orders.models.delivery import Delivery
from orders.models.disclosure import Disclosure, FieldSet
from orders.models.files import Material, OrderFile
from orders.models.match import Chunk, MatchModel
from orders.models.order import Order, OrderQuerySet, Status, StudentGroup
from orders.models.pricing import PriceList

__all__ = [
    "Chunk",
    "Delivery",
    "Disclosure",
    "DoubtfulRow",
    "FieldSet",
    "MatchModel",
    "Material",
    "Opinion",
    "Order",
    "OrderFile",
    "OrderQuerySet",
    "PriceList",
    "Status",
    "StudentGroup",
]
