"""What is posted signed out is not saved, and its sender is told so before the sign-in and after it."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
PAGE = "/orders/new/?organisation=1"
FORM = {"permit": "salainen", "token": "1"}
BEFORE, AFTER = "Istuntosi on päättynyt, eikä lähettämääsi tallennettu", "Lähettämääsi ei tallennettu"


def posted(client: Client, path: str, **headers: str) -> str:
    """Where a form that is sent signed out leads."""
    response = client.post(path, FORM, headers=headers)
    assert response.status_code == 302
    return str(response["Location"])


def signed_in_to(client: Client, email: str, sign_in_page: str) -> str:
    """The page that the sign-in leads to."""
    response = client.post(sign_in_page, {"login": email, "password": PASSWORD}, follow=True)
    return str(response.content.decode())


def test_who_posts_signed_out_is_told_before_the_sign_in_and_once_after_it(client: Client, cast) -> None:
    factories.session_ended(client, cast.secretary)
    sign_in_page = posted(client, PAGE)
    assert sign_in_page == "/accounts/login/?next=/orders/new/%3Forganisation%3D1"
    assert BEFORE in client.get(sign_in_page).content.decode()
    assert AFTER in signed_in_to(client, cast.secretary.email, sign_in_page)
    assert AFTER not in client.get(PAGE).content.decode()


def test_the_sign_in_leads_to_the_page_on_which_the_form_was(client: Client, cast) -> None:
    path = f"/organisations/{cast.school.pk}/"
    location = posted(client, f"{path}key/remove/", referer=f"http://testserver{path}key/?show=1")
    assert location.endswith(f"?next={path}key/%3Fshow%3D1")


@pytest.mark.parametrize(
    "referer", ["https://elsewhere.example/x", "//elsewhere.example", "javascript:x", "", "x", "http://["]
)
def test_a_page_of_another_site_is_never_led_to(client: Client, referer: str) -> None:
    assert posted(client, "/orders/new/", referer=referer).endswith("?next=/orders/new/")


def test_a_path_that_another_site_could_be_meant_by_is_not_led_to(client: Client) -> None:
    location = posted(client, "/orders/new/", referer="http://testserver//elsewhere.example/")
    assert location.endswith("?next=/%252Felsewhere.example/")


def test_nothing_of_what_was_sent_is_kept(client: Client) -> None:
    posted(client, PAGE)
    assert "salainen" not in str(dict(client.session.items()))
    assert "salainen" not in str(client.cookies)


def test_who_only_opens_a_page_signed_out_is_told_nothing(client: Client, cast) -> None:
    client.get(PAGE)
    assert AFTER not in signed_in_to(client, cast.secretary.email, f"/accounts/login/?next={PAGE}")


def test_for_a_stranger_no_session_is_begun(client: Client, cast) -> None:
    page = client.get(posted(client, PAGE)).content.decode()
    assert BEFORE in page
    assert not Session.objects.exists()


def test_a_scripts_own_request_is_told_of_by_the_script(client: Client, cast) -> None:
    factories.session_ended(client, cast.secretary)
    posted(client, PAGE, accept="application/json")
    assert "unsent" not in client.session


def test_what_waits_in_its_form_is_not_said_to_be_lost(client: Client, cast) -> None:
    factories.session_ended(client, cast.secretary)
    posted(client, PAGE)
    describe = reverse("orders:describe", args=[cast.school.pk])
    page = client.get(posted(client, describe)).content.decode()
    assert "odottavat lomakkeessa" in page
    assert "unsent" not in client.session


def test_another_language_chosen_on_the_sign_in_page_is_nothing_unsent(client: Client) -> None:
    client.post(reverse("set_language"), {"language": "sv", "next": "/accounts/login/?next=/orders/"})
    assert "unsent" not in client.session


def test_a_form_of_a_page_that_was_open_too_long_leads_back_to_that_page(cast) -> None:
    client, path = Client(enforce_csrf_checks=True), f"/organisations/{cast.school.pk}/key/"
    client.force_login(cast.secretary)
    response = client.post(f"{path}remove/", headers={"referer": f"http://testserver{path}"})
    assert response.status_code == 403
    assert f'class="button" href="{path}"' in response.content.decode()
