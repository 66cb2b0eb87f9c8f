"""The forms of sign-in, with labels and messages of our own, in plain words and no placeholders."""

from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_texts
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.functional import lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.models import User


def _password_rules() -> str:
    return " ".join(str(text) for text in password_validators_help_texts())


class PlainForm(forms.Form):
    """Labels and hints by field name; what is not named keeps django-allauth's."""

    labels = {
        "login": _("E-mail address"),
        "email": _("E-mail address"),
        "password": _("Password"),
        "oldpassword": _("Current password"),
        "password1": _("New password"),
        "password2": _("New password again"),
        "code": _("Code"),
    }
    hints: dict[str, Any] = {"password": "", "oldpassword": "", "password1": lazy(_password_rules, str)()}

    missing: dict[str, Any] = {
        "login": _("Enter your e-mail address."),
        "email": _("Enter your e-mail address."),
        "password": _("Enter your password."),
        "oldpassword": _("Enter your current password."),
        "password1": _("Enter a password."),
        "password2": _("Type the same password again."),
        "code": _("Enter the code."),
    }
    invalid: dict[str, Any] = {
        "login": _("Enter an e-mail address, such as name@school.example."),
        "email": _("Enter an e-mail address, such as name@school.example."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            for kind, texts in (("required", self.missing), ("invalid", self.invalid)):
                if name in texts:
                    field.error_messages[kind] = texts[name]
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.hints.get(name, field.help_text)


class TwicePassword(PlainForm):
    """A new password that is typed twice."""

    def clean(self) -> dict[str, Any]:
        cleaned = forms.Form.clean(self) or {}
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("The two passwords differ. Type the same password in both."))
        return cleaned


class CodeForm(PlainForm):
    """A one-time code: six digits from the app, or a recovery code of eight."""

    hints = {"code": _("Six digits from your authenticator app, or one of your recovery codes.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "one-time-code"}


class SignInForm(PlainForm, account.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class SignUpForm(TwicePassword, account.SignupForm):
    """Who opens an account of the own; the address counts once the link sent to it is opened."""

    labels = PlainForm.labels | {"password1": _("Password"), "password2": _("Password again")}
    hints = PlainForm.hints | {"email": _("A personal work address. We send a link to it.")}
    name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter your name.")},
    )
    language = forms.ChoiceField(
        label=_("Language of the messages"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )
    field_order = ["name", "email", "password1", "password2", "language"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = (get_language() or "fi")[:2]

    def try_save(self, request: HttpRequest) -> Any:
        """Two sign-ups with one address at once: the second is answered as one whose account is there."""
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:
            self.account_already_exists = True
            return super().try_save(request)

    def clean_password1(self) -> str:
        typed = self.cleaned_data
        person = User(name=typed.get("name", ""), email=typed.get("email", ""))
        return str(get_adapter().clean_password(typed["password1"], user=person))


class AskForReset(PlainForm, account.ResetPasswordForm):
    pass


class ResetPassword(TwicePassword, account.ResetPasswordKeyForm):
    pass


class ChangePassword(TwicePassword, account.ChangePasswordForm):
    pass


class ConfirmByPassword(PlainForm, account.ReauthenticateForm):
    pass


class AskForCode(CodeForm, mfa.AuthenticateForm):
    pass


class ConfirmByCode(CodeForm, mfa.ReauthenticateForm):
    pass


class SetUpApp(CodeForm, totp.ActivateTOTPForm):
    hints = {"code": _("Six digits that the app shows now.")}
