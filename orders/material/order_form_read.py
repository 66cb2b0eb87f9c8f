"""Reading a filled order form, in a worker: the web cannot open what was sent.

With `pipeline` and `clearing` the place that calls the matching library: its guard against unsafe workbooks,
its process for the form's cells (nothing is parsed here, beside the keys), and its reader for the form's
register, so that a register is read the same in the form as alone.
"""

import csv
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import translation

from matching.connect import connect
from matching.errors import InputProblems, Problem
from matching.readers import Mapping, open_source
from matching.readers.named_cells import Cell, read_named_cells
from matching.readers.opening import is_workbook
from orders import policies, workflow
from orders.material import order_form as form
from orders.models import Order
from permits.models import Permit
from portal.audit import record
from portal.events import MACHINE, Event

MAX_UNPACKED = 256 << 20  # bytes of a form; a larger register is sent alone
DATE_FORMATS = ("%d.%m.%Y", "%Y-%m-%d")

_MARK = re.compile(r"PP-TILAUS (\d+) (fi|sv|en) (.+)")


@dataclass(frozen=True)
class Sheets:
    """What the form's sheets hold: `cells` by their defined names, and the register's sheet and headers.

    `headers`: header → (column letters, row) in the register's sheet, 1-based.
    """

    cells: dict[str, Cell]
    register: str
    headers: dict[str, tuple[str, int]]

    def in_cells(self, refused: InputProblems) -> InputProblems:
        """The problems of the register with their cell in the form for their row and column."""
        return InputProblems([self._in_cell(problem) for problem in refused.problems], total=refused.total)

    def _in_cell(self, problem: Problem) -> Problem:
        first = min((row for _, row in self.headers.values()), default=1)
        letters, header_row = self.headers.get((problem.column or "").strip(), ("A", first))
        row = header_row + (problem.row or 0)
        return replace(problem, row=None, column=f"{self.register}!{letters}{row}")


@dataclass(frozen=True)
class FilledForm:
    """What a filled form says: the register as a file, the details of its order, who accepted the terms."""

    register: Path
    sheets: Sheets
    details: dict[str, Any]
    accepted_by: str
    accepted_on: date


def read(path: Path, folder: Path, permit: Permit) -> FilledForm:
    """Read a filled form of the permit; its register is written into `folder`.

    Raises InputProblems: all that must be mended, each with its cell, none with a cell's content.
    """
    sheets = _sheets(path)
    language = _language(sheets, permit)
    problems = _unknown_fields(sheets, permit)
    with translation.override(language):
        values = _values(sheets, permit, problems)
    register = folder / "register.csv"
    try:
        _write_register(path, sheets.register, register, folder)
    except InputProblems as refused:
        problems += sheets.in_cells(refused).problems
    if problems:
        raise InputProblems(problems)
    fields = [name for name in permit.fields_of() if values.pop(form.FIELD_NAME + name)]
    accepted_by, accepted_on = values.pop("accepted_by"), values.pop("accepted_on")
    return FilledForm(register, sheets, values | {"fields": fields}, accepted_by, accepted_on)


def apply(filled: FilledForm, order: Order) -> None:
    """Store the form's details in its draft order, in the caller's transaction."""
    workflow.describe(order, by=order.created_by, **filled.details)
    terms = order.permit.terms
    Order.objects.filter(pk=order.pk).update(terms_accepted_by=filled.accepted_by, terms=terms)
    record(Event.ORDER_FORM_READ, by=MACHINE, about=order, terms_accepted_on=filled.accepted_on)


def _sheets(path: Path) -> Sheets:
    """Raises InputProblems where the file is no order form, or not safe to open."""
    if not is_workbook(path):
        raise _not_order_form()
    with zipfile.ZipFile(path) as archive:
        unpacked = sum(part.file_size for part in archive.infolist())
    if unpacked > MAX_UNPACKED:
        raise _problem("form_too_large", "the register is too large for the form")
    found = read_named_cells(path, form.PREFIX, form.FORM_NAME, form.REGISTER_NAME)
    if found is None:
        raise _not_order_form()
    return Sheets(found.cells, found.sheet, found.headers)


def _language(sheets: Sheets, permit: Permit) -> str:
    """The form's language, if it is a form of this version and permit. Raises InputProblems."""
    cell = sheets.cells[form.FORM_NAME]
    found = _MARK.fullmatch(str(cell.value))
    if not found:
        raise _not_order_form()
    version, language, of_permit = found.groups()
    if int(version) != form.VERSION:
        raise _problem("form_other_version", "the form is out of date", cell)
    if of_permit != str(permit):
        raise _problem("form_other_permit", "the form is of another permit", cell, permit=str(permit))
    return language


def _unknown_fields(sheets: Sheets, permit: Permit) -> list[Problem]:
    known = {form.FIELD_NAME + name for name in permit.fields_of()}
    return [
        Problem("form_unknown_field", "the permit does not cover this", column=cell.place)
        for name, cell in sheets.cells.items()
        if name.startswith(form.FIELD_NAME) and name not in known
    ]


def _values(sheets: Sheets, permit: Permit, problems: list[Problem]) -> dict[str, Any]:
    """Input name → value of every cell to fill; what is wrong is added to `problems`."""
    values: dict[str, Any] = {}
    for section in form.sections(permit):
        for item in section.inputs:
            cell = sheets.cells.get(item.name)
            try:
                if cell is None:
                    raise _problem("form_cell_missing", "a cell is missing", name=str(item.label))
                values[item.name] = _value(item, cell)
            except InputProblems as wrong:
                problems += wrong.problems
    chosen = [values.get(form.FIELD_NAME + name, True) for name in permit.fields_of()]
    if not any(chosen):
        first = sheets.cells[form.FIELD_NAME + permit.fields_of()[0]]
        problems += _problem("form_no_fields", "no data are chosen", first).problems
    return values


def _value(item: form.Input, cell: Cell) -> Any:
    """The value of one cell. Raises InputProblems."""
    if cell.is_formula:
        raise _problem("form_formula", "the cell has a formula", cell)
    if cell.value is None or cell.value == "":
        if item.required:
            raise _problem("form_required", "the cell is empty", cell)
        return ""
    return _READERS[item.kind](item, cell)


def _text(item: form.Input, cell: Cell) -> str:
    if not isinstance(cell.value, str):
        raise _problem("form_not_text", "the cell is no text", cell)
    if len(cell.value) > item.limit:
        raise _problem("form_too_long", f"more than {item.limit} characters", cell, limit=item.limit)
    return cell.value


def _email(item: form.Input, cell: Cell) -> str:
    text = _text(item, cell)
    try:
        validate_email(text)
    except ValidationError as error:
        raise _problem("form_not_email", "the cell is no e-mail address", cell) from error
    return text


def _choice(item: form.Input, cell: Cell) -> str | bool:
    known = {label.casefold(): value for label, value in form.choices(item.kind).items()}
    try:
        return known[str(cell.value).casefold()]
    except KeyError as error:
        raise _problem("form_not_in_list", "the cell says what is not in its list", cell) from error


def _date(item: form.Input, cell: Cell) -> date:
    day = cell.value if isinstance(cell.value, date) else _written_date(cell.value)
    if day is None:
        raise _problem("form_not_a_date", "the cell is no date", cell)
    if day > policies.today():
        raise _problem("form_date_in_future", "the date is in the future", cell)
    return day


def _written_date(value: Any) -> date | None:
    for pattern in DATE_FORMATS:
        try:
            return datetime.strptime(str(value), pattern).date()
        except ValueError:
            continue
    return None


_READERS: dict[str, Callable[[form.Input, Cell], Any]] = {
    form.TEXT: _text,
    form.EMAIL: _email,
    form.CHOICE: _choice,
    form.YES_NO: _choice,
    form.DATE: _date,
}


def _write_register(path: Path, sheet: str, register: Path, folder: Path) -> None:
    """The register's sheet as CSV: UTF-8, comma, every cell as the matching reads it from a workbook.

    Raises InputProblems as the matching does.
    """
    source = open_source(path, Mapping(sheet=sheet), folder)
    with connect(temp=folder) as con:
        source.load(con, "register", folder)
        rows = con.execute("SELECT * FROM register")
        with register.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, quoting=csv.QUOTE_ALL)
            writer.writerow(source.headers)
            while block := rows.fetchmany(10_000):
                writer.writerows(block)


def _not_order_form() -> InputProblems:
    return _problem("not_order_form", "this is not the order form")


def _problem(code: str, text: str, cell: Cell | None = None, **params: str | int) -> InputProblems:
    return InputProblems([Problem(code, text, column=cell.place if cell else None, params=params)])
