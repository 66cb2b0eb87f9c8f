"""The API's applications and permits: the same rules as the pages, and named fields only."""

from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.urls import reverse

from portal.models import AuditEvent
from tests import factories, permit_factories

PERMIT = {
    "id", "number", "version", "status", "organisation", "organisation_kinds", "scopes",
    "entitled_to_protected", "customer_completes", "purposes", "legal_bases", "conditions", "terms",
    "decided_on", "valid_from", "valid_to", "is_accepted",
}  # fmt: skip
APPLICATION = {
    "id", "number", "status", "kind", "organisation", "created_at", "submitted_at", "due_on", "decided_at",
}  # fmt: skip


@pytest.fixture
def scene(cast: SimpleNamespace) -> SimpleNamespace:
    cast.permit = factories.permit(cast.school)
    cast.case = permit_factories.submitted_application(cast.secretary)
    return cast


def test_a_permit_is_shown_by_named_fields(scene, sign_in) -> None:
    shown = sign_in(scene.secretary).get(reverse("api_permits:permit", args=[scene.permit.pk])).json()
    assert set(shown) == PERMIT
    assert shown["scopes"] == scene.permit.scopes
    assert shown["is_accepted"] is True


def test_an_application_is_shown_by_named_fields(scene, sign_in) -> None:
    shown = sign_in(scene.secretary).get(reverse("api_permits:application", args=[scene.case.pk])).json()
    assert set(shown) == APPLICATION
    assert shown["due_on"] == scene.case.due_on.isoformat()


def test_one_lists_the_own_and_the_standing_ones(scene, sign_in) -> None:
    client = sign_in(scene.secretary)
    permits = client.get(reverse("api_permits:permits")).json()["results"]
    assert {one["number"] for one in permits} == {scene.permit.number, "TL-OPPILAITOKSET"}
    cases = client.get(reverse("api_permits:applications")).json()["results"]
    assert [one["number"] for one in cases] == [scene.case.number]
    assert AuditEvent.objects.filter(event="permits.listed").exists()


def test_a_stranger_gets_404_and_lists_nothing_of_others(scene, sign_in) -> None:
    client = sign_in(scene.outsider)
    for name, pk in [("permit", scene.permit.pk), ("application", scene.case.pk), ("permit", uuid4())]:
        assert client.get(reverse(f"api_permits:{name}", args=[pk])).status_code == 404
    permits = client.get(reverse("api_permits:permits")).json()["results"]
    assert [one["number"] for one in permits] == ["TL-OPPILAITOKSET"]
    assert client.get(reverse("api_permits:applications")).json()["results"] == []


def test_an_official_reads_submitted_cases_and_no_drafts(scene, sign_in) -> None:
    draft = permit_factories.application(scene.secretary)
    client = sign_in(scene.official)
    assert client.get(reverse("api_permits:application", args=[scene.case.pk])).status_code == 200
    assert client.get(reverse("api_permits:application", args=[draft.pk])).status_code == 404


@pytest.mark.parametrize("name", ["permits", "applications"])
def test_a_list_costs_the_same_queries_however_long(
    scene, sign_in, django_assert_max_num_queries, name: str
) -> None:
    client, url = sign_in(scene.secretary), reverse(f"api_permits:{name}")
    with django_assert_max_num_queries(100) as few:
        client.get(url)
    for _ in range(5):
        factories.permit(scene.school, accepted=False)
        permit_factories.application(scene.secretary)
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(url)
