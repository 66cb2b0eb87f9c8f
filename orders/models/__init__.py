"""Orders, their files, matches, deliveries, prices, and the disclosure register."""

from orders.models.delivery import Delivery
from orders.models.disclosure import Disclosure, FieldSet
from orders.models.files import Material, OrderFile
from orders.models.handover import (
    DeliveryReminder,
    DownloadReceipt,
    DutyAcknowledgement,
    Reissue,
    ReissueCause,
)
from orders.models.keys import OrganisationKey
from orders.models.match import Chunk, MatchModel
from orders.models.order import Order, OrderQuerySet, Status, StudentGroup
from orders.models.pricing import PriceList

__all__ = [
    "Chunk",
    "Delivery",
    "DeliveryReminder",
    "Disclosure",
    "DownloadReceipt",
    "DutyAcknowledgement",
    "FieldSet",
    "MatchModel",
    "Material",
    "Order",
    "OrderFile",
    "OrderQuerySet",
    "OrganisationKey",
    "PriceList",
    "Reissue",
    "ReissueCause",
    "Status",
    "StudentGroup",
]
