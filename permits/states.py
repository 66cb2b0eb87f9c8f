"""The lives of an application and of a permit, as data."""

from portal.events import MACHINE, Event
from portal.roles import Role
from portal.workflows import Workflow

# An application.
DRAFT = "draft"
SUBMITTED = "submitted"
IN_REVIEW = "in_review"
INFO_REQUESTED = "info_requested"
PROPOSED = "proposed"
APPROVED = "approved"
REJECTED = "rejected"
WITHDRAWN = "withdrawn"

APPLICATION = Workflow(
    transitions={
        DRAFT: frozenset({SUBMITTED, WITHDRAWN}),
        SUBMITTED: frozenset({IN_REVIEW, WITHDRAWN}),
        IN_REVIEW: frozenset({INFO_REQUESTED, PROPOSED, WITHDRAWN}),
        INFO_REQUESTED: frozenset({IN_REVIEW, WITHDRAWN}),
        PROPOSED: frozenset({APPROVED, REJECTED, IN_REVIEW, WITHDRAWN}),
        APPROVED: frozenset(),
        REJECTED: frozenset(),
        WITHDRAWN: frozenset(),
    },
    events={
        SUBMITTED: Event.APPLICATION_SUBMITTED,
        IN_REVIEW: Event.APPLICATION_IN_REVIEW,
        INFO_REQUESTED: Event.APPLICATION_INFO_REQUESTED,
        PROPOSED: Event.APPLICATION_PROPOSED,
        APPROVED: Event.APPLICATION_APPROVED,
        REJECTED: Event.APPLICATION_REJECTED,
        WITHDRAWN: Event.APPLICATION_WITHDRAWN,
    },
    owners={
        SUBMITTED: frozenset({Role.APPLICANT, Role.OFFICIAL}),  # an official: one that came on paper
        IN_REVIEW: frozenset({Role.APPLICANT, Role.OFFICIAL}),  # the applicant: by answering a request
        INFO_REQUESTED: frozenset({Role.OFFICIAL}),
        PROPOSED: frozenset({Role.OFFICIAL}),
        APPROVED: frozenset({Role.OFFICIAL}),
        REJECTED: frozenset({Role.OFFICIAL}),
        WITHDRAWN: frozenset({Role.APPLICANT}),
    },
)

OPEN = frozenset({SUBMITTED, IN_REVIEW, INFO_REQUESTED, PROPOSED})
"""With the registry and not yet decided: the states in which the two weeks are counted."""

# A permit.
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
        REPLACED: frozenset({Role.OFFICIAL, MACHINE}),  # the machine: on the day from which a newer one holds
    },
)
