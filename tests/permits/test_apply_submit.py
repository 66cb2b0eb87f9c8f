"""The review of the answers and the submission: once, complete, by a verified organisation's applicant."""

import pytest
from django.urls import reverse

from permits import workflow
from portal.roles import Role
from tests import factories, permit_factories
from tests.permits.test_apply_attachments import attached


def page_of(application, name: str = "submit") -> str:
    return reverse(f"permits:{name}", args=[application.pk])


def submit(client, application, **changes):
    seen = client.get(page_of(application)).context["form"]["seen"].value()
    data = {"committed_by": "Sari Sihteeri", "committed": "on", "seen": seen}
    return client.post(page_of(application), data | changes)


def test_the_review_shows_the_answers_with_links_to_change_them(cast, sign_in) -> None:
    application = permit_factories.filled_application(cast.secretary)
    page = sign_in(cast.secretary).get(page_of(application, "check")).content.decode()
    assert application.answers["purpose"] in page
    assert f"{reverse('permits:section', args=[application.pk, 'register'])}#id_purpose" in page


def test_the_review_tells_what_is_missing(cast, sign_in) -> None:
    application = permit_factories.application(cast.secretary)
    page = sign_in(cast.secretary).get(page_of(application, "check"))
    address = reverse("permits:section", args=[application.pk, "register"])
    assert page.context["missing"][0]["href"] == f"{address}?check=1#id_register_name"


@pytest.mark.parametrize("name", ["check", "submit"])
def test_an_attachment_that_cannot_be_used_is_missing_with_a_link_to_the_attachments(
    cast, sign_in, name: str
) -> None:
    application = permit_factories.filled_application(cast.secretary)
    attached(application, cast.secretary, b"MZ\x90\0program")
    page = sign_in(cast.secretary).get(page_of(application, name)).content.decode()
    link = f'<a href="{page_of(application, "attachments")}">'
    assert f"{link}Liitettä ”sopimus.pdf” ei voi käyttää. Poista se.</a>" in page
    assert "Hakemus on täytetty" not in page


def test_a_submission_that_is_off_leads_to_what_is_missing(cast, sign_in) -> None:
    application = permit_factories.filled_application(cast.secretary)
    attached(application, cast.secretary, b"MZ\x90\0program")
    page = sign_in(cast.secretary).get(page_of(application)).content.decode()
    assert f'<a href="{page_of(application, "attachments")}">Siirry puuttuvaan kohtaan</a>' in page


def test_it_is_submitted_and_the_receipt_tells_the_due_day(cast, sign_in) -> None:
    application = permit_factories.filled_application(cast.secretary)
    client = sign_in(cast.secretary)
    response = submit(client, application)
    assert response["Location"] == page_of(application, "receipt")
    application.refresh_from_db()
    assert (application.status, application.latest.committed_by) == ("submitted", "Sari Sihteeri")
    receipt = client.get(response["Location"]).content.decode()
    assert application.number in receipt
    assert f"{application.due_on.day}.{application.due_on.month}.{application.due_on.year}" in receipt


def test_sent_twice_it_is_submitted_once(cast, sign_in) -> None:
    application = permit_factories.filled_application(cast.secretary)
    client = sign_in(cast.secretary)
    seen = client.get(page_of(application)).context["form"]["seen"].value()
    data = {"committed_by": "Sari", "committed": "on", "seen": seen}
    answers = [client.post(page_of(application), data)["Location"] for _time in range(2)]
    assert answers == [page_of(application, "receipt")] * 2
    assert application.submissions.count() == 1


def test_without_the_commitment_it_is_not_submitted(cast, sign_in) -> None:
    application = permit_factories.filled_application(cast.secretary)
    page = submit(sign_in(cast.secretary), application, committed="")
    assert set(page.context["form"].errors) == {"committed"}
    assert application.submissions.count() == 0


def test_what_is_not_complete_is_not_submitted(cast, sign_in) -> None:
    application = permit_factories.application(cast.secretary)
    page = submit(sign_in(cast.secretary), application)
    assert page.context["form"].non_field_errors()
    assert application.submissions.count() == 0


def test_what_changed_meanwhile_must_be_seen_first(cast, sign_in) -> None:
    application = permit_factories.filled_application(cast.secretary)
    client = sign_in(cast.secretary)
    seen = client.get(page_of(application)).context["form"]["seen"].value()
    workflow.save_section(application, by=cast.colleague, section="legal", answers={"law": "Toinen laki"})
    data = {"committed_by": "Sari", "committed": "on"}
    page = client.post(page_of(application), data | {"seen": seen})
    assert page.context["form"].non_field_errors()
    client.post(page_of(application), data | {"seen": page.context["form"]["seen"].value()})
    assert application.submissions.get().answers["law"] == "Toinen laki"


def test_an_unverified_organisation_drafts_and_does_not_submit(cast, sign_in) -> None:
    newcomer = factories.unverified_organisation("Uusi koulu")
    member = factories.user("Uuno Uusi", newcomer)
    application = permit_factories.filled_application(member)
    client = sign_in(member)
    page = client.get(page_of(application))
    assert page.context["reason"]
    assert submit(client, application).context["form"].non_field_errors()
    assert application.submissions.count() == 0


def test_the_way_back_after_the_submission_leads_to_how_it_stands(cast, sign_in) -> None:
    application = permit_factories.submitted_application(cast.secretary)
    response = sign_in(cast.secretary).get(page_of(application), follow=True)
    assert response.redirect_chain == [(page_of(application, "application"), 302)]
    assert "tila on ”Jätetty”" in response.content.decode().replace("“", "”")


def test_an_answer_that_is_sent_after_the_submission_leads_there_too(cast, sign_in) -> None:
    application = permit_factories.submitted_application(cast.secretary)
    address = reverse("permits:section", args=[application.pk, "register"])
    response = sign_in(cast.secretary).post(address, {"purpose": "Muu"})
    assert response["Location"] == page_of(application, "application")


def test_who_is_no_applicant_does_not_submit(cast, sign_in) -> None:
    application = permit_factories.filled_application(cast.secretary)
    signatory = factories.user("Riitta Rehtori", cast.school, Role.SIGNATORY)
    assert sign_in(signatory).get(page_of(application)).status_code == 403
    assert sign_in(signatory).post(page_of(application)).status_code == 403


def test_an_answer_to_a_request_is_a_second_submission(cast, sign_in) -> None:
    application = permit_factories.asked_application(cast.secretary, cast.official)
    client = sign_in(cast.secretary)
    assert submit(client, application)["Location"] == page_of(application, "receipt")
    application.refresh_from_db()
    assert (application.status, application.submissions.count()) == ("in_review", 2)


@pytest.mark.parametrize("name", ["form", "check", "attachments"])
def test_after_the_submission_the_forms_pages_lead_to_how_it_stands(cast, sign_in, name: str) -> None:
    application = permit_factories.submitted_application(cast.secretary)
    response = sign_in(cast.secretary).get(page_of(application, name))
    assert response["Location"] == page_of(application, "application")
