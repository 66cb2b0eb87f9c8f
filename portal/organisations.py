"""What is done with organisations: registered, checked by an official, corrected. For members see `members`.

Each act is one transaction with its audit row. The refusals are for the user to read.
"""

import hashlib
import re
import unicodedata
import uuid

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import organisation_mail, organisation_states
from portal.access import Denied
from portal.audit import Actor, record
from portal.events import Event
from portal.models import Membership, Organisation, OrganisationKind, User
from portal.roles import Role
from portal.states import move

CHECKED_FACTS = ("name", "business_id", "kind")
"""What an official has verified, and what is fixed from then on."""

CONTACT_FACTS = ("street", "postal_code", "post_office", "signing_official_name", "signing_official_title")
"""What the organisation keeps up itself."""

FACTS = CHECKED_FACTS + CONTACT_FACTS


_ADDRESS = re.compile(r"://|www\.|\w[.。][^\W\d_]{2,}", re.IGNORECASE)


def check_name(name: str) -> None:
    """Raise ValidationError for a name that leads somewhere: names stand in mails, where it became a link."""
    if _ADDRESS.search(unicodedata.normalize("NFKC", name)):
        raise ValidationError(
            {
                "name": _(
                    "The name must not hold a web address. Where it has a full stop, write a space after it."
                )
            }
        )


@transaction.atomic
def register(*, by: User, name: str, business_id: str, kind: str, **contact: str) -> Organisation:
    """Make an unverified organisation; who registers it becomes its first applicant and manager.

    Raises ValidationError where a fact is malformed or the business ID is taken.
    """
    if kind == OrganisationKind.REGISTRY:
        raise Denied(_("The registry itself cannot be registered as a customer."))
    check_name(name)
    made = Organisation(name=name, business_id=business_id, kind=kind, registered_by=by, **contact)
    made.full_clean()
    made.save()
    for role in (Role.APPLICANT, Role.MANAGER):
        Membership.objects.create(user=by, organisation=made, role=role)
    record(Event.ORGANISATION_REGISTERED, by=by, about=made, organisation=made.pk, kind=kind)
    return made


@transaction.atomic
def enter(*, by: Actor, name: str, business_id: str, kind: str, **contact: str) -> Organisation:
    """Enter an organisation that the registry itself knows: verified from the start, without members."""
    made = Organisation(
        name=name,
        business_id=business_id,
        kind=kind,
        status=organisation_states.VERIFIED,
        verified_at=timezone.now(),
        **contact,
    )
    made.full_clean()
    made.save()
    record(Event.ORGANISATION_ENTERED, by=by, about=made, organisation=made.pk, kind=kind)
    return made


@transaction.atomic
def correct(organisation: Organisation, *, by: User, **facts: str) -> None:
    """Store corrected FACTS; a refused organisation waits for verification again.

    Raises Denied where a verified fact would change, and ValidationError for a malformed one.
    """
    lock(organisation)
    changed = {name: value for name, value in facts.items() if getattr(organisation, name) != value}
    if unknown := set(facts) - set(FACTS):
        raise TypeError(f"not facts of an organisation: {sorted(unknown)}")
    if organisation.is_verified and set(changed) & set(CHECKED_FACTS):
        raise Denied(
            _("The registry has verified the name, the business ID and the kind. Ask us to change them.")
        )
    if changed.get("kind") == OrganisationKind.REGISTRY:
        raise Denied(_("The registry itself cannot be registered as a customer."))
    check_name(changed.get("name", ""))
    for name, value in changed.items():
        setattr(organisation, name, value)
    organisation.clean_fields()
    organisation.validate_unique()
    if organisation.status == organisation_states.REFUSED:
        move(
            organisation,
            organisation_states.UNVERIFIED,
            by=by,
            details={"organisation": organisation.pk, "changed": sorted(changed)},
            refused_reason="",
            **changed,
        )
        return
    if changed:
        Organisation.objects.filter(pk=organisation.pk).update(**changed)
        organisation.refresh_from_db()
    event = Event.ORGANISATION_CORRECTED
    record(event, by=by, about=organisation, organisation=organisation.pk, changed=sorted(changed))


def check_can_judge(organisation: Organisation, official: User) -> None:
    """Raise Denied, with the reason, unless the official may verify or refuse the organisation now."""
    is_own = organisation.registered_by_id == official.pk  # also once one has left it
    if is_own or organisation.memberships.filter(user=official).exists():
        raise Denied(_("You are a member of this organisation, so another official has to verify it."))
    if organisation.status == organisation_states.VERIFIED:
        raise Denied(_("The organisation has already been verified."))
    if organisation.status == organisation_states.REFUSED:
        raise Denied(_("The organisation has not corrected its information yet."))


def waiting_for(official: User) -> QuerySet[Organisation]:
    """The customers that wait to be verified by someone other than their own people."""
    unverified = Organisation.objects.filter(status=organisation_states.UNVERIFIED)
    others = unverified.exclude(kind=OrganisationKind.REGISTRY).exclude(registered_by=official)
    return others.exclude(pk__in=official.memberships.values("organisation"))


def fingerprint(organisation: Organisation) -> str:
    """What an official has seen of an organisation, to compare with what is verified."""
    return hashlib.sha256(repr([getattr(organisation, name) for name in FACTS]).encode()).hexdigest()


@transaction.atomic
def verify(organisation: Organisation, *, by: User, seen: str | None = None) -> None:
    """Take the organisation for what it says it is. `seen`: the fingerprint of what was checked."""
    lock(organisation)
    check_can_judge(organisation, by)
    check_seen(organisation, seen)
    move(
        organisation,
        organisation_states.VERIFIED,
        by=by,
        details={"organisation": organisation.pk},
        verified_at=timezone.now(),
        verified_by=by,
    )
    organisation_mail.tell_managers(organisation, "verified", about=uuid.uuid4())


@transaction.atomic
def refuse(organisation: Organisation, *, by: User, reason: str, seen: str | None = None) -> None:
    """Do not verify as it stands; the reason tells what to correct. `seen` as in `verify`."""
    lock(organisation)
    check_can_judge(organisation, by)
    check_seen(organisation, seen)
    if not reason.strip():
        raise Denied(_("Give the reason, so that the organisation knows what to correct."))
    move(
        organisation,
        organisation_states.REFUSED,
        by=by,
        details={"organisation": organisation.pk},
        refused_reason=reason.strip()[:1000],
    )
    organisation_mail.tell_managers(organisation, "refused", about=uuid.uuid4())


def check_seen(organisation: Organisation, seen: str | None) -> None:
    """Raise Denied where the organisation is no longer what the official has looked at."""
    if seen is not None and seen != fingerprint(organisation):
        raise Denied(_("The organisation has changed its information. Check it once more."))


def lock(organisation: Organisation) -> None:
    """See the organisation as it is now, and let nobody change it until the transaction ends."""
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    organisation.refresh_from_db()
