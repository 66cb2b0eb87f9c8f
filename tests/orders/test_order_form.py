"""The order form as it is downloaded."""

from io import BytesIO
from types import SimpleNamespace

import fastexcel
import pytest
from openpyxl import Workbook, load_workbook

from matching.fields import recognise
from orders import policies
from orders.material import order_form
from orders.material.order_form_texts import REGISTER_HEADERS
from orders.prices import pricing
from permits.models import Permit


def blank_form(cast: SimpleNamespace, language: str = "fi") -> bytes:
    prices = pricing.public_price_table(policies.today())
    permit = Permit.objects.get(number="TL-OPPILAITOKSET")
    return order_form.build(organisation=cast.school, permit=permit, prices=prices, language=language)


def opened(cast: SimpleNamespace, language: str = "fi") -> Workbook:
    return load_workbook(BytesIO(blank_form(cast, language)))


def place_of(book: Workbook, name: str) -> tuple[str, str]:
    """(sheet, cell) of a defined name."""
    ((sheet, cell),) = book.defined_names[f"pp_{name}"].destinations
    return sheet, cell.replace("$", "")


def text_of(book: Workbook) -> str:
    return "\n".join(str(c.value) for sheet in book for row in sheet for c in row if c.value is not None)


def test_it_has_a_cell_for_every_detail_and_every_field_of_the_permit(cast: SimpleNamespace) -> None:
    permit = Permit.objects.get(number="TL-OPPILAITOKSET")
    wanted = {f"pp_field_{name}" for name in permit.fields_of()} | {
        "pp_form",
        "pp_register",
        "pp_contact_name",
        "pp_contact_email",
        "pp_contact_phone",
        "pp_register_name",
        "pp_register_description",
        "pp_students",
        "pp_accepted_by",
        "pp_accepted_on",
    }
    assert wanted <= set(opened(cast).defined_names)


def test_only_the_cells_to_fill_are_open(cast: SimpleNamespace) -> None:
    book = opened(cast)
    sheet = book.worksheets[0]
    open_cells = {cell.coordinate for row in sheet for cell in row if not cell.protection.locked}
    to_fill = {name.removeprefix("pp_") for name in book.defined_names} - {"form", "register"}
    assert sheet.protection.sheet
    assert not sheet.protection.password
    assert open_cells == {place_of(book, name)[1] for name in to_fill}


def test_no_field_is_ordered_until_the_customer_says_yes(cast: SimpleNamespace) -> None:
    book = opened(cast)
    for name in Permit.objects.get(number="TL-OPPILAITOKSET").fields_of():
        sheet, cell = place_of(book, f"field_{name}")
        assert book[sheet][cell].value is None


def test_each_choice_has_its_list(cast: SimpleNamespace) -> None:
    book = opened(cast, "en")
    lists = {str(rule.sqref): rule.formula1 for rule in book.worksheets[0].data_validations.dataValidation}
    assert lists[place_of(book, "field_hetu")[1]] == '"Yes,No"'
    assert (
        lists[place_of(book, "students")[1]]
        == '"Current students,Former students,Current and former students"'
    )


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_register_has_headers_that_are_recognised_and_text_columns(
    cast: SimpleNamespace, language: str
) -> None:
    book = opened(cast, language)
    sheet = book[place_of(book, "register")[0]]
    headers = [cell.value for cell in sheet[1]]
    fields = [recognise(header) for header in headers]
    assert headers == list(REGISTER_HEADERS[language])
    assert fields[0] == "hetu"
    assert fields[-1] == "row_id"
    assert None not in fields
    assert len(set(fields)) == len(fields)
    assert sheet.column_dimensions["A"].number_format == "@"
    assert sheet.column_dimensions["A"].max >= 50


@pytest.mark.parametrize(
    ("language", "sheets"),
    [
        ("fi", ["Tilaus", "Aineisto", "Ohjeet", "Hinnat"]),
        ("sv", ["Beställning", "Material", "Anvisningar", "Priser"]),
        ("en", ["Order", "Register", "Instructions", "Prices"]),
    ],
)
def test_it_speaks_the_readers_language(cast: SimpleNamespace, language: str, sheets: list[str]) -> None:
    assert opened(cast, language).sheetnames == sheets


def test_it_tells_the_prices_of_the_list_in_force_and_the_customers_own(cast: SimpleNamespace) -> None:
    sheet = opened(cast)["Hinnat"]
    numbers = [cell.value for row in sheet for cell in row if isinstance(cell.value, int | float)]
    assert {175, 24, 500, 199} <= set(numbers)
    assert numbers.count(0) == 3  # a school with statutory degrees pays nothing


def test_it_holds_the_terms_and_the_customers_name(cast: SimpleNamespace) -> None:
    text = text_of(opened(cast))
    terms = Permit.objects.get(number="TL-OPPILAITOKSET").terms
    assert all(paragraph in text for paragraph in terms.texts["fi"].split("\n\n"))
    assert cast.school.name in text
    assert "PP-TILAUS 1 fi TL-OPPILAITOKSET/1" in text


def test_a_name_that_looks_like_a_formula_stays_text(cast: SimpleNamespace) -> None:
    cast.school.name = "=1+1"
    text = text_of(opened(cast))
    assert f"=1+1, {cast.school.business_id}" in text


def test_another_reader_opens_it_too(cast: SimpleNamespace) -> None:
    assert fastexcel.read_excel(blank_form(cast)).sheet_names[0] == "Tilaus"
