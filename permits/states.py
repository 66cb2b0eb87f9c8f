"""The life of a permit, as data."""

from portal.audit import MACHINE, Event
from portal.roles import Role
from portal.states import Workflow

IN_FORCE = "in_force"
SUSPENDED = "suspended"
REVOKED = "revoked"
EXPIRED = "expired"
REPLACED = "replaced"

PERMIT = Workflow(
    transitions={
        IN_FORCE: frozenset({SUSPENDED, REVOKED, EXPIRED, REPLACED}),
        SUSPENDED: frozenset({IN_FORCE, REVOKED, EXPIRED, REPLACED}),
        REVOKED: frozenset(),
        EXPIRED: frozenset(),
        REPLACED: frozenset(),
    },
    events=dict.fromkeys((IN_FORCE, SUSPENDED, REVOKED, EXPIRED, REPLACED), Event.PERMIT_CHANGED),
    owners={
        IN_FORCE: frozenset({Role.OFFICIAL}),
        SUSPENDED: frozenset({Role.OFFICIAL}),
        REVOKED: frozenset({Role.OFFICIAL}),
        EXPIRED: frozenset({MACHINE}),
        REPLACED: frozenset({Role.OFFICIAL}),
    },
)
