"""The officials' list of deadlines."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orders import policies
from orders.models import Order
from portal import paging
from portal.models import AuditEvent
from tests import factories

DEADLINES = reverse("orders:deadlines")
ENGLISH = {"accept-language": "en"}


def open_order(cast, closes_in: int, status: str = "placed") -> Order:  # type: ignore[no-untyped-def]
    """An open order whose window closes so many days from today."""
    order = factories.placed_order_without_material(cast.secretary, status)
    closes: date = policies.today() + timedelta(days=closes_in)
    Order.objects.filter(pk=order.pk).update(window_opens=closes - timedelta(days=10), window_closes=closes)
    return order


def listed(response) -> list[str]:  # type: ignore[no-untyped-def]
    return [row.order.number for row in response.context["rows"]]


def test_late_orders_come_first_then_by_days_left(cast, sign_in) -> None:
    orders = {days: open_order(cast, days) for days in (5, -2, 0, 12)}
    response = sign_in(cast.official).get(DEADLINES, headers=ENGLISH)
    assert listed(response) == [orders[days].number for days in (-2, 0, 5, 12)]
    words = [row.words for row in response.context["rows"]]
    assert words == ["2 days late", "the last day is today", "5 days left", "12 days left"]


def test_only_open_orders_are_listed(cast, sign_in) -> None:
    for status in ("draft", "delivered", "purged", "cancelled", "rejected"):
        factories.placed_order_without_material(cast.secretary, status)
    assert listed(sign_in(cast.official).get(DEADLINES)) == []


def test_the_bars_share_one_axis_with_today_on_it(cast, sign_in) -> None:
    open_order(cast, -3), open_order(cast, 12)
    context = sign_in(cast.admin).get(DEADLINES).context
    late, later = context["rows"]
    assert late.over > 0
    assert later.over == 0
    assert late.opens < late.late_from < context["axis"].today < later.opens + later.width <= 100


@pytest.mark.parametrize(("chosen", "days"), [("late", [-2]), ("failed", [4]), ("nonsense", [-2, 4, 7])])
def test_the_list_is_filtered(cast, sign_in, chosen: str, days: list[int]) -> None:
    orders = {-2: open_order(cast, -2), 4: open_order(cast, 4, "failed"), 7: open_order(cast, 7)}
    response = sign_in(cast.official).get(DEADLINES, {"status": chosen})
    assert listed(response) == [orders[one].number for one in days]
    assert {one.label: one.count for one in response.context["filters"]}[
        response.context["filters"][0].label
    ] == 3


def test_pages_keep_the_order_and_the_filter(cast, sign_in, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "PAGE_ROWS", 2)
    numbers = [open_order(cast, days).number for days in (1, 1, 3)]
    client = sign_in(cast.official)
    first = client.get(DEADLINES, {"status": "placed"})
    second = client.get(DEADLINES + first.context["page"].next_url)
    assert (listed(first), listed(second)) == (numbers[:2], numbers[2:])
    assert "status=placed" in second.context["page"].previous_url


def test_queries_do_not_grow_with_the_list(cast, sign_in) -> None:
    client = sign_in(cast.official)
    counts = []
    for _ in range(2):
        open_order(cast, 3), open_order(cast, 8)
        with CaptureQueriesContext(connection) as queries:
            client.get(DEADLINES)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_reading_is_audited(cast, sign_in) -> None:
    sign_in(cast.official).get(DEADLINES)
    assert AuditEvent.objects.get(event="deadlines.read").actor == str(cast.official.pk)


def test_a_customer_gets_403(cast, sign_in) -> None:
    assert sign_in(cast.secretary).get(DEADLINES).status_code == 403
