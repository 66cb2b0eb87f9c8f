"""Beginning an application: empty, as a copy, or as a permit's change."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from permits.models import Application, Permit
from portal import paging
from portal.roles import Role
from tests import factories, permit_factories

NEW, LIST = "/applications/new/", "/applications/"


def test_an_applicant_begins_and_comes_to_the_sections(cast, sign_in) -> None:
    response = sign_in(cast.secretary).post(NEW, {"token": uuid.uuid4(), "language": "sv"})
    application = Application.objects.get()
    assert response["Location"] == reverse("permits:form", args=[application.pk])
    assert (application.organisation, application.language) == (cast.school, "sv")


def test_the_form_sent_twice_begins_one_application(cast, sign_in) -> None:
    client = sign_in(cast.secretary)
    answers = {"token": uuid.uuid4(), "language": "fi"}
    first, second = client.post(NEW, answers), client.post(NEW, answers)
    assert first["Location"] == second["Location"]
    assert Application.objects.count() == 1


def test_anothers_token_is_no_way_to_the_application(cast, sign_in) -> None:
    theirs = permit_factories.application(cast.secretary)
    response = sign_in(cast.outsider).post(NEW, {"token": theirs.pk, "language": "fi"})
    assert response.status_code == 404


def test_a_copy_has_the_earlier_answers(cast, sign_in) -> None:
    earlier = permit_factories.submitted_application(cast.secretary)
    answers = {"token": uuid.uuid4(), "language": "fi", "copy_of": earlier.pk}
    sign_in(cast.secretary).post(NEW, answers)
    copy = Application.objects.get(copied_from=earlier)
    assert copy.answers == earlier.answers
    assert copy.status == "draft"


def test_a_copy_of_anothers_application_is_no_choice(cast, sign_in) -> None:
    permit_factories.application(cast.secretary)
    theirs = permit_factories.application(cast.outsider)
    answers = {"token": uuid.uuid4(), "language": "fi", "copy_of": theirs.pk}
    page = sign_in(cast.secretary).post(NEW, answers)
    assert "copy_of" in page.context["form"].errors
    assert Application.objects.filter(organisation=cast.school).count() == 1


def test_an_old_application_can_be_copied_from_its_page(cast, sign_in, monkeypatch) -> None:
    monkeypatch.setattr("permits.applying.views.COPIES", 1)
    old, newer = (permit_factories.application(cast.secretary) for _time in range(2))
    client = sign_in(cast.secretary)
    assert [value for value, _label in copies(client.get(NEW))] == ["empty", str(newer.pk)]
    page = client.get(f"{NEW}?copy={old.pk}")
    assert [value for value, _label in copies(page)] == ["empty", str(newer.pk), str(old.pk)]
    assert client.get(f"{NEW}?copy=nonsense").status_code == 200


def copies(page) -> list[tuple[str, str]]:
    return page.context["form"].fields["copy_of"].choices


def test_who_applies_for_several_chooses_first(cast, sign_in) -> None:
    cast.other_school.memberships.create(user=cast.secretary, role=Role.APPLICANT)
    client = sign_in(cast.secretary)
    page = client.get(NEW)
    assert cast.school.name in page.content.decode()
    assert "form" not in page.context
    client.post(f"{NEW}?organisation={cast.other_school.pk}", {"token": uuid.uuid4(), "language": "fi"})
    assert Application.objects.get().organisation == cast.other_school


def test_who_is_no_applicant_is_told_why_not(cast, sign_in) -> None:
    signatory = factories.user("Riitta Rehtori", cast.school, Role.SIGNATORY)
    assert sign_in(signatory).get(NEW).status_code == 403


@pytest.mark.parametrize("kind", ["amendment", "renewal"])
def test_a_permits_change_begins_with_its_permit(cast, sign_in, kind: str) -> None:
    permit = factories.permit(cast.school)
    sign_in(cast.secretary).post(NEW, {"permit": permit.pk, "kind": kind, "token": uuid.uuid4()})
    application = Application.objects.get()
    assert (application.kind, application.amends) == (kind, permit)


def test_anothers_permit_cannot_be_changed(cast, sign_in) -> None:
    permit = factories.permit(cast.other_school)
    client = sign_in(cast.secretary)
    assert client.post(NEW, {"permit": permit.pk, "token": uuid.uuid4()}).status_code == 404
    assert client.post(NEW, {"permit": "x", "token": "y"}).status_code == 404


def test_a_standing_permit_is_not_its_users_to_change(cast, sign_in) -> None:
    permit = Permit.objects.get(number="TL-OPPILAITOKSET")
    response = sign_in(cast.secretary).post(NEW, {"permit": permit.pk, "token": uuid.uuid4()})
    assert response.status_code == 403


def test_the_list_has_the_own_and_not_anothers(cast, sign_in) -> None:
    own = permit_factories.submitted_application(cast.colleague)
    theirs = permit_factories.application(cast.outsider)
    page = sign_in(cast.secretary).get(LIST).content.decode()
    assert own.number in page
    assert theirs.number not in page


def test_the_list_costs_the_same_however_long(cast, sign_in) -> None:
    client = sign_in(cast.secretary)
    counts = []
    for _round in range(2):
        permit_factories.submitted_application(cast.secretary)
        permit_factories.application(cast.secretary)
        client.get(LIST)
        with CaptureQueriesContext(connection) as captured:
            client.get(LIST)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_the_list_goes_on_from_page_to_page(cast, sign_in, monkeypatch) -> None:
    monkeypatch.setattr(paging, "PAGE_ROWS", 1)
    first = permit_factories.application(cast.secretary)
    second = permit_factories.application(cast.secretary)
    client = sign_in(cast.secretary)
    page = client.get(LIST)
    assert [row["application"] for row in page.context["rows"]] == [second]
    following = client.get(f"{LIST}{page.context['page'].next_url}")
    assert [row["application"] for row in following.context["rows"]] == [first]
