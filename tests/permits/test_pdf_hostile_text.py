"""Whatever people write comes out as text, on the page, in a valid file."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from permits.documents import pdf
from permits.documents.pdf import Part, render
from portal import printing
from tests.permits.test_pdf import all_tags, read, replace, text_of, with_value

MARKUP = [
    '#import "@preview/x:1.0.0"',
    '#read("/etc/passwd")',
    "*x* _y_ `z`",
    "$a^2$",
    "@label <label>",
    "= Heading",
    "// comment",
    "\\u{41} \\",
    '"}], {"a": "',
    "#sys.inputs.sheet",
    "- item",
]


@pytest.mark.parametrize("text", MARKUP)
def test_markup_in_a_text_of_people_has_no_effect(text: str) -> None:
    sheet = replace(
        with_value(text),
        title=text,
        lead=text,
        number=text,
        footer=text,
        addressee=[text],
        signatures=[(text, text)],
    )
    assert text_of(sheet).count(text) >= 7
    assert [tag["/S"] for tag in all_tags(sheet)].count("/H1") == 1


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x00b\x07c\x1bd", "abcd"),
        ("e\u0301", "é"),
        ("soft\u00adhyphen", "softhyphen"),
        ("\u202etext\u202c", "text"),
        ("kiitos 😀", "kiitos [U+1F600]"),
        ("日本", "[U+65E5][U+672C]"),
        ("\ud800", ""),
        ("x\u0332", "x[U+0332]"),
        ("Ålandsbanken € ½ Šćępa Ñ", "Ålandsbanken € ½ Šćępa Ñ"),
        ("Привет Ελλάδα", "Привет Ελλάδα"),
    ],
)
def test_odd_characters_are_shown_or_named_by_number(text: str, shown: str) -> None:
    assert shown in text_of(with_value(f"alku {text} loppu"))


@pytest.mark.parametrize("text", ["שלום עולם", "سلام عليكم"])
def test_right_to_left_letters_are_kept(text: str) -> None:
    found = text_of(with_value(text))
    assert [letter for letter in text if letter not in found] == []


def test_a_hundred_thousand_characters_run_over_pages() -> None:
    start = time.perf_counter()
    reader = read(with_value("sana " * 20_000))
    assert time.perf_counter() - start < 10
    assert len(reader.pages) > 10


def test_a_very_long_word_does_not_run_off_the_page() -> None:
    pages = read(with_value("W" * 3000)).pages
    lines = [line for page in pages for line in page.extract_text().splitlines() if "WWW" in line]
    assert sum(line.count("W") for line in lines) == 3000
    assert max(line.count("W") for line in lines) <= 34  # as many as 122 mm hold


def test_a_word_of_thirty_letters_stays_whole() -> None:
    assert "\u200b" not in "".join(page.extract_text() for page in read(with_value("e" * 30)).pages)


def test_what_typst_cannot_show_is_made_with_common_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "SHOWN", printing.re.compile("."))
    assert "ä [U+65E5]" in text_of(with_value("ä 日"))


@given(st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_text_gives_a_file(text: str) -> None:
    sheet = replace(with_value(text), title=text, number=text, parts=[Part(text, items=[text])])
    assert render(sheet).startswith(b"%PDF-1.7")


@given(st.text(alphabet=st.characters(max_codepoint=0x2FF), max_size=300))
@settings(max_examples=100, deadline=None)
def test_a_fault_is_never_met_with_the_letters_of_europe(text: str) -> None:
    """Made in one go, without the second try that names all but common letters by number."""
    sheet = with_value(text)
    printing.compiled(pdf.TEMPLATE, "sheet", pdf._data(sheet, printing.SHOWN), sheet.date)
