"""The life of an order, as data."""

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
