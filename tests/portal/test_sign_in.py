"""Signing in and out, the audit of both, languages, and passwords by mail."""

import re
import time
from types import SimpleNamespace

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.test import Client

from portal.models import AuditEvent, Job, User
from portal.sign_in import enrol_totp
from tests.factories import PASSWORD, run_jobs

SECRET = "JBSWY3DPEHPK3PXP"


def send_password(client: Client, email: str, password: str = PASSWORD, **extra: str):  # type: ignore[no-untyped-def]
    return client.post("/accounts/login/", {"login": email, "password": password, **extra})


def mail_sent() -> list[mail.EmailMessage]:
    """The messages, once a worker has sent what waits."""
    run_jobs()
    return mail.outbox


def code(secret: str = SECRET) -> str:
    """The code that an authenticator app shows now (RFC 6238)."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def test_a_user_signs_in_and_it_is_audited(client: Client, cast: SimpleNamespace) -> None:
    assert send_password(client, cast.secretary.email).status_code == 302
    assert client.session["_auth_user_id"] == str(cast.secretary.pk)
    event = AuditEvent.objects.get(event="user.signed_in")
    assert (event.actor, event.object_id) == (str(cast.secretary.pk), str(cast.secretary.pk))


def test_the_address_may_be_typed_in_capitals(client: Client, cast: SimpleNamespace) -> None:
    send_password(client, cast.secretary.email.upper())
    assert "_auth_user_id" in client.session


def test_what_is_left_empty_is_asked_for_by_its_name(client: Client, cast: SimpleNamespace) -> None:
    response = client.post("/accounts/login/", {}, headers={"accept-language": "en"})
    errors = response.context["form"].errors
    assert errors == {"login": ["Enter your e-mail address."], "password": ["Enter your password."]}


def test_what_is_no_address_is_told_with_an_example(client: Client, cast: SimpleNamespace) -> None:
    response = client.post("/accounts/password/reset/", {"email": "x"}, headers={"accept-language": "en"})
    assert "such as name@school.example" in response.context["form"].errors["email"][0]


def test_a_wrong_password_is_refused_and_audited(client: Client, cast: SimpleNamespace) -> None:
    response = send_password(client, cast.secretary.email, "a wrong passphrase")
    assert response.status_code == 200
    assert "_auth_user_id" not in client.session
    event = AuditEvent.objects.get(event="user.sign_in_failed")
    assert (event.actor, event.object_id) == ("anonymous", str(cast.secretary.pk))


def test_a_failed_sign_in_keeps_no_address(client: Client, cast: SimpleNamespace) -> None:
    send_password(client, "stranger@somewhere.example", "a wrong passphrase")
    event = AuditEvent.objects.get(event="user.sign_in_failed")
    assert "stranger" not in str(vars(event))
    assert event.object_id == "00000000-0000-0000-0000-000000000000"


def test_the_same_answer_whether_the_account_exists_or_not(client: Client, cast: SimpleNamespace) -> None:
    answers = []
    for email in (cast.secretary.email, "stranger@somewhere.example"):
        page = send_password(client, email, "a wrong passphrase").content.decode()
        page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)
        answers.append(page.replace(email, ""))
    assert answers[0] == answers[1]


def test_guessing_is_stopped_after_five_attempts(client: Client, cast: SimpleNamespace) -> None:
    for _ in range(5):
        send_password(client, cast.secretary.email, "a wrong passphrase")
    response = send_password(client, cast.secretary.email)
    assert "_auth_user_id" not in client.session
    assert response.context["form"].non_field_errors()


def test_a_closed_account_cannot_sign_in(client: Client, cast: SimpleNamespace) -> None:
    User.objects.filter(pk=cast.secretary.pk).update(is_active=False)
    send_password(client, cast.secretary.email)
    assert "_auth_user_id" not in client.session


def test_two_step_sign_in_asks_for_the_code(client: Client, cast: SimpleNamespace) -> None:
    enrol_totp(cast.official, SECRET)
    assert send_password(client, cast.official.email)["Location"] == "/accounts/2fa/authenticate/"
    assert "_auth_user_id" not in client.session
    client.post("/accounts/2fa/authenticate/", {"code": code()})
    assert client.session["_auth_user_id"] == str(cast.official.pk)


def test_a_wrong_code_is_refused_and_audited(client: Client, cast: SimpleNamespace) -> None:
    enrol_totp(cast.official, SECRET)
    send_password(client, cast.official.email)
    client.post("/accounts/2fa/authenticate/", {"code": "abcdef"})
    assert "_auth_user_id" not in client.session
    assert AuditEvent.objects.get(event="user.sign_in_failed").details == {"step": "code"}


def test_a_recovery_code_works_once(cast: SimpleNamespace) -> None:
    enrol_totp(cast.official, SECRET)
    codes = Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES).wrap().get_unused_codes()
    for attempt, signed_in in ((Client(), True), (Client(), False)):
        send_password(attempt, cast.official.email)
        attempt.post("/accounts/2fa/authenticate/", {"code": codes[0]})
        assert ("_auth_user_id" in attempt.session) is signed_in


def test_the_secret_of_the_app_is_encrypted_in_the_database(cast: SimpleNamespace) -> None:
    enrol_totp(cast.official, SECRET)
    assert SECRET not in Authenticator.objects.get(type=Authenticator.Type.TOTP).data["secret"]


def test_the_secret_is_read_after_the_secret_key_has_changed(cast: SimpleNamespace, settings) -> None:  # type: ignore[no-untyped-def]
    enrol_totp(cast.official, SECRET)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key altogether, of a good length, for the test"
    assert Authenticator.objects.get(type=Authenticator.Type.TOTP).wrap().validate_code(code())


def test_signing_in_takes_the_users_language_where_none_was_chosen(
    client: Client, cast: SimpleNamespace
) -> None:
    User.objects.filter(pk=cast.secretary.pk).update(language="sv")
    response = send_password(client, cast.secretary.email)
    assert response.cookies["django_language"].value == "sv"


def test_the_language_chosen_in_the_browser_becomes_the_users(client: Client, cast: SimpleNamespace) -> None:
    client.cookies["django_language"] = "en"
    send_password(client, cast.secretary.email)
    cast.secretary.refresh_from_db()
    assert cast.secretary.language == "en"


def test_a_password_is_reset_by_mail(client: Client, cast: SimpleNamespace) -> None:
    client.post("/accounts/password/reset/", {"email": cast.secretary.email})
    path = re.search(r"https?://[^/]+(/\S+)", mail_sent()[0].body)[1]  # type: ignore[index]
    form = client.get(path)["Location"]
    new = "another long passphrase"
    client.post(form, {"password1": new, "password2": new})
    cast.secretary.refresh_from_db()
    assert cast.secretary.check_password(new)
    assert "no longer" not in send_password(client, cast.secretary.email, new)["Location"]


def test_the_link_in_the_mail_is_ours_whatever_host_was_asked(
    client: Client, cast: SimpleNamespace, settings
) -> None:  # type: ignore[no-untyped-def]
    settings.ALLOWED_HOSTS = ["*"]
    client.post(
        "/accounts/password/reset/", {"email": cast.secretary.email}, headers={"host": "evil.example"}
    )
    assert settings.SITE_URL in mail_sent()[0].body
    assert "evil.example" not in mail_sent()[0].body


def test_an_unknown_address_gets_no_mail_and_the_same_page(client: Client, cast: SimpleNamespace) -> None:
    response = client.post("/accounts/password/reset/", {"email": "stranger@somewhere.example"})
    assert response["Location"] == "/accounts/password/reset/done/"
    assert mail_sent() == []


def test_mail_is_in_the_receivers_language(client: Client, cast: SimpleNamespace) -> None:
    User.objects.filter(pk=cast.secretary.pk).update(language="en")
    client.post(
        "/accounts/password/reset/", {"email": cast.secretary.email}, headers={"accept-language": "sv"}
    )
    assert mail_sent()[0].subject == "Choose a new password"


def test_no_secret_waits_in_the_database(client: Client, cast: SimpleNamespace) -> None:
    client.post("/accounts/password/reset/", {"email": cast.secretary.email})
    assert set(Job.objects.get().payload) == {"user", "template", "at", "organisation"}
    assert cast.secretary.email not in str(Job.objects.get().payload)


def test_an_address_not_yet_confirmed_is_confirmed_by_mail(client: Client, cast: SimpleNamespace) -> None:
    EmailAddress.objects.filter(user=cast.secretary).update(verified=False)
    send_password(client, cast.secretary.email)
    assert "_auth_user_id" not in client.session
    path = re.search(r"https?://[^/]+(/\S+)", mail_sent()[0].body)[1]  # type: ignore[index]
    client.post(path)
    send_password(client, cast.secretary.email)
    assert client.session["_auth_user_id"] == str(cast.secretary.pk)


def test_a_new_password_is_told_and_audited(client: Client, cast: SimpleNamespace) -> None:
    send_password(client, cast.secretary.email)
    new = "another long passphrase"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    client.post("/accounts/password/change/", form)
    assert [message.to for message in mail_sent()] == [[cast.secretary.email]]
    assert AuditEvent.objects.get(event="user.password_changed").actor == str(cast.secretary.pk)


def test_passwords_that_differ_are_told_at_the_second(client: Client, cast: SimpleNamespace) -> None:
    send_password(client, cast.secretary.email)
    form = {
        "oldpassword": PASSWORD,
        "password1": "another long passphrase",
        "password2": "yet another passphrase",
    }
    assert set(client.post("/accounts/password/change/", form).context["form"].errors) == {"password2"}


def test_a_password_of_digits_alone_is_refused(client: Client, cast: SimpleNamespace) -> None:
    send_password(client, cast.secretary.email)
    form = {"oldpassword": PASSWORD, "password1": "8301947562019", "password2": "8301947562019"}
    page = client.post("/accounts/password/change/", form).content.decode()
    assert "Salasanassa on pelkkiä numeroita" in page
    cast.secretary.refresh_from_db()
    assert cast.secretary.check_password(PASSWORD)


def test_who_is_signed_in_is_not_told_that_the_account_is_closed(client: Client, cast) -> None:  # type: ignore[no-untyped-def]
    assert client.get("/accounts/inactive/").status_code == 200
    client.force_login(cast.secretary)
    assert client.get("/accounts/inactive/")["Location"] == "/"


def test_too_many_requests_get_a_page_that_says_so(client: Client, cast: SimpleNamespace, settings) -> None:  # type: ignore[no-untyped-def]
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    responses = [send_password(client, "stranger@somewhere.example", "wrong") for _ in range(2)]
    assert [response.status_code for response in responses] == [200, 429]
    assert responses[1].templates[0].name == "429.html"


def test_signing_out_needs_a_post(client: Client, cast: SimpleNamespace) -> None:
    client.force_login(cast.secretary)
    client.get("/accounts/logout/")
    assert "_auth_user_id" in client.session
    client.post("/accounts/logout/")
    assert "_auth_user_id" not in client.session
    assert AuditEvent.objects.get(event="user.signed_out").actor == str(cast.secretary.pk)


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/"])
def test_signing_in_never_leads_elsewhere(client: Client, cast: SimpleNamespace, target: str) -> None:
    assert "evil.example" not in send_password(client, cast.secretary.email, next=target)["Location"]
