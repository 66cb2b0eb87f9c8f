"""Describing the register and choosing the data."""

import pytest
from django.urls import reverse

from tests import factories

FORM = {
    "contact_name": "Sari Sihteeri",
    "contact_email": "sari@school.example",
    "contact_phone": "",
    "register_name": "Opiskelijarekisteri",
    "register_description": "Tutkinto-opiskelijat",
    "students": "both",
    "fields_wanted": ["hetu", "street"],
    "formats": ["csv"],
}


def page_of(order) -> str:  # type: ignore[no-untyped-def]
    return reverse("orders:describe", args=[order.pk])


def test_the_details_are_stored_and_the_register_is_sent_next(cast, sign_in) -> None:
    order = factories.draft_order(cast.secretary)
    response = sign_in(cast.secretary).post(page_of(order), FORM)
    order.refresh_from_db()
    assert response["Location"] == reverse("orders:upload", args=[order.pk])
    assert (order.register_name, order.students, order.fields) == (
        "Opiskelijarekisteri",
        "both",
        ["hetu", "street"],
    )


def test_a_mistake_is_told_and_what_was_typed_stays(cast, sign_in) -> None:
    order = factories.draft_order(cast.secretary)
    response = sign_in(cast.secretary).post(page_of(order), FORM | {"contact_email": "sari", "students": ""})
    assert set(response.context["form"].errors) == {"contact_email", "students"}
    assert "Tutkinto-opiskelijat" in response.content.decode()
    order.refresh_from_db()
    assert order.register_name == ""


@pytest.mark.parametrize("day", ["2020-01-01", "9999-01-01"])
def test_a_wish_for_a_day_that_cannot_be_meant_is_told(cast, sign_in, day: str) -> None:
    order = factories.draft_order(cast.secretary)
    response = sign_in(cast.secretary).post(page_of(order), FORM | {"wanted_on": day})
    assert set(response.context["form"].errors) == {"wanted_on"}


@pytest.mark.parametrize(("phone", "is_told"), [("1234", True), ("soita", True), ("+358 9 0000", False)])
def test_a_telephone_number_that_cannot_be_called_is_told(cast, sign_in, phone: str, is_told: bool) -> None:
    order = factories.draft_order(cast.secretary)
    response = sign_in(cast.secretary).post(page_of(order), FORM | {"contact_phone": phone})
    assert (response.status_code == 200 and "contact_phone" in response.context["form"].errors) == is_told


def test_after_a_package_the_form_goes_to_its_own_address_without_a_fragment(cast, sign_in) -> None:
    order = factories.draft_order(cast.secretary)
    page = sign_in(cast.secretary).post(page_of(order), FORM | {"choose": "A"}).content.decode()
    assert f'<form method="post" action="{page_of(order)}"' in page


def test_only_the_permits_fields_are_offered_and_accepted(cast, sign_in) -> None:
    permit = factories.permit(cast.school, fields=["hetu", "surname"])
    order = factories.draft_order(cast.secretary, permit)
    client = sign_in(cast.secretary)
    response = client.post(page_of(order), FORM | {"fields_wanted": ["hetu", "street"]})
    assert response.context["form"].errors["fields_wanted"]
    groups = response.context["form"].fields["fields_wanted"].choices
    assert [name for _, choices in groups for name, _ in choices] == ["hetu", "surname"]


def test_whose_data_is_asked_only_of_a_student_register(cast, sign_in) -> None:
    order = factories.draft_order(cast.secretary, factories.permit(cast.school, register_kind=""))
    client = sign_in(cast.secretary)
    assert "students" not in client.get(page_of(order)).context["form"].fields
    assert client.post(page_of(order), FORM).status_code == 302


def test_text_typed_when_the_session_had_ended_is_there_after_signing_in(cast, client, sign_in) -> None:
    factories.session_ended(client, cast.secretary)
    order = factories.draft_order(cast.secretary)
    typed = FORM | {"register_name": "Vanhat opiskelijat"}
    sign_in_page = client.post(page_of(order), typed, follow=True, headers={"accept-language": "en"})
    assert sign_in_page.redirect_chain[0][0].startswith(reverse("account_login"))
    assert "what you typed waits in the form" in sign_in_page.content.decode()
    client = sign_in(cast.secretary)
    assert client.get(page_of(order)).context["form"]["register_name"].value() == "Vanhat opiskelijat"
    assert client.get(page_of(order)).context["form"]["register_name"].value() == ""
    order.refresh_from_db()
    assert order.register_name == ""


def test_kept_text_is_for_its_own_page_alone(cast, client, sign_in) -> None:
    factories.session_ended(client, cast.outsider)
    order, other = factories.draft_order(cast.secretary), factories.draft_order(cast.outsider)
    client.post(page_of(order), FORM)
    client = sign_in(cast.outsider)
    assert client.get(page_of(other)).context["form"]["register_name"].value() == ""
    assert client.get(page_of(order)).status_code == 404


def test_a_placed_order_is_described_no_more(cast, sign_in) -> None:
    order = factories.placed_order_without_material(cast.secretary, "placed")
    response = sign_in(cast.secretary).post(page_of(order), FORM | {"register_name": "Toinen"})
    assert response["Location"] == reverse("orders:detail", args=[order.pk])
    order.refresh_from_db()
    assert order.register_name != "Toinen"


def test_an_outsider_gets_404_and_an_official_403(cast, sign_in) -> None:
    order = factories.draft_order(cast.secretary)
    assert sign_in(cast.outsider).post(page_of(order), FORM).status_code == 404
    assert sign_in(cast.official).post(page_of(order), FORM).status_code == 403


def test_a_data_package_is_chosen_with_one_press_and_nothing_typed_is_lost(cast, sign_in) -> None:
    permit = factories.permit(cast.school, fields=["hetu", "surname", "street", "death_date"])
    order = factories.draft_order(cast.secretary, permit)
    response = sign_in(cast.secretary).post(page_of(order), FORM | {"choose": "A", "students": ""})
    form = response.context["form"]
    assert form["fields_wanted"].value() == ["surname", "street"]
    assert form["register_description"].value() == "Tutkinto-opiskelijat"
    assert not form.errors
    order.refresh_from_db()
    assert order.register_name == ""
