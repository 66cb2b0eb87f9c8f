"""What an organisation does with its members: invite, admit, give roles, remove.

Each act is one transaction with its audit row. An organisation that has a manager is never left without one.
"""

import hashlib
from collections.abc import Collection
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import organisation_mail
from portal.access import Denied
from portal.audit import record
from portal.events import Event
from portal.limits import check_not_too_often
from portal.models import Invitation, JoinRequest, Membership, Organisation, OrganisationKind, User
from portal.organisations import lock
from portal.roles import CUSTOMER_ROLES, Role

INVITATION_DAYS = 14
JOINS_AN_HOUR = 5


@transaction.atomic
def invite(organisation: Organisation, *, by: User, email: str, roles: Collection[str]) -> Invitation:
    """Invite whoever has the address. Invited again, the same invitation is renewed and sent anew."""
    lock(organisation)
    _check_roles(roles)
    check_not_too_often(by, Event.MEMBER_INVITED)
    email = email.strip().lower()
    if organisation.memberships.filter(user__email=email).exists():
        raise Denied(
            _("This person is already a member. You can change the roles on the organisation’s page.")
        )
    now = timezone.now()
    invitation, _made = Invitation.objects.update_or_create(
        organisation=organisation,
        email=email,
        accepted_at=None,
        withdrawn_at=None,
        defaults={
            "roles": sorted(roles),
            "language": by.language,
            "invited_by": by,
            "invited_at": now,
            "expires_at": now + timedelta(days=INVITATION_DAYS),
        },
    )
    record(Event.MEMBER_INVITED, by=by, about=invitation, organisation=organisation.pk, roles=sorted(roles))
    organisation_mail.send_invitation(invitation)
    return invitation


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, by: User) -> None:
    open_ones = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None)
    if not open_ones.update(withdrawn_at=timezone.now()):
        raise Denied(_("The invitation has already been accepted or withdrawn."))
    record(Event.INVITATION_WITHDRAWN, by=by, about=invitation, organisation=invitation.organisation_id)


def invitation_with(token: str) -> Invitation | None:
    """The invitation whose link holds the token; the newest link alone works."""
    hashed = hashlib.sha256(token.encode()).hexdigest()
    return Invitation.objects.select_related("organisation").filter(token_hash=hashed).first()


def has_confirmed(user: User, email: str) -> bool:
    return EmailAddress.objects.filter(user=user, email=email, verified=True).exists()


def open_invitations(user: User) -> list[Invitation]:
    """The invitations to the addresses that the user has confirmed."""
    addresses = EmailAddress.objects.filter(user=user, verified=True).values("email")
    invitations = Invitation.objects.select_related("organisation").filter(
        email__in=addresses, accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now()
    )
    return list(invitations)


def check_can_accept(invitation: Invitation, user: User) -> None:
    """Raise Denied, with the reason, unless the invitation is open and was sent to the user's own address."""
    if not invitation.is_open:
        raise Denied(_("The invitation has been used or withdrawn, or it has expired. Ask for a new one."))
    if not has_confirmed(user, invitation.email):
        raise Denied(
            _("The invitation was sent to another e-mail address than the one with which you have signed in.")
        )
    if not _may_invite(invitation.invited_by, invitation.organisation):
        raise Denied(
            _("Who invited you no longer manages the organisation’s members. Ask for a new invitation.")
        )


@transaction.atomic
def accept_invitation(invitation: Invitation, *, by: User) -> None:
    """Become a member with the roles of the invitation; it works once."""
    lock(invitation.organisation)
    invitation.refresh_from_db()
    check_can_accept(invitation, by)
    now = timezone.now()
    Invitation.objects.filter(pk=invitation.pk).update(accepted_at=now, accepted_by=by)
    _give(invitation.organisation, by, invitation.roles)
    waiting = JoinRequest.objects.filter(organisation=invitation.organisation, user=by, decided_at=None)
    waiting.update(decided_at=now, decided_by_id=invitation.invited_by_id, admitted=True)
    record(
        Event.INVITATION_ACCEPTED,
        by=by,
        about=invitation,
        organisation=invitation.organisation_id,
        roles=invitation.roles,
    )


def check_can_join(organisation: Organisation, user: User) -> None:
    """Raise Denied, with the reason, unless the user may ask to become a member now."""
    if organisation.kind == OrganisationKind.REGISTRY:
        raise Denied(_("The registry itself does not take members by request."))
    if organisation.memberships.filter(user=user).exists():
        raise Denied(_("You are already a member of the organisation."))
    if organisation.join_requests.filter(user=user, decided_at=None).exists():
        raise Denied(_("You have already asked to join. The organisation has not answered yet."))
    if not organisation.memberships.filter(role=Role.MANAGER).exists():
        raise Denied(_("The organisation has nobody yet who could admit you. Write to us, and we will help."))


@transaction.atomic
def request_to_join(organisation: Organisation, *, by: User, text: str = "") -> JoinRequest:
    """Ask the organisation's managers to become a member."""
    lock(organisation)
    check_can_join(organisation, by)
    check_not_too_often(by, Event.JOIN_ASKED, most=JOINS_AN_HOUR)
    made = JoinRequest.objects.create(organisation=organisation, user=by, text=text.strip()[:500])
    record(Event.JOIN_ASKED, by=by, about=made)
    organisation_mail.tell_managers(organisation, "asked", about=made.pk)
    return made


@transaction.atomic
def admit(request: JoinRequest, *, by: User, roles: Collection[str]) -> None:
    """Take the person in with the roles."""
    lock(request.organisation)
    _check_roles(roles)
    _decide(request, by, admitted=True)
    _give(request.organisation, request.user, roles)
    record(Event.JOIN_ADMITTED, by=by, about=request, roles=sorted(roles))
    organisation_mail.tell(request.user, request.organisation, "admitted", about=request.pk)


@transaction.atomic
def turn_down(request: JoinRequest, *, by: User) -> None:
    lock(request.organisation)
    _decide(request, by, admitted=False)
    record(Event.JOIN_TURNED_DOWN, by=by, about=request)
    organisation_mail.tell(request.user, request.organisation, "turned_down", about=request.pk)


@transaction.atomic
def set_roles(organisation: Organisation, user: User, roles: Collection[str], *, by: User) -> None:
    """Give a member these roles and no others; invitations by who is no manager any more are withdrawn."""
    lock(organisation)
    _check_roles(roles)
    held = _roles_of(organisation, user)
    if not held:
        raise Denied(_("The person is no longer a member."))
    if Role.MANAGER in held and Role.MANAGER not in roles:
        check_not_last_manager(organisation, user)
    organisation.memberships.filter(user=user).exclude(role__in=roles).delete()
    _give(organisation, user, set(roles) - held)
    if Role.MANAGER not in roles:
        _withdraw_invitations_of(organisation, user, by=by)
    record(Event.ROLES_SET, by=by, about=user, organisation=organisation.pk, roles=sorted(roles))


@transaction.atomic
def remove_member(organisation: Organisation, user: User, *, by: User) -> None:
    """Take every role of the member away; a member may leave by the own act (`by` is `user`).

    The member's open invitations go too, or one to an address of the own would be the way back.
    """
    lock(organisation)
    held = _roles_of(organisation, user)
    if not held:
        raise Denied(_("The person is no longer a member."))
    if Role.MANAGER in held:
        check_not_last_manager(organisation, user)
    organisation.memberships.filter(user=user).delete()
    _withdraw_invitations_of(organisation, user, by=by)
    record(Event.MEMBER_REMOVED, by=by, about=user, organisation=organisation.pk, roles=sorted(held))


def check_not_last_manager(organisation: Organisation, user: User) -> None:
    """Raise Denied where nobody but the user manages the organisation's members."""
    managers = organisation.memberships.filter(role=Role.MANAGER, user__is_active=True)
    if not managers.exclude(user=user).exists() and managers.filter(user=user).exists():
        raise Denied(
            _("The organisation must have somebody who manages its members. Name another one first.")
        )


def _may_invite(inviter: User, organisation: Organisation) -> bool:
    """Whether what the person has invited to still holds: for managers, and for the registry's staff."""
    is_manager = organisation.memberships.filter(user=inviter, role=Role.MANAGER).exists()
    return inviter.is_active and (is_manager or inviter.is_official)


def _withdraw_invitations_of(organisation: Organisation, inviter: User, *, by: User) -> None:
    for one in organisation.invitations.filter(invited_by=inviter, accepted_at=None, withdrawn_at=None):
        withdraw_invitation(one, by=by)


def _check_roles(roles: Collection[str]) -> None:
    if not roles or not set(roles) <= set(CUSTOMER_ROLES):
        raise Denied(_("Choose at least one role."))


def _roles_of(organisation: Organisation, user: User) -> set[str]:
    return set(organisation.memberships.filter(user=user).values_list("role", flat=True))


def _give(organisation: Organisation, user: User, roles: Collection[str]) -> None:
    for role in roles:
        Membership.objects.get_or_create(user=user, organisation=organisation, role=role)


def _decide(request: JoinRequest, by: User, *, admitted: bool) -> None:
    """Answer a request that is still open; of two managers at once the first one's answer holds."""
    waiting = JoinRequest.objects.filter(pk=request.pk, decided_at=None)
    if not waiting.update(decided_at=timezone.now(), decided_by=by, admitted=admitted):
        raise Denied(_("The request has already been answered."))
    request.refresh_from_db()
