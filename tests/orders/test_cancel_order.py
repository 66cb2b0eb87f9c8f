"""Cancelling, as long as nothing is matched."""

import pytest
from django.urls import reverse

from orders import states
from tests import factories


def cancel(client, order):  # type: ignore[no-untyped-def]
    return client.post(
        reverse("orders:cancel", args=[order.pk]), follow=True, headers={"accept-language": "en"}
    )


@pytest.mark.parametrize("status", [states.DRAFT, states.PLACED, states.MATCHING])
def test_an_order_is_cancelled_before_it_has_been_matched(cast, sign_in, status: str) -> None:
    order = factories.placed_order_without_material(cast.secretary, status)
    assert "The order has been cancelled." in cancel(sign_in(cast.secretary), order).content.decode()
    order.refresh_from_db()
    assert order.status == states.CANCELLED


def test_the_register_goes_with_it(cast, sign_in) -> None:
    order = factories.checked_order(cast.secretary)
    cancel(sign_in(cast.secretary), order)
    factories.run_jobs()
    assert not order.files.filter(purged_at=None).exists()


def test_a_cancelled_order_is_not_called_failed(cast, sign_in) -> None:
    text = cancel(sign_in(cast.secretary), factories.draft_order(cast.secretary)).content.decode()
    assert "– Stopped" in text
    assert "Failed" not in text


def test_later_the_button_is_off_with_the_reason_that_guards_the_act(cast, sign_in) -> None:
    order = factories.placed_order_without_material(cast.secretary, states.READY)
    response = cancel(sign_in(cast.secretary), order)
    assert str(response.context["cancel_reason"]) in {str(one) for one in response.context["messages"]}
    order.refresh_from_db()
    assert order.status == states.READY


def test_cancelling_twice_is_no_error(cast, sign_in) -> None:
    order = factories.draft_order(cast.secretary)
    client = sign_in(cast.secretary)
    cancel(client, order)
    assert not list(cancel(client, order).context["messages"])


def test_a_link_asks_first_and_cancels_nothing(cast, sign_in) -> None:
    order = factories.draft_order(cast.secretary)
    response = sign_in(cast.secretary).get(reverse("orders:cancel", args=[order.pk]))
    assert f'action="{reverse("orders:cancel", args=[order.pk])}"' in response.content.decode()
    order.refresh_from_db()
    assert order.status == states.DRAFT


def test_an_outsider_gets_404_and_an_official_403(cast, sign_in) -> None:
    order = factories.draft_order(cast.secretary)
    assert cancel(sign_in(cast.outsider), order).status_code == 404
    assert cancel(sign_in(cast.official), order).status_code == 403
