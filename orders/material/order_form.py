"""The order form (tilauslomake) as a workbook: filled offline and sent, it becomes the same order.

What can be filled is data (`sections`), from which the form is written here and read in `order_form_read`.
Each cell to fill has a defined name, which a spreadsheet program keeps even where rows are moved.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from xlsxwriter import Workbook
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from orders.material.order_form_texts import REGISTER_HEADERS, instructions
from orders.models import StudentGroup
from orders.prices.pricing import PriceTable
from orders.prices.pricing import price as price_of
from permits import field_texts
from permits.models import Permit
from portal.models import Organisation

VERSION = 1  # raise it when a cell gets another name or meaning, or a list other words
PREFIX = "pp_"  # of the defined names
FORM_NAME, REGISTER_NAME, FIELD_NAME = "form", "register", "field_"
TEXT, EMAIL, CHOICE, YES_NO, DATE = "text", "email", "choice", "yes_no", "date"
FIRST_FACT, FIRST_SECTION = 3, 6  # rows of the order's sheet, 0-based
LAST_ROW = 1_048_575  # of any sheet, 0-based
TEXT_COLUMNS = 60  # of the register's sheet: the ready ones and the customer's own

ORDER_WIDTHS, TEXT_WIDTHS = (30, 48, 62), (30, 100)  # of columns, in characters

# The values of the pages' colours (portal/static/portal/tokens.css): text, heading, edges, surfaces.
INK, HEADING, EDGE, PANEL, MISSING = "#212121", "#00347A", "#C8CDD0", "#EAF2FA", "#FFF3D6"


@dataclass(frozen=True)
class Input:
    """One cell to fill. `limit` is in characters."""

    name: str
    label: str | Promise
    hint: str | Promise = ""
    kind: str = TEXT
    required: bool = True
    limit: int = 200


@dataclass(frozen=True)
class Section:
    heading: str | Promise
    inputs: tuple[Input, ...]
    note: str | Promise = ""


def mark(language: str, permit: Permit) -> str:
    """What the form says of itself, by which it is known when it comes back."""
    return f"PP-TILAUS {VERSION} {language} {permit}"


def sections(permit: Permit) -> tuple[Section, ...]:
    """All that an order under the permit can be told by the form, in the reader's language."""
    fields = tuple(_field(name) for name in permit.fields_of())
    note = gettext_lazy(
        "Choose Yes for the data that you need. Only they are ordered. The permit covers all of these."
    )
    return (*_ABOUT, Section(gettext_lazy("Data to be updated"), fields, note), _TERMS)


def _field(name: str) -> Input:
    text = field_texts.PERSON_FIELDS.get(name) or field_texts.FieldText(name)
    return Input(f"{FIELD_NAME}{name}", text.label, text.help, YES_NO, required=False)


_ABOUT = (
    Section(
        gettext_lazy("Contact person"),
        (
            Input("contact_name", gettext_lazy("Name"), gettext_lazy("Whom we may ask about the order.")),
            Input(
                "contact_email",
                gettext_lazy("E-mail"),
                gettext_lazy("Messages about the order go here."),
                EMAIL,
            ),
            Input(
                "contact_phone",
                gettext_lazy("Telephone"),
                gettext_lazy("For example 029 123 4567."),
                required=False,
                limit=40,
            ),
        ),
    ),
    Section(
        gettext_lazy("Register to be updated"),
        (
            Input(
                "register_name",
                gettext_lazy("Name of the register"),
                gettext_lazy("As you call it, for example Student register."),
            ),
            Input(
                "register_description",
                gettext_lazy("Description"),
                gettext_lazy(
                    "What the register is used for, and where it comes from. At most 2000 characters."
                ),
                required=False,
                limit=2000,
            ),
            Input("students", gettext_lazy("Whose data"), gettext_lazy("Choose from the list."), CHOICE),
        ),
    ),
)
_TERMS = Section(
    gettext_lazy("Terms"),
    (
        Input(
            "accepted_by",
            gettext_lazy("Accepted by"),
            gettext_lazy("Name of the person who accepts the terms for your organisation."),
        ),
        Input(
            "accepted_on", gettext_lazy("Accepted on"), gettext_lazy("Date, for example 23.11.2026."), DATE
        ),
    ),
    gettext_lazy("The terms are on the instructions sheet. They are accepted with a name and a date."),
)


def input_rows(permit: Permit) -> Iterator[tuple[Section, Input, int]]:
    """Each cell to fill with its row in the order's sheet, 0-based, and the section in which it stands."""
    row = FIRST_SECTION
    for section in sections(permit):
        row += 3 if section.note else 2
        for item in section.inputs:
            yield section, item, row
            row += 1


def cell_labels(permit: Permit) -> dict[str, str]:
    """A cell as people say it (`Tilaus!B9`) → its label, of the form in each language.

    Of cells that the customer has moved nothing is known.
    """
    labels = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            sheet = pgettext("sheet", "Order")
            for _section, item, row in input_rows(permit):
                labels[f"{sheet}!{xl_rowcol_to_cell(row, 1)}"] = str(item.label)
    return labels


def choices(kind: str) -> dict[str, str | bool]:
    """What a cell with a list can say → its value, in the reader's language."""
    if kind == YES_NO:
        return {_("Yes"): True, _("No"): False}
    return {str(label): value for value, label in StudentGroup.choices}


def build(*, organisation: Organisation, permit: Permit, prices: PriceTable, language: str = "fi") -> bytes:
    """The form for one customer and permit, as the bytes of an XLSX file. Reads the price list's table."""
    target = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with translation.override(language), Workbook(target, options) as book:
        book.set_properties({"title": _("Order form of the update service"), "subject": str(permit)})
        form = _Form(book, organisation, permit, language)
        form.write_order()
        form.write_register()
        form.write_texts(pgettext("sheet", "Instructions"), instructions(permit))
        form.write_prices(prices)
    return target.getvalue()


class _Form:
    """The workbook while it is being written."""

    def __init__(self, book: Workbook, organisation: Organisation, permit: Permit, language: str) -> None:
        self.book, self.organisation, self.permit, self.language = book, organisation, permit, language
        self.row, self.first_input = 0, ""
        self.formats = {name: book.add_format(values) for name, values in _formats().items()}

    def write_order(self) -> None:
        """The sheet that is filled: labels, cells with a frame, and hints."""
        sheet = self._sheet(pgettext("sheet", "Order"), ORDER_WIDTHS, header_rows=1)
        sheet.set_row(0, 34)
        sheet.write_string(0, 0, _("Order of an update"), self.formats["title"])
        lead = _(
            "Fill in the framed cells here, put your register on the next sheet, and send the file in the"
            " service."
        )
        sheet.write_string(1, 0, lead, self.formats["plain"])
        self.row = FIRST_FACT
        self._facts(sheet)
        written: Section | None = None
        for section, item, row in input_rows(self.permit):
            self.row = row
            if section is not written:
                self._heading(sheet, section)
                written = section
            self._input(sheet, item)
        sheet.set_selection(self.first_input)
        sheet.protect("", {"format_columns": True, "format_rows": True})

    def _facts(self, sheet: Worksheet) -> None:
        facts = (
            (_("Customer"), f"{self.organisation.name}, {self.organisation.business_id}"),
            (_("Permit"), f"{self.permit} ({self.permit.purpose})"),
            (_("Form"), mark(self.language, self.permit)),
        )
        for label, value in facts:
            sheet.write_string(self.row, 0, label, self.formats["label"])
            sheet.write_string(self.row, 1, value, self.formats["text"])
            _set_height(sheet, self.row, value, ORDER_WIDTHS[1])
            self.row += 1
        self._name(FORM_NAME, sheet, self.row - 1, 1)

    def _heading(self, sheet: Worksheet, section: Section) -> None:
        """A section's heading and note, in the rows above its first cell."""
        row = self.row - (2 if section.note else 1)
        sheet.set_row(row, 26)
        sheet.write_string(row, 0, str(section.heading), self.formats["heading"])
        if section.note:
            sheet.write_string(row + 1, 0, str(section.note), self.formats["plain"])

    def _input(self, sheet: Worksheet, item: Input) -> None:
        sheet.write_string(self.row, 0, _label(item), self.formats["label"])
        sheet.write_string(self.row, 2, str(item.hint), self.formats["hint"])
        cell = self.formats["date" if item.kind == DATE else "input"]
        sheet.write_blank(self.row, 1, None, cell)
        if item.kind != DATE:  # whether 23.11.2026 is a date hangs on the program's language
            sheet.data_validation(self.row, 1, self.row, 1, _rule(item))
        if item.required:
            blank = {"type": "blanks", "format": self.formats["missing"]}
            sheet.conditional_format(self.row, 1, self.row, 1, blank)
        _set_height(sheet, self.row, str(item.hint), ORDER_WIDTHS[2], lines=5 if item.limit > 1000 else 1)
        self._name(item.name, sheet, self.row, 1)
        self.first_input = self.first_input or xl_rowcol_to_cell(self.row, 1)

    def write_register(self) -> None:
        """The sheet of the register: every column is text, so that no code or leading zero is lost."""
        sheet = self._sheet(pgettext("sheet", "Register"), (), header_rows=1)
        sheet.set_landscape()
        headers = REGISTER_HEADERS[self.language]
        sheet.set_column(0, TEXT_COLUMNS - 1, 20, self.formats["column"])
        for column, header in enumerate(headers):
            sheet.write_string(0, column, header, self.formats["header"])
        sheet.set_row(0, 21)
        sheet.ignore_errors({"number_stored_as_text": f"A1:{xl_rowcol_to_cell(LAST_ROW, TEXT_COLUMNS - 1)}"})
        self._name(REGISTER_NAME, sheet, 0, 0)

    def write_prices(self, prices: PriceTable) -> None:
        """The price list, and what registers of some sizes cost this customer."""
        sheet = self._sheet(pgettext("sheet", "Prices"), (46, 24, 30))
        sheet.write_string(0, 0, _("Prices"), self.formats["title"])
        since = _("In force from %(day)s. No value-added tax.") % {"day": f"{prices.valid_from:%-d.%-m.%Y}"}
        sheet.write_string(1, 0, since, self.formats["plain"])
        self.row = 3
        for label, cents in (
            (_("Base price"), prices.base_cents),
            (_("Each started thousand rows"), prices.per_thousand_cents),
        ):
            sheet.write_string(self.row, 0, label, self.formats["label"])
            sheet.write_number(self.row, 1, cents / 100, self.formats["money"])
            self.row += 1
        self.row += 1
        heads = (_("Rows in the register"), _("Price"), _("Price for your organisation"))
        for column, head in enumerate(heads):
            sheet.write_string(self.row, column, head, self.formats["header"])
        for rows, cents in prices.examples:
            self.row += 1
            own = price_of(self.organisation, rows, prices.valid_from).cents
            sheet.write_number(self.row, 0, rows, self.formats["count"])
            sheet.write_number(self.row, 1, cents / 100, self.formats["money"])
            sheet.write_number(self.row, 2, own / 100, self.formats["money"])
        self.row += 2
        sheet.write_string(self.row, 0, _("Free of charge for"), self.formats["heading"])
        for offset, kind in enumerate(prices.free, start=1):
            sheet.write_string(self.row + offset, 0, kind, self.formats["text"])
        sheet.protect()

    def write_texts(self, title: str, paragraphs: Iterable[tuple[str, str]]) -> None:
        """A sheet of headings with their texts beside them."""
        sheet = self._sheet(title, TEXT_WIDTHS)
        sheet.write_string(0, 0, title, self.formats["title"])
        for row, (heading, text) in enumerate(paragraphs, start=2):
            sheet.write_string(row, 0, heading, self.formats["topic"])
            sheet.write_string(row, 1, text, self.formats["paragraph"])
            _set_height(sheet, row, text, TEXT_WIDTHS[1])
        sheet.protect()

    def _sheet(self, name: str, widths: tuple[int, ...], header_rows: int = 0) -> Worksheet:
        sheet = self.book.add_worksheet(name)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.hide_gridlines(2 if widths else 0)
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&L{mark(self.language, self.permit)}&R&P / &N")
        if header_rows:
            sheet.freeze_panes(header_rows, 0)
            sheet.repeat_rows(0, header_rows - 1)
        return sheet

    def _name(self, name: str, sheet: Worksheet, row: int, column: int) -> None:
        cell = xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True)
        self.book.define_name(f"{PREFIX}{name}", f"='{sheet.get_name()}'!{cell}")


def _label(item: Input) -> str:
    """A cell's label. Data are chosen, and so neither needed nor optional one by one."""
    is_plain = item.required or item.kind == YES_NO
    return str(item.label) if is_plain else _("%(label)s (optional)") % {"label": item.label}


def _formats() -> dict[str, dict[str, Any]]:
    base = {
        "font_name": "Calibri",
        "font_size": 11,
        "font_color": INK,
        "valign": "vcenter",
        "text_wrap": True,
    }
    top = base | {"valign": "top"}
    heading = {"bold": True, "font_color": HEADING, "text_wrap": False}
    box = base | {"border": 1, "border_color": EDGE, "align": "left", "indent": 1, "locked": False}
    return {
        "title": base | heading | {"font_size": 20},
        "heading": base | heading | {"font_size": 14},
        "label": base | {"bold": True},
        "text": base,
        "plain": base | {"text_wrap": False},
        "hint": base | {"align": "left", "indent": 1, "font_color": "#5F686D"},
        "topic": top | {"bold": True},
        "paragraph": top,
        "header": base | {"bold": True, "bg_color": PANEL, "bottom": 2, "bottom_color": HEADING},
        "input": box | {"num_format": "@"},
        "date": box | {"num_format": "d.m.yyyy"},
        "column": {"num_format": "@"},
        "count": base | {"num_format": "#,##0", "align": "left"},
        "money": base | {"num_format": '#,##0.00 "€"', "align": "left"},
        "missing": {"bg_color": MISSING},
    }


def _set_height(sheet: Worksheet, row: int, text: str, width: int, lines: int = 1) -> None:
    """A row high enough for a wrapped text and at least `lines`: not every program finds it out by itself."""
    needed = max(lines, -(-len(text) // width))
    sheet.set_row(row, 6 + 15 * needed)


def _rule(item: Input) -> dict[str, Any]:
    """The spreadsheet program's own check of a cell, so that most mistakes are told at once."""
    rule: dict[str, Any] = {"error_title": str(item.label)[:32]}
    if item.kind in (YES_NO, CHOICE):
        return rule | {
            "validate": "list",
            "source": list(choices(item.kind)),
            "error_message": _("Choose from the list."),
        }
    message = _("At most %(limit)s characters.") % {"limit": item.limit}
    return rule | {"validate": "length", "criteria": "<=", "value": item.limit, "error_message": message}
