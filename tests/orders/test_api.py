"""The API's orders: one's own, with status and deadlines, at a constant number of queries."""

import uuid
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from orders.models import Order
from portal.models import AuditEvent, User
from tests import factories

FIELDS = {
    "id", "number", "status", "organisation", "permit", "created_at", "placed_at",
    "window_opens", "window_closes", "released_at", "delivered_at", "expires_on",
    "days_left", "is_late", "rows", "results", "price_cents", "subject", "formats", "wanted_on", "repeats",
}  # fmt: skip
SignIn = Callable[[User], Client]


@pytest.fixture
def order(cast: SimpleNamespace) -> Order:
    return factories.draft_order(cast.secretary)


def address(order: Order) -> str:
    return f"/api/v1/orders/{order.pk}/"


def test_an_order_is_shown_to_its_customer(cast: SimpleNamespace, order: Order, sign_in: SignIn) -> None:
    shown = sign_in(cast.colleague).get(address(order)).json()
    assert set(shown) == FIELDS
    assert shown["number"] == order.number
    assert shown["organisation"] == {"business_id": cast.school.business_id, "name": cast.school.name}
    assert (shown["status"], shown["days_left"], shown["is_late"], shown["results"]) == (
        "draft",
        None,
        False,
        {},
    )


def test_only_ones_own_orders_are_listed(cast: SimpleNamespace, order: Order, sign_in: SignIn) -> None:
    factories.draft_order(cast.outsider)
    listed = sign_in(cast.secretary).get("/api/v1/orders/").json()
    assert [item["id"] for item in listed["results"]] == [str(order.pk)]


def test_a_stranger_gets_404(cast: SimpleNamespace, order: Order, sign_in: SignIn) -> None:
    client = sign_in(cast.outsider)
    assert client.get(address(order)).status_code == 404
    assert client.get(f"/api/v1/orders/{uuid.uuid4()}/").status_code == 404


def test_who_is_not_signed_in_is_refused(client: Client, order: Order) -> None:
    assert client.get(address(order)).status_code == 403
    assert client.get("/api/v1/orders/").status_code == 403


def test_an_official_sees_every_order(cast: SimpleNamespace, order: Order, sign_in: SignIn) -> None:
    assert sign_in(cast.official).get(address(order)).status_code == 200


def test_reading_is_audited(cast: SimpleNamespace, order: Order, sign_in: SignIn) -> None:
    client = sign_in(cast.secretary)
    client.get(address(order))
    client.get("/api/v1/orders/")
    events = AuditEvent.objects.filter(
        actor=str(cast.secretary.pk), event__in=["order.read", "orders.listed"]
    )
    assert sorted(events.values_list("event", flat=True)) == ["order.read", "orders.listed"]


def test_pages_follow_each_other_by_cursor(cast: SimpleNamespace, sign_in: SignIn, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr("portal.api.KeysetPages.page_size", 2)
    made = [str(factories.draft_order(cast.secretary).pk) for _ in range(5)]
    client, url, seen = sign_in(cast.secretary), "/api/v1/orders/", []
    while url:
        page = client.get(url).json()
        seen += [item["id"] for item in page["results"]]
        url = page["next"]
    assert seen == made[::-1]


def test_more_orders_need_no_more_queries(cast: SimpleNamespace, order: Order, sign_in: SignIn) -> None:
    client = sign_in(cast.secretary)
    client.get("/api/v1/orders/")
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get("/api/v1/orders/")
    for _ in range(3):
        factories.draft_order(cast.secretary)
    with CaptureQueriesContext(connection) as four:
        assert len(client.get("/api/v1/orders/").json()["results"]) == 4
    assert len(four) == len(one)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_orders_cannot_be_changed_here(
    cast: SimpleNamespace, order: Order, sign_in: SignIn, method: str
) -> None:
    client = sign_in(cast.secretary)
    for path in ("/api/v1/orders/", address(order)):
        assert getattr(client, method)(path).status_code == 405


def test_too_many_requests_are_held_back(cast: SimpleNamespace, sign_in: SignIn, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(
        "rest_framework.throttling.UserRateThrottle.THROTTLE_RATES", {"user": "2/min", "anon": "2/min"}
    )
    client = sign_in(cast.secretary)
    assert [client.get("/api/v1/orders/").status_code for _ in range(3)] == [200, 200, 429]
