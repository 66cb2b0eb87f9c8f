"""The report on a register that was sent."""

import pytest
from django.urls import reverse

from orders import workflow
from orders.check.report import row_ranges
from portal.models import AuditEvent
from tests import factories

ENGLISH = {"accept-language": "en"}


def page_of(order) -> str:  # type: ignore[no-untyped-def]
    return reverse("orders:check", args=[order.pk])


def test_a_page_that_waits_follows_with_and_without_a_script(cast, sign_in) -> None:
    order = factories.described_order(cast.secretary)
    workflow.send_material(order, by=cast.secretary, upload=factories.upload())
    client = sign_in(cast.secretary)
    text = client.get(page_of(order)).content.decode()
    assert 'data-live="2"' in text
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in text
    factories.run_jobs()
    done = client.get(page_of(order)).content.decode()
    assert "data-live" not in done
    assert "http-equiv" not in done


def test_a_register_that_can_be_used_is_reported(cast, sign_in) -> None:
    order = factories.checked_order(cast.secretary)
    response = sign_in(cast.secretary).get(page_of(order), headers=ENGLISH)
    text = response.content.decode()
    assert "3 rows were read" in text
    assert ("Henkilötunnus", "personal identity code") in response.context["recognised"]
    assert "WINDOWS-1252" in text.upper() or "CP1252" in text
    assert [(bar.label, bar.count) for bar in response.context["code_bars"]] == [
        ("Artificial code (temporary or test)", 2),
        ("Invalid code", 1),
    ]


def test_invalid_and_repeated_codes_are_told_by_row_never_by_code(cast, sign_in) -> None:
    order = factories.checked_order(
        cast.secretary, "Henkilötunnus;Oma\n010594Y9031;a\n010594Y9032;b\n010594Y9032;c\n"
    )
    response = sign_in(cast.secretary).get(page_of(order), headers=ENGLISH)
    assert [(one.count, one.rows) for one in response.context["findings"]] == [(1, "1"), (1, "3")]
    assert response.context["unrecognised"] == ["Oma"]
    assert "010594Y" not in str([*response.context["findings"], order.material.report])
    for_officials = sign_in(cast.official).get(page_of(order)).content.decode()
    assert "010594Y" not in for_officials


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"Henkil\xf6tunnus;Sukunimi\n", "no other rows"),
        (b"Aaa;Bbb\n1;2\n", "No column was recognised"),
        (b"hetu;hetu\n010594Y9032;x\n", "the same header"),
        (b"hetu;nimi\n010594Y9032\n010594Y9021;x;y\n", "Row 1"),
        (b"hetu;nimi\n010594Y9032\n", "The row has 1 cell, and the header row 2."),
        (b"hetu;nimi\n010594Y9021;x;y\n", "The row has 3 cells, and the header row 2."),
        (b"\x00\x01\x02\x03" * 100, "some other kind of file"),
    ],
)
def test_a_register_that_cannot_be_used_says_why_and_what_next(cast, sign_in, content, message) -> None:
    order = factories.checked_order(cast.secretary, content)
    text = sign_in(cast.secretary).get(page_of(order), headers=ENGLISH).content.decode()
    assert message in text
    assert reverse("orders:upload", args=[order.pk]) in text


def test_a_column_without_a_header_is_told_by_its_number(cast, sign_in) -> None:
    order = factories.checked_order(cast.secretary, "Henkilötunnus;;Oma\n010594Y9032;x;y\n")
    page = sign_in(cast.secretary).get(page_of(order), headers=ENGLISH)
    assert page.context["unrecognised"] == ["column 2", "Oma"]
    page = sign_in(cast.official).get(page_of(order), headers=ENGLISH)
    assert page.context["unrecognised"] == ["a column without a header", "Oma"]


def test_a_file_of_a_header_alone_shows_no_rows_of_its_own(cast, sign_in) -> None:
    order = factories.checked_order(cast.secretary, "Henkilötunnus;Sukunimi\n")
    text = sign_in(cast.secretary).get(page_of(order)).content.decode()
    assert "otsikkorivi mutta ei muita rivejä" in text
    assert "Tiedoston ensimmäiset" not in text


def test_who_can_correct_the_reading_is_told_so_where_no_codes_were_found(cast, sign_in) -> None:
    order = factories.checked_order(cast.secretary, "Sukunimi;Etunimet\nMalli;Aino\n")
    advice = "Jos tunnukset ovat tiedostossa, valitse ”Korjaa tiedoston lukutapaa”"
    text = sign_in(cast.secretary).get(page_of(order)).content.decode()
    assert text.index(advice) < text.index("otsikoksi ”Henkilötunnus” ja lähettää tiedoston uudelleen")
    assert advice not in sign_in(cast.official).get(page_of(order)).content.decode()


def test_without_material_the_page_leads_to_sending(cast, sign_in) -> None:
    order = factories.draft_order(cast.secretary)
    response = sign_in(cast.secretary).get(page_of(order))
    assert response["Location"] == reverse("orders:upload", args=[order.pk])


def test_an_official_may_read_it_and_leaves_a_trace_but_an_outsider_gets_404(cast, sign_in) -> None:
    order = factories.checked_order(cast.secretary)
    assert sign_in(cast.official).get(page_of(order)).status_code == 200
    assert AuditEvent.objects.filter(event="order.read", actor=str(cast.official.pk)).count() == 1
    assert sign_in(cast.outsider).get(page_of(order)).status_code == 404


@pytest.mark.parametrize(
    ("rows", "total", "text"),
    [
        ([1, 2, 3, 7], 4, "1–3, 7"),
        ([5], 1, "5"),
        ([4, 6], 1000, "4, 6 and 998 more"),
        (list(range(1, 41, 2)), 20, "1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23 and 8 more"),
    ],
)
def test_row_numbers_are_told_in_short(rows: list[int], total: int, text: str) -> None:
    from django.utils import translation

    with translation.override("en"):
        assert row_ranges(rows, total) == text
