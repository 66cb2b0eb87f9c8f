"""A permit as its pages show it: where it stands, what it covers, who can do what; and the lists' filters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from permits import acts, field_texts, states
from permits.access import visible_permits
from permits.models import (
    Decision,
    Document,
    Permit,
    PermitAcceptance,
    PermitQuerySet,
    StandingPermitDraft,
    SubjectKind,
)
from portal.models import Membership, OrganisationKind, User
from portal.roles import Role
from portal.ui import Filter, Tone

ENDS_SOON_DAYS = 60
"""For how many days before a permit's end its page and the officials' list tell of it."""

TONES: Mapping[str, Tone] = {
    states.IN_FORCE: "success",
    states.SUSPENDED: "warning",
    states.REVOKED: "error",
    states.EXPIRED: "neutral",
    states.REPLACED: "neutral",
}
FILTER_LABELS = {
    "in_force": gettext_lazy("In force"),
    "waiting": gettext_lazy("Waiting for acceptance"),
    "later": gettext_lazy("Not yet in force"),
    "suspended": gettext_lazy("Suspended"),
    "ending": gettext_lazy("Ending within 60 days"),
    "ended": gettext_lazy("Ended"),
}


@dataclass(frozen=True)
class Row:
    """A permit on a line of a list."""

    permit: Permit
    holder: str
    state: Any
    tone: Tone


def filter_of(name: str, today: date) -> Q:
    """The permits of a filter; all where the name is none."""
    live = Q(status__in=acts.LIVE)
    over = Q(valid_to__lt=today)
    begun = Q(status=states.IN_FORCE, valid_from__lte=today)
    # Not `acceptance__isnull`: PostgreSQL reckons with almost no row of such a join, and sorts them all.
    accepted = Q(Exists(PermitAcceptance.objects.filter(permit=OuterRef("pk"))))
    filters = {
        "in_force": begun & ~over,
        "waiting": live & ~over & Q(organisation__isnull=False) & ~accepted,
        "later": Q(status=states.IN_FORCE, valid_from__gt=today),
        "suspended": Q(status=states.SUSPENDED) & ~over,
        "ending": begun & Q(valid_to__range=(today, today + timedelta(days=ENDS_SOON_DAYS))),
        "ended": ~live | over,
    }
    return filters.get(name, Q())


def filters(permits: PermitQuerySet, names: Sequence[str], chosen: str, today: date) -> list[Filter]:
    """Each filter with its number of permits, counted in one query: for one holder's permits."""
    counts = permits.aggregate(
        all=Count("pk"), **{name: Count("pk", filter=filter_of(name, today)) for name in names}
    )
    return _filters(names, chosen, "", counts)


def uncounted_filters(names: Sequence[str], chosen: str, rest: str) -> list[Filter]:
    """The filters of every permit there is, too many to count at each page; `rest` is kept."""
    return _filters(names, chosen, rest, {})


def _filters(names: Sequence[str], chosen: str, rest: str, counts: Mapping[str, int]) -> list[Filter]:
    everything = Filter(_("All"), f"?{rest}", counts.get("all"), chosen not in names)
    return [everything] + [
        Filter(FILTER_LABELS[name], f"?state={name}&{rest}".rstrip("&"), counts.get(name), name == chosen)
        for name in names
    ]


def rows(permits: Sequence[Permit], today: date) -> list[Row]:
    return [Row(one, holder_of(one), *state_of(one, today)) for one in permits]


def state_of(permit: Permit, today: date) -> tuple[Any, Tone]:
    """Where the permit stands on the day, in words: its dates count before the clock has marked them."""
    if permit.status in acts.LIVE and permit.valid_to is not None and permit.valid_to < today:
        return _("Expired"), "neutral"
    if permit.status == states.IN_FORCE and not permit.is_accepted:
        return _("Waiting for acceptance"), "warning"
    if permit.status == states.IN_FORCE and permit.valid_from > today:
        return _("Not yet in force"), "info"
    return permit.get_status_display(), TONES[permit.status]


def holder_of(permit: Permit) -> str:
    """The holder's name; of a standing permit the classes of organisations in words."""
    if permit.organisation is not None:
        return permit.organisation.name
    return ", ".join(str(OrganisationKind(kind).label) for kind in permit.organisation_kinds)


def data_of(scopes: Mapping[str, Sequence[str]]) -> list[tuple[Any, list[tuple[Any, str]]]]:
    """What is covered: [(subject, [(group, its fields in words)])], in the catalogue's order."""
    return [
        (
            SubjectKind(subject).label,
            [
                (group, ", ".join(str(text.label) for _name, text in fields))
                for group, fields in field_texts.grouped(scopes[subject], subject)
            ],
        )
        for subject in SubjectKind.values
        if scopes.get(subject)
    ]


def permit_page(permit: Permit, user: User, today: date) -> dict[str, Any]:
    """All of the permit, and what the user can do with it."""
    can = acts.allowed_permit(user, permit)
    state, tone = state_of(permit, today)
    versions = visible_permits(user).filter(number=permit.number).order_by("-version")
    newest = versions.first()
    return {
        "permit": permit,
        "holder": holder_of(permit),
        "state": state,
        "tone": tone,
        "data": data_of(permit.scopes),
        "versions": rows(list(versions.select_related("acceptance")), today),
        "newer": newest if newest is not None and newest.version > permit.version else None,
        "events": list(permit.events.all()),
        "makers": makers(permit, user),
        "documents": list(Document.objects.filter(Q(permit=permit) | Q(decision__permit=permit))),
        "signatories": signatories(permit),
        "can": can,
        "can_accept": "accept" in can and not permit.is_accepted,
        "can_order": _can_order(permit, user, today),
        "days_left": _days_left(permit, today),
        "ends_soon": _ends_soon(permit, today),
    }


def makers(permit: Permit, user: User) -> Decision | StandingPermitDraft | None:
    """Who prepared and who decided it, for officials alone; None of a permit older than the service."""
    if not acts.permit_parties(user, permit) & {acts.Party.HANDLER, acts.Party.OVERSEER}:
        return None
    return permit.decision or getattr(permit, "prepared_as", None)


def signatories(permit: Permit) -> list[str]:
    """Who can accept the permit for its holder, by name; nobody's where it needs no acceptance or has it."""
    if permit.is_accepted:
        return []
    members = Membership.objects.filter(organisation=permit.organisation_id, role=Role.SIGNATORY)
    return list(members.order_by("user__name").values_list("user__name", flat=True))


def _can_order(permit: Permit, user: User, today: date) -> bool:
    if not permit.subjects or not permit.is_accepted or permit.status != states.IN_FORCE:
        return False
    begun = permit.valid_from <= today and (permit.valid_to is None or permit.valid_to >= today)
    return begun and user.is_applicant


def _days_left(permit: Permit, today: date) -> int | None:
    return None if permit.valid_to is None else (permit.valid_to - today).days


def _ends_soon(permit: Permit, today: date) -> bool:
    left = _days_left(permit, today)
    return permit.status in acts.LIVE and left is not None and 0 <= left <= ENDS_SOON_DAYS
