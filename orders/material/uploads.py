"""Uploads in parts: begun, continued after each break, cancelled. Pages and API call the same verbs.

The web only encrypts. What arrives in one request, whole or cut short by a broken line, becomes a part; once
every byte is there, a worker joins the parts (`upload_jobs`) and the file goes on as the order's material.
"""

import uuid

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet, Sum
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from orders import policies, states, workflow
from orders.access import get_own_order_for
from orders.models import Order, Upload, UploadPart
from orders.models.uploads import expiry
from portal import outbox, storage
from portal.access import Denied
from portal.audit import record
from portal.events import Event
from portal.models import Organisation, User
from portal.states import Conflict, move
from portal.templatetags.components import file_size
from portal.uploads import EncryptedPart, clean_name

FOLDER = "parts"
MAX_PARTS = 10_000


class Ended(Denied):
    """The upload was cancelled, has expired or was refused: it can't go on."""


class OffsetConflict(Exception):
    """The upload stands elsewhere than its sender believes: at `offset`."""

    def __init__(self, offset: int) -> None:
        self.offset = offset
        super().__init__(str(offset))


def get_upload_for(user: User, order_pk: uuid.UUID, pk: uuid.UUID) -> Upload:
    """The upload, for its customer's acts; 404 for a stranger, 403 for an official."""
    order = get_own_order_for(user, order_pk)
    try:
        return order.uploads.select_related("order__organisation", "order__permit").get(pk=pk)
    except Upload.DoesNotExist:
        raise Http404 from None


def unfinished(order: Order) -> QuerySet[Upload]:
    """What was begun for the order and can go on, oldest first."""
    return order.uploads.filter(status=states.UPLOAD_OPEN, expires_at__gt=timezone.now())


@transaction.atomic
def begin(order: Order, *, by: User, length: int, name: str, fingerprint: str = "") -> Upload:
    """Begin an upload of `length` bytes, which the caller has held against UPLOAD_MAX_BYTES."""
    workflow.lock(order)
    policies.check_can_upload(order)
    _check_room(order, by, length)
    upload = Upload.objects.create(
        order=order, created_by=by, length=length, given_name=clean_name(name), fingerprint=fingerprint
    )
    record(Event.UPLOAD_BEGUN, by=by, about=upload, order=order.pk, bytes=length)
    return upload


def _check_room(order: Order, by: User, length: int) -> None:
    """A person has few unfinished uploads in an organisation, and an organisation bounded bytes of them."""
    Organisation.objects.select_for_update(no_key=True).get(pk=order.organisation_id)
    waiting = [states.UPLOAD_OPEN, states.UPLOAD_RECEIVED]
    of_all = Upload.objects.filter(status__in=waiting, order__organisation=order.organisation_id)
    if of_all.filter(created_by=by).count() >= settings.UPLOAD_UNFINISHED_MAX:
        raise Denied(
            _("You have %(count)s unfinished uploads. Finish or delete one of them first.")
            % {"count": settings.UPLOAD_UNFINISHED_MAX}
        )
    held = of_all.aggregate(bytes=Sum("length"))["bytes"] or 0
    if held + length > settings.UPLOAD_UNFINISHED_BYTES:
        raise Denied(
            _("The unfinished uploads of your organisation would be over %(limit)s. Finish or delete some.")
            % {"limit": file_size(settings.UPLOAD_UNFINISHED_BYTES)}
        )


def check_can_continue(upload: Upload) -> None:
    """The upload waits for more, and its order still takes a register under a permit in force."""
    if upload.status in {states.UPLOAD_RECEIVED, states.UPLOAD_JOINED}:
        raise OffsetConflict(upload.offset)
    if not upload.is_open:
        raise Ended(_("This upload has ended. Send the file again from the start."))
    policies.check_can_upload(upload.order)


def append(upload: Upload, part: EncryptedPart, *, by: User, offset: int) -> None:
    """Add what arrived at `offset`. Of two at the same place one wins; the other gets OffsetConflict."""
    stored = part.keep(FOLDER)
    try:
        with transaction.atomic():
            _append(upload, stored, by, offset)
    except BaseException:
        storage.delete(stored.name)
        raise


def _append(upload: Upload, stored: storage.StoredFile, by: User, offset: int) -> None:
    workflow.lock(upload.order)  # before the upload's row, as who ends the order does
    here = Upload.objects.filter(pk=upload.pk, status=states.UPLOAD_OPEN, expires_at__gt=timezone.now())
    if not here.filter(offset=offset).update(offset=F("offset") + stored.size, expires_at=expiry()):
        upload.refresh_from_db(fields=["status", "offset", "expires_at"])
        check_can_continue(upload)
        raise OffsetConflict(upload.offset)
    policies.check_can_upload(upload.order)
    number = upload.parts.count()
    if number >= MAX_PARTS:
        raise Denied(_("The file came in too many small parts. Send it again in larger ones."))
    UploadPart.objects.create(
        upload=upload, number=number, offset=offset, size=stored.size, name=stored.name, key_id=stored.key_id
    )
    upload.refresh_from_db(fields=["status", "offset", "expires_at"])
    if upload.offset == upload.length:
        _receive(upload, by, number + 1)


def _receive(upload: Upload, by: User, parts: int) -> None:
    """Every byte is here: the worker's turn."""
    details = {"order": upload.order_id, "bytes": upload.length, "parts": parts}
    move(upload, states.UPLOAD_RECEIVED, by=by, details=details, received_at=timezone.now())
    outbox.queue("orders.join_upload", upload.pk, upload.order.turn)


@transaction.atomic
def cancel(upload: Upload, *, by: User) -> None:
    """Cancel an unfinished upload; what arrived of it is purged."""
    if not upload.is_open:
        raise Ended(_("This upload has ended."))
    try:
        workflow.end_upload(upload, states.UPLOAD_CANCELLED, by=by)
    except Conflict:
        raise Ended(_("This upload has ended.")) from None


@transaction.atomic
def refuse(upload: Upload, *, by: User) -> None:
    """End an upload whose first bytes are those of another kind of file."""
    workflow.end_upload(upload, states.UPLOAD_REFUSED, by=by, reason="foreign")
