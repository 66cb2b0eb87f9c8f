"""Rows for invoicing: the orders that became chargeable in a period, as public-law fees without VAT.

An order becomes chargeable on the day of its delivery, at the price that was fixed when it was placed; what
costs nothing is no row.
"""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from stdnum import iban
from stdnum.exceptions import ValidationError

from orders.models import Order, OrderQuerySet
from portal.access import Denied
from portal.calendar import local_day

LONGEST = 366  # days of one period
HEADERS = (
    "invoice_number",
    "reference",
    "order",
    "organisation",
    "business_id",
    "permit",
    "placed_on",
    "delivered_on",
    "rows",
    "price_list",
    "amount",
    "vat",
    "currency",
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet program take a text for a formula."""


@dataclass(frozen=True)
class Line:
    """A line of an invoice: what, how many, and the price of one in cents."""

    kind: str
    quantity: int
    unit_cents: int

    @property
    def cents(self) -> int:
        return self.quantity * self.unit_cents


def check_period(first: date, last: date) -> None:
    if last < first:
        raise Denied(_("The period must end on the day it begins or later."))
    if (last - first).days >= LONGEST:
        raise Denied(_("The period can be a year at most."))


def check_seller() -> None:
    """An e-invoice names its seller and the account; both are settings of the service."""
    missing = [name for name in NEEDED if not getattr(settings, name)]
    if missing:
        raise Denied(
            _("E-invoices need these settings of the service: %(names)s.") % {"names": ", ".join(missing)}
        )
    try:
        iban.validate(settings.SELLER_IBAN)
    except ValidationError:
        raise Denied(_("The setting SELLER_IBAN is not an account number.")) from None


NEEDED = ("SELLER_NAME", "SELLER_BUSINESS_ID", "SELLER_IBAN", "SELLER_BIC", "INVOICE_OPERATOR")


def chargeable(first: date, last: date) -> OrderQuerySet:
    """The orders delivered from the first day to the last, both included, that cost something."""
    begins, ends = _midnight(first), _midnight(last + timedelta(days=1))
    orders = Order.objects.filter(delivered_at__gte=begins, delivered_at__lt=ends, price_cents__gt=0)
    orders = orders.select_related("organisation", "permit", "price_list", "placed_by")
    return orders.order_by("delivered_at", "serial")


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def lines(order: Order) -> list[Line]:
    """The order's price as its price list makes it up; in one line where that gives another sum."""
    prices, cents = order.price_list, order.price_cents or 0
    thousands = -(-(order.rows or 0) // 1000)
    if prices is not None:
        made = [Line("base", 1, prices.base_cents), Line("thousand", thousands, prices.per_thousand_cents)]
        if sum(line.cents for line in made) == cents:
            return [line for line in made if line.cents]
    return [Line("whole", 1, cents)]


def reference(order: Order) -> str:
    """The invoice's reference number (viitenumero): year, running number and check digit (7, 3, 1)."""
    base = f"{order.created_at.year}{order.serial:06d}"
    weighted = sum(int(digit) * (7, 3, 1)[place % 3] for place, digit in enumerate(reversed(base)))
    return f"{base}{-weighted % 10}"


def euros(cents: int) -> str:
    """An amount as Finnish accounting and Finvoice write it: 1234,50."""
    return f"{cents // 100},{cents % 100:02d}"


def as_csv(orders: Iterable[Order]) -> bytes:
    """The rows as CSV: UTF-8 with a mark, semicolons, as Finnish spreadsheet programs open it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(HEADERS)
    for order in orders:
        writer.writerow(map(_plain, _row(order)))
    return text.getvalue().encode("utf-8-sig")


def _row(order: Order) -> tuple[object, ...]:
    organisation, prices = order.organisation, order.price_list
    return (
        order.number,
        reference(order),
        order.number,
        organisation.name,
        organisation.business_id,
        str(order.permit),
        local_day(order.placed_at).isoformat(),  # type: ignore[arg-type]
        local_day(order.delivered_at).isoformat(),  # type: ignore[arg-type]
        order.rows,
        prices.valid_from.isoformat() if prices else "",
        euros(order.price_cents or 0),
        euros(0),
        "EUR",
    )


def _plain(value: object) -> str:
    """A cell that no spreadsheet program takes for a formula: names are what customers call themselves."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
