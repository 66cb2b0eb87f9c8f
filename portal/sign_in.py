"""Sign-in: what django-allauth asks about accounts and second factors, and what the audit trail is told."""

import time
import uuid
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.account.signals import password_changed, password_reset
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
)
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_logged_out
from django.db import transaction
from django.dispatch import Signal, receiver
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from portal import account_mail, typed_text, unsent
from portal.audit import record
from portal.events import Event
from portal.models import User
from portal.secret_text import fernet

ANONYMOUS = "anonymous"
"""The actor of a sign-in that failed."""

NOBODY = User(id=uuid.UUID(int=0))
"""Whom a failed sign-in is about where the address is nobody's; the address itself is never kept."""


class AccountAdapter(DefaultAccountAdapter):
    """Anybody may open an account, which can do nothing yet; mail goes out in the receiver's language."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed."),
        "email_password_mismatch": _("The e-mail address or the password is not right."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_password": _("This is not your password."),
        "rate_limited": _("Too many attempts. Wait a few minutes and try again."),
        "too_many_login_attempts": _("Too many attempts. Wait a few minutes and try again."),
    }

    @transaction.atomic
    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        """Store who signs up, with name and language. The account holds no role until it joins something."""
        user.name, user.language = form.cleaned_data["name"], form.cleaned_data["language"]
        user = super().save_user(request, user, form, commit)
        record(Event.ACCOUNT_OPENED, by=user, about=user)
        return user

    def send_account_already_exists_mail(self, email: str) -> None:
        """Tell the owner alone. The page takes as long as for a new account, whose password is hashed."""
        make_password(get_random_string(20))
        super().send_account_already_exists_mail(email)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        record(Event.SIGNED_IN, by=user, about=user)
        unsent.tell(request)
        typed_text.forget_of_others(request, user)
        response = super().post_login(request, user, **kwargs)
        typed_text.remember_writer(response, user)
        _agree_on_language(request, user, response)
        return response

    def is_reauthentication_required(self, **kwargs: Any) -> bool:
        """Who signed in a moment ago is not asked again, nor is a member of staff sent to set up the app."""
        records = get_authentication_records(self.request, self.request.user)
        return not records or time.time() - records[-1]["at"] > app_settings.REAUTHENTICATION_TIMEOUT

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        user = User.objects.filter(email=str(credentials.get("email", "")).lower()).first()
        record(Event.SIGN_IN_FAILED, by=ANONYMOUS, about=user or NOBODY, step="password")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Leave it to a worker: a mail server that is slow or away stops nobody, and tells nothing.

        Who asks for a link sees the same page as fast, whether there is such an account or not.
        """
        user = User.objects.filter(email=email.lower()).first()
        if user is not None:
            account_mail.queue(user, template_prefix.removesuffix("_signup"))


class MfaAdapter(DefaultMFAAdapter):
    """Secrets of second factors lie encrypted in the database, under keys derived from the secret keys."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("The code is not right. Type the one that the app shows now."),
        "rate_limited": _("Too many attempts. Wait a few minutes and try again."),
        "unverified_email": _("Confirm your e-mail address first."),
    }

    def encrypt(self, text: str) -> str:
        return fernet(b"mfa secrets").encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return fernet(b"mfa secrets").decrypt(encrypted_text.encode()).decode()


def missing_step(request: HttpRequest) -> str | None:
    """The page to which a member of staff must go first, by its name; None where nothing is missing.

    It is this session that must have seen a code: one that a password alone began, before the app was set up
    elsewhere, is no session of staff.
    """
    user = request.user
    if isinstance(user, AnonymousUser) or not user.is_official:
        return None
    if not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
        return "mfa_activate_totp"
    has_passed = any(one["method"] == "mfa" for one in get_authentication_records(request, user))
    return None if has_passed else "mfa_reauthenticate"


def enrol_totp(user: User, secret: str) -> None:
    """Turn on two-step sign-in with a known base32 secret, for the demo, the tests and `create_user`.

    The e-mail address counts as confirmed, for without that no code would be asked for.
    """
    confirm_email(user)
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    user.end_sessions()


def confirm_email(user: User) -> None:
    """Take the user's address as confirmed: an administrator has entered it."""
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )


@receiver(authentication_failed)
def record_wrong_code(user: User, **kwargs: Any) -> None:
    record(Event.SIGN_IN_FAILED, by=ANONYMOUS, about=user, step="code")


@receiver(user_logged_out)
def record_sign_out(user: User | None, **kwargs: Any) -> None:
    if user is not None:
        record(Event.SIGNED_OUT, by=user, about=user)


@receiver([password_changed, password_reset])
def record_new_password(user: User, **kwargs: Any) -> None:
    record(Event.PASSWORD_CHANGED, by=user, about=user)


@receiver([authenticator_added, authenticator_removed, authenticator_reset])
def record_second_factor(signal: Signal, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    change = {authenticator_added: "added", authenticator_removed: "removed", authenticator_reset: "renewed"}
    record(Event.SECOND_FACTOR_CHANGED, by=user, about=user, kind=authenticator.type, change=change[signal])


@receiver([authenticator_added, authenticator_reset])
def end_other_sessions(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """A session of before the change ends; the one that made it goes on."""
    user.end_sessions()
    update_session_auth_hash(request, user)


@receiver(authenticator_added)
def record_activation(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    """Who has set up the app has typed a code of it: the session counts as one with the second factor."""
    if authenticator.type == Authenticator.Type.TOTP:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)


def _agree_on_language(request: HttpRequest, user: User, response: HttpResponse) -> None:
    """The language chosen in this browser becomes the user's; where none was chosen, the user's holds."""
    if settings.LANGUAGE_COOKIE_NAME in request.COOKIES:
        language = translation.get_language()
        if language != user.language:
            User.objects.filter(pk=user.pk).update(language=language)
        return
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        user.language,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
