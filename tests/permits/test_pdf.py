"""Documents: tags and metadata of PDF/UA-1 (ISO 14289-1), languages, and text of people that stays text.

typst refuses to write a file that breaks those rules of PDF/UA-1 that a machine can check; these tests hold
what it can't know: that the headings, tables and texts are those of the sheet.
"""

import io
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.utils import translation
from pypdf import PdfReader

from permits.documents.document_texts import appeal_instructions, labels, law_references
from permits.documents.pdf import Part, Row, Sheet, render

SHEET = Sheet(
    kind="decision",
    language="fi",
    number="REK/1204/2026",
    title="Päätös tietoluvasta – Åbo Öja",
    date=date(2026, 11, 23),
    addressee=["Kuvitteellinen kunta", "Esimerkkikatu 1"],
    lead="Lupa myönnetään.",
    parts=[
        Part("Sisältö", rows=[Row("Hakija", "Kuvitteellinen kunta"), Row("Turvakielto", "")]),
        Part("Perustelut", paragraphs=["Tiedot ovat tarpeen (29 §)."], items=["Ensimmäinen", "Toinen"]),
    ],
    signatures=[("Maija Keksitty", "Johtava asiantuntija")],
    footer="kirjaamo@registry.example",
)


def read(sheet: Sheet) -> PdfReader:
    return PdfReader(io.BytesIO(render(sheet)))


def text_of(sheet: Sheet) -> str:
    return " ".join(
        "\n".join(page.extract_text() for page in read(sheet).pages).replace("\u200b", "").split()
    )


def with_value(value: str) -> Sheet:
    return replace(SHEET, parts=[Part("Osa", rows=[Row("Rivi", value)])])


def catalogue(reader: PdfReader) -> Any:
    return reader.trailer["/Root"]


def tags(node: Any) -> Iterator[Any]:
    """The structure elements below a node, in reading order."""
    node = node.get_object()
    if isinstance(node, list):
        for child in node:
            yield from tags(child)
    elif isinstance(node, dict):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from tags(node["/K"])


def all_tags(sheet: Sheet) -> list[Any]:
    return list(tags(catalogue(read(sheet))["/StructTreeRoot"]))


def test_it_says_that_it_is_pdf_ua() -> None:
    root = catalogue(read(SHEET))
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712 -- an object of the file, not a bool
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712
    assert "<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data().decode()


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_its_language_is_told(language: str) -> None:
    assert catalogue(read(replace(SHEET, language=language)))["/Lang"] == f"{language}-FI"


def test_its_title_is_in_the_metadata() -> None:
    metadata = read(SHEET).metadata
    assert metadata is not None
    assert metadata.title == SHEET.title


def test_its_headings_are_the_title_and_the_parts_in_order() -> None:
    found = [(tag["/S"], tag["/T"]) for tag in all_tags(SHEET) if tag["/S"].startswith("/H")]
    assert found == [("/H1", SHEET.title), ("/H2", "Sisältö"), ("/H2", "Perustelut")]


def test_facts_are_a_table_whose_cells_name_their_heads() -> None:
    found = all_tags(SHEET)
    heads = [tag for tag in found if tag["/S"] == "/TH"]
    cells = [tag for tag in found if tag["/S"] == "/TD"]
    assert [head["/A"][0]["/Scope"] for head in heads] == ["/Column", "/Column"]
    assert len(cells) == 4
    assert all(cell["/A"][0]["/Headers"] for cell in cells)


def test_paragraphs_and_lists_are_tagged_as_such() -> None:
    names = [tag["/S"] for tag in all_tags(SHEET)]
    assert names.count("/L") == 1
    assert names.count("/LI") == names.count("/LBody") == 2
    assert names.count("/P") == 8  # sender, type and number, addressee, lead, two values, reasons, signature


def test_every_font_is_embedded() -> None:
    fonts = [
        font.get_object()["/DescendantFonts"][0]["/FontDescriptor"]
        for page in read(SHEET).pages
        for font in page["/Resources"]["/Font"].values()  # type: ignore[index]
    ]
    assert fonts
    assert all({"/FontFile2", "/FontFile3"} & font.keys() for font in fonts)


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("fi", ["Rekisterivirasto", "Päätös tietoluvasta"]),
        ("sv", ["Registerverket", "Beslut om datatillstånd"]),
    ],
)
def test_the_letterhead_is_in_its_language(language: str, texts: list[str]) -> None:
    found = text_of(replace(SHEET, language=language))
    assert [text for text in texts if text not in found] == []


def test_date_case_number_addressee_and_pages_are_on_the_first_page() -> None:
    found = text_of(SHEET)
    wanted = ["23.11.2026", SHEET.number, *SHEET.addressee, "1 (1)", SHEET.footer, "Johtava asiantuntija"]
    assert [text for text in wanted if text not in found] == []


@pytest.mark.parametrize("kind", ["application", "decision", "permit"])
def test_a_sheet_without_any_text_is_made_and_has_a_title(kind: Any) -> None:
    empty = Sheet(kind, "fi", "", "", date(2026, 11, 23), [], "", [Part("")], [("", "")], "")
    metadata = read(empty).metadata
    assert metadata is not None
    assert metadata.title


def test_an_empty_value_is_shown_as_a_dash() -> None:
    assert "Turvakielto –" in text_of(SHEET)


def test_lines_and_paragraphs_of_a_value_stay_apart() -> None:
    pages = read(with_value("eka\r\ntoka\n\nkolmas")).pages
    lines = pages[0].extract_text().splitlines()
    assert [line.split()[-1] for line in lines if line.endswith(("eka", "toka", "kolmas"))] == [
        "eka",
        "toka",
        "kolmas",
    ]


def test_the_same_sheet_gives_the_same_bytes() -> None:
    assert render(SHEET) == render(SHEET)


@pytest.mark.parametrize("rows", [1, 100])
def test_a_sheet_is_made_within_a_second(rows: int) -> None:
    sheet = replace(SHEET, parts=[Part("Osa", rows=[Row(f"Rivi {i}", "arvo " * 20) for i in range(rows)])])
    start = time.perf_counter()
    render(sheet)
    assert time.perf_counter() - start < 1


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_the_standing_texts_are_translated(language: str) -> None:
    def texts() -> list[str]:
        return [*labels().values(), *law_references(), *appeal_instructions()]

    with translation.override("en"):
        english = texts()
    with translation.override(language):
        assert not set(texts()) & set(english)


@pytest.mark.parametrize(("language", "days"), [("fi", "30 päivän kuluessa"), ("sv", "inom 30 dagar")])
def test_the_instructions_for_appeal_tell_time_and_notice(language: str, days: str) -> None:
    with translation.override(language):
        whole = " ".join(appeal_instructions())
    assert [text for text in (days, "13/2003", "19 §", "59 §") if text not in whole] == []


def test_an_email_address_stays_whole_so_that_it_can_be_copied() -> None:
    address = "etunimi.sukunimi-kaksoisnimi@ammattiopisto.kuusikkol.example"
    assert len(address) == 60
    reader = read(with_value(address))
    text = "\n".join(page.extract_text() for page in reader.pages)
    assert address in text
    assert "\u200b" not in text
