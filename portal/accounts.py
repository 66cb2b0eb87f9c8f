"""Accounts: opened for people by an administrator, who never learns their passwords."""

from django.db import transaction

from portal.audit import Actor, record
from portal.events import Event
from portal.models import Membership, Organisation, User
from portal.roles import Role
from portal.sign_in import confirm_email


@transaction.atomic
def open_account(
    *, by: Actor, email: str, name: str, organisation: Organisation, roles: list[Role], language: str = "fi"
) -> User:
    """Make a user without a password, with the roles in the organisation.

    Raises ValidationError where the address is taken or malformed, or a role does not suit the organisation.
    """
    user = User(email=email.lower(), name=name, language=language)
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
