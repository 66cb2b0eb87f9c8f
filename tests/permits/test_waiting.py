"""What waits for a signed-in user on the front page."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from permits import granting, handling, workflow
from portal.models import Membership
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
    assert waiting(browse(second)) == [(f"{queue}?show=unassigned", "1"), (f"{queue}?show=to_decide", "1")]


def test_ones_own_proposal_does_not_wait_for_ones_own_decision(cast, second, browse) -> None:
    case = permit_factories.proposed_application(cast.secretary, cast.official)
    queue = reverse("permits:queue")
    assert waiting(browse(cast.official)) == [(f"{queue}?show=mine", "1")]
    assert waiting(browse(second)) == [(f"{queue}?show=to_decide", "1")]
    shown = browse(second).get(queue, {"show": "to_decide"}).content.decode()
    assert case.number in shown
    assert case.number not in browse(cast.official).get(queue, {"show": "to_decide"}).content.decode()


def test_a_statement_waits_for_who_was_asked_until_it_is_given(cast, second, browse) -> None:
    case = permit_factories.reviewed_application(cast.secretary, cast.official)
    soon = granting.today() + timedelta(days=5)
    asked = handling.ask_statement(case, by=cast.official, of=second, question="Mitä?", wanted_by=soon)
    address = f"{reverse('permits:queue')}?show=statement"
    assert waiting(browse(second)) == [(address, "1")]
    assert case.number in browse(second).get(address).content.decode()
    handling.give_statement(asked, by=second, answer="Puollan.")
    assert waiting(browse(second)) == []


def test_a_standing_permit_waits_for_another_official_than_its_preparer(cast, second, browse) -> None:
    permit_factories.standing_draft(cast.official)
    assert waiting(browse(second)) == [(reverse("permits:standing_permits"), "1")]
    assert waiting(browse(cast.official)) == []


def test_a_paper_application_waits_to_be_submitted(cast, browse) -> None:
    made = workflow.create(
        by=cast.official, organisation=cast.school, token=uuid.uuid4(), received_on=granting.today()
    )
    address = reverse("permits:applications")
    assert waiting(browse(cast.official)) == [(address, "1")]
    assert made.number in browse(cast.official).get(address).content.decode()


def test_an_administrator_is_shown_nothing_that_only_an_official_can_do(cast, browse) -> None:
    permit_factories.submitted_application(cast.secretary)
    admin, official = browse(cast.admin), browse(cast.official)
    assert waiting(admin) == []
    paper = f'href="{reverse("permits:paper")}"'
    assert paper in official.get(reverse("permits:queue")).content.decode()
    assert paper not in admin.get(reverse("permits:queue")).content.decode()


def test_staff_see_the_organisations_to_verify_but_not_their_own(cast, browse) -> None:
    new = factories.unverified_organisation("Koivulan lukio")
    address = reverse("organisations:staff_list")
    assert waiting(browse(cast.official)) == [(address, "1")]
    assert waiting(browse(cast.secretary)) == []
    Membership.objects.create(user=cast.official, organisation=new, role=Role.APPLICANT)
    assert waiting(browse(cast.official)) == []


def test_a_signatory_sees_the_permit_to_accept_until_it_is_accepted(cast, second, browse) -> None:
    signatory = factories.user("Jaana Johtaja", cast.school, Role.SIGNATORY)
    permit = permit_factories.granted_permit(cast.secretary, cast.official, second)
    assert waiting(browse(signatory)) == [(f"{reverse('permits:permits')}?state=waiting", "1")]
    granting.accept(permit, by=signatory, name=signatory.name)
    assert waiting(browse(signatory)) == []


def test_a_permit_that_begins_later_waits_to_be_accepted_too(cast, second, browse) -> None:
    signatory = factories.user("Jaana Johtaja", cast.school, Role.SIGNATORY)
    first = granting.today() + timedelta(days=30)
    permit = permit_factories.granted_permit(cast.secretary, cast.official, second, valid_from=first)
    address = f"{reverse('permits:permits')}?state=waiting"
    assert waiting(browse(signatory)) == [(address, "1")]
    assert str(permit) in browse(signatory).get(address).content.decode()


@pytest.mark.django_db
def test_a_visitor_sees_no_list(client: Client) -> None:
    assert waiting(client) == []
