"""Finvoice 3.0: every element that the guidelines make mandatory, one by one, in the schema's order."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from defusedxml import ElementTree

from orders.models import Order
from orders.prices import finvoice
from tests.orders.test_invoicing import SELLER, order, seller  # noqa: F401  (fixtures)

DAY, NOW = date(2026, 4, 2), datetime(2026, 4, 2, 6, 30, tzinfo=UTC)
MONEY = {"AmountCurrencyIdentifier": "EUR"}
DATED = {"Format": "CCYYMMDD"}


@pytest.fixture
def content(order: Order, seller: None) -> bytes:  # noqa: F811
    order.organisation.street = "Koulukatu 2"
    order.organisation.postal_code, order.organisation.post_office = "33100", "Tampere"
    return finvoice.invoice(order, DAY, NOW)


@pytest.fixture
def root(content: bytes) -> Any:
    return ElementTree.fromstring(content)


def test_it_is_of_version_3_in_the_standards_encoding(content: bytes, root: Any) -> None:
    assert content.startswith(b"<?xml version='1.0' encoding='iso-8859-15'?>")
    assert (root.tag, root.get("Version")) == ("Finvoice", "3.0")


MANDATORY = {
    "MessageTransmissionDetails/MessageSenderDetails/FromIdentifier": "003790000118",
    "MessageTransmissionDetails/MessageSenderDetails/FromIntermediator": SELLER["INVOICE_OPERATOR"],
    "MessageTransmissionDetails/MessageReceiverDetails/ToIdentifier": None,
    "MessageTransmissionDetails/MessageReceiverDetails/ToIntermediator": SELLER["INVOICE_OPERATOR"],
    "MessageTransmissionDetails/MessageDetails/MessageIdentifier": None,
    "MessageTransmissionDetails/MessageDetails/MessageTimeStamp": "2026-04-02T09:30:00+03:00",
    "SellerPartyDetails/SellerPartyIdentifier": "9000011-8",
    "SellerPartyDetails/SellerOrganisationName": "Rekisterivirasto",
    "SellerPartyDetails/SellerPostalAddressDetails/SellerStreetName": "Rekisterikatu 1",
    "SellerPartyDetails/SellerPostalAddressDetails/SellerTownName": "Helsinki",
    "SellerPartyDetails/SellerPostalAddressDetails/SellerPostCodeIdentifier": "00530",
    "SellerInformationDetails/SellerAccountDetails/SellerAccountID": "FI2112345600000785",
    "SellerInformationDetails/SellerAccountDetails/SellerBic": "TESTFIHH",
    "BuyerPartyDetails/BuyerPartyIdentifier": None,
    "BuyerPartyDetails/BuyerOrganisationName": "Kuusikon ammattiopisto",
    "BuyerPartyDetails/BuyerPostalAddressDetails/BuyerStreetName": "Koulukatu 2",
    "BuyerPartyDetails/BuyerPostalAddressDetails/BuyerTownName": "Tampere",
    "BuyerPartyDetails/BuyerPostalAddressDetails/BuyerPostCodeIdentifier": "33100",
    "InvoiceDetails/InvoiceTypeCode": "INV01",
    "InvoiceDetails/InvoiceTypeText": "LASKU",
    "InvoiceDetails/OriginCode": "Original",
    "InvoiceDetails/InvoiceNumber": None,
    "InvoiceDetails/InvoiceDate": "20260402",
    "InvoiceDetails/InvoiceTotalVatExcludedAmount": "199,00",
    "InvoiceDetails/InvoiceTotalVatAmount": "0,00",
    "InvoiceDetails/InvoiceTotalVatIncludedAmount": "199,00",
    "InvoiceDetails/VatSpecificationDetails/VatBaseAmount": "199,00",
    "InvoiceDetails/VatSpecificationDetails/VatRatePercent": "0,0",
    "InvoiceDetails/VatSpecificationDetails/VatRateAmount": "0,00",
    "InvoiceDetails/PaymentTermsDetails/InvoiceDueDate": "20260502",
    "InvoiceRow/ArticleName": None,
    "InvoiceRow/RowVatExcludedAmount": "175,00",
    "EpiDetails/EpiIdentificationDetails/EpiDate": "20260402",
    "EpiDetails/EpiIdentificationDetails/EpiReference": None,
    "EpiDetails/EpiPartyDetails/EpiBfiPartyDetails/EpiBfiIdentifier": "TESTFIHH",
    "EpiDetails/EpiPartyDetails/EpiBeneficiaryPartyDetails/EpiNameAddressDetails": "Rekisterivirasto",
    "EpiDetails/EpiPartyDetails/EpiBeneficiaryPartyDetails/EpiAccountID": "FI2112345600000785",
    "EpiDetails/EpiPaymentInstructionDetails/EpiRemittanceInfoIdentifier": None,
    "EpiDetails/EpiPaymentInstructionDetails/EpiInstructedAmount": "199,00",
    "EpiDetails/EpiPaymentInstructionDetails/EpiCharge": "SHA",
    "EpiDetails/EpiPaymentInstructionDetails/EpiDateOptionDate": "20260502",
}
"""Path → the value; None where it is of the order and is held by another test."""


def test_every_mandatory_element_has_its_value(root: Any) -> None:
    found = {path: root.findtext(path) for path in MANDATORY}
    assert {path: text for path, text in found.items() if not text} == {}
    expected = {path: text for path, text in MANDATORY.items() if text is not None}
    assert {path: found[path] for path in expected} == expected


def test_what_is_of_the_order_names_the_order(root: Any, order: Order) -> None:  # noqa: F811
    buyer = order.organisation.business_id
    of_order = {
        "MessageTransmissionDetails/MessageReceiverDetails/ToIdentifier": f"0037{buyer.replace('-', '')}",
        "MessageTransmissionDetails/MessageDetails/MessageIdentifier": order.number,
        "BuyerPartyDetails/BuyerPartyIdentifier": buyer,
        "InvoiceDetails/InvoiceNumber": order.number,
        "EpiDetails/EpiIdentificationDetails/EpiReference": order.number,
    }
    assert {path: root.findtext(path) for path in of_order} == of_order


ATTRIBUTES = {
    "MessageTransmissionDetails/MessageSenderDetails/FromIdentifier": {"SchemeID": "0037"},
    "MessageTransmissionDetails/MessageReceiverDetails/ToIdentifier": {"SchemeID": "0037"},
    "SellerInformationDetails/SellerAccountDetails/SellerAccountID": {"IdentificationSchemeName": "IBAN"},
    "SellerInformationDetails/SellerAccountDetails/SellerBic": {"IdentificationSchemeName": "BIC"},
    "InvoiceDetails/InvoiceTypeCode": {"CodeListAgencyIdentifier": "SPY"},
    "InvoiceDetails/InvoiceDate": DATED,
    "InvoiceDetails/InvoiceTotalVatIncludedAmount": MONEY,
    "InvoiceDetails/VatSpecificationDetails/VatBaseAmount": MONEY,
    "EpiDetails/EpiIdentificationDetails/EpiDate": DATED,
    "EpiDetails/EpiPartyDetails/EpiBfiPartyDetails/EpiBfiIdentifier": {"IdentificationSchemeName": "BIC"},
    "EpiDetails/EpiPartyDetails/EpiBeneficiaryPartyDetails/EpiAccountID": {
        "IdentificationSchemeName": "IBAN"
    },
    "EpiDetails/EpiPaymentInstructionDetails/EpiRemittanceInfoIdentifier": {
        "IdentificationSchemeName": "SPY"
    },
    "EpiDetails/EpiPaymentInstructionDetails/EpiInstructedAmount": MONEY,
    "EpiDetails/EpiPaymentInstructionDetails/EpiCharge": {"ChargeOption": "SHA"},
    "EpiDetails/EpiPaymentInstructionDetails/EpiDateOptionDate": DATED,
}


@pytest.mark.parametrize("path", sorted(ATTRIBUTES))
def test_elements_have_the_attributes_that_the_schema_requires(root: Any, path: str) -> None:
    element = root.find(path)
    assert element is not None
    assert element.attrib == ATTRIBUTES[path]


ORDER = {
    "": [
        "MessageTransmissionDetails", "SellerPartyDetails", "SellerInformationDetails", "BuyerPartyDetails",
        "InvoiceDetails", "InvoiceRow", "InvoiceRow", "EpiDetails",
    ],
    "InvoiceDetails": [
        "InvoiceTypeCode", "InvoiceTypeCodeUN", "InvoiceTypeText", "OriginCode", "InvoiceNumber",
        "InvoiceDate", "OrderIdentifier", "OrderDate", "AgreementIdentifier", "RowsTotalVatExcludedAmount",
        "InvoiceTotalVatExcludedAmount", "InvoiceTotalVatAmount", "InvoiceTotalVatIncludedAmount",
        "VatSpecificationDetails", "InvoiceFreeText", "PaymentTermsDetails",
    ],
    "InvoiceRow": [
        "ArticleName", "InvoicedQuantity", "UnitPriceAmount", "RowIdentifier", "RowPositionIdentifier",
        "RowDeliveryDate", "RowVatRatePercent", "RowVatCode", "RowVatAmount", "RowVatExcludedAmount",
        "RowAmount",
    ],
    "EpiDetails": ["EpiIdentificationDetails", "EpiPartyDetails", "EpiPaymentInstructionDetails"],
    "EpiDetails/EpiPaymentInstructionDetails": [
        "EpiRemittanceInfoIdentifier", "EpiInstructedAmount", "EpiCharge", "EpiDateOptionDate",
    ],
}  # fmt: skip


@pytest.mark.parametrize("path", sorted(ORDER))
def test_elements_stand_in_the_order_of_the_schema(root: Any, path: str) -> None:
    element = root.find(path) if path else root
    assert [child.tag for child in element] == ORDER[path]


def test_the_rows_make_up_the_sum(root: Any) -> None:
    rows = [
        (row.findtext("InvoicedQuantity"), row.findtext("UnitPriceAmount"), row.findtext("RowAmount"))
        for row in root.findall("InvoiceRow")
    ]
    assert rows == [("1,00", "175,00", "175,00"), ("1,00", "24,00", "24,00")]


def test_a_price_that_its_list_does_not_make_up_stands_in_one_row(order: Order, seller: None) -> None:  # noqa: F811
    order.price_cents = 12_345
    root = ElementTree.fromstring(finvoice.invoice(order, DAY, NOW))
    assert [row.findtext("RowAmount") for row in root.findall("InvoiceRow")] == ["123,45"]


def test_an_address_that_is_not_known_whole_is_left_out(order: Order, seller: None) -> None:  # noqa: F811
    root = ElementTree.fromstring(finvoice.invoice(order, DAY, NOW))
    assert root.find("BuyerPartyDetails/BuyerPostalAddressDetails") is None


@pytest.mark.parametrize("name", ["Åbo & Öst <Ab>", "Šiauliai 学校", "x" * 200])
def test_any_name_makes_a_sound_message(order: Order, seller: None, name: str) -> None:  # noqa: F811
    order.organisation.name = name
    root = ElementTree.fromstring(finvoice.invoice(order, DAY, NOW))
    names = [element.text for element in root.findall("BuyerPartyDetails/BuyerOrganisationName")]
    assert "".join(names) == name
    assert max(map(len, names)) <= finvoice.NAME_LENGTH


def test_signs_that_xml_cannot_hold_are_left_out_of_a_name(order: Order, seller: None) -> None:  # noqa: F811
    order.organisation.name = "Kuusikon\x0bopisto\x01\ufffe"
    root = ElementTree.fromstring(finvoice.invoice(order, DAY, NOW))
    assert root.findtext("BuyerPartyDetails/BuyerOrganisationName") == "Kuusikon opisto  "


def test_it_is_in_swedish_for_who_placed_the_order_in_swedish(order: Order, seller: None) -> None:  # noqa: F811
    order.placed_by.language = "sv"
    root = ElementTree.fromstring(finvoice.invoice(order, DAY, NOW))
    assert root.findtext("InvoiceDetails/InvoiceTypeText") == "FAKTURA"
