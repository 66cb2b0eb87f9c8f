"""Accounts: opened for people by an administrator, who never learns their passwords."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from portal.audit import Actor, Event, record
from portal.models import Membership, Organisation, User
from portal.roles import Role
from portal.sign_in import confirm_email, password_address


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


def password_link(user: User) -> str:
    """The address of the page where the user, once and within three days, chooses a password."""
    return password_address(user_pk_to_url_str(user), default_token_generator.make_token(user))


def invite(user: User, organisation: Organisation) -> None:
    """Send the user, in the user's language, the link for choosing a password."""
    context = {
        "organisation": organisation.name,
        "password_reset_url": password_link(user),
        "site_url": settings.SITE_URL,
        "contact_email": settings.CONTACT_EMAIL,
    }
    with translation.override(user.language):
        subject = render_to_string("account/email/invitation_subject.txt", context).strip()
        message = render_to_string("account/email/invitation_message.txt", context).strip()
    send_mail(subject, message, settings.DEFAULT_FROM_EMAIL, [user.email])
