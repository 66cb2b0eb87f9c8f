"""The lives of a search in the disclosure register and of a permission for a third party, as data."""

from portal.events import MACHINE, Event
from portal.roles import Role
from portal.workflows import Workflow

# A search in the disclosure register.
SEARCHED = "searched"
FOUND = "found"
FAILED = "failed"
EXPIRED = "expired"

SEARCH = Workflow(
    transitions={
        SEARCHED: frozenset({FOUND, FAILED}),
        FOUND: frozenset({EXPIRED}),
        FAILED: frozenset(),
        EXPIRED: frozenset(),
    },
    events={
        FOUND: Event.DISCLOSURE_SEARCH_DONE,
        FAILED: Event.DISCLOSURE_SEARCH_FAILED,
        EXPIRED: Event.DISCLOSURE_RESULT_EXPIRED,
    },
    owners={
        FOUND: frozenset({MACHINE}),
        FAILED: frozenset({MACHINE}),
        EXPIRED: frozenset({MACHINE}),
    },
)

# A permission to give data of a delivery to a third party.
ASKED = "asked"
GRANTED = "granted"
REFUSED = "refused"
WITHDRAWN = "withdrawn"
VOID = "void"

THIRD_PARTY = Workflow(
    transitions={
        ASKED: frozenset({GRANTED, REFUSED, WITHDRAWN, VOID}),
        GRANTED: frozenset({VOID}),
        REFUSED: frozenset(),
        WITHDRAWN: frozenset(),
        VOID: frozenset(),
    },
    events={
        GRANTED: Event.THIRD_PARTY_GRANTED,
        REFUSED: Event.THIRD_PARTY_REFUSED,
        WITHDRAWN: Event.THIRD_PARTY_WITHDRAWN,
        VOID: Event.THIRD_PARTY_VOID,
    },
    owners={
        GRANTED: frozenset({Role.OFFICIAL}),
        REFUSED: frozenset({Role.OFFICIAL}),
        WITHDRAWN: frozenset({Role.APPLICANT}),
        VOID: frozenset({MACHINE}),  # with the permit, or on the day after its own last one
    },
)
