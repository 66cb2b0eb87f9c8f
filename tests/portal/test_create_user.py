"""Accounts are opened on the command line; the person chooses the password by a link."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from portal.models import AuditEvent, User
from tests.portal.test_sign_in import mail_sent


def create(cast: SimpleNamespace, **options: Any) -> User:
    values = {"name": "Uuno Uusi", "organisation": cast.school.business_id, "role": ["applicant"]} | options
    call_command("create_user", "uuno@school.example", **values)
    return User.objects.get(email="uuno@school.example")


def test_the_invited_person_chooses_a_password_and_signs_in(client: Client, cast: SimpleNamespace) -> None:
    user = create(cast)
    path = re.search(r"https?://[^/]+(/\S+)", mail_sent()[0].body)[1]  # type: ignore[index]
    form = client.get(path)["Location"]
    client.post(form, {"password1": "a brand new passphrase", "password2": "a brand new passphrase"})
    client.post("/accounts/login/", {"login": user.email, "password": "a brand new passphrase"})
    assert client.session["_auth_user_id"] == str(user.pk)


def test_it_is_audited(cast: SimpleNamespace) -> None:
    user = create(cast)
    event = AuditEvent.objects.get(event="user.account_opened")
    assert (event.actor, event.object_id, event.organisation) == (
        "operator",
        str(user.pk),
        str(cast.school.pk),
    )
    assert event.details == {"roles": ["applicant"]}


def test_nothing_secret_is_printed(cast: SimpleNamespace, capsys: pytest.CaptureFixture[str]) -> None:
    create(cast)
    assert "http" not in capsys.readouterr().out


def test_the_link_is_printed_when_asked_and_not_mailed(
    cast: SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    create(cast, show_link=True)
    assert "/accounts/password/reset/key/" in capsys.readouterr().out
    assert mail_sent() == []


def test_the_mail_is_in_the_language_given(cast: SimpleNamespace) -> None:
    create(cast, language="en")
    assert mail_sent()[0].subject == "Your account in the update service"


@pytest.mark.parametrize("options", [{"organisation": "1234567-1"}, {"role": ["official"]}, {"name": ""}])
def test_a_mistake_opens_nothing(cast: SimpleNamespace, options: dict[str, Any]) -> None:
    with pytest.raises(CommandError):
        create(cast, **options)
    assert not User.objects.filter(email="uuno@school.example").exists()


def test_an_address_has_one_account(cast: SimpleNamespace) -> None:
    create(cast)
    with pytest.raises(CommandError):
        create(cast)
