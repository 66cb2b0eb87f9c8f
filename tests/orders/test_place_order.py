"""Placing: review, price, window, terms accepted by name."""

from datetime import timedelta

from django.urls import reverse

from orders import policies, states, workflow
from orders.models import Order
from portal.calendar import delivery_window
from portal.models import Job, OrganisationKind
from tests import factories

ENGLISH = {"accept-language": "en"}


def page_of(order) -> str:  # type: ignore[no-untyped-def]
    return reverse("orders:place", args=[order.pk])


def filled(client, order, **changes: object) -> dict[str, object]:  # type: ignore[no-untyped-def]
    seen = client.get(page_of(order)).context["seen"]
    return {
        "seen": seen,
        "accepted_by": "Sari Sihteeri",
        "accepted": "on",
        "lawful": "on",
        "purpose": "on",
    } | changes


def test_the_order_is_placed_with_its_terms_price_and_window(cast, sign_in) -> None:
    order = factories.checked_order(cast.secretary)
    client = sign_in(cast.secretary)
    response = client.post(page_of(order), filled(client, order))
    assert response["Location"] == reverse("orders:detail", args=[order.pk])
    order.refresh_from_db()
    assert (order.status, order.terms_accepted_by) == (states.PLACED, "Sari Sihteeri")
    assert order.terms == order.permit.terms
    assert order.window is not None


def test_the_page_shows_the_terms_in_full_the_price_and_the_window(cast, sign_in) -> None:
    order = factories.checked_order(cast.secretary)
    text = sign_in(cast.secretary).get(page_of(order), headers=ENGLISH).content.decode()
    assert "Free of charge: Educational institution with statutory degrees" in text
    assert "if you place the order today" in text
    assert "Their use must be logged, and the logs kept for five years." in text


def test_who_pays_sees_the_price(cast, sign_in) -> None:
    cast.school.kind = OrganisationKind.EDUCATION_OTHER
    cast.school.save()
    order = factories.checked_order(cast.secretary)
    client = sign_in(cast.secretary)
    assert "€199.00 (no VAT)" in client.get(page_of(order), headers=ENGLISH).content.decode()
    client.post(page_of(order), filled(client, order))
    order.refresh_from_db()
    assert order.price_cents > 0


def test_sent_twice_it_places_once(cast, sign_in) -> None:
    order = factories.checked_order(cast.secretary)
    client = sign_in(cast.secretary)
    form = filled(client, order)
    assert client.post(page_of(order), form)["Location"] == client.post(page_of(order), form)["Location"]
    assert Job.objects.filter(task="orders.match").count() == 1


def test_a_register_that_comes_in_while_placing_waits_is_not_placed_unseen(  # type: ignore[no-untyped-def]
    cast, sign_in, monkeypatch
) -> None:
    order = factories.checked_order(cast.secretary)
    client = sign_in(cast.secretary)
    form = filled(client, order)
    lock = workflow.lock

    def wait_for_another_tab(locked: Order) -> None:
        monkeypatch.setattr(workflow, "lock", lock)
        workflow.send_material(locked, by=cast.secretary, upload=factories.upload())
        factories.run_jobs()
        lock(locked)

    monkeypatch.setattr(workflow, "lock", wait_for_another_tab)
    response = client.post(page_of(order), form, headers=ENGLISH)
    assert "changed after you opened this page" in response.content.decode()
    order.refresh_from_db()
    assert order.status == states.DRAFT


def test_terms_that_are_not_accepted_place_nothing(cast, sign_in) -> None:
    order = factories.checked_order(cast.secretary)
    client = sign_in(cast.secretary)
    response = client.post(page_of(order), filled(client, order, accepted_by="", accepted=""))
    assert set(response.context["form"].errors) == {"accepted_by", "accepted"}
    order.refresh_from_db()
    assert order.status == states.DRAFT


def test_an_order_that_changed_meanwhile_is_reviewed_again(cast, sign_in) -> None:
    order = factories.checked_order(cast.secretary)
    client = sign_in(cast.secretary)
    form = filled(client, order)
    workflow.describe(order, by=cast.colleague, fields=["hetu"])
    response = client.post(page_of(order), form)
    assert response.context["form"].non_field_errors()
    order.refresh_from_db()
    assert order.status == states.DRAFT
    again = form | {"seen": response.context["form"]["seen"].value()}
    assert client.post(page_of(order), again).status_code == 302


def test_without_a_checked_register_the_button_is_off_with_the_reason_that_guards_the_act(
    cast, sign_in
) -> None:
    order = factories.described_order(cast.secretary)
    client = sign_in(cast.secretary)
    assert "Send the register first." in client.get(page_of(order), headers=ENGLISH).content.decode()
    response = client.post(page_of(order), filled(client, order), headers=ENGLISH)
    assert response.context["form"].non_field_errors() == ["Send the register first."]


def test_an_outsider_gets_404_and_an_official_403(cast, sign_in) -> None:
    order = factories.checked_order(cast.secretary)
    assert sign_in(cast.outsider).post(page_of(order), {}).status_code == 404
    assert sign_in(cast.official).post(page_of(order), {}).status_code == 403


def test_rule_22_a_placed_order_is_due_from_day_10_to_day_20_and_late_after_it(cast) -> None:
    order = factories.placed_order(cast.secretary)
    placed = policies.today()
    assert order.window is not None
    assert (order.window.opens - placed).days == 10
    assert order.window.closes == delivery_window(order.permit.decided_on, placed).closes
    assert 20 <= (order.window.closes - placed).days <= 24  # a day off moves the last day on
    Order.objects.filter(pk=order.pk).update(window_closes=placed - timedelta(days=1))
    order.refresh_from_db()
    assert order.is_late
