"""The worker's check of an attachment: scanned, its type told from its content, rewritten for the web."""

from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from permits.applying.office_files import DOCX, ODT, XLSX, Refused, office_type
from permits.models import Attachment
from portal import scan, shelves, storage
from portal.audit import record
from portal.events import MACHINE, Event
from portal.outbox import Lease

TEXT = "text/plain"
ENDINGS = {
    "application/pdf": "pdf",
    "image/png": "png",
    "image/jpeg": "jpg",
    ODT: "odt",
    DOCX: "docx",
    XLSX: "xlsx",
    TEXT: "txt",
}
"""The types that an attachment may have, and the ending that a file of each gets."""

STARTS = ((b"%PDF-", "application/pdf"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))

REASONS = {
    "virus": _("The virus scan found harmful content in the file."),
    "too_large": _("The file is too large to be scanned for viruses."),
    "not_scanned": _("The file could not be scanned for viruses. Save it anew and add it again."),
    "type": _("The file is of another type than those that can be attached."),
    "macros": _("The document has macros. Save it without them, or as PDF."),
    "check_failed": _("The file could not be checked. Save it anew and add it again."),
}
"""Why an attachment was refused, in words."""


shelves.keep(
    shelves.Shelf(
        "attachments to be checked",
        ("attachments",),
        lambda: Attachment.objects.filter(state=Attachment.State.RECEIVED, removed_at=None),
        storage.upload_key,
        about="application",
    ),
    shelves.Shelf(
        "attachments",
        ("attachments",),
        lambda: Attachment.objects.filter(state=Attachment.State.READY).exclude(key_id=""),
        storage.delivery_key,
        about="application",
    ),
)


def check(lease: Lease) -> None:
    """Check what was sent and store it for the delivery key, so that the web can show it; or refuse it."""
    attachment = Attachment.objects.get(pk=lease.key)
    if attachment.state != Attachment.State.RECEIVED or attachment.removed_at is not None:
        lease.finish()
        return
    with (
        storage.private_folder() as folder,
        storage.decrypted_copy(attachment.name, storage.upload_key(), folder) as path,
    ):
        try:
            _scan(path)
            media_type = detect(path)
        except Refused as refused:
            with transaction.atomic():
                _refuse(attachment, str(refused))
                lease.finish()
            return
        with path.open("rb") as source:
            stored = storage.store(source, storage.delivery_key(), folder="attachments")
    with transaction.atomic():
        _accept(attachment, media_type, stored)
        lease.finish()


def _scan(path: Path) -> None:
    try:
        with path.open("rb") as source:
            scan.scan(source)
    except scan.VirusFound:
        raise Refused("virus") from None
    except scan.TooLargeToScan:
        raise Refused("too_large") from None
    except scan.ScanFailed:
        raise Refused("not_scanned") from None


def detect(path: Path) -> str:
    """The media type by the content alone. Raises Refused for what can't be attached."""
    with path.open("rb") as source:
        head = source.read(1024)
    for start, media_type in STARTS:
        if head.startswith(start):
            return media_type
    if head.startswith(b"PK\x03\x04"):
        return office_type(path)
    if _is_text(path):
        return TEXT
    raise Refused("type")


def _is_text(path: Path) -> bool:
    """True for characters alone: no control codes but tab, line feed, form feed and carriage return."""
    controls = bytes(code for code in range(32) if code not in b"\t\n\f\r")
    with path.open("rb") as source:
        while block := source.read(1024 * 1024):
            if len(block.translate(None, controls)) != len(block):
                return False
    return True


def _accept(attachment: Attachment, media_type: str, stored: storage.StoredFile) -> None:
    waiting = Attachment.objects.filter(
        pk=attachment.pk, state=Attachment.State.RECEIVED, removed_at=None
    ).update(
        state=Attachment.State.READY,
        media_type=media_type,
        checked_at=timezone.now(),
        name=stored.name,
        key_id=stored.key_id,
    )
    unwanted = attachment.name if waiting else stored.name  # removed this instant: the copy goes
    transaction.on_commit(lambda: storage.delete(unwanted))
    if waiting:
        record(Event.ATTACHMENT_CHECKED, by=MACHINE, about=attachment.application, attachment=attachment.pk)


def _refuse(attachment: Attachment, reason: str) -> None:
    """Mark it refused; its content is kept no longer."""
    waiting = Attachment.objects.filter(pk=attachment.pk, state=Attachment.State.RECEIVED)
    if waiting.update(state=Attachment.State.REFUSED, reason=reason, checked_at=timezone.now()):
        about = attachment.application
        record(Event.ATTACHMENT_REFUSED, by=MACHINE, about=about, attachment=attachment.pk, reason=reason)
        transaction.on_commit(lambda: storage.delete(attachment.name))


def give_up(key: str) -> None:
    """The check has failed for good: the applicant is told, and can send the file again."""
    with transaction.atomic():
        _refuse(Attachment.objects.get(pk=key), "check_failed")


def file_name(attachment: Attachment) -> str:
    """The given name with the ending of the type that was found, for the download."""
    stem, dot, ending = attachment.given_name.rpartition(".")
    wanted = ENDINGS[attachment.media_type]
    if dot and (ending.lower() == wanted or (wanted == "jpg" and ending.lower() == "jpeg")):
        return attachment.given_name
    return f"{stem or attachment.given_name or 'attachment'}.{wanted}"
