"""Registering an organisation, and correcting what was registered."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from orders import workflow
from permits.access import check_usable, usable_permits
from permits.models import Permit
from portal import organisations
from portal.access import Denied
from portal.calendar import local_day
from portal.models import AuditEvent, Organisation
from tests import factories
from tests.organisations.conftest import FACTS


def test_who_registers_an_organisation_becomes_its_applicant_and_manager(town, sign_in) -> None:
    response = sign_in(town.newcomer).post(reverse("organisations:register"), FACTS)
    made = Organisation.objects.get(business_id=FACTS["business_id"])
    assert response["Location"] == reverse("organisations:detail", args=[made.pk])
    assert (made.status, made.registered_by, made.is_verified) == ("unverified", town.newcomer, False)
    assert set(made.memberships.values_list("user", "role")) == {
        (town.newcomer.pk, "applicant"),
        (town.newcomer.pk, "manager"),
    }
    assert AuditEvent.objects.get(event="organisation.registered").organisation == str(made.pk)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("business_id", "1234567-8"),
        ("kind", "registry"),
        ("postal_code", "1"),
        ("name", ""),
        ("name", "Voitto: https://evil"),
        ("name", "Voitto WWW.evil"),
        ("name", "Hae palkinto evil.example/x"),
        ("name", "Hae palkinto t.co"),
        ("name", "Hae palkinto evil．example"),
        ("name", "tuki@evil.fi"),
    ],
)
def test_a_wrong_fact_is_told_at_its_field(town, sign_in, field: str, value: str) -> None:
    response = sign_in(town.newcomer).post(reverse("organisations:register"), FACTS | {field: value})
    assert list(response.context["form"].errors) == [field]
    assert not town.newcomer.memberships.exists()


@pytest.mark.parametrize("name", ["Voitto: www.evil.example", "evil.fi"])
def test_a_name_with_an_address_is_refused_past_the_form_too(town, registered, name: str) -> None:
    with pytest.raises(ValidationError):
        organisations.register(by=town.newcomer, **FACTS | {"name": name})
    with pytest.raises(ValidationError):
        organisations.correct(registered, by=town.newcomer, name=name)


@pytest.mark.parametrize(
    "name", ["K. H. Renlundin museo", "Koulu Oy.", "St. Petri 2.0 r.y.", "Äänekosken kaupunki"]
)
def test_a_name_with_full_stops_is_a_name(town, sign_in, name: str) -> None:
    response = sign_in(town.newcomer).post(reverse("organisations:register"), FACTS | {"name": name})
    assert response.status_code == 302


def test_an_organisation_that_the_registry_has_entered_keeps_its_name(town) -> None:
    facts = {"kind": "other_public", "business_id": factories.business_id(9_800_000)}
    made = organisations.enter(by="operator", name="Palvelu.fi", **facts)
    organisations.correct(made, by=town.manager, street="Uusitie 2")
    assert (made.name, made.street) == ("Palvelu.fi", "Uusitie 2")


def test_the_registry_cannot_be_registered_past_the_form_either(town) -> None:
    with pytest.raises(Denied):
        organisations.register(by=town.newcomer, **FACTS | {"kind": "registry"})


def test_a_taken_business_id_leads_to_asking_to_join(town, sign_in) -> None:
    taken = FACTS | {"business_id": town.organisation.business_id}
    page = sign_in(town.newcomer).post(reverse("organisations:register"), taken).content.decode()
    assert "Koivulan kunta" in page
    assert f"/organisations/join/?business_id={town.organisation.business_id}" in page


def test_a_fact_is_corrected_before_the_verification(town, registered, sign_in) -> None:
    edit = reverse("organisations:edit", args=[registered.pk])
    sign_in(town.newcomer).post(edit, FACTS | {"street": "Uusitie 2"})
    registered.refresh_from_db()
    assert registered.street == "Uusitie 2"
    assert AuditEvent.objects.get(event="organisation.corrected").details == {"changed": ["street"]}


def test_after_the_verification_the_checked_facts_are_fixed(town, sign_in) -> None:
    facts = FACTS | {"business_id": town.organisation.business_id}
    sign_in(town.manager).post(reverse("organisations:edit", args=[town.organisation.pk]), facts)
    town.organisation.refresh_from_db()
    assert (town.organisation.name, town.organisation.street) == ("Koivulan kunta", "Kuntatie 1")
    with pytest.raises(Denied):
        organisations.correct(town.organisation, by=town.manager, name="Toinen kunta")


def test_only_a_manager_changes_the_facts(town, sign_in) -> None:
    edit = reverse("organisations:edit", args=[town.organisation.pk])
    assert sign_in(town.applicant).post(edit, FACTS).status_code == 403


def test_an_unverified_school_cannot_use_the_standing_permit(cast) -> None:
    school = factories.unverified_organisation("Uusi koulu")
    secretary = factories.user("Uusi Sihteeri", school)
    standing = Permit.objects.get(number="TL-OPPILAITOKSET")
    with pytest.raises(Denied) as denied:
        factories.draft_order(secretary)
    assert "vahvistettu" in str(denied.value.reason)
    assert not usable_permits(school, local_day(school.created_at))
    with pytest.raises(Denied):
        check_usable(standing, school, local_day(school.created_at))


def test_an_order_of_an_organisation_that_is_unverified_takes_no_material(cast) -> None:
    order = factories.described_order(cast.secretary)
    Organisation.objects.filter(pk=cast.school.pk).update(status="unverified", verified_at=None)
    order.refresh_from_db()
    with pytest.raises(Denied):
        workflow.send_material(order, by=cast.secretary, upload=factories.upload())
