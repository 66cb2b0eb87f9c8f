"""A filled order form is sent: the order is described and its register checked, or its cells are told."""

import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import translation
from django.utils.translation import gettext
from openpyxl import Workbook, load_workbook

from matching.readers import named_cells
from orders import policies, workflow
from orders.check import messages, report
from orders.material import order_form, order_form_read
from orders.models import Material, Order, StudentGroup
from permits.models import Permit
from portal import storage
from portal.models import AuditEvent
from tests import factories
from tests.orders.test_order_form import blank_form, place_of

ROWS = [
    ("010594Y9032", "Esimerkki", "Aino", "01.05.1994", "Vanhatie 1", "00100", "HELSINKI", "0007"),
    ("020594X903P", "Malli", "Väinö", date(1994, 5, 2), 'Kuja "2", B', None, None, "=1+1"),
]
ANSWERS = {
    "contact_name": "Sari Sihteeri",
    "contact_email": "sari@school.example",
    "register_name": "Opiskelijarekisteri",
    "field_moved_on": "Ei",
    "accepted_by": "Raili Rehtori",
    "accepted_on": date(2026, 11, 2),
}


def saved(book: Workbook) -> bytes:
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def answer(book: Workbook, **answers: Any) -> None:
    for name, value in answers.items():
        sheet, cell = place_of(book, name)
        book[sheet][cell].value = value


def wanted(language: str = "fi", but: str = "moved_on") -> dict[str, str]:
    """Yes for all that the permit covers except one, in the form's language."""
    names = Permit.objects.get(number="TL-OPPILAITOKSET").fields_of()
    with translation.override(language):
        return {f"field_{name}": gettext("Yes") for name in names if name != but}


def students(value: str, language: str = "fi") -> str:
    """What the form's list calls a group of students."""
    with translation.override(language):
        return str(StudentGroup(value).label)


def filled_form(cast: SimpleNamespace, **answers: Any) -> Workbook:
    book = load_workbook(BytesIO(blank_form(cast)))
    answer(book, **(ANSWERS | wanted() | {"students": students("current")} | answers))
    for row, cells in enumerate(ROWS, start=2):
        for column, value in enumerate(cells, start=1):
            cell = book["Aineisto"].cell(row, column)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
    return book


def send(cast: SimpleNamespace, content: bytes | Workbook) -> Order:
    content = saved(content) if isinstance(content, Workbook) else content
    order = factories.draft_order(cast.secretary)
    upload = factories.upload(content, name="tilauslomake.xlsx")
    workflow.send_material(order, by=cast.secretary, upload=upload, is_form=True)
    factories.run_jobs()
    order.refresh_from_db()
    return order


def problems(order: Order) -> dict[str, str]:
    """Cell → code of what was refused."""
    assert order.material.state == Material.State.REFUSED
    return {problem["column"]: problem["code"] for problem in order.material.problems}


def material_text(order: Order, folder: Path) -> str:
    with storage.decrypted_copy(order.material.file.name, storage.upload_key(), folder) as path:
        return path.read_text(encoding="utf-8")


def test_a_filled_form_becomes_the_order(cast: SimpleNamespace) -> None:
    order = send(cast, filled_form(cast))
    assert order.material.problems == []
    assert order.material.state == Material.State.CHECKED
    assert order.contact_name == "Sari Sihteeri"
    assert order.contact_phone == ""
    assert order.students == "current"
    assert order.fields == [name for name in order.permit.fields_of() if name != "moved_on"]
    assert (order.terms_accepted_by, order.terms) == ("Raili Rehtori", order.permit.terms)
    policies.check_can_place(order)


def test_its_register_is_kept_cell_by_cell_and_the_form_itself_is_purged(
    cast: SimpleNamespace, tmp_path: Path
) -> None:
    order = send(cast, filled_form(cast))
    first, second = material_text(order, tmp_path).splitlines()[1:]
    assert first == '"010594Y9032","Esimerkki","Aino","01.05.1994","Vanhatie 1","00100","HELSINKI","0007"'
    assert second == '"020594X903P","Malli","Väinö","1994-05-02","Kuja ""2"", B","","","=1+1"'
    assert order.files.filter(purged_at=None).count() == 1


def test_the_report_is_the_same_as_of_the_register_alone(cast: SimpleNamespace) -> None:
    book = filled_form(cast)
    from_form = send(cast, book).material.report
    for name in ("Tilaus", "Hinnat", "Ohjeet"):
        del book[name]
    book.defined_names.clear()
    alone = factories.checked_order(cast.secretary, saved(book)).material.report
    told_apart = {"format", "encoding", "delimiter"}
    assert {k: v for k, v in from_form.items() if k not in told_apart} == {
        k: v for k, v in alone.items() if k not in told_apart
    }
    assert from_form["rows"] == 2


def test_the_report_tells_of_the_workbook_that_was_sent_and_not_of_the_text_made_of_it(
    cast: SimpleNamespace,
) -> None:
    material = send(cast, filled_form(cast)).material
    rows = {str(row.key): str(row.value) for row in report.format_rows(material.report, material)}
    assert rows["Tiedostomuoto"] == "Excel-työkirja (XLSX)"
    assert not {"Merkistö", "Erotin"} & set(rows)


def test_its_reading_is_in_the_audit_trail_without_names(cast: SimpleNamespace) -> None:
    order = send(cast, filled_form(cast))
    event = AuditEvent.objects.get(event="order.form_read", object_id=str(order.pk))
    assert event.details == {"terms_accepted_on": "2026-11-02"}


def test_the_swedish_form_is_read_too(cast: SimpleNamespace) -> None:
    book = load_workbook(BytesIO(blank_form(cast, "sv")))
    chosen = wanted("sv") | {"students": students("former", "sv").upper(), "field_moved_on": "nej"}
    answer(book, **(ANSWERS | chosen))
    book["Material"].append(["010594Y9032"])
    order = send(cast, book)
    assert order.students == "former"
    assert order.fields == [name for name in order.permit.fields_of() if name != "moved_on"]


def move_a_row(book: Workbook) -> None:
    book["Tilaus"].title = "Meidän tilaus"
    sheet = book["Meidän tilaus"]
    sheet["H99"].value = sheet[place_of(book, "contact_name")[1]].value
    book.defined_names["pp_contact_name"].attr_text = "'Meidän tilaus'!$H$99"
    for name, defined in book.defined_names.items():
        defined.attr_text = defined.attr_text.replace("'Tilaus'", "'Meidän tilaus'")
        assert name


def test_moved_cells_and_a_renamed_sheet_are_found_by_their_names(cast: SimpleNamespace) -> None:
    book = filled_form(cast)
    move_a_row(book)
    assert send(cast, book).contact_name == "Sari Sihteeri"


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("contact_name", None, "form_required"),
        ("contact_name", "  ", "form_required"),
        ("contact_name", "x" * 201, "form_too_long"),
        ("contact_email", "not an address", "form_not_email"),
        ("contact_phone", 291234567, "form_not_text"),
        ("register_name", "=A1", "form_formula"),
        ("students", "Kaikki", "form_not_in_list"),
        ("field_hetu", "ehkä", "form_not_in_list"),
        ("accepted_by", None, "form_required"),
        ("accepted_on", "eilen", "form_not_a_date"),
        ("accepted_on", True, "form_not_a_date"),
        ("accepted_on", "2.11.3026", "form_date_in_future"),
    ],
)
def test_what_is_wrong_is_told_by_its_cell(cast: SimpleNamespace, name: str, value: Any, code: str) -> None:
    book = filled_form(cast, **{name: value})
    sheet, cell = place_of(book, name)
    order = send(cast, book)
    assert problems(order) == {f"{sheet}!{cell}": code}
    assert order.register_name == ""


def test_all_that_is_wrong_is_told_at_once(cast: SimpleNamespace) -> None:
    book = filled_form(cast, contact_email="no", students=None)
    book["Aineisto"]["C1"].value = "Sukunimi"
    order = send(cast, book)
    places = ["!".join(place_of(book, name)) for name in ("contact_email", "students")]
    assert list(problems(order)) == [*places, "Aineisto!C1"]
    assert "no" not in str(order.material.problems[0]["params"])


def test_a_register_without_rows_is_told(cast: SimpleNamespace) -> None:
    book = filled_form(cast)
    book["Aineisto"].delete_rows(2, 9)
    assert set(problems(send(cast, book)).values()) == {"no_rows"}


def test_codes_turned_into_numbers_are_told_by_their_cells(cast: SimpleNamespace) -> None:
    book = filled_form(cast)
    book["Aineisto"]["A2"].value, book["Aineisto"]["A3"].value = 1.01e25, 2.02e25
    assert problems(send(cast, book)) == {"Aineisto!A2": "code_as_number", "Aineisto!A3": "code_as_number"}


@pytest.mark.parametrize("said", ["Ei", None])
def test_no_field_at_all_is_told(cast: SimpleNamespace, said: str | None) -> None:
    fields = factories.draft_order(cast.secretary).permit.fields_of()
    book = filled_form(cast, **{f"field_{name}": said for name in fields})
    assert problems(send(cast, book)) == {"!".join(place_of(book, "field_hetu")): "form_no_fields"}


def rename(book: Workbook, old: str, new: str) -> None:
    defined = book.defined_names.pop(old)
    defined.name = new
    book.defined_names.add(defined)


def test_a_field_outside_the_permit_is_told(cast: SimpleNamespace) -> None:
    book = filled_form(cast)
    place = "!".join(place_of(book, "field_hetu"))
    rename(book, "pp_field_hetu", "pp_field_marital_status")
    assert problems(send(cast, book)) == {place: "form_unknown_field", None: "form_cell_missing"}


@pytest.mark.parametrize(
    ("mark", "code"),
    [
        ("PP-TILAUS 0 fi TL-OPPILAITOKSET/1", "form_other_version"),
        ("PP-TILAUS 1 fi TL-OPPILAITOKSET/2", "form_other_permit"),
        ("something else", "not_order_form"),
    ],
)
def test_a_form_of_another_version_or_permit_is_refused(cast: SimpleNamespace, mark: str, code: str) -> None:
    assert set(problems(send(cast, filled_form(cast, form=mark))).values()) == {code}


def plain_workbook() -> bytes:
    book = Workbook()
    book.active.append(["Henkilötunnus"])
    book.active.append(["010594Y9032"])
    return saved(book)


def bomb(form: bytes) -> bytes:
    """The form with a member that unpacks to a thousand times its size."""
    target = BytesIO(form)
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.png", bytes(30 << 20))
    return target.getvalue()


def test_a_form_that_unpacks_to_far_more_than_its_size_is_refused(cast: SimpleNamespace) -> None:
    order = send(cast, bomb(saved(filled_form(cast))))
    assert problems(order) == {None: "unpacks_too_large"}


def test_a_register_too_large_for_memory_is_sent_alone(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order_form_read, "MAX_UNPACKED", 10_000)
    assert problems(send(cast, filled_form(cast))) == {None: "form_too_large"}


def test_a_form_that_takes_too_long_to_read_is_refused(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(named_cells, "MAX_SECONDS", 0.01)
    assert problems(send(cast, filled_form(cast))) == {None: "form_too_large"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (plain_workbook, "not_order_form"),
        (lambda: factories.REGISTER.encode(), "not_order_form"),
        (
            lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "password_protected",
        ),
        (lambda: b"%PDF-1.7", "unsupported_type"),
        (lambda: plain_workbook()[:-200], "damaged_file"),
        (lambda: b"", "empty_file"),
    ],
)
def test_a_file_that_is_no_form_is_refused(
    cast: SimpleNamespace, content: Callable[[], bytes], code: str
) -> None:
    assert problems(send(cast, content())) == {None: code}


def test_the_draft_stays_as_it_was_when_the_form_is_refused(cast: SimpleNamespace) -> None:
    order = send(cast, filled_form(cast, accepted_on=policies.today() + timedelta(days=1)))
    assert order.register_name == order.terms_accepted_by == ""
    assert order.status == "draft"


def test_every_problem_has_its_sentence_and_its_cell(cast: SimpleNamespace) -> None:
    problem = send(cast, filled_form(cast, contact_name="x" * 201)).material.problems[0]
    assert messages.problem_text(problem) == "Kirjoita enintään 200 merkkiä."
    assert messages.problem_place(problem) == f"Solu {problem['column']}"


def test_a_page_names_the_label_of_a_cell_beside_it(cast: SimpleNamespace) -> None:
    order = send(cast, filled_form(cast, contact_name=None, accepted_by=None))
    cells = ["!".join(place_of(filled_form(cast), name)) for name in ("contact_name", "accepted_by")]
    places = [line.place for line in report.problem_lines(order.material)]
    assert places == [f"{cells[0]}, Nimi", f"{cells[1]}, Ehdot hyväksyy"]


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_labels_are_known_of_every_cell_to_fill(cast: SimpleNamespace, language: str) -> None:
    book = load_workbook(BytesIO(blank_form(cast, language)))
    names = {name.removeprefix("pp_") for name in book.defined_names} - {"form", "register"}
    labels = order_form.cell_labels(Permit.objects.get(number="TL-OPPILAITOKSET"))
    for sheet, cell in (place_of(book, name) for name in names):
        written = book[sheet][cell.replace("B", "A")].value
        assert written.startswith(labels[f"{sheet}!{cell}"])
