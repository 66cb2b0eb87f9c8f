"""The audit trail: who did, read or was refused what, when, from where. Never whose data it was in words."""

import contextvars
import re
import uuid
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.db.models import Model

from portal.models import AuditEvent, User

MACHINE = "machine"
"""The actor of what happens by itself: the pipeline and the clock."""

Actor = User | str

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

    PERMIT_CHANGED = "permit.changed"

    ORDER_CREATED = "order.created"
    ORDER_DESCRIBED = "order.described"
    ORDER_READ = "order.read"
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
    AuditEvent.objects.create(
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
