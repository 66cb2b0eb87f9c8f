"""An official takes a case, or gives it to another."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from permits import states
from permits.models import Application
from portal.models import AuditEvent, User
from portal.roles import Role
from tests import factories, permit_factories

SignIn = Callable[[User], Client]


@pytest.fixture
def second(cast: SimpleNamespace) -> User:
    return factories.user("Vera Virkailija", cast.registry, Role.OFFICIAL)


def seen(case: Application) -> str:
    return case.changed_at.isoformat()


def test_an_official_takes_a_case(cast: SimpleNamespace, sign_in: SignIn) -> None:
    case = permit_factories.submitted_application(cast.secretary)
    client = sign_in(cast.official)
    response = client.post(
        reverse("permits:take", args=[case.pk]), {"handler": cast.official.pk, "seen": seen(case)}
    )
    assert response["Location"] == reverse("permits:review", args=[case.pk])
    case.refresh_from_db()
    assert (case.status, case.handler) == (states.IN_REVIEW, cast.official)


def test_a_case_is_given_to_another_who_is_told(
    cast: SimpleNamespace, second: User, sign_in: SignIn, mailoutbox: list
) -> None:  # type: ignore[type-arg]
    case = permit_factories.reviewed_application(cast.secretary, cast.official)
    factories.run_jobs()
    mailoutbox.clear()
    sign_in(cast.official).post(
        reverse("permits:take", args=[case.pk]), {"handler": second.pk, "seen": seen(case)}
    )
    case.refresh_from_db()
    factories.run_jobs()
    assert case.handler == second
    assert [mail.to for mail in mailoutbox] == [[second.email]]


def test_the_second_to_take_sees_who_was_first(cast: SimpleNamespace, second: User, sign_in: SignIn) -> None:
    case = permit_factories.submitted_application(cast.secretary)
    old = seen(case)
    path = reverse("permits:take", args=[case.pk])
    sign_in(cast.official).post(path, {"handler": cast.official.pk, "seen": old})
    client = sign_in(second)
    response = client.post(path, {"handler": second.pk, "seen": old})
    assert response.status_code == 409
    assert "Ville Virkailija" in response.content.decode()
    case.refresh_from_db()
    assert case.handler == cast.official
    again = response.context["form"]["seen"].value()
    assert client.post(path, {"handler": second.pk, "seen": again}).status_code == 302
    case.refresh_from_db()
    assert case.handler == second


def test_a_member_of_the_organisation_can_not_be_made_the_handler(
    cast: SimpleNamespace, second: User, sign_in: SignIn
) -> None:
    case = permit_factories.submitted_application(cast.secretary)
    second.memberships.create(organisation=cast.school, role=Role.MANAGER)
    response = sign_in(cast.official).post(
        reverse("permits:take", args=[case.pk]), {"handler": second.pk, "seen": seen(case)}
    )
    assert response.context["form"].errors["handler"]
    case.refresh_from_db()
    assert case.handler is None


def test_an_official_of_the_applying_organisation_is_refused_with_the_reason(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    cast.official.memberships.create(organisation=cast.school, role=Role.MANAGER)
    case = permit_factories.submitted_application(cast.secretary)
    response = sign_in(cast.official).get(reverse("permits:review", args=[case.pk]))
    assert response.status_code == 403
    assert "jäsen" in response.content.decode()


@pytest.mark.parametrize("status", list(states.APPLICATION.transitions))
def test_each_reading_is_audited_in_every_state(
    cast: SimpleNamespace, second: User, sign_in: SignIn, status: str
) -> None:
    case = permit_factories.in_state(status, cast.secretary, cast.official, second)
    response = sign_in(cast.official).get(reverse("permits:review", args=[case.pk]))
    readings = AuditEvent.objects.filter(event="application.read", object_id=str(case.pk))
    if status == states.DRAFT:
        assert (response.status_code, readings.count()) == (404, 0)
    else:
        assert (response.status_code, readings.get().actor) == (200, str(cast.official.pk))
