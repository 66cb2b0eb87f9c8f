"""Headers and cookies: nothing inline, nothing framed, nothing readable by scripts."""

from types import SimpleNamespace

import pytest
from django.test import Client

PAGES = ["/", "/service/", "/accounts/login/", "/accounts/password/reset/", "/accounts/signup/", "/nowhere/"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_the_strict_policy(client: Client, path: str) -> None:
    response = client.get(path)
    policy = dict(part.split(" ", 1) for part in response["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in response["Content-Security-Policy"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_inline_script_or_style(client: Client, path: str) -> None:
    page = client.get(path).content.decode()
    assert "style=" not in page
    assert "<style" not in page
    assert "<script>" not in page
    assert " onclick" not in page


@pytest.mark.django_db
def test_pages_are_not_framed_sniffed_or_named_to_others(client: Client) -> None:
    response = client.get("/accounts/login/")
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"


def test_cookies_are_for_this_site_alone_and_out_of_scripts_reach(
    client: Client, cast: SimpleNamespace
) -> None:
    client.get("/accounts/login/")
    response = client.post(
        "/accounts/login/", {"login": cast.secretary.email, "password": "a long enough passphrase"}
    )
    client.post("/language/", {"language": "sv"})
    assert response.status_code == 302
    assert {"sessionid", "csrftoken", "django_language"} <= set(client.cookies)
    for cookie in client.cookies.values():
        assert cookie["httponly"], cookie.key
        assert cookie["samesite"] == "Lax", cookie.key


def test_a_form_without_its_token_is_refused(cast: SimpleNamespace) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post(
        "/accounts/login/", {"login": cast.secretary.email, "password": "a long enough passphrase"}
    )
    assert response.status_code == 403


def test_no_page_of_a_signed_in_user_is_kept_in_a_store(cast: SimpleNamespace, sign_in) -> None:  # type: ignore[no-untyped-def]
    client = sign_in(cast.secretary)
    for path in (
        "/",
        "/orders/",
        "/orders/new/",
        "/orders/form.xlsx",
        "/accounts/2fa/",
        "/api/v1/orders/",
        "/nowhere/",
    ):
        assert "no-store" in client.get(path).headers.get("Cache-Control", ""), path
