"""Who signs up with somebody else's address and cannot confirm it keeps the owner out of nothing."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.core.management import CommandError
from django.test import Client
from django.utils import timezone

from portal import organisations, tasks
from portal.account_mail import password_link
from portal.models import AuditEvent, User
from portal.sign_in import enrol_totp
from tests import factories
from tests.organisations.conftest import FACTS
from tests.organisations.test_sign_up import sign_up
from tests.portal.test_create_user import create
from tests.portal.test_sign_in import SECRET, send_password

ADDRESS = "uuno@school.example"


@pytest.fixture
def occupied(cast: SimpleNamespace) -> User:
    """An account that a stranger has opened with somebody's address eight days ago."""
    sign_up(Client(), email=ADDRESS)
    User.objects.filter(email=ADDRESS).update(created_at=timezone.now() - timedelta(days=8))
    return User.objects.get(email=ADDRESS)


def test_it_is_removed_after_a_week_and_that_is_audited(cast, occupied: User) -> None:
    assert tasks.remove_unconfirmed() == 1
    assert not User.objects.filter(pk=occupied.pk).exists()
    event = AuditEvent.objects.get(event="user.account_removed")
    assert (event.actor, event.object_id) == ("machine", str(occupied.pk))
    assert User.objects.filter(pk=cast.secretary.pk).exists()


def test_beat_looks_for_them_each_night(settings) -> None:  # type: ignore[no-untyped-def]
    tasks_of_beat = {one["task"]: one["schedule"] for one in settings.CELERY_BEAT_SCHEDULE.values()}
    assert tasks_of_beat[tasks.remove_unconfirmed.name].hour == {2}


def test_before_a_week_is_over_it_stays(occupied: User) -> None:
    User.objects.filter(pk=occupied.pk).update(created_at=timezone.now() - timedelta(days=6))
    assert tasks.remove_unconfirmed() == 0


@pytest.mark.parametrize("reason", ["confirmed", "member", "second factor", "closed", "referred to"])
def test_an_account_that_is_somebodys_stays(cast, occupied: User, reason: str) -> None:
    if reason == "confirmed":
        EmailAddress.objects.filter(user=occupied).update(verified=True)
    elif reason == "member":
        occupied.memberships.create(organisation=cast.school, role="applicant")
    elif reason == "second factor":
        enrol_totp(occupied, SECRET)
        EmailAddress.objects.filter(user=occupied).update(verified=False)
    elif reason == "closed":
        User.objects.filter(pk=occupied.pk).update(is_active=False)
    else:
        organisations.register(by=occupied, **FACTS).memberships.all().delete()
    assert tasks.remove_unconfirmed() == 0
    assert User.objects.filter(pk=occupied.pk).exists()
    assert not AuditEvent.objects.filter(event="user.account_removed").exists()


def test_an_account_opened_for_the_owner_takes_it_over(cast, occupied: User, settings) -> None:
    link = EmailConfirmationHMAC(EmailAddress.objects.get(user=occupied)).key
    reset = password_link(occupied).removeprefix(settings.SITE_URL)
    assert "set-password" in Client().get(reset)["Location"]
    stranger = Client()
    stranger.force_login(occupied)
    assert create(cast) == occupied
    occupied.refresh_from_db()
    assert (occupied.name, occupied.has_usable_password()) == ("Uuno Uusi", False)
    assert EmailAddress.objects.get(user=occupied).verified
    assert EmailConfirmationHMAC.from_key(link) is None
    assert "set-password" not in Client().get(reset).headers.get("Location", "")
    stranger.get("/")
    assert "_auth_user_id" not in stranger.session
    assert AuditEvent.objects.get(event="user.account_taken_over").actor == "operator"


def test_the_stranger_cannot_sign_in_to_what_was_taken_over(cast, client: Client, occupied: User) -> None:
    create(cast)
    send_password(client, ADDRESS, factories.PASSWORD)
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("change", [{"verified": True}, {"is_active": False}])
def test_a_confirmed_or_closed_account_is_not_taken_over(cast, occupied: User, change: dict) -> None:
    if "verified" in change:
        EmailAddress.objects.filter(user=occupied).update(**change)
    else:
        User.objects.filter(pk=occupied.pk).update(**change)
    with pytest.raises(CommandError):
        create(cast)
    assert User.objects.get(pk=occupied.pk).has_usable_password()
