"""Prices: from the price list in force when the matter became pending (decree 1573/2015, transition rule)."""

from dataclasses import dataclass
from datetime import date

from orders.models import PriceList
from portal.models import Organisation, OrganisationKind


@dataclass(frozen=True)
class Price:
    """What an order costs, in cents without value-added tax, and under which price list."""

    cents: int
    price_list: PriceList


def price_list_on(day: date) -> PriceList:
    """The price list in force on the day; raises PriceList.DoesNotExist before the first."""
    return PriceList.objects.filter(valid_from__lte=day).latest("valid_from")


def price(organisation: Organisation, rows: int, pending_since: date) -> Price:
    """The price of updating a register of `rows` rows, each started thousand counted whole."""
    prices = price_list_on(pending_since)
    if organisation.kind in prices.free_kinds:
        return Price(0, prices)
    thousands = -(-rows // 1000)
    return Price(prices.base_cents + thousands * prices.per_thousand_cents, prices)


@dataclass(frozen=True)
class PriceTable:
    """A price list for reading: who pays nothing, and what the others pay."""

    valid_from: date
    base_cents: int
    per_thousand_cents: int
    free: list[str]
    examples: list[tuple[int, int]]


def public_price_table(on: date) -> PriceTable:
    """The price list in force on the day, with the price of registers of some usual sizes (rows, cents)."""
    prices = price_list_on(on)
    examples = [
        (rows, prices.base_cents + -(-rows // 1000) * prices.per_thousand_cents)
        for rows in (500, 2_000, 10_000)
    ]
    return PriceTable(
        prices.valid_from, prices.base_cents, prices.per_thousand_cents, free_labels(prices), examples
    )


def free_labels(prices: PriceList) -> list[str]:
    """Who pays nothing under the list, in the order of the classes of organisations."""
    return [str(kind.label) for kind in OrganisationKind if kind in prices.free_kinds]
