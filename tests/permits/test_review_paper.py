"""An application that came on paper is recorded by an official; its clock runs from the day of arrival."""

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace

from django.test import Client
from django.urls import reverse

from permits.models import Application
from permits.reviewing.review_presentation import today
from portal.models import Organisation, User
from portal.roles import Role
from tests import factories, permit_factories

Browse = Callable[[User], Client]
FACTS = {
    "name": "Haavikon koulu",
    "kind": "education_degree",
    "street": "Koulutie 1",
    "postal_code": "00000",
    "post_office": "Haavikko",
    "signing_official_name": "Reetta Rehtori",
    "signing_official_title": "Rehtori",
}


def begin(client: Client, business_id: str, received_on: date, **facts: str) -> object:
    data = {"token": str(uuid.uuid4()), "business_id": business_id, "language": "fi"}
    return client.post(reverse("permits:paper"), data | {"received_on": received_on.isoformat()} | facts)


def test_an_official_begins_one_for_a_known_organisation(cast: SimpleNamespace, browse: Browse) -> None:
    client = browse(cast.official)
    response = begin(client, cast.school.business_id, today() - timedelta(days=3))
    made = Application.objects.get()
    assert response["Location"] == reverse("permits:form", args=[made.pk])
    assert (made.organisation, made.received_on) == (cast.school, today() - timedelta(days=3))
    assert client.get(response["Location"]).status_code == 200
    assert made.number in client.get(reverse("permits:paper")).content.decode()


def test_the_facts_of_an_unknown_organisation_are_asked_and_it_counts_as_verified(
    cast: SimpleNamespace, browse: Browse
) -> None:
    client, business_id = browse(cast.official), factories.free_business_id()
    asked = begin(client, business_id, today())
    assert asked.context["new"] is not None
    assert begin(client, business_id, today(), **FACTS).status_code == 302
    organisation = Organisation.objects.get(business_id=business_id)
    assert (organisation.name, organisation.is_verified) == ("Haavikon koulu", True)
    assert Application.objects.get().organisation == organisation


def test_a_malformed_business_id_makes_nothing(cast: SimpleNamespace, browse: Browse) -> None:
    for facts in ({}, FACTS):
        response = begin(browse(cast.official), "1234567-0", today(), **facts)
        assert response.context["form"].errors["business_id"]
        assert response.context["new"] is None
    assert not Application.objects.exists()


def test_an_organisation_of_the_same_name_is_told_of_once(cast: SimpleNamespace, browse: Browse) -> None:
    client, business_id = browse(cast.official), factories.free_business_id()
    facts = FACTS | {"name": f" {cast.school.name.upper()} "}
    response = begin(client, business_id, today(), **facts)
    assert f"{cast.school.name}, {cast.school.business_id}" in response.content.decode()
    assert not Organisation.objects.filter(business_id=business_id).exists()
    seen = response.context["seen"]
    assert begin(client, business_id, today(), **facts, namesakes=seen).status_code == 302
    assert Organisation.objects.filter(business_id=business_id).exists()


def test_a_day_that_lies_ahead_is_refused(cast: SimpleNamespace, browse: Browse) -> None:
    response = begin(browse(cast.official), cast.school.business_id, today() + timedelta(days=1))
    assert response.context["form"].errors["received_on"]
    assert not Application.objects.exists()


def test_an_official_of_the_organisation_is_refused(cast: SimpleNamespace, browse: Browse) -> None:
    cast.official.memberships.create(organisation=cast.school, role=Role.MANAGER)
    response = begin(browse(cast.official), cast.school.business_id, today())
    assert response.context["form"].non_field_errors()


def test_the_review_of_one_that_is_not_submitted_leads_to_its_page(
    cast: SimpleNamespace, browse: Browse
) -> None:
    client = browse(cast.official)
    begin(client, cast.school.business_id, today())
    made = Application.objects.get()
    response = client.get(reverse("permits:review", args=[made.pk]))
    assert response["Location"] == reverse("permits:application", args=[made.pk])


def test_the_two_weeks_begin_on_the_day_of_arrival(cast: SimpleNamespace, browse: Browse) -> None:
    case = permit_factories.paper_application(cast.official, cast.school, today() - timedelta(days=20))
    case.refresh_from_db()
    assert case.starts_on == today() - timedelta(days=20)
    text = browse(cast.official).get(reverse("permits:review", args=[case.pk])).content.decode()
    assert "myöhässä" in text
    assert "Saapunut paperilla" in text


def test_the_official_submits_it_in_the_signers_name(cast: SimpleNamespace, browse: Browse) -> None:
    client = browse(cast.official)
    begin(client, cast.school.business_id, today() - timedelta(days=3))
    case = permit_factories.fill(Application.objects.get(), cast.official)
    path = reverse("permits:submit", args=[case.pk])
    form = client.get(path).context["form"]
    assert (form["committed_by"].value(), str(form["committed_by"].label)) == (
        "Reetta Rehtori",
        "Allekirjoittajan nimi",
    )
    client.post(path, {"seen": form["seen"].value(), "committed_by": "Reetta Rehtori", "committed": "on"})
    case.refresh_from_db()
    assert (case.status, case.submissions.get().by) == ("submitted", cast.official)
