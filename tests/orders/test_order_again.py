"""Ordering again: a new draft like an earlier order, as far as its permit covers that today."""

import uuid

import pytest
from django.urls import reverse

from orders import states
from orders.models import Order
from permits import states as permit_states
from permits.models import Permit
from portal.events import MACHINE
from portal.models import AuditEvent
from portal.states import move
from tests import factories

ENGLISH = {"accept-language": "en"}
FIELDS = ["hetu", "surname", "street"]


@pytest.fixture
def permit(cast) -> Permit:
    return factories.permit(cast.school, fields=FIELDS)


@pytest.fixture
def order(cast, permit) -> Order:
    return factories.placed_order(cast.secretary, under=permit, fields=FIELDS, formats=["fixed"])


def page_of(order: Order) -> str:
    return reverse("orders:again", args=[order.pk])


def newer_version(permit: Permit, **changes: object) -> Permit:
    """The permit's next version, in force from today."""
    newer = factories.permit(permit.organisation, number=permit.number, version=2, **changes)
    move(permit, permit_states.REPLACED, by=MACHINE)
    return newer


def test_a_new_draft_has_what_the_earlier_order_had(cast, sign_in, order, permit) -> None:
    client, token = sign_in(cast.colleague), uuid.uuid4()
    assert "Make the draft" in client.get(page_of(order), headers=ENGLISH).content.decode()
    response = client.post(page_of(order), {"token": token})
    again = Order.objects.get(pk=token)
    assert response["Location"] == reverse("orders:describe", args=[token])
    assert (again.status, again.repeats, again.permit, again.subject) == ("draft", order, permit, "person")
    assert (again.register_name, again.students) == (order.register_name, order.students)
    assert (again.fields, again.formats) == (FIELDS, ["fixed"])
    assert (again.contact_name, again.material) == (cast.colleague.name, None)


def test_the_form_of_the_new_draft_is_filled(cast, sign_in, order) -> None:
    client = sign_in(cast.secretary)
    form = client.post(page_of(order), {"token": uuid.uuid4()}, follow=True).context["form"]
    assert form["register_name"].value() == order.register_name
    assert (form["fields_wanted"].value(), form["formats"].value()) == (FIELDS, ["fixed"])


def test_sent_twice_it_makes_one_draft(cast, sign_in, order) -> None:
    client, form = sign_in(cast.secretary), {"token": uuid.uuid4()}
    assert client.post(page_of(order), form)["Location"] == client.post(page_of(order), form)["Location"]
    assert order.repeated_by.count() == 1
    assert AuditEvent.objects.filter(event="order.created", object_id=str(form["token"])).count() == 1


def test_what_the_permit_no_longer_covers_is_said_and_left_out(cast, sign_in, order, permit) -> None:
    newer = newer_version(permit, fields=["hetu", "surname"])
    client, token = sign_in(cast.secretary), uuid.uuid4()
    assert "no longer covers: Street address" in client.get(page_of(order), headers=ENGLISH).content.decode()
    client.post(page_of(order), {"token": token})
    again = Order.objects.get(pk=token)
    assert (again.permit, again.fields) == (newer, ["hetu", "surname"])


def test_a_permit_that_covers_none_of_it_is_the_reason_why_not(cast, sign_in, order, permit) -> None:
    newer_version(permit, fields=["sex"])
    client = sign_in(cast.secretary)
    page = client.get(reverse("orders:detail", args=[order.pk]), headers=ENGLISH)
    assert "covers none of the data of this order" in str(page.context["repeat_reason"])
    assert client.post(page_of(order), {"token": uuid.uuid4()}).status_code == 302
    assert not order.repeated_by.exists()


def test_a_revoked_permit_is_the_reason_why_not(cast, sign_in, order, permit) -> None:
    move(permit, permit_states.REVOKED, by=MACHINE)
    response = sign_in(cast.secretary).post(page_of(order), {"token": uuid.uuid4()})
    assert response["Location"] == reverse("orders:detail", args=[order.pk])
    assert not order.repeated_by.exists()


def test_a_draft_is_not_ordered_again(cast, sign_in) -> None:
    draft = factories.draft_order(cast.secretary)
    client = sign_in(cast.secretary)
    assert client.post(page_of(draft), {"token": uuid.uuid4()}).status_code == 302
    assert Order.objects.get().status == states.DRAFT


def test_an_official_and_a_stranger_order_nothing_again(cast, sign_in, order) -> None:
    form = {"token": uuid.uuid4()}
    assert sign_in(cast.outsider).post(page_of(order), form).status_code == 404
    assert sign_in(cast.official).post(page_of(order), form).status_code == 403
    assert not order.repeated_by.exists()


def test_the_new_order_says_which_one_it_repeats(cast, sign_in, order) -> None:
    client, token = sign_in(cast.secretary), uuid.uuid4()
    client.post(page_of(order), {"token": token})
    text = client.get(reverse("orders:detail", args=[token]), headers=ENGLISH).content.decode()
    assert "Repeats the order" in text
    assert order.number in text
    assert client.get(f"/api/v1/orders/{token}/").json()["repeats"] == str(order.pk)
