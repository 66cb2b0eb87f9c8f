"""The audit trail: who did, read or was refused what, when, from where. Never whose data it was in words."""

import contextvars
import re
import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias

from django.db.models import Model

if TYPE_CHECKING:
    from portal.models import AuditEvent, User

MACHINE = "machine"
"""The actor of what happens by itself: the pipeline and the clock."""

Actor: TypeAlias = "User | str"

current_source: contextvars.ContextVar[str] = contextvars.ContextVar("current_source", default="")

_PLAIN = re.compile(r"[\w.:+/-]{0,120}", re.ASCII)
_HETU = re.compile(r"(?<![\w-])\d{6}[-+A-FU-Y]\d{3}[0-9A-Y](?![\w-])", re.IGNORECASE)


class Event(StrEnum):
    """Every kind of audit event: stable strings, grouped by subject."""

    SIGNED_IN = "user.signed_in"
    SIGN_IN_FAILED = "user.sign_in_failed"
    SIGNED_OUT = "user.signed_out"
    ACCOUNT_OPENED = "user.account_opened"
    PASSWORD_CHANGED = "user.password_changed"  # noqa: S105  no password
    SECOND_FACTOR_CHANGED = "user.second_factor_changed"

    ORGANISATION_REGISTERED = "organisation.registered"
    ORGANISATION_ENTERED = "organisation.entered"
    ORGANISATION_CORRECTED = "organisation.corrected"
    ORGANISATION_VERIFIED = "organisation.verified"
    ORGANISATION_REFUSED = "organisation.refused"
    ORGANISATION_READ = "organisation.read"
    ORGANISATIONS_LISTED = "organisations.listed"

    MEMBER_INVITED = "member.invited"
    INVITATION_WITHDRAWN = "member.invitation_withdrawn"
    INVITATION_ACCEPTED = "member.invitation_accepted"
    JOIN_ASKED = "member.join_asked"
    JOIN_ADMITTED = "member.join_admitted"
    JOIN_TURNED_DOWN = "member.join_turned_down"
    ROLES_SET = "member.roles_set"
    MEMBER_REMOVED = "member.removed"

    APPLICATION_CREATED = "application.created"
    APPLICATION_SAVED = "application.saved"
    APPLICATION_READ = "application.read"
    APPLICATIONS_LISTED = "applications.listed"
    APPLICATION_SHARED = "application.shared"
    APPLICATION_SHARE_ENDED = "application.share_ended"
    APPLICATION_SUBMITTED = "application.submitted"
    APPLICATION_IN_REVIEW = "application.in_review"
    APPLICATION_ASSIGNED = "application.assigned"
    APPLICATION_NOTED = "application.noted"
    APPLICATION_CHECKED = "application.checked"
    APPLICATION_INFO_REQUESTED = "application.info_requested"
    APPLICATION_PROPOSED = "application.proposed"
    APPLICATION_APPROVED = "application.approved"
    APPLICATION_REJECTED = "application.rejected"
    APPLICATION_WITHDRAWN = "application.withdrawn"
    MESSAGE_SENT = "application.message_sent"
    STATEMENT_ASKED = "statement.asked"
    STATEMENT_GIVEN = "statement.given"
    STATEMENT_CANCELLED = "statement.cancelled"
    ATTACHMENT_ADDED = "attachment.added"
    ATTACHMENT_CHECKED = "attachment.checked"
    ATTACHMENT_REFUSED = "attachment.refused"
    ATTACHMENT_READ = "attachment.read"
    ATTACHMENT_REMOVED = "attachment.removed"

    PERMIT_GRANTED = "permit.granted"
    PERMIT_CHANGED = "permit.changed"
    PERMIT_ACCEPTED = "permit.accepted"
    PERMIT_READ = "permit.read"
    PERMITS_LISTED = "permits.listed"
    STANDING_PERMIT_PREPARED = "permit.standing_prepared"
    STANDING_PERMIT_DISCARDED = "permit.standing_discarded"
    DOCUMENT_MADE = "document.made"
    DOCUMENT_READ = "document.read"

    ORDER_CREATED = "order.created"
    ORDER_DESCRIBED = "order.described"
    ORDER_READ = "order.read"
    ORDER_UNDER_NEWER_VERSION = "order.under_newer_version"
    ORDER_PLACED = "order.placed"
    ORDER_MATCHING = "order.matching"
    ORDER_READY = "order.ready"
    ORDER_RELEASED = "order.released"
    ORDER_DELIVERED = "order.delivered"
    ORDER_CANCELLED = "order.cancelled"
    ORDER_REJECTED = "order.rejected"
    ORDER_FAILED = "order.failed"
    ORDER_PURGED = "order.purged"
    ORDER_FORM_READ = "order.form_read"
    ORDERS_LISTED = "orders.listed"
    DEADLINES_READ = "deadlines.read"

    UPLOAD_RECEIVED = "upload.received"
    UPLOAD_CHECKED = "upload.checked"
    UPLOAD_REFUSED = "upload.refused"
    UPLOAD_PURGED = "upload.purged"

    DELIVERY_MADE = "delivery.made"
    DELIVERY_DOWNLOADED = "delivery.downloaded"
    DELIVERY_REFUSED = "delivery.refused"
    DELIVERY_PURGED = "delivery.purged"

    KEYS_ROTATED = "keys.rotated"


def record(
    event: Event, *, by: Actor, about: Model, organisation: uuid.UUID | None = None, **details: Any
) -> None:
    """Append one event in the caller's transaction.

    `details` are numbers, dates, codes and ids. Free text is refused with ValueError, for it could hold
    personal data.
    """
    _event(event, by, about, organisation, details).save(force_insert=True)


def record_all(event: Event, *, by: Actor, about: Sequence[Model], **details: Any) -> None:
    """Append one event about each of many objects, all with the same details."""
    from portal.models import AuditEvent

    rows = [_event(event, by, obj, None, details) for obj in about]
    AuditEvent.objects.bulk_create(rows, batch_size=1000)


def _event(
    event: Event, by: Actor, about: Model, organisation: uuid.UUID | None, details: Mapping[str, Any]
) -> "AuditEvent":
    from portal.models import AuditEvent

    return AuditEvent(
        event=event,
        actor=by if isinstance(by, str) else str(by.pk),
        source=current_source.get(),
        organisation=str(organisation or getattr(about, "organisation_id", None) or ""),
        object_type=about._meta.model_name or "",
        object_id=str(about.pk),
        details={name: _plain(value) for name, value in details.items()},
    )


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {_plain(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if isinstance(value, uuid.UUID):  # its digits may look like an identity code's
        return str(value)
    text = str(value)
    if not _PLAIN.fullmatch(text) or _HETU.search(text):
        raise ValueError("An audit detail is a number, a date, a code or an id, never free text.")
    return text
