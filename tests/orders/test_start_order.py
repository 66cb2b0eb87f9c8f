"""Beginning an order: the organisation, the permit and what it covers."""

import uuid
from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from orders.models import Order
from permits.models import Permit
from portal.models import Membership, OrganisationKind
from portal.roles import Role
from tests import factories

NEW = reverse("orders:new")


def standing() -> Permit:
    return Permit.objects.get(number="TL-OPPILAITOKSET")


def test_a_secretary_begins_a_draft_and_goes_on_to_describe_it(cast, sign_in) -> None:
    client, token = sign_in(cast.secretary), uuid.uuid4()
    response = client.post(NEW, {"token": token, "permit": standing().pk})
    order = Order.objects.get()
    assert response["Location"] == reverse("orders:describe", args=[order.pk])
    assert (order.pk, order.organisation, order.status) == (token, cast.school, "draft")


def test_the_same_form_sent_twice_makes_one_order(cast, sign_in) -> None:
    client, form = sign_in(cast.secretary), {"token": uuid.uuid4(), "permit": standing().pk}
    first, second = client.post(NEW, form), client.post(NEW, form)
    assert first["Location"] == second["Location"]
    assert Order.objects.count() == 1


def test_the_page_says_what_the_permit_covers(cast, sign_in) -> None:
    text = sign_in(cast.secretary).get(NEW, headers={"accept-language": "en"}).content.decode()
    assert standing().number in text
    assert "municipality of residence" in text


def test_a_permit_that_cannot_be_used_is_listed_with_its_reason(cast, sign_in) -> None:
    expired = factories.permit(cast.school, valid_to=date(2026, 6, 30))
    client = sign_in(cast.secretary)
    response = client.get(NEW, headers={"accept-language": "en"})
    assert f"Permit {expired.number} expired" in response.content.decode()
    response = client.post(NEW, {"token": uuid.uuid4(), "permit": expired.pk})
    assert response.status_code == 200
    assert not Order.objects.exists()


def test_who_has_no_permit_is_led_to_applying_for_one(cast, sign_in) -> None:
    town = factories.organisation("Metsälä", OrganisationKind.MUNICIPALITY)
    permit = factories.permit(town, valid_to=date(2026, 6, 30))
    page = sign_in(factories.user("Helmi Hakija", town)).get(NEW).content.decode()
    assert reverse("permits:new") in page
    assert reverse("permits:permit", args=[permit.pk]) in page


def test_another_organisations_permit_cannot_be_chosen(cast, sign_in) -> None:
    foreign = factories.permit(cast.other_school)
    response = sign_in(cast.secretary).post(NEW, {"token": uuid.uuid4(), "permit": foreign.pk})
    assert response.context["form"].errors["permit"]
    assert not Order.objects.exists()


def test_who_acts_for_two_organisations_chooses_one_first(cast, sign_in) -> None:
    Membership.objects.create(user=cast.secretary, organisation=cast.other_school, role=Role.APPLICANT)
    client = sign_in(cast.secretary)
    assert client.get(NEW).context["organisation"] is None
    form = {"token": uuid.uuid4(), "permit": standing().pk}
    client.post(f"{NEW}?organisation={cast.other_school.pk}", form)
    assert Order.objects.get().organisation == cast.other_school


def test_somebody_elses_token_is_refused(cast, sign_in) -> None:
    order = factories.draft_order(cast.secretary)
    response = sign_in(cast.outsider).post(NEW, {"token": order.pk, "permit": standing().pk})
    assert response.status_code == 403


def test_an_order_of_an_organisation_that_was_left_is_out_of_reach(cast, sign_in) -> None:
    order = factories.draft_order(cast.secretary)
    Membership.objects.filter(user=cast.secretary).update(organisation=cast.other_school)
    client, form = sign_in(cast.secretary), {"token": order.pk, "permit": standing().pk}
    form["register"] = SimpleUploadedFile("form.xlsx", b"PK\3\4")
    assert client.post(reverse("orders:form_upload"), form).status_code == 403
    assert not order.materials.exists()


def test_a_form_sent_again_with_another_permit_is_refused(cast, sign_in) -> None:
    order, other = factories.draft_order(cast.secretary), factories.permit(cast.school)
    response = sign_in(cast.secretary).post(NEW, {"token": order.pk, "permit": other.pk})
    assert response.status_code == 403


def test_an_official_orders_nothing(cast, sign_in) -> None:
    assert sign_in(cast.official).get(NEW).status_code == 403
