"""What somebody typed when the session ran out waits for that person alone; a stranger's is not kept."""

from types import SimpleNamespace

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from portal import typed_text
from tests import factories
from tests.portal.test_sign_in import send_password

TYPED = {"register_name": "Rovaniemen hanke 7"}


@pytest.fixture
def path(cast: SimpleNamespace) -> str:
    return reverse("orders:describe", args=[factories.draft_order(cast.secretary).pk])


def told(client: Client, path: str) -> bool:
    """Post signed out; whether the sign-in page says that the text waits."""
    response = client.post(path, TYPED)
    assert response.status_code == 302
    return "odottavat lomakkeessa" in client.get(response["Location"]).content.decode()


def test_what_was_typed_waits_for_its_writer_once(client: Client, cast, path: str) -> None:
    factories.session_ended(client, cast.secretary)
    assert told(client, path)
    send_password(client, cast.secretary.email)
    assert TYPED["register_name"] in client.get(path).content.decode()
    assert TYPED["register_name"] not in client.get(path).content.decode()


@pytest.mark.parametrize("by_the_pages", [True, False])
def test_who_signs_in_next_is_not_shown_what_another_typed(
    client: Client, cast, path: str, by_the_pages: bool
) -> None:
    factories.session_ended(client, cast.secretary)
    assert told(client, path)
    if by_the_pages:
        send_password(client, cast.colleague.email)
        assert typed_text.KEY not in client.session
    else:
        factories.signed_in(client, cast.colleague)
    assert TYPED["register_name"] not in client.get(path).content.decode()
    assert typed_text.KEY not in client.session


def test_what_waits_is_encrypted(client: Client, cast, path: str) -> None:
    factories.session_ended(client, cast.secretary)
    assert told(client, path)
    assert "Rovaniemen" not in str(dict(client.session.items()))


def test_of_a_stranger_nothing_is_kept(client: Client, path: str) -> None:
    assert not told(client, path)
    assert not Session.objects.exists()


@pytest.mark.parametrize("value", ["", "forged", "forged:1abcde:forged"])
def test_a_forged_cookie_is_a_strangers(client: Client, path: str, value: str) -> None:
    client.cookies[typed_text.COOKIE] = value
    assert not told(client, path)


def test_an_old_cookie_is_a_strangers(client: Client, cast, path: str, monkeypatch) -> None:
    factories.session_ended(client, cast.secretary)
    monkeypatch.setattr(typed_text, "WRITER_SECONDS", -1)
    assert not told(client, path)


def test_signing_in_sets_the_cookie_and_out_deletes_it(client: Client, cast, path: str, settings) -> None:
    settings.SESSION_COOKIE_SECURE = True
    cookie = send_password(client, cast.secretary.email).cookies[typed_text.COOKIE]
    assert (cookie["httponly"], cookie["samesite"], bool(cookie["secure"])) == (True, "Lax", True)
    client.post("/accounts/logout/", secure=True)
    assert not client.cookies[typed_text.COOKIE].value
    assert not told(client, path)


def test_more_than_a_form_holds_is_not_kept(client: Client, cast, path: str) -> None:
    factories.session_ended(client, cast.secretary)
    client.post(path, {"register_name": "x" * typed_text.LONGEST})
    assert typed_text.KEY not in client.session
