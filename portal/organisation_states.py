"""The life of an organisation, as data: registered by a customer, checked by an official."""

from portal.events import Event
from portal.roles import Role
from portal.workflows import Workflow

UNVERIFIED = "unverified"
VERIFIED = "verified"
REFUSED = "refused"

ORGANISATION = Workflow(
    transitions={
        UNVERIFIED: frozenset({VERIFIED, REFUSED}),
        REFUSED: frozenset({UNVERIFIED}),
        VERIFIED: frozenset(),
    },
    events={
        UNVERIFIED: Event.ORGANISATION_CORRECTED,
        VERIFIED: Event.ORGANISATION_VERIFIED,
        REFUSED: Event.ORGANISATION_REFUSED,
    },
    owners={
        UNVERIFIED: frozenset({Role.MANAGER}),
        VERIFIED: frozenset({Role.OFFICIAL}),
        REFUSED: frozenset({Role.OFFICIAL}),
    },
)
