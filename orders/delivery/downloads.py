"""Handing out a delivery's files: what may go out now, by which bytes, and a receipt of each download."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from orders import policies
from orders.delivery import kinds
from orders.models import Delivery, DownloadReceipt, Order, OrderFile
from portal import storage
from portal.access import Denied
from portal.audit import record
from portal.byte_ranges import Part
from portal.events import Event
from portal.models import User


@dataclass(frozen=True)
class Handout:
    """A file as it goes out. One for the organisation's own key goes as it lies: only they can open it."""

    delivery: Delivery
    file: OrderFile

    @property
    def is_sealed(self) -> bool:
        return self.file.own_key_id is not None

    @property
    def size(self) -> int:
        return storage.raw_size(self.file.name) if self.is_sealed else self.file.size

    @property
    def etag(self) -> str:
        """Strong: the very bytes. A ciphertext is never written anew; a content is known by its hash."""
        return f'"{self.file.pk.hex if self.is_sealed else self.file.sha256}"'

    @property
    def name(self) -> str:
        name = kinds.file_name(self.delivery, self.file.kind)
        return f"{name}.age" if self.is_sealed else name

    @property
    def content_type(self) -> str:
        return "application/octet-stream" if self.is_sealed else kinds.CONTENT_TYPES[self.file.kind]

    def blocks(self, part: Part) -> Iterator[bytes]:
        if self.is_sealed:
            return storage.raw_range(self.file.name, part.first, part.last)
        return storage.decrypted_range(self.file.name, storage.delivery_key(), part.first, part.last)


def handout(order: Order, kind: str, *, by: User) -> Handout:
    """The file of the delivery in the wanted form. A refusal raises Denied; its audit row outlives it."""
    try:
        return look(order, kind, by=by)
    except Denied:
        record(Event.DELIVERY_REFUSED, by=by, about=order, kind=kind)
        raise


def look(order: Order, kind: str, *, by: User) -> Handout:
    """The same for who asks for the header alone, which is no reading."""
    policies.check_can_download(order)
    delivery: Delivery = order.delivery  # type: ignore[assignment]
    if kind in kinds.DATA:
        policies.check_acknowledged(delivery, by)
    file = delivery.files.filter(kind=kind, purged_at=None).first()
    if file is None:
        reason = kinds.REFUSALS.get(delivery.refused.get(kind, ""))
        raise Denied(reason or _("The delivery is not there in this form: it was not ordered."))
    return Handout(delivery, file)


@transaction.atomic
def begin(given: Handout, part: Part, *, by: User) -> DownloadReceipt:
    """Write the receipt of a download that begins, and its audit row, before the first byte."""
    receipt = DownloadReceipt.objects.create(
        delivery=given.delivery,
        file=given.file,
        by=by,
        first_byte=part.first,
        last_byte=part.last,
        size=given.size,
    )
    record(
        Event.DELIVERY_DOWNLOADED,
        by=by,
        about=given.delivery.order,
        file=given.file.pk,
        sha256=given.file.sha256,
        receipt=receipt.pk,
        first=part.first,
        last=part.last,
    )
    return receipt


def stream(given: Handout, part: Part, receipt: DownloadReceipt) -> Iterator[bytes]:
    """The part's blocks; in the end, also where the line breaks, the receipt tells how many bytes went."""
    sent = 0
    try:
        for block in given.blocks(part) if given.size else ():
            yield block
            sent += len(block)
    finally:
        DownloadReceipt.objects.filter(pk=receipt.pk).update(sent=sent, ended_at=timezone.now())


def is_fetched(delivery: Delivery) -> bool:
    """Whether every byte of one of its files of data has gone out to the customer, be it in several parts."""
    ended = delivery.downloads.filter(file__kind__in=kinds.DATA, ended_at__isnull=False)
    parts = ended.order_by("first_byte").values_list("file", "first_byte", "sent", "size")
    reached: dict[Any, int] = {}
    for file, first, sent, size in parts:
        if first <= reached.setdefault(file, 0):  # a part that begins farther on leaves a gap
            reached[file] = max(reached[file], first + sent)
        if reached[file] >= size:
            return True
    return False
