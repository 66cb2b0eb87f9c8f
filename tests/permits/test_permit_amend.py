"""A permit's change and renewal: applied for from its page; the old version holds until the new begins."""

import uuid
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from permits import granting, handling, states, workflow
from permits.access import usable_permits
from permits.models import Application, Permit
from portal.roles import Role
from tests import factories, permit_factories


@pytest.fixture
def scene(cast: SimpleNamespace) -> SimpleNamespace:
    cast.decider = factories.user("Paula Paattaja", cast.registry, Role.OFFICIAL)
    cast.rector = factories.user("Raili Rehtori", cast.school, Role.SIGNATORY)
    cast.first = permit_factories.accepted_permit(cast.secretary, cast.official, cast.decider, cast.rector)
    return cast


def amended(scene: SimpleNamespace, **changes: object) -> Permit:
    """The next version, granted and not yet accepted."""
    case = workflow.create(
        by=scene.secretary,
        organisation=scene.school,
        token=uuid.uuid4(),
        kind="amendment",
        amends=scene.first,
    )
    permit_factories.fill(case, scene.secretary)
    workflow.submit(case, by=scene.secretary, committed_by="Raili Rehtori")
    handling.take(case, by=scene.official)
    permit_factories.propose(case, scene.official, **changes)
    handling.decide(case, by=scene.decider)
    return Permit.objects.get(decision__application=case)


@pytest.mark.parametrize("kind", ["amendment", "renewal"])
def test_it_is_applied_for_from_the_permits_page_with_its_answers(scene, sign_in, kind: str) -> None:
    client, token = sign_in(scene.secretary), uuid.uuid4()
    page = client.get(reverse("permits:permit", args=[scene.first.pk])).content.decode()
    assert f'name="kind" value="{kind}"' in page
    data = {"permit": scene.first.pk, "kind": kind, "token": token}
    response = client.post(reverse("permits:new"), data)
    case = Application.objects.get(pk=token)
    assert response["Location"] == reverse("permits:form", args=[case.pk])
    assert (case.kind, case.amends) == (kind, scene.first)
    assert case.answers["purpose"] == permit_factories.complete_answers()["purpose"]


def test_a_version_that_begins_today_replaces_the_old_one(scene) -> None:
    second = amended(scene)
    scene.first.refresh_from_db()
    assert (second.number, second.version) == (scene.first.number, 2)
    assert scene.first.status == states.REPLACED


def test_the_old_version_holds_until_the_day_on_which_the_new_one_begins(scene, monkeypatch) -> None:
    later = timezone.localdate() + timedelta(days=10)
    second = amended(scene, valid_from=later)
    granting.accept(second, by=scene.rector, name="Raili Rehtori")
    assert granting.begin_due() == 0
    assert list(usable_permits(scene.school, granting.today()).filter(number=second.number)) == [scene.first]
    assert list(usable_permits(scene.school, later).filter(number=second.number)) == [second]
    monkeypatch.setattr(granting, "today", lambda: later)
    assert granting.begin_due() == 1
    assert granting.begin_due() == 0
    scene.first.refresh_from_db()
    assert scene.first.status == states.REPLACED


def test_the_old_versions_page_leads_to_the_newer_one(scene, sign_in) -> None:
    second = amended(scene)
    page = sign_in(scene.secretary).get(reverse("permits:permit", args=[scene.first.pk])).content.decode()
    assert reverse("permits:permit", args=[second.pk]) in page


def test_a_permit_that_ends_soon_says_so(cast, sign_in) -> None:
    soon = timezone.localdate() + timedelta(days=30)
    permit = factories.permit(cast.school, valid_to=soon)
    far = factories.permit(cast.school, valid_to=soon + timedelta(days=60))
    client = sign_in(cast.secretary)
    client.cookies["django_language"] = "en"
    pages = [client.get(reverse("permits:permit", args=[one.pk])).content.decode() for one in (permit, far)]
    assert ["The permit ends soon" in page for page in pages] == [True, False]
    assert "30 days left" in pages[0]
