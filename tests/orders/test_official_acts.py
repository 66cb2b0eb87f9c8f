"""An official's acts on an order: early release with a reason, a failed order again."""

from django.urls import reverse

from orders import states
from portal.models import Job, Membership
from portal.roles import Role
from tests import factories


def release(client, order, reason: str):  # type: ignore[no-untyped-def]
    return client.post(
        reverse("orders:release", args=[order.pk]), {"reason": reason}, headers={"accept-language": "en"}
    )


def retry(client, order):  # type: ignore[no-untyped-def]
    return client.post(reverse("orders:retry", args=[order.pk]))


def test_who_signed_in_again_after_pressing_a_button_is_told_that_nothing_was_sent(cast, sign_in) -> None:
    order = factories.placed_order_without_material(cast.secretary, states.READY)
    response = sign_in(cast.official).get(
        f"/staff/orders/{order.pk}/release/", headers={"accept-language": "en"}
    )
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert "press it again" in response.content.decode()


def test_a_ready_order_is_released_early_with_its_reason(cast, sign_in) -> None:
    order = factories.placed_order_without_material(cast.secretary, states.READY)
    assert release(sign_in(cast.official), order, "Kiireellinen").status_code == 302
    order.refresh_from_db()
    assert (order.status, order.release_reason) == (states.RELEASED, "Kiireellinen")
    assert Job.objects.filter(task="orders.deliver", key=str(order.pk)).exists()


def test_a_release_without_a_reason_is_told_in_the_page(cast, sign_in) -> None:
    order = factories.placed_order_without_material(cast.secretary, states.READY)
    response = release(sign_in(cast.official), order, " ")
    assert response.status_code == 422
    assert "Enter the reason for the early release." in response.content.decode()
    order.refresh_from_db()
    assert order.status == states.READY


def test_an_order_that_is_not_ready_is_not_released(cast, sign_in) -> None:
    order = factories.placed_order_without_material(cast.secretary, states.PLACED)
    release(sign_in(cast.official), order, "Kiireellinen")
    order.refresh_from_db()
    assert order.status == states.PLACED


def test_a_failed_order_is_started_again_once(cast, sign_in) -> None:
    order = factories.placed_order_without_material(cast.secretary, states.FAILED)
    client = sign_in(cast.official)
    retry(client, order), retry(client, order)
    order.refresh_from_db()
    assert order.status == states.PLACED
    assert Job.objects.filter(task="orders.match", key=str(order.pk)).count() == 1


def test_the_customer_gets_403_and_an_outsider_404(cast, sign_in) -> None:
    order = factories.placed_order_without_material(cast.secretary, states.READY)
    assert release(sign_in(cast.secretary), order, "Kiire").status_code == 403
    assert retry(sign_in(cast.secretary), order).status_code == 403
    assert release(sign_in(cast.outsider), order, "Kiire").status_code == 404


def test_an_official_who_is_a_member_of_the_customer_does_not_act_on_its_order(cast, sign_in, store) -> None:
    order = factories.ready_order(cast.secretary)
    Membership.objects.create(user=cast.official, organisation=cast.school, role=Role.MANAGER)
    assert release(sign_in(cast.official), order, "Kiire").status_code == 403
    order.refresh_from_db()
    assert order.status == states.READY
