"""What the machine does with uploads in parts: join what has arrived, purge parts, end what is left lying.

Only a worker can read the parts. Their plaintext streams by on its way into the file for the check, and lies
nowhere.
"""

import tempfile

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from orders import policies, states, workflow
from orders.material.uploads import FOLDER
from orders.models import Upload, UploadPart
from portal import shelves, storage
from portal.access import Denied
from portal.audit import record
from portal.events import MACHINE, Event
from portal.outbox import Lease
from portal.states import Conflict, move

shelves.keep(
    shelves.Shelf("upload parts", (FOLDER,), UploadPart.objects.all, storage.upload_key, about="upload")
)


class Incomplete(Exception):
    """The parts do not make up the file: a fault of ours."""


def join(lease: Lease) -> None:
    """Put the parts together and go on with the file as the order's material."""
    upload = Upload.objects.select_related("order__organisation", "created_by").get(pk=lease.key)
    if upload.status != states.UPLOAD_RECEIVED:
        lease.finish()
        return
    stored = joined(upload)
    try:
        with transaction.atomic():
            _hand_over(upload, stored)
            lease.finish()
    except (Denied, Conflict):  # the permit has ended meanwhile, or the order is no draft any more
        storage.delete(stored.name)
        _refuse(lease, upload)
    except BaseException:
        storage.delete(stored.name)
        raise


def joined(upload: Upload) -> storage.StoredFile:
    """All parts in one stored file, once they are known to be the whole of it."""
    key = storage.upload_key()
    with tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as encrypted:
        encryptor = storage.Encryptor(encrypted, key)
        try:
            for part in upload.parts.all():
                if part.offset != encryptor.size:
                    raise Incomplete
                storage.decrypt_to(part.name, key, encryptor)  # type: ignore[arg-type]
        finally:
            encryptor.close()
        if encryptor.size != upload.length:
            raise Incomplete
        return storage.keep(
            encrypted, folder="materials", size=encryptor.size, sha256=encryptor.sha256, key=key
        )


def _hand_over(upload: Upload, stored: storage.StoredFile) -> None:
    order, by = upload.order, upload.created_by
    workflow.lock(order)
    policies.check_can_upload(order)
    workflow.follow_permit(order, by=by)
    material = workflow.take_material(order, stored, by=by, name=upload.given_name)
    details = {"bytes": stored.size, "sha256": stored.sha256}
    move(
        upload, states.UPLOAD_JOINED, by=MACHINE, details=details, ended_at=timezone.now(), material=material
    )
    workflow.purge_parts(upload)


def _refuse(lease: Lease, upload: Upload) -> None:
    with transaction.atomic():
        if Upload.objects.filter(pk=upload.pk, status=states.UPLOAD_RECEIVED).exists():
            workflow.end_upload(upload, states.UPLOAD_REFUSED, by=MACHINE, reason="permit")
        lease.finish()


def give_up(upload_pk: str) -> None:
    """Tell the customer that the parts could not be put together, so that nothing hangs for ever."""
    upload = Upload.objects.select_related("order").get(pk=upload_pk)
    if upload.status == states.UPLOAD_RECEIVED:
        workflow.end_upload(upload, states.UPLOAD_REFUSED, by=MACHINE, reason="fault")


def purge(lease: Lease) -> None:
    """Delete the parts of an upload that has ended, and the name that the customer gave it.

    Those of an order under a legal hold wait for its end, which queues their purge anew. Placing a hold takes
    the order's lock too.
    """
    upload = Upload.objects.select_related("order").get(pk=lease.key)
    with transaction.atomic():
        workflow.lock(upload.order)
        parts = list(upload.parts.all())
        if parts and upload.order.open_hold is not None:
            record(Event.PURGE_HELD, by=MACHINE, about=upload.order, upload=upload.pk)
            lease.finish()
            return
        for part in parts:
            storage.delete(part.name)
        upload.parts.all().delete()
        Upload.objects.filter(pk=upload.pk).update(given_name="", fingerprint="")
        if parts:
            size = sum(part.size for part in parts)
            record(Event.UPLOAD_PARTS_PURGED, by=MACHINE, about=upload, parts=len(parts), bytes=size)
        lease.finish()


def expire_due() -> int:
    """End uploads that nobody has gone on with in time, or whose order is no draft any more."""
    open_ones = Upload.objects.filter(status=states.UPLOAD_OPEN).select_related("order")
    left_lying = open_ones.filter(expires_at__lte=timezone.now())
    without_draft = open_ones.exclude(order__status=states.DRAFT)
    ended = 0
    for uploads, to in ((left_lying, states.UPLOAD_EXPIRED), (without_draft, states.UPLOAD_CANCELLED)):
        for upload in uploads[:500]:
            ended += _ended(upload, to)
    return ended


def _ended(upload: Upload, to: str) -> bool:
    try:
        with transaction.atomic():
            workflow.end_upload(upload, to, by=MACHINE)
    except Conflict:  # somebody went on with it, or ended it, this instant
        return False
    return True
