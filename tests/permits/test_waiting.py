"""What waits for a signed-in user on the front page."""

import pytest
from django.test import Client
from django.urls import reverse

from permits import granting
from portal.roles import Role
from tests import factories, permit_factories


def waiting(client: Client) -> list[tuple[str, str]]:
    """Address and number of each row on the front page."""
    return [(task.href, task.status) for task in client.get(reverse("home")).context["tasks"]]


def test_an_applicant_sees_requests_first_and_then_drafts(cast, browse) -> None:
    permit_factories.asked_application(cast.secretary, cast.official)
    permit_factories.application(cast.secretary)
    address = reverse("permits:applications")
    assert waiting(browse(cast.secretary)) == [(address, "1"), (address, "1")]


def test_nobody_sees_what_waits_for_another_organisation(cast, browse) -> None:
    permit_factories.application(cast.secretary)
    assert waiting(browse(cast.outsider)) == []


def test_an_official_sees_new_cases_and_those_for_a_decision(cast, second, browse) -> None:
    permit_factories.submitted_application(cast.secretary)
    permit_factories.proposed_application(cast.secretary, cast.official)
    queue = reverse("permits:queue")
    assert waiting(browse(second)) == [(f"{queue}?show=unassigned", "1"), (f"{queue}?show=decision", "1")]


def test_a_signatory_sees_the_permit_to_accept_until_it_is_accepted(cast, second, browse) -> None:
    signatory = factories.user("Jaana Johtaja", cast.school, Role.SIGNATORY)
    permit = permit_factories.granted_permit(cast.secretary, cast.official, second)
    assert waiting(browse(signatory)) == [(reverse("permits:permits"), "1")]
    granting.accept(permit, by=signatory, name=signatory.name)
    assert waiting(browse(signatory)) == []


@pytest.mark.django_db
def test_a_visitor_sees_no_list(client: Client) -> None:
    assert waiting(client) == []
