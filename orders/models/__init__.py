"""Orders, their files, matches, deliveries, prices, and the disclosure register."""

from orders.models.clearing import Completion, DoubtfulRow, Opinion
from orders.models.delivery import Delivery
from orders.models.disclosure import Disclosure, DroppedMonth, FieldSet
from orders.models.files import Material, OrderFile
from orders.models.handover import (
    DeliveryReminder,
    DownloadReceipt,
    DutyAcknowledgement,
    Reissue,
    ReissueCause,
)
from orders.models.hold import LegalHold
from orders.models.keys import OrganisationKey
from orders.models.mapping import SavedMapping
from orders.models.match import Chunk, MatchModel
from orders.models.order import Format, Order, OrderQuerySet, Status, StudentGroup
from orders.models.pricing import PriceList
from orders.models.promises import Attestation, Confirmation, Statement
from orders.models.search import DisclosureSearch, SearchGround, SearchStatus
from orders.models.third_party import ThirdPartyDecision, ThirdPartyPermission, ThirdPartyStatus
from orders.models.uploads import Upload, UploadPart, UploadStatus

__all__ = [
    "Attestation",
    "Chunk",
    "Completion",
    "Confirmation",
    "Delivery",
    "DeliveryReminder",
    "Disclosure",
    "DisclosureSearch",
    "DoubtfulRow",
    "DownloadReceipt",
    "DroppedMonth",
    "DutyAcknowledgement",
    "FieldSet",
    "Format",
    "LegalHold",
    "MatchModel",
    "Material",
    "Opinion",
    "Order",
    "OrderFile",
    "OrderQuerySet",
    "OrganisationKey",
    "PriceList",
    "Reissue",
    "ReissueCause",
    "SavedMapping",
    "SearchGround",
    "SearchStatus",
    "Statement",
    "Status",
    "StudentGroup",
    "ThirdPartyDecision",
    "ThirdPartyPermission",
    "ThirdPartyStatus",
    "Upload",
    "UploadPart",
    "UploadStatus",
]
