"""Sessions end where the user's second factor changes or the user becomes staff; the one that did it goes on.

django-allauth tells of a change once it is committed, so these tests commit, in a database of their own.
"""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from portal.models import Membership
from portal.roles import Role
from portal.sign_in import enrol_totp
from tests import factories
from tests.at_once import database_copy
from tests.portal.test_sign_in import SECRET, code, send_password

SET_UP = "/accounts/2fa/totp/activate/"


@pytest.fixture
def db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), database_copy():
        yield


def visited(client: Client) -> Any:
    """The client's session, after a visit: one that has ended names no user any more."""
    client.get("/service/")
    return client.session


def test_staff_set_up_the_app_and_get_recovery_codes(client: Client, cast: SimpleNamespace) -> None:
    send_password(client, cast.official.email)
    secret = client.get(SET_UP).context["form"].secret
    response = client.post(SET_UP, {"code": code(secret)}, follow=True)
    assert len(response.context["unused_codes"]) == 10
    assert client.get("/staff/deadlines/").status_code == 200


def test_setting_up_the_app_ends_the_users_other_sessions(cast: SimpleNamespace) -> None:
    stolen, own = Client(), Client()
    for browser in (stolen, own):
        send_password(browser, cast.official.email)
    secret = own.get(SET_UP).context["form"].secret
    own.post(SET_UP, {"code": code(secret)})
    assert "_auth_user_id" in visited(own)
    assert "_auth_user_id" not in visited(stolen)


def test_new_recovery_codes_end_the_users_other_sessions(cast: SimpleNamespace, sign_in) -> None:  # type: ignore[no-untyped-def]
    other, own = factories.signed_in(Client(), cast.official), sign_in(cast.official)
    own.post("/accounts/2fa/recovery-codes/generate/")
    assert "_auth_user_id" in visited(own)
    assert "_auth_user_id" not in visited(other)


@pytest.mark.parametrize("role", [Role.OFFICIAL, Role.ADMIN])
def test_who_becomes_staff_signs_in_anew(client: Client, cast: SimpleNamespace, role: Role) -> None:
    client.force_login(cast.secretary)
    Membership.objects.create(user=cast.secretary, organisation=cast.registry, role=role)
    assert "_auth_user_id" not in visited(client)


def test_an_app_set_up_on_the_command_line_ends_the_users_sessions(
    client: Client, cast: SimpleNamespace
) -> None:
    client.force_login(cast.official)
    enrol_totp(cast.official, SECRET)
    assert "_auth_user_id" not in visited(client)
