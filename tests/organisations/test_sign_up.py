"""Signing up: an own account by a confirmed address, and nothing told about other people's."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from portal.models import AuditEvent, User
from tests.factories import PASSWORD, run_jobs

NEW = {
    "name": "Uuno Uusi",
    "email": "uuno@koivula.example",
    "password1": PASSWORD,
    "password2": PASSWORD,
    "language": "sv",
}


def sign_up(client: Client, **changes: str) -> Any:
    return client.post("/accounts/signup/", NEW | changes)


def link_in(message: mail.EmailMessage) -> str:
    found = re.search(r"https?://[^/\s]+(/\S+)", message.body)
    assert found
    return found[1]


@pytest.mark.django_db
def test_a_person_signs_up_confirms_the_address_and_signs_in(client: Client) -> None:
    assert sign_up(client)["Location"] == "/accounts/confirm-email/"
    assert "_auth_user_id" not in client.session
    run_jobs()
    client.post(link_in(mail.outbox[0]))
    client.post("/accounts/login/", {"login": NEW["email"], "password": PASSWORD})
    user = User.objects.get(email=NEW["email"])
    assert client.session["_auth_user_id"] == str(user.pk)
    assert (user.name, user.language, user.role_names) == ("Uuno Uusi", "sv", frozenset())
    assert AuditEvent.objects.get(event="user.account_opened").actor == str(user.pk)


@pytest.mark.django_db
def test_before_the_confirmation_nobody_gets_in(client: Client) -> None:
    sign_up(client)
    client.post("/accounts/login/", {"login": NEW["email"], "password": PASSWORD})
    assert "_auth_user_id" not in client.session


def test_a_taken_address_gets_the_same_page_and_its_owner_a_message(cast, client: Client) -> None:
    new = sign_up(client)
    taken = sign_up(Client(), email=cast.secretary.email)
    assert (taken.status_code, taken["Location"]) == (new.status_code, new["Location"])
    run_jobs()
    sent = {one.to[0]: one.body for one in mail.outbox}
    assert sent.keys() == {NEW["email"], cast.secretary.email}
    assert "/accounts/password/reset/key/" in sent[cast.secretary.email]
    cast.secretary.refresh_from_db()
    assert cast.secretary.name == "Sari Sihteeri"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("email", "nobody"), ("password1", "short"), ("password2", "another passphrase")],
)
def test_what_is_wrong_is_told_at_its_field(client: Client, field: str, value: str) -> None:
    response = sign_up(client, **{field: value})
    assert field in response.context["form"].errors or "password2" in response.context["form"].errors
    assert not User.objects.filter(email=NEW["email"]).exists()


@pytest.mark.django_db
def test_signing_up_again_and_again_is_stopped(client: Client) -> None:
    answers = [sign_up(client, name="").status_code for _ in range(21)]
    assert answers[-1] == 429
    assert 429 not in answers[:20]


def test_who_has_no_organisation_is_shown_the_way(town, sign_in) -> None:
    client = sign_in(town.newcomer)
    for path in ("/", "/orders/", "/orders/new/"):
        assert 'href="/organisations/"' in client.get(path).content.decode().split("<main")[1]
    page = client.get("/organisations/").content.decode()
    assert "/organisations/register/" in page
    assert "/organisations/join/" in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("password", "language", "told"),
    [
        ("lyhyt", "fi", "Salasana on liian lyhyt: siinä on oltava vähintään 12 merkkiä."),
        ("lyhyt", "sv", "Lösenordet är för kort: det måste ha minst 12 tecken."),
        ("lyhyt", "en", "The password is too short: it must have at least 12 characters."),
        (NEW["email"], "fi", "Salasana muistuttaa liikaa sähköpostiosoitettasi."),
        (NEW["email"], "sv", "Lösenordet liknar din e-postadress för mycket."),
        (NEW["email"], "en", "The password is too much like your e-mail address."),
    ],
)
def test_a_bad_password_is_told_in_the_readers_language(client: Client, password, language, told) -> None:
    client.cookies["django_language"] = language
    form = sign_up(client, password1=password, password2=password).context["form"]
    assert form.errors["password1"] == [told]
