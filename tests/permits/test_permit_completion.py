"""A term of the permit: the customer may complete doubtful rows. Off, unless the preparer sets it."""

from types import SimpleNamespace

import pytest
from django.urls import reverse

from permits import granting
from permits.models import Permit, StandingPermitDraft
from portal.roles import Role
from tests import factories, permit_factories
from tests.permits.test_documents import document, fetched, text_of
from tests.permits.test_permit_standing import form

EN = {"headers": {"accept-language": "en"}}
MAY, MAY_NOT = "The customer may complete doubtful rows.", "Officials alone decide doubtful rows."


@pytest.fixture
def scene(cast: SimpleNamespace) -> SimpleNamespace:
    cast.decider = factories.user("Paula Paattaja", cast.registry, Role.OFFICIAL)
    return cast


def decided(scene: SimpleNamespace, **changes: object) -> Permit:
    return permit_factories.granted_permit(scene.secretary, scene.official, scene.decider, **changes)


def test_a_decided_permit_has_it_only_where_it_was_proposed(scene) -> None:
    assert not decided(scene).customer_completes
    assert decided(scene, customer_completes=True).customer_completes


def test_a_rejection_has_no_terms(scene) -> None:
    case = permit_factories.decided_application(
        *(scene.secretary, scene.official, scene.decider), outcome="reject", customer_completes=True
    )
    assert not case.decision.customer_completes


@pytest.mark.parametrize(("term", "words"), [(True, MAY), (False, MAY_NOT)])
def test_it_stands_on_the_permits_page_and_the_decisions(scene, sign_in, term: bool, words: str) -> None:
    permit = decided(scene, customer_completes=term)
    client = sign_in(scene.secretary)
    assert words in client.get(reverse("permits:permit", args=[permit.pk]), **EN).content.decode()
    case = sign_in(scene.official).get(reverse("permits:review", args=[permit.decision.application_id]), **EN)
    assert words in case.content.decode()


def test_it_stands_in_the_documents(scene, sign_in) -> None:
    permit = decided(scene, customer_completes=True)
    factories.run_jobs()
    sign_in(scene.secretary)
    client = sign_in(scene.secretary)
    case = permit.decision.application
    for kind in ("decision", "permit"):
        text = text_of(fetched(client, document(case, kind)))
        assert "Asiakas saa täydentää epäselviä rivejä." in text


def test_the_preparer_sets_it_on_the_form(scene, sign_in) -> None:
    client = sign_in(scene.official)
    client.post(reverse("permits:prepare_standing"), form(customer_completes="on"))
    draft = StandingPermitDraft.objects.get()
    page = client.get(reverse("permits:standing_draft", args=[draft.pk]), **EN).content.decode()
    assert MAY in page
    assert granting.decide_standing(draft, by=scene.decider).customer_completes


def test_a_change_of_the_permit_is_shown_beside_how_it_was(scene, sign_in) -> None:
    permit = decided(scene)
    factories.accept(permit)
    case = permit_factories.reviewed_application(scene.secretary, scene.official)
    type(case).objects.filter(pk=case.pk).update(amends=permit, kind="amendment")
    permit_factories.propose(case, scene.official, customer_completes=True)
    page = sign_in(scene.decider).get(reverse("permits:review", args=[case.pk]), **EN).content.decode()
    assert f"{MAY} In {permit}: {MAY_NOT}" in page


def test_the_schools_of_the_demo_may_complete(scene) -> None:
    from permits import demo

    assert demo.let_schools_complete(scene.official, scene.decider).customer_completes
    assert Permit.objects.filter(number="TL-OPPILAITOKSET", status="in_force").get().version == 2
