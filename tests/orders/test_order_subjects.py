"""Orders under any permit: what the register is about, the forms of delivery, the wished-for day."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.urls import reverse

from orders import policies, workflow
from orders.models import Order
from portal.access import Denied
from tests import factories

NEW = reverse("orders:new")
ENGLISH = {"accept-language": "en"}
SCOPES = {
    "person": ["hetu", "surname", "street"],
    "building": ["building_id", "street_fi", "owners"],
    "real_estate": ["real_estate_id", "name"],
}
DETAILS = {
    "contact_name": "Sari Sihteeri",
    "contact_email": "sari@school.example",
    "register_name": "Kiinteistörekisteri",
    "fields_wanted": ["building_id", "owners"],
    "formats": ["parquet", "changes"],
}


@pytest.fixture
def wide(cast):
    """A permit of the school's that covers every kind of data."""
    return factories.permit(cast.school, scopes=SCOPES)


def begin(permit, **more: str) -> dict[str, object]:
    return {"token": uuid.uuid4(), "permit": permit.pk, **more}


def describe(order: Order) -> str:
    return reverse("orders:describe", args=[order.pk])


def test_where_the_permit_covers_several_kinds_the_customer_is_asked(cast, sign_in, wide) -> None:
    client, form = sign_in(cast.secretary), begin(wide)
    asked = client.post(NEW, form)
    assert [value for value, _ in asked.context["form"].fields["subject"].choices] == list(SCOPES)
    assert not Order.objects.exists()
    response = client.post(NEW, form | {"about": "1", "subject": "building"})
    order = Order.objects.get()
    assert response["Location"] == describe(order)
    assert (order.pk, order.subject, order.fields) == (form["token"], "building", SCOPES["building"])


def test_who_is_asked_and_chooses_nothing_is_told_so(cast, sign_in, wide) -> None:
    response = sign_in(cast.secretary).post(NEW, begin(wide, about="1"), headers=ENGLISH)
    assert response.context["form"].errors["subject"] == ["Choose what your register is about."]
    assert str(wide.pk) in response.content.decode()


@pytest.mark.parametrize("subject", ["building", "vehicle"])
def test_a_kind_that_the_permit_does_not_cover_cannot_be_chosen(cast, sign_in, subject: str) -> None:
    permit = factories.permit(cast.school, scopes={key: SCOPES[key] for key in ("person", "real_estate")})
    response = sign_in(cast.secretary).post(NEW, begin(permit, about="1", subject=subject))
    assert response.context["form"].errors["subject"]
    assert not Order.objects.exists()


@pytest.mark.parametrize("subject", list(SCOPES))
def test_where_the_permit_covers_one_kind_nothing_is_asked(cast, sign_in, subject: str) -> None:
    permit = factories.permit(cast.school, scopes={subject: SCOPES[subject]})
    sign_in(cast.secretary).post(NEW, begin(permit))
    assert Order.objects.get().subject == subject


def test_without_a_form_too_a_kind_outside_the_permit_is_refused(cast) -> None:
    permit = factories.permit(cast.school, scopes={"building": ["building_id"]})
    with pytest.raises(Denied):
        factories.draft_order(cast.secretary, permit, "person")


def test_an_order_of_no_known_kind_is_refused_by_the_database_too(cast, wide) -> None:
    order = factories.draft_order(cast.secretary, wide, "building")
    with pytest.raises(IntegrityError, match="order_subject"):
        Order.objects.filter(pk=order.pk).update(subject="vehicle")


def test_the_page_lists_what_each_permit_covers_kind_by_kind(cast, sign_in, wide) -> None:
    text = sign_in(cast.secretary).get(NEW, headers=ENGLISH).content.decode()
    assert all(f"Data: {kind}" in text for kind in ("Persons", "Buildings", "Real estate"))


def test_a_building_order_is_described_by_fields_of_buildings(cast, sign_in, wide) -> None:
    order = factories.draft_order(cast.secretary, wide, "building")
    client = sign_in(cast.secretary)
    page = client.get(describe(order))
    groups = page.context["form"].fields["fields_wanted"].choices
    assert [name for _, choices in groups for name, _ in choices] == SCOPES["building"]
    assert "students" not in page.context["form"].fields
    assert client.post(describe(order), DETAILS).status_code == 302
    order.refresh_from_db()
    assert (order.fields, order.formats) == (["building_id", "owners"], ["parquet", "changes"])


def test_rule_11_a_field_of_persons_is_refused_in_an_order_of_buildings(cast, sign_in, wide) -> None:
    order = factories.draft_order(cast.secretary, wide, "building")
    response = sign_in(cast.secretary).post(describe(order), DETAILS | {"fields_wanted": ["hetu"]})
    assert response.context["form"].errors["fields_wanted"]
    with pytest.raises(Denied):
        workflow.describe(order, by=cast.secretary, fields=["hetu"])


@pytest.mark.parametrize("formats", [[], ["docx"]])
def test_a_form_of_delivery_that_is_not_offered_is_refused(cast, sign_in, wide, formats) -> None:
    order = factories.draft_order(cast.secretary, wide, "building")
    response = sign_in(cast.secretary).post(describe(order), DETAILS | {"formats": formats})
    assert response.context["form"].errors["formats"]
    with pytest.raises(Denied):
        workflow.describe(order, by=cast.secretary, formats=formats)
    with pytest.raises(IntegrityError, match="order_formats"):
        Order.objects.filter(pk=order.pk).update(formats=formats)


@pytest.mark.parametrize(("days", "accepted"), [(-1, False), (9, False), (10, True), (40, True)])
def test_the_wanted_day_is_one_on_which_the_window_can_be_open(
    cast, sign_in, wide, days: int, accepted: bool
) -> None:
    order = factories.draft_order(cast.secretary, wide, "building")
    wanted = policies.today() + timedelta(days=days)
    typed = DETAILS | {"wanted_on": wanted.isoformat()}
    page = sign_in(cast.secretary).post(describe(order), typed, headers=ENGLISH).content.decode()
    earliest = policies.today() + timedelta(days=10)
    assert (f"can be {earliest:%-d %B %Y} at the earliest" in page) != accepted
    order.refresh_from_db()
    assert order.wanted_on == (wanted if accepted else None)


def test_a_wanted_day_that_has_passed_meanwhile_is_said_when_placing(cast, sign_in) -> None:
    order = factories.checked_order(cast.secretary)
    Order.objects.filter(pk=order.pk).update(wanted_on=policies.today())
    page = sign_in(cast.secretary).get(reverse("orders:place", args=[order.pk]), headers=ENGLISH)
    assert "must be tomorrow or later" in str(page.context["reason"])


def test_officials_see_the_wanted_day_among_the_deadlines(cast, sign_in) -> None:
    order = factories.placed_order(cast.secretary)
    wanted = policies.today() + timedelta(days=3)
    Order.objects.filter(pk=order.pk).update(wanted_on=wanted)
    text = sign_in(cast.official).get(reverse("orders:deadlines"), headers=ENGLISH).content.decode()
    assert f"wanted by {wanted:%-d %B %Y}" in text


def test_choosing_a_package_keeps_the_chosen_forms_of_delivery(cast, sign_in) -> None:
    order = factories.draft_order(cast.secretary)
    typed = DETAILS | {"choose": "A", "fields_wanted": [], "formats": ["fixed", "csv"]}
    form = sign_in(cast.secretary).post(describe(order), typed).context["form"]
    assert form["formats"].value() == ["fixed", "csv"]


def test_the_order_form_in_a_workbook_is_for_permits_on_persons(cast, sign_in, wide) -> None:
    houses = factories.permit(cast.school, scopes={"building": ["building_id"]})
    page = sign_in(cast.secretary).get(reverse("orders:form_upload"))
    offered = set(page.context["form"].fields["permit"].queryset)
    assert wide in offered
    assert houses not in offered


def test_where_no_permit_is_on_persons_the_workbook_is_not_offered(cast, sign_in) -> None:
    houses = factories.organisation("Lammen kunta", "municipality")
    clerk = factories.user("Kalle Kunta", houses)
    factories.permit(houses, scopes={"building": ["building_id"]})
    text = sign_in(clerk).get(NEW).content.decode()
    assert "TL-" in text
    assert reverse("orders:form") not in text


def test_the_price_basis_stands_in_the_form(cast, sign_in, wide) -> None:
    cast.school.kind = "education_other"
    cast.school.save()
    order = factories.draft_order(cast.secretary, wide, "building")
    text = sign_in(cast.secretary).get(describe(order), headers=ENGLISH).content.decode()
    assert "€175.00 for an order and €24.00 for each started thousand rows" in text
