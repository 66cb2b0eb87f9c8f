"""Accounts: opened for people by an administrator, who never learns their passwords; unconfirmed ones end.

Anybody can sign up with anybody's address. Until it is confirmed nobody can sign in, and the account keeps
the address's owner out of nothing: it gives way to one opened for the owner, and goes after some days.
"""

import uuid
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, ProtectedError, QuerySet
from django.utils import timezone

from portal.audit import Actor, record
from portal.events import MACHINE, Event
from portal.models import Membership, Organisation, User
from portal.roles import Role
from portal.sign_in import confirm_email


@transaction.atomic
def open_account(
    *, by: Actor, email: str, name: str, organisation: Organisation, roles: list[Role], language: str = "fi"
) -> User:
    """Make a user without a password, with the roles in the organisation.

    Raises ValidationError where the address is taken or malformed, or a role does not suit the organisation.
    An account that somebody opened with the address and never confirmed is taken over.
    """
    user = _taken_over(email.lower(), by) or User(email=email.lower())
    user.name, user.language = name, language
    user.set_unusable_password()
    user.full_clean()
    user.save()
    confirm_email(user)
    for role in roles:
        membership = Membership(user=user, organisation=organisation, role=role)
        membership.full_clean()
        membership.save()
    record(Event.ACCOUNT_OPENED, by=by, about=user, organisation=organisation.pk, roles=roles)
    return user


def remove_unconfirmed() -> int:
    """Delete the accounts that were not confirmed in time and to which nothing refers; how many."""
    latest = timezone.now() - timedelta(days=settings.UNCONFIRMED_DAYS)
    old = unconfirmed().filter(created_at__lt=latest).values_list("pk", flat=True)
    return sum(_remove(pk) for pk in list(old))


def unconfirmed() -> QuerySet[User]:
    """Open accounts that never had a confirmed address, and so never a session, a role or a second factor."""
    confirmed = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    users = User.objects.filter(~Exists(confirmed), is_active=True)
    return users.filter(memberships__isnull=True, authenticator__isnull=True)


def _remove(pk: uuid.UUID) -> bool:
    try:
        with transaction.atomic():
            user = _locked(pk)
            if user is None:
                return False
            record(Event.ACCOUNT_REMOVED, by=MACHINE, about=user)
            user.delete()
    except ProtectedError:  # something refers to it, so it stays
        return False
    return True


def _taken_over(email: str, by: Actor) -> User | None:
    """The unconfirmed account with the address, of which no link and no session is of use any more."""
    found = unconfirmed().filter(email=email).first()
    user = found and _locked(found.pk)
    if not user:
        return None
    EmailAddress.objects.filter(user=user).delete()  # a link of before names the row, and so leads nowhere
    user.end_sessions()
    record(Event.ACCOUNT_TAKEN_OVER, by=by, about=user)
    return user


def _locked(pk: uuid.UUID) -> User | None:
    """The account, which nobody confirms until the transaction ends; None where somebody just has."""
    User.objects.select_for_update().filter(pk=pk).first()
    list(EmailAddress.objects.select_for_update().filter(user=pk))
    return unconfirmed().filter(pk=pk).first()
