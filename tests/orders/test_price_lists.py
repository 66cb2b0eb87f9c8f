"""Price lists: administrators add future ones; what was priced stays as it was."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from orders import policies, workflow
from orders.models import Order, PriceList
from orders.prices import price_lists, pricing
from portal.access import Denied
from portal.models import AuditEvent
from tests import factories

PAGE, ADD = reverse("orders:price_lists"), reverse("orders:add_price_list")
ENGLISH = {"accept-language": "en"}


def filled(days: int = 30, **changes: object) -> dict[str, object]:
    first = policies.today() + timedelta(days=days)
    values = {"valid_from": first.isoformat(), "base": "180,00", "per_thousand": "25,50"}
    return values | {"free_kinds": ["state", "municipality"]} | changes


def future(cast, days: int = 30) -> PriceList:
    first = policies.today() + timedelta(days=days)
    return price_lists.add(
        by=cast.admin, valid_from=first, base_cents=100, per_thousand_cents=1, free_kinds=[]
    )


def withdraw(prices: PriceList) -> str:
    return reverse("orders:withdraw_price_list", args=[prices.pk])


def test_the_lists_stand_newest_first_with_the_one_in_force_marked(cast, sign_in) -> None:
    added = future(cast)
    rows = sign_in(cast.admin).get(PAGE).context["rows"]
    assert rows[0]["prices"] == added
    assert [row["prices"] for row in rows if row["is_current"]] == [pricing.price_list_on(policies.today())]


def test_who_pays_nothing_is_told_in_the_order_of_the_form(cast, sign_in) -> None:
    client = sign_in(cast.admin)
    client.post(ADD, filled())
    rows = client.get(PAGE).context["rows"]
    assert rows[0]["free"] == ["Valtion viranomainen tai tuomioistuin", "Kunnallinen viranomainen"]


def test_the_way_back_from_a_new_list_adds_none(cast, sign_in) -> None:
    page = sign_in(cast.admin).get(ADD).content.decode()
    assert f'<a class="button button-plain" href="{PAGE}">' in page


def test_a_future_list_is_added_with_who_and_when(cast, sign_in) -> None:
    response = sign_in(cast.admin).post(ADD, filled(), headers={"accept-language": "fi"})
    assert response["Location"] == PAGE
    added = PriceList.objects.first()
    assert (added.base_cents, added.per_thousand_cents) == (18000, 2550)
    assert (added.free_kinds, added.added_by) == (["municipality", "state"], cast.admin)
    assert AuditEvent.objects.get(event="price_list.added").actor == str(cast.admin.pk)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"days": 0}, "valid_from"),
        ({"days": -400}, "valid_from"),
        ({"valid_from": ""}, "valid_from"),
        ({"base": "-1"}, "base"),
        ({"base": "ilmainen"}, "base"),
        ({"base": "1e5"}, "base"),
        ({"per_thousand": "1,999"}, "per_thousand"),
        ({"free_kinds": ["registry"]}, "free_kinds"),
    ],
)
def test_a_wrong_list_is_refused_with_its_reason(cast, sign_in, changes, field: str) -> None:
    before = PriceList.objects.count()
    response = sign_in(cast.admin).post(ADD, filled(**changes))
    assert set(response.context["form"].errors) == {field}
    assert PriceList.objects.count() == before


@pytest.mark.parametrize(("typed", "cents"), [("180,5", 18050), ("180.50", 18050), ("1 180", 118000)])
def test_an_amount_is_read_with_comma_or_point(cast, sign_in, typed: str, cents: int) -> None:
    sign_in(cast.admin).post(ADD, filled(base=typed), headers=ENGLISH)
    assert PriceList.objects.first().base_cents == cents


def test_two_lists_cannot_begin_on_one_day(cast, sign_in) -> None:
    future(cast)
    response = sign_in(cast.admin).post(ADD, filled(), headers=ENGLISH)
    assert response.context["form"].errors["valid_from"] == ["There is a price list from that day already."]


def test_a_future_list_can_be_taken_back(cast, sign_in) -> None:
    added = future(cast)
    assert sign_in(cast.admin).post(withdraw(added))["Location"] == PAGE
    assert not PriceList.objects.filter(pk=added.pk).exists()
    assert AuditEvent.objects.filter(event="price_list.withdrawn").exists()


def test_a_list_that_has_come_into_force_stays(cast, sign_in) -> None:
    current = pricing.price_list_on(policies.today())
    page = sign_in(cast.admin).post(withdraw(current), follow=True, headers=ENGLISH)
    assert "has come into force" in page.content.decode()
    assert PriceList.objects.filter(pk=current.pk).exists()


def test_rule_23_a_list_by_which_an_order_was_priced_is_never_changed(cast) -> None:
    order = factories.placed_order(cast.secretary)
    used = PriceList.objects.filter(pk=order.price_list_id)
    with pytest.raises(DatabaseError, match="orders were priced"), transaction.atomic():
        used.update(base_cents=1)
    with pytest.raises(Denied):
        price_lists.withdraw(used.get(), by=cast.admin)
    with pytest.raises(DatabaseError), transaction.atomic():
        used.delete()


def test_rule_23_an_order_keeps_its_price_when_a_new_list_comes_into_force(cast, monkeypatch) -> None:
    cast.school.kind = "education_other"
    cast.school.save()
    waiting, placed = factories.checked_order(cast.secretary), factories.placed_order(cast.secretary)
    added = future(cast, days=1)
    monkeypatch.setattr(policies, "today", lambda: added.valid_from)
    workflow.place(waiting, by=cast.secretary, accepted_by="S", attested=factories.ATTESTED)
    prices = {order.pk: (order.price_cents, order.price_list) for order in Order.objects.all()}
    assert prices[placed.pk] == (17500 + 2400, placed.price_list)
    assert prices[waiting.pk] == (100 + 1, added)


@pytest.mark.parametrize("who", ["secretary", "official"])
def test_nobody_but_an_administrator_sees_or_adds_one(cast, sign_in, who: str) -> None:
    client = sign_in(getattr(cast, who))
    assert client.get(PAGE).status_code == 403
    assert client.post(ADD, filled()).status_code == 403
