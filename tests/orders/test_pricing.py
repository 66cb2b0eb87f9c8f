"""Rule 23: the price is that of the list in force when the matter became pending; some pay nothing."""

from datetime import date

import pytest

from orders import workflow
from orders.models import Order, PriceList
from orders.prices.pricing import price, price_list_on, public_price_table
from portal.models import Organisation, OrganisationKind
from tests import factories

FREE = {
    OrganisationKind.STATE,
    OrganisationKind.MUNICIPALITY,
    OrganisationKind.WELLBEING_COUNTY,
    OrganisationKind.SOCIAL_INSURANCE,
    OrganisationKind.EDUCATION_DEGREE,
}


@pytest.fixture
def paying(db: None) -> Organisation:
    return factories.organisation("Lammen kansalaisopisto", OrganisationKind.EDUCATION_OTHER)


@pytest.mark.parametrize("kind", OrganisationKind)
def test_rule_23_the_decrees_free_customers_pay_nothing(db, kind: OrganisationKind) -> None:
    customer = factories.organisation("Jokin laitos", kind)
    assert (price(customer, 2_000, date(2026, 11, 23)).cents == 0) == (kind in FREE)


@pytest.mark.parametrize(
    ("pending_since", "cents"),
    [(date(2025, 12, 31), 16000 + 2 * 2200), (date(2026, 1, 1), 17500 + 2 * 2400)],
)
def test_rule_23_the_list_in_force_when_the_matter_became_pending_counts(
    paying, pending_since, cents
) -> None:
    assert price(paying, 2_000, pending_since).cents == cents


@pytest.mark.parametrize(("rows", "thousands"), [(1, 1), (999, 1), (1000, 1), (1001, 2), (1_000_000, 1000)])
def test_each_started_thousand_counts_whole(paying, rows: int, thousands: int) -> None:
    assert price(paying, rows, date(2026, 11, 23)).cents == 17500 + thousands * 2400


def test_rule_23_a_later_list_leaves_a_placed_orders_price_alone(cast, paying) -> None:
    customer = factories.user("Reijo Rehtori", paying)
    order = factories.placed_order(customer)
    PriceList.objects.create(valid_from=date(2026, 11, 1), base_cents=1, per_thousand_cents=1)
    assert Order.objects.get(pk=order.pk).price_cents == 17500 + 2400
    assert order.price_list == PriceList.objects.get(valid_from=date(2026, 1, 1))


def test_a_price_is_fixed_at_placing_not_at_drafting(cast, paying) -> None:
    customer = factories.user("Reijo Rehtori", paying)
    order = factories.checked_order(customer)
    PriceList.objects.create(valid_from=date(2026, 11, 1), base_cents=100, per_thousand_cents=1)
    workflow.place(order, by=customer, accepted_by="Reijo Rehtori", attested=factories.ATTESTED)
    assert order.price_cents == 101


def test_before_the_first_list_there_is_no_price(db) -> None:
    with pytest.raises(PriceList.DoesNotExist):
        price_list_on(date(2024, 12, 31))


def test_the_public_table_names_who_pays_nothing(db) -> None:
    table = public_price_table(date(2026, 11, 23))
    assert len(table.free) == len(FREE)
    assert table.examples[0] == (500, 17500 + 2400)
