"""Orders as e-invoices in Finvoice 3.0 (Finance Finland): one invoice an order, numbered as the order is.

So the same order gives the same number however often and with whichever period it is exported, and a second
copy is known by it. Elements stand in the schema's order; ISO-8859-15, amounts with a decimal comma.
"""

import io
import re
import zipfile
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from orders.models import Order
from orders.prices.invoices import Line, euros, lines, reference
from portal.calendar import local_day

SCHEME = "0037"  # of electronic addresses that are made of a Finnish business id
NAME_LENGTH, ADDRESS_LENGTH = 70, 35
VAT_CODE = "O"  # outside the scope of value-added tax
DAY = {"Format": "CCYYMMDD"}
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML 1.0 cannot hold
XSI = "http://www.w3.org/2001/XMLSchema-instance"


def archive(orders: Iterable[Order], invoiced_on: date) -> bytes:
    """A ZIP of the orders' invoices, each in a file named by its number."""
    target, now = io.BytesIO(), timezone.now()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for order in orders:
            entry = zipfile.ZipInfo(f"{order.number}.xml", timezone.localtime(now).timetuple()[:6])
            packed.writestr(entry, invoice(order, invoiced_on, now), zipfile.ZIP_DEFLATED)
    return target.getvalue()


def invoice(order: Order, invoiced_on: date, now: datetime) -> bytes:
    """One order as an invoice, in the language of who placed it."""
    language = order.placed_by.language if order.placed_by else "fi"
    root = Element(
        "Finvoice",
        {"Version": "3.0", "xmlns:xsi": XSI, "xsi:noNamespaceSchemaLocation": "Finvoice3.0.xsd"},
    )
    with translation.override(language if language in {"fi", "sv"} else "fi"):
        _transmission(root, order, now)
        _seller(root)
        _buyer(root, order)
        _details(root, order, invoiced_on)
        for place, line in enumerate(lines(order), 1):
            _row(root, order, line, place)
        _payment(root, order, invoiced_on)
    return tostring(root, encoding="iso-8859-15", xml_declaration=True)


def due_on(invoiced_on: date) -> date:
    return invoiced_on + timedelta(days=settings.INVOICE_DAYS)


def electronic_address(business_id: str) -> str:
    """The electronic address (OVT-tunnus) of an organisation: 0037 and its business id's digits."""
    return SCHEME + business_id.replace("-", "")


def _add(parent: Element, name: str, text: str = "", **attributes: str) -> Element:
    made = SubElement(parent, name, attributes)
    made.text = _NO_XML.sub(" ", text) or None
    return made


def _money(parent: Element, name: str, cents: int, **attributes: str) -> None:
    _add(parent, name, euros(cents), AmountCurrencyIdentifier="EUR", **attributes)


def _day(parent: Element, name: str, day: date) -> None:
    _add(parent, name, f"{day:%Y%m%d}", **DAY)


def _transmission(root: Element, order: Order, now: datetime) -> None:
    """Who sends to whom. The operator of the registry finds the customer's own by the electronic address."""
    transmission = _add(root, "MessageTransmissionDetails")
    sender = _add(transmission, "MessageSenderDetails")
    _add(sender, "FromIdentifier", electronic_address(settings.SELLER_BUSINESS_ID), SchemeID=SCHEME)
    _add(sender, "FromIntermediator", settings.INVOICE_OPERATOR)
    receiver = _add(transmission, "MessageReceiverDetails")
    _add(receiver, "ToIdentifier", electronic_address(order.organisation.business_id), SchemeID=SCHEME)
    _add(receiver, "ToIntermediator", settings.INVOICE_OPERATOR)
    message = _add(transmission, "MessageDetails")
    _add(message, "MessageIdentifier", order.number)
    _add(message, "MessageTimeStamp", timezone.localtime(now).isoformat(timespec="seconds"))


def _seller(root: Element) -> None:
    party = _add(root, "SellerPartyDetails")
    _add(party, "SellerPartyIdentifier", settings.SELLER_BUSINESS_ID)
    _names(party, "SellerOrganisationName", settings.SELLER_NAME)
    _place(party, "Seller", settings.SELLER_STREET, settings.SELLER_POST_OFFICE, settings.SELLER_POSTAL_CODE)
    account = _add(_add(root, "SellerInformationDetails"), "SellerAccountDetails")
    _add(account, "SellerAccountID", _iban(), IdentificationSchemeName="IBAN")
    _add(account, "SellerBic", settings.SELLER_BIC, IdentificationSchemeName="BIC")


def _buyer(root: Element, order: Order) -> None:
    buyer = order.organisation
    party = _add(root, "BuyerPartyDetails")
    _add(party, "BuyerPartyIdentifier", buyer.business_id)
    _names(party, "BuyerOrganisationName", buyer.name)
    _place(party, "Buyer", buyer.street, buyer.post_office, buyer.postal_code)


def _names(party: Element, element: str, name: str) -> None:
    """A name, in as many elements as its length needs."""
    for start in range(0, len(name), NAME_LENGTH):
        _add(party, element, name[start : start + NAME_LENGTH])


def _place(party: Element, side: str, street: str, town: str, postal_code: str) -> None:
    """The postal address, which the schema takes whole or not at all."""
    if not (street and town and postal_code):
        return
    address = _add(party, f"{side}PostalAddressDetails")
    _add(address, f"{side}StreetName", street[:ADDRESS_LENGTH])
    _add(address, f"{side}TownName", town[:ADDRESS_LENGTH])
    _add(address, f"{side}PostCodeIdentifier", postal_code)
    _add(address, "CountryCode", "FI")
    _add(address, "CountryName", "FINLAND")


def _details(root: Element, order: Order, invoiced_on: date) -> None:
    details, cents = _add(root, "InvoiceDetails"), order.price_cents or 0
    _add(details, "InvoiceTypeCode", "INV01", CodeListAgencyIdentifier="SPY")
    _add(details, "InvoiceTypeCodeUN", "380")
    _add(details, "InvoiceTypeText", _("INVOICE"))
    _add(details, "OriginCode", "Original")
    _add(details, "InvoiceNumber", order.number)
    _day(details, "InvoiceDate", invoiced_on)
    _add(details, "OrderIdentifier", order.number)
    _day(details, "OrderDate", local_day(order.placed_at))  # type: ignore[arg-type]
    _add(details, "AgreementIdentifier", str(order.permit))
    _money(details, "RowsTotalVatExcludedAmount", cents)
    _money(details, "InvoiceTotalVatExcludedAmount", cents)
    _money(details, "InvoiceTotalVatAmount", 0)
    _money(details, "InvoiceTotalVatIncludedAmount", cents)
    tax = _add(details, "VatSpecificationDetails")
    _money(tax, "VatBaseAmount", cents)
    _add(tax, "VatRatePercent", "0,0")
    _add(tax, "VatCode", VAT_CODE)
    _money(tax, "VatRateAmount", 0)
    _add(tax, "VatFreeText", _("Public-law fee, no value-added tax")[:NAME_LENGTH])
    _add(details, "InvoiceFreeText", _("Update of a register, order %(number)s") % {"number": order.number})
    terms = _add(details, "PaymentTermsDetails")
    _add(terms, "PaymentTermsFreeText", _("%(days)s days net") % {"days": settings.INVOICE_DAYS})
    _day(terms, "InvoiceDueDate", due_on(invoiced_on))


def _row(root: Element, order: Order, line: Line, place: int) -> None:
    row = _add(root, "InvoiceRow")
    _add(row, "ArticleName", _article(line))
    _add(row, "InvoicedQuantity", f"{line.quantity},00", QuantityUnitCode=_("pcs"))
    _money(row, "UnitPriceAmount", line.unit_cents)
    _add(row, "RowIdentifier", order.number)
    _add(row, "RowPositionIdentifier", str(place))
    _day(row, "RowDeliveryDate", local_day(order.delivered_at))  # type: ignore[arg-type]
    _add(row, "RowVatRatePercent", "0,0")
    _add(row, "RowVatCode", VAT_CODE)
    _money(row, "RowVatAmount", 0)
    _money(row, "RowVatExcludedAmount", line.cents)
    _money(row, "RowAmount", line.cents)


def _article(line: Line) -> Any:
    return {
        "base": _("Update of a register, base fee"),
        "thousand": _("Update of a register, each started thousand rows"),
        "whole": _("Update of a register"),
    }[line.kind]


def _payment(root: Element, order: Order, invoiced_on: date) -> None:
    """The payment order (EPI) that the buyer's bank reads."""
    epi = _add(root, "EpiDetails")
    about = _add(epi, "EpiIdentificationDetails")
    _day(about, "EpiDate", invoiced_on)
    _add(about, "EpiReference", order.number)
    parties = _add(epi, "EpiPartyDetails")
    bank = _add(parties, "EpiBfiPartyDetails")
    _add(bank, "EpiBfiIdentifier", settings.SELLER_BIC, IdentificationSchemeName="BIC")
    payee = _add(parties, "EpiBeneficiaryPartyDetails")
    _add(payee, "EpiNameAddressDetails", settings.SELLER_NAME[:ADDRESS_LENGTH])
    _add(payee, "EpiBei", settings.SELLER_BUSINESS_ID.replace("-", ""))
    _add(payee, "EpiAccountID", _iban(), IdentificationSchemeName="IBAN")
    payment = _add(epi, "EpiPaymentInstructionDetails")
    _add(payment, "EpiRemittanceInfoIdentifier", reference(order), IdentificationSchemeName="SPY")
    _money(payment, "EpiInstructedAmount", order.price_cents or 0)
    _add(payment, "EpiCharge", "SHA", ChargeOption="SHA")
    _day(payment, "EpiDateOptionDate", due_on(invoiced_on))


def _iban() -> str:
    return "".join(settings.SELLER_IBAN.split())
