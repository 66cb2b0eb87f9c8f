"""The audit trail: who did, read or was refused what, when, from where. Never whose data it was in words."""

import contextvars
import re
import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Model

from portal.events import Event
from portal.models import AuditEvent, User

Actor = User | str

current_source: contextvars.ContextVar[str] = contextvars.ContextVar("current_source", default="")

_PLAIN = re.compile(r"[\w.:+/-]{0,120}", re.ASCII)
_HETU = re.compile(r"(?<![\w-])\d{6}[-+A-FU-Y]\d{3}[0-9A-Y](?![\w-])", re.IGNORECASE)


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
    rows = [_event(event, by, obj, None, details) for obj in about]
    AuditEvent.objects.bulk_create(rows, batch_size=1000)


def _event(
    event: Event, by: Actor, about: Model, organisation: uuid.UUID | None, details: Mapping[str, Any]
) -> AuditEvent:
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
