"""The life of an order and of an upload, as data."""

from portal.events import MACHINE, Event
from portal.roles import Role
from portal.workflows import Workflow

DRAFT = "draft"
PLACED = "placed"
MATCHING = "matching"
CLEARING = "clearing"
READY = "ready"
RELEASED = "released"
DELIVERED = "delivered"
PURGED = "purged"
CANCELLED = "cancelled"
REJECTED = "rejected"
FAILED = "failed"

ORDER = Workflow(
    transitions={
        DRAFT: frozenset({PLACED, CANCELLED}),
        PLACED: frozenset({MATCHING, CANCELLED, REJECTED, FAILED}),
        MATCHING: frozenset({CLEARING, READY, CANCELLED, REJECTED, FAILED}),
        CLEARING: frozenset({READY, CANCELLED, REJECTED, FAILED}),
        READY: frozenset({RELEASED, REJECTED, FAILED}),
        RELEASED: frozenset({DELIVERED, REJECTED, FAILED}),
        DELIVERED: frozenset({PURGED}),
        FAILED: frozenset({PLACED, REJECTED}),
        PURGED: frozenset(),
        CANCELLED: frozenset(),
        REJECTED: frozenset(),
    },
    events={
        PLACED: Event.ORDER_PLACED,
        MATCHING: Event.ORDER_MATCHING,
        CLEARING: Event.ORDER_CLEARING,
        READY: Event.ORDER_READY,
        RELEASED: Event.ORDER_RELEASED,
        DELIVERED: Event.ORDER_DELIVERED,
        PURGED: Event.ORDER_PURGED,
        CANCELLED: Event.ORDER_CANCELLED,
        REJECTED: Event.ORDER_REJECTED,
        FAILED: Event.ORDER_FAILED,
    },
    owners={
        PLACED: frozenset({Role.APPLICANT, Role.OFFICIAL}),  # an official: a failed order again
        MATCHING: frozenset({MACHINE}),
        CLEARING: frozenset({MACHINE}),
        READY: frozenset({MACHINE, Role.OFFICIAL}),  # an official: the clearing is done
        RELEASED: frozenset({MACHINE, Role.OFFICIAL}),
        DELIVERED: frozenset({MACHINE}),
        PURGED: frozenset({MACHINE}),
        CANCELLED: frozenset({Role.APPLICANT, MACHINE}),  # the machine: an abandoned draft
        REJECTED: frozenset({MACHINE, Role.OFFICIAL}),
        FAILED: frozenset({MACHINE}),
    },
)

OPEN = frozenset({PLACED, MATCHING, CLEARING, READY, RELEASED, FAILED})
"""Placed and not yet delivered or ended: the states in which a deadline runs."""

UPLOAD_OPEN = "open"
UPLOAD_RECEIVED = "received"
UPLOAD_JOINED = "joined"
UPLOAD_CANCELLED = "cancelled"
UPLOAD_EXPIRED = "expired"
UPLOAD_REFUSED = "refused"

UPLOAD = Workflow(
    transitions={
        UPLOAD_OPEN: frozenset({UPLOAD_RECEIVED, UPLOAD_CANCELLED, UPLOAD_EXPIRED, UPLOAD_REFUSED}),
        UPLOAD_RECEIVED: frozenset({UPLOAD_JOINED, UPLOAD_CANCELLED, UPLOAD_REFUSED}),
        UPLOAD_JOINED: frozenset(),
        UPLOAD_CANCELLED: frozenset(),
        UPLOAD_EXPIRED: frozenset(),
        UPLOAD_REFUSED: frozenset(),
    },
    events={
        UPLOAD_RECEIVED: Event.UPLOAD_PARTS_RECEIVED,
        UPLOAD_JOINED: Event.UPLOAD_PARTS_JOINED,
        UPLOAD_CANCELLED: Event.UPLOAD_CANCELLED,
        UPLOAD_EXPIRED: Event.UPLOAD_EXPIRED,
        UPLOAD_REFUSED: Event.UPLOAD_PARTS_REFUSED,
    },
    owners={
        UPLOAD_RECEIVED: frozenset({Role.APPLICANT}),
        UPLOAD_JOINED: frozenset({MACHINE}),
        UPLOAD_CANCELLED: frozenset({Role.APPLICANT, MACHINE}),  # the machine: its order is no draft
        UPLOAD_EXPIRED: frozenset({MACHINE}),
        UPLOAD_REFUSED: frozenset({Role.APPLICANT, MACHINE}),  # no register; no permit
    },
)
"""Of an upload in parts; `portal.uploads` takes a plain form's file in one."""
