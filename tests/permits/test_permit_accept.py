"""The holder's signing official accepts a granted permit; before that nothing is ordered under it."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from permits.access import usable_permits
from permits.granting import today
from permits.models import Permit
from portal.access import Denied
from portal.models import AuditEvent
from portal.roles import Role
from portal.templatetags.components import day
from tests import factories, permit_factories


@pytest.fixture
def scene(cast: SimpleNamespace) -> SimpleNamespace:
    cast.decider = factories.user("Paula Paattaja", cast.registry, Role.OFFICIAL)
    cast.rector = factories.user("Raili Rehtori", cast.school, Role.SIGNATORY)
    cast.permit = permit_factories.granted_permit(cast.secretary, cast.official, cast.decider)
    cast.page = reverse("permits:permit", args=[cast.permit.pk])
    cast.accept = reverse("permits:accept", args=[cast.permit.pk])
    return cast


def fresh(permit: Permit) -> Permit:
    return Permit.objects.get(pk=permit.pk)


def test_before_the_acceptance_no_order_can_be_begun(scene) -> None:
    with pytest.raises(Denied, match="allekirjoit"):
        factories.draft_order(scene.secretary, scene.permit)
    assert scene.permit not in usable_permits(scene.school, today())


def test_the_signing_official_reads_the_terms_and_accepts_by_name(scene, sign_in) -> None:
    client: Client = sign_in(scene.rector)
    assert scene.permit.terms.texts["fi"][:60] in client.get(scene.accept).content.decode()
    response = client.post(scene.accept, {"name": "Raili Rehtori", "accepted": "on"})
    assert response["Location"] == scene.page
    acceptance = fresh(scene.permit).acceptance
    assert (acceptance.name, acceptance.accepted_by) == ("Raili Rehtori", scene.rector)
    assert acceptance.terms == scene.permit.terms
    assert factories.draft_order(scene.secretary, fresh(scene.permit)).permit == scene.permit


def test_a_form_without_the_name_or_the_tick_accepts_nothing(scene, sign_in) -> None:
    client = sign_in(scene.rector)
    for data in ({"name": "", "accepted": "on"}, {"name": "Raili Rehtori"}):
        assert client.post(scene.accept, data).status_code == 200
    assert not fresh(scene.permit).is_accepted


def test_of_a_permit_that_begins_later_the_first_day_is_told(scene, sign_in) -> None:
    first = today() + timedelta(days=30)
    permit = permit_factories.granted_permit(scene.secretary, scene.official, scene.decider, valid_from=first)
    address, client = reverse("permits:accept", args=[permit.pk]), sign_in(scene.rector)
    assert f"Luvalla voi tehdä tilauksia {day(first)} alkaen." in client.get(address).content.decode()
    response = client.post(address, {"name": "Raili Rehtori", "accepted": "on"}, follow=True)
    assert f"Sillä voi tehdä tilauksia {day(first)} alkaen." in response.content.decode()


def test_the_same_form_sent_twice_accepts_once(scene, sign_in) -> None:
    client = sign_in(scene.rector)
    for _ in range(2):
        response = client.post(scene.accept, {"name": "Raili Rehtori", "accepted": "on"})
        assert response["Location"] == scene.page
    assert AuditEvent.objects.filter(event="permit.accepted").count() == 1


@pytest.mark.parametrize("who", ["secretary", "official", "admin"])
def test_nobody_else_can_accept(scene, sign_in, who: str) -> None:
    response = sign_in(getattr(scene, who)).post(scene.accept, {"name": "Sari", "accepted": "on"})
    assert response.status_code == 403
    assert not fresh(scene.permit).is_accepted


def test_an_outsider_learns_not_even_that_the_permit_exists(scene, sign_in) -> None:
    client = sign_in(scene.outsider)
    assert client.get(scene.page).status_code == 404
    assert client.post(scene.accept, {"name": "Olli", "accepted": "on"}).status_code == 404


def test_who_cannot_accept_is_told_who_can(scene, sign_in) -> None:
    page = sign_in(scene.secretary).get(scene.page).content.decode()
    assert "Raili Rehtori" in page
    assert scene.accept not in page


def test_a_standing_permit_needs_no_acceptance(cast, sign_in) -> None:
    standing = Permit.objects.get(number="TL-OPPILAITOKSET")
    assert standing.is_accepted
    assert sign_in(cast.secretary).get(reverse("permits:accept", args=[standing.pk])).status_code == 403
