"""Who may do what with an application and a permit in which state: one table, held by every page and verb.

`docs/permissions.md` is generated from it, and a test walks every pair. A refusal says why.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from permits import participation, states
from permits.models import Application, Permit
from portal.access import Denied
from portal.models import User
from portal.roles import Role


class NotNow(Denied):
    """A refusal for the state alone: the right person at the wrong time. `about` is what it was done to."""

    def __init__(self, reason: Any, about: Application | Permit) -> None:
        self.about = about
        super().__init__(reason)


class Party(StrEnum):
    """What a user is to one application or permit."""

    APPLICANT = "applicant"  # applies and orders for the organisation
    SIGNATORY = "signatory"  # the organisation's signing official
    READER = "reader"  # another member, or who was given the right to read
    HANDLER = "handler"  # an official, neither a member of the organisation nor one who acted for it
    PREPARER = "preparer"  # the handler who made the proposal that waits
    DECIDER = "decider"  # any other handler, while a proposal waits
    RECORDER = "recorder"  # a handler, of an application that came on paper
    OVERSEER = "overseer"  # an administrator: reads


@dataclass(frozen=True)
class Act:
    """An act: by whom and in which states it can be done."""

    parties: frozenset[Party]
    states: frozenset[str]


def _act(parties: Iterable[Party], states_: Iterable[str]) -> Act:
    return Act(frozenset(parties), frozenset(states_))


ALL = frozenset(states.APPLICATION.transitions)
WRITABLE = {states.DRAFT, states.INFO_REQUESTED}
BEGUN = ALL - {states.DRAFT}
WRITERS = {Party.APPLICANT, Party.RECORDER}
HANDLERS = {Party.HANDLER}

APPLICATION_ACTS: Mapping[str, Act] = {
    "read": _act({Party.APPLICANT, Party.READER, Party.RECORDER}, ALL),
    "review": _act({Party.HANDLER, Party.OVERSEER}, BEGUN),
    "edit": _act(WRITERS, WRITABLE),
    "submit": _act(WRITERS, WRITABLE),
    "withdraw": _act({Party.APPLICANT}, {states.DRAFT, *states.OPEN}),
    "share": _act({Party.APPLICANT}, ALL),
    "copy": _act({Party.APPLICANT}, ALL),
    "message": _act({Party.APPLICANT, Party.HANDLER}, BEGUN - {states.WITHDRAWN}),
    "note": _act(HANDLERS, BEGUN),
    "take": _act(HANDLERS, states.OPEN),
    "check": _act(HANDLERS, {states.IN_REVIEW, states.INFO_REQUESTED}),
    "ask_information": _act(HANDLERS, {states.IN_REVIEW}),
    "go_on": _act(HANDLERS, {states.INFO_REQUESTED}),
    "ask_statement": _act(HANDLERS, {states.IN_REVIEW, states.INFO_REQUESTED}),
    "give_statement": _act(HANDLERS, states.OPEN),
    "propose": _act(HANDLERS, {states.IN_REVIEW}),
    "return_proposal": _act(HANDLERS, {states.PROPOSED}),
    "decide": _act({Party.DECIDER}, {states.PROPOSED}),
}

LIVE = {states.IN_FORCE, states.SUSPENDED}
HOLDERS = {Party.APPLICANT, Party.SIGNATORY, Party.READER}
PERMIT_ACTS: Mapping[str, Act] = {
    "read": _act(HOLDERS | {Party.HANDLER, Party.OVERSEER}, states.PERMIT.transitions),
    "accept": _act({Party.SIGNATORY}, LIVE),
    "amend": _act({Party.APPLICANT}, LIVE),
    "renew": _act({Party.APPLICANT}, {*LIVE, states.EXPIRED}),
    "suspend": _act(HANDLERS, {states.IN_FORCE}),
    "resume": _act(HANDLERS, {states.SUSPENDED}),
    "revoke": _act(HANDLERS, LIVE),
}

ROLE_PARTIES = {Role.APPLICANT: Party.APPLICANT, Role.SIGNATORY: Party.SIGNATORY, Role.MANAGER: Party.READER}


def _as_member(user: User, organisation_id: Any) -> set[Party]:
    roles = user.memberships.filter(organisation_id=organisation_id).values_list("role", flat=True)
    return {ROLE_PARTIES[Role(role)] for role in roles if role in ROLE_PARTIES}


def _as_staff(user: User, member: set[Party], has_acted: Callable[[], bool]) -> set[Party]:
    """An official who is a member of the organisation, or has acted for it in the case, is disqualified.

    Act 434/2003, 27 and 28 §: leaving the organisation does not end it.
    """
    if not user.is_official or member or has_acted():
        return set()
    return {Party.HANDLER if Role.OFFICIAL in user.role_names else Party.OVERSEER}


def application_parties(user: User, application: Application) -> frozenset[Party]:
    """All that the user is to the application; empty for an outsider."""
    found = _as_member(user, application.organisation_id)
    if Party.SIGNATORY in found:
        found = found - {Party.SIGNATORY} | {Party.READER}  # a signing official accepts permits, and reads
    found |= _as_staff(user, found, partial(participation.acted_in, user, application))
    if application.shares.filter(user=user, ended_at=None).exists():
        found.add(Party.READER)
    if Party.HANDLER in found:
        if application.is_on_paper:
            found.add(Party.RECORDER)
        if application.status == states.PROPOSED:
            own = application.proposals.filter(ended_at=None, made_by=user).exists()
            found.add(Party.PREPARER if own else Party.DECIDER)
    return frozenset(found)


def permit_parties(user: User, permit: Permit) -> frozenset[Party]:
    """All that the user is to the permit. A standing one is read by the members of its whole class."""
    if permit.organisation_id is not None:
        member = _as_member(user, permit.organisation_id)
        has_acted = partial(participation.acted_for_permit, user, permit)
        return frozenset(member | _as_staff(user, member, has_acted))
    covered = user.memberships.filter(organisation__kind__in=permit.organisation_kinds).exists()
    return frozenset(({Party.READER} if covered else set()) | _as_staff(user, set(), lambda: False))


def check(act: str, user: User, application: Application) -> None:
    """Raise Denied, with the reason, unless the user may do the act to the application as it stands."""
    _check(APPLICATION_ACTS[act], application_parties(user, application), application)


def check_permit(act: str, user: User, permit: Permit) -> None:
    """Raise Denied, with the reason, unless the user may do the act to the permit as it stands."""
    _check(PERMIT_ACTS[act], permit_parties(user, permit), permit)


def allowed(user: User, application: Application) -> frozenset[str]:
    """The acts that the user may do to the application as it stands."""
    parties = application_parties(user, application)
    return frozenset(
        name
        for name, act in APPLICATION_ACTS.items()
        if act.parties & parties and application.status in act.states
    )


def allowed_permit(user: User, permit: Permit) -> frozenset[str]:
    """The acts that the user may do to the permit as it stands."""
    parties = permit_parties(user, permit)
    return frozenset(
        name for name, act in PERMIT_ACTS.items() if act.parties & parties and permit.status in act.states
    )


def _check(act: Act, parties: frozenset[Party], obj: Application | Permit) -> None:
    if not act.parties & parties:
        raise Denied(_reason(act, parties))
    if obj.status not in act.states:
        reason = _("This can't be done now: the state is “%(status)s”.")
        raise NotNow(reason % {"status": obj.get_status_display()}, obj)


def _reason(act: Act, parties: frozenset[Party]) -> Any:
    """Why somebody who is `parties` to it may not do the act in any state."""
    if Party.DECIDER in act.parties and Party.PREPARER in parties:
        return _("You made this proposal. Another official decides.")
    wanted = min(act.parties, key=list(Party).index)
    if wanted == Party.DECIDER and Party.HANDLER not in parties:
        wanted = Party.HANDLER
    return _REASONS[wanted]


_REASONS = {
    Party.APPLICANT: gettext_lazy("Only a member who may apply for the organisation can do this."),
    Party.SIGNATORY: gettext_lazy("Only the organisation's signing official can do this."),
    Party.READER: gettext_lazy("You are not a member of the organisation."),
    Party.HANDLER: gettext_lazy(
        "Only an official of the registry who is not a member of the organisation, and has not acted for it"
        " in the matter, can do this."
    ),
    Party.DECIDER: gettext_lazy("This can be decided once another official has made a proposal."),
}
