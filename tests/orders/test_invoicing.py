"""Invoicing: a period's chargeable orders as a page, CSV and Finvoice 3.0, for administrators alone."""

import csv
import io
import zipfile
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from defusedxml import ElementTree
from django.urls import reverse

from orders.models import Order
from orders.prices import invoices
from portal.models import AuditEvent
from tests import factories

PAGE, ROWS = reverse("orders:invoicing"), reverse("orders:invoice_rows")
MESSAGES = reverse("orders:invoice_messages")
ENGLISH = {"accept-language": "en"}
MARCH = {"first": "2026-03-01", "last": "2026-03-31"}
HELSINKI = ZoneInfo("Europe/Helsinki")
SELLER = {
    "SELLER_NAME": "Rekisterivirasto",
    "SELLER_BUSINESS_ID": "9000011-8",
    "SELLER_STREET": "Rekisterikatu 1",
    "SELLER_POSTAL_CODE": "00530",
    "SELLER_POST_OFFICE": "Helsinki",
    "SELLER_IBAN": "FI21 1234 5600 0007 85",
    "SELLER_BIC": "TESTFIHH",
    "INVOICE_OPERATOR": "003700000000",
}


@pytest.fixture
def seller(settings) -> None:  # type: ignore[no-untyped-def]
    for name, value in SELLER.items():
        setattr(settings, name, value)


@pytest.fixture
def order(cast, store) -> Order:
    """A delivered order that costs 199 €, delivered in March."""
    cast.school.kind = "education_other"
    cast.school.save()
    made = factories.delivered_order(cast.secretary, cast.official)
    return delivered(made, datetime(2026, 3, 31, 23, 59, tzinfo=HELSINKI))


def delivered(order: Order, moment: datetime) -> Order:
    Order.objects.filter(pk=order.pk).update(delivered_at=moment)
    order.refresh_from_db()
    return order


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def test_the_page_lists_the_periods_orders_and_their_sum(cast, sign_in, order) -> None:
    page = sign_in(cast.admin).get(PAGE, MARCH, headers=ENGLISH)
    assert [row[0] for row in page.context["rows"]] == [order]
    assert "1 order, €199.00 altogether" in page.content.decode()


@pytest.mark.parametrize(
    ("moment", "counted"),
    [
        (datetime(2026, 2, 28, 23, 59, tzinfo=HELSINKI), False),
        (datetime(2026, 3, 1, 0, 0, tzinfo=HELSINKI), True),
        (datetime(2026, 3, 31, 23, 59, tzinfo=HELSINKI), True),
        (datetime(2026, 4, 1, 0, 0, tzinfo=HELSINKI), False),
    ],
)
def test_the_period_is_of_finnish_days_both_included(cast, sign_in, order, moment, counted) -> None:
    delivered(order, moment)
    assert len(rows_of(sign_in(cast.admin).get(ROWS, MARCH).content)) == counted


def test_what_costs_nothing_or_is_not_delivered_is_no_row(cast, sign_in, order) -> None:
    Order.objects.update(price_cents=0)
    client = sign_in(cast.admin)
    assert client.get(PAGE, MARCH).context["rows"] == []
    assert rows_of(client.get(ROWS, MARCH).content) == []


def test_a_row_has_all_that_accounting_needs(cast, sign_in, order) -> None:
    (row,) = rows_of(sign_in(cast.admin).get(ROWS, MARCH).content)
    assert list(row) == list(invoices.HEADERS)
    assert (row["order"], row["business_id"]) == (order.number, cast.school.business_id)
    assert (row["amount"], row["vat"], row["currency"]) == ("199,00", "0,00", "EUR")
    assert (row["delivered_on"], row["rows"]) == ("2026-03-31", "3")


def test_a_name_is_no_formula_in_the_csv(cast, sign_in, order) -> None:
    cast.school.name = '=HYPERLINK("http://x.example")'
    cast.school.save()
    (row,) = rows_of(sign_in(cast.admin).get(ROWS, MARCH).content)
    assert row["organisation"].startswith("'=")


@pytest.mark.parametrize(
    "period",
    [
        {"first": "2026-03-31", "last": "2026-03-01"},
        {"first": "2025-01-01", "last": "2026-03-01"},
        {"first": "x", "last": ""},
        MARCH | {"invoiced_on": "9999-12-31"},
        MARCH | {"invoiced_on": "1900-01-01"},
    ],
)
def test_a_wrong_period_is_told_and_gives_no_file(cast, sign_in, seller, period) -> None:
    client = sign_in(cast.admin)
    assert client.get(PAGE, period).context["form"].errors
    for path in (ROWS, MESSAGES):
        assert client.get(path, period).status_code == 400


def test_each_export_is_audited_and_a_look_at_its_header_is_not(cast, sign_in, order, seller) -> None:
    client = sign_in(cast.admin)
    for path in (ROWS, MESSAGES):
        client.head(path, MARCH)
        client.get(path, MARCH)
    events = AuditEvent.objects.filter(event="invoices.exported").order_by("pk")
    assert [event.details["form"] for event in events] == ["csv", "zip"]
    assert all(event.details | {"rows": 1, "cents": 19900} == event.details for event in events)


@pytest.mark.parametrize("who", ["secretary", "official"])
@pytest.mark.parametrize("path", [PAGE, ROWS, MESSAGES])
def test_nobody_but_an_administrator_sees_it(cast, sign_in, who: str, path: str) -> None:
    assert sign_in(getattr(cast, who)).get(path, MARCH).status_code == 403


def test_without_the_sellers_settings_there_are_rows_and_no_e_invoices(cast, sign_in, order) -> None:
    client = sign_in(cast.admin)
    page = client.get(PAGE, MARCH, headers=ENGLISH)
    assert "SELLER_NAME" in str(page.context["seller_reason"])
    assert client.get(MESSAGES, MARCH).status_code == 403


def test_an_account_number_that_is_none_is_told(cast, sign_in, order, seller, settings) -> None:
    settings.SELLER_IBAN = "FI00 1234"
    page = sign_in(cast.admin).get(PAGE, MARCH, headers=ENGLISH)
    assert "SELLER_IBAN is not an account number" in str(page.context["seller_reason"])


def test_the_e_invoices_are_a_file_for_each_order(cast, sign_in, order, seller) -> None:
    second = factories.delivered_order(cast.secretary, cast.official)
    delivered(second, order.delivered_at - timedelta(days=3))
    packed = zipfile.ZipFile(io.BytesIO(sign_in(cast.admin).get(MESSAGES, MARCH).content))
    assert packed.namelist() == [f"{second.number}.xml", f"{order.number}.xml"]
    for name in packed.namelist():
        assert ElementTree.fromstring(packed.read(name)).tag == "Finvoice"


def test_a_period_without_invoices_gives_no_file_but_the_reason(cast, sign_in, order, seller) -> None:
    client, april = sign_in(cast.admin), {"first": "2026-04-01", "last": "2026-04-30"}
    page = client.get(MESSAGES, april, follow=True, headers=ENGLISH)
    assert page.redirect_chain == [(f"{PAGE}?first=2026-04-01&last=2026-04-30", 302)]
    assert "There are no e-invoices of the period" in page.content.decode()
    assert not AuditEvent.objects.filter(event="invoices.exported").exists()


def test_the_reference_number_has_the_check_digit_of_the_banks(cast, order) -> None:
    digits = invoices.reference(order)
    weights = (7, 3, 1)
    total = sum(int(digit) * weights[place % 3] for place, digit in enumerate(reversed(digits[:-1])))
    assert (total + int(digits[-1])) % 10 == 0


def test_a_known_reference_number(cast) -> None:
    order = Order(created_at=datetime(2026, 1, 1, tzinfo=HELSINKI), serial=123)
    assert invoices.reference(order) == "20260001230"  # 7·3 + 3·2 + 1·1 + 7·6 + 3·2 + 7·2 = 90
