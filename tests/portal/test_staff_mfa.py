"""Officials and admins need the second factor before anything else."""

from types import SimpleNamespace

import pytest
from django.test import Client

from portal.models import AuditEvent
from portal.sign_in import enrol_totp
from tests.factories import PASSWORD
from tests.portal.test_sign_in import SECRET, code, mail_sent, send_password

SET_UP = "/accounts/2fa/totp/activate/"


@pytest.mark.parametrize("who", ["official", "admin"])
@pytest.mark.parametrize("path", ["/", "/orders/", "/accounts/password/change/", "/staff/deadlines/"])
def test_staff_without_the_app_are_sent_to_set_it_up(
    client: Client, cast: SimpleNamespace, who: str, path: str
) -> None:
    client.force_login(getattr(cast, who))
    assert client.get(path)["Location"] == SET_UP
    assert client.post(path)["Location"] == SET_UP


def test_the_api_refuses_staff_without_the_app_with_the_reason(client: Client, cast: SimpleNamespace) -> None:
    client.force_login(cast.official)
    response = client.get("/api/v1/orders/", headers={"accept-language": "en"})
    assert response.status_code == 403
    assert "two-step sign-in" in response.json()["detail"]


def test_the_set_up_page_says_why(client: Client, cast: SimpleNamespace) -> None:
    client.cookies["django_language"] = "en"
    send_password(client, cast.official.email)
    page = client.get(SET_UP).content.decode()
    assert "Officials and administrators must turn on two-step sign-in" in page
    assert "data:image/svg+xml;base64," in page


def test_a_change_of_the_second_factor_is_audited_and_told_by_mail(  # type: ignore[no-untyped-def]
    client: Client, cast: SimpleNamespace, django_capture_on_commit_callbacks
) -> None:
    send_password(client, cast.official.email)
    secret = client.get(SET_UP).context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        client.post(SET_UP, {"code": code(secret)})
    events = AuditEvent.objects.filter(event="user.second_factor_changed", actor=str(cast.official.pk))
    assert {event.details["kind"] for event in events} == {"totp", "recovery_codes"}
    assert [message.to for message in mail_sent()] == [[cast.official.email]]


def test_recovery_codes_alone_are_no_second_factor(client: Client, cast: SimpleNamespace) -> None:
    enrol_totp(cast.official, SECRET)
    cast.official.authenticator_set.filter(type="totp").delete()
    client.force_login(cast.official)
    assert client.get("/service/")["Location"] == SET_UP


@pytest.mark.parametrize("path", ["/", "/orders/", "/staff/deadlines/", "/accounts/2fa/totp/deactivate/"])
def test_a_session_of_a_password_alone_asks_for_a_code_once_the_app_is_there(
    client: Client, cast: SimpleNamespace, path: str
) -> None:
    enrol_totp(cast.official, SECRET)
    client.force_login(cast.official)
    assert client.get(path)["Location"].startswith("/accounts/2fa/reauthenticate/?next=%2F")
    assert client.post(path)["Location"] == "/accounts/2fa/reauthenticate/"
    answer = client.get("/api/v1/orders/", headers={"accept-language": "en"})
    assert "began without a code" in answer.json()["detail"]
    page = client.post("/accounts/2fa/reauthenticate/", {"code": code(), "next": "/staff/"})
    assert page["Location"] == "/staff/"
    assert client.get("/staff/deadlines/").status_code == 200


def test_a_password_typed_again_is_no_second_factor(client: Client, cast: SimpleNamespace) -> None:
    enrol_totp(cast.official, SECRET)
    client.force_login(cast.official)
    assert client.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302
    assert client.get("/service/")["Location"].startswith("/accounts/2fa/reauthenticate/")


def test_setting_up_the_app_needs_a_recent_password(client: Client, cast: SimpleNamespace) -> None:
    client.force_login(cast.official)
    assert client.get(SET_UP)["Location"].startswith("/accounts/reauthenticate/")


def test_staff_can_sign_out_and_change_language_without_the_app(
    client: Client, cast: SimpleNamespace
) -> None:
    client.force_login(cast.official)
    client.post("/language/", {"language": "sv"})
    assert client.cookies["django_language"].value == "sv"
    client.post("/accounts/logout/")
    assert "_auth_user_id" not in client.session


def test_a_customer_needs_no_second_factor(client: Client, cast: SimpleNamespace) -> None:
    client.force_login(cast.secretary)
    assert client.get("/service/").status_code == 200
