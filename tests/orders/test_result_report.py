"""The result report: the same numbers on the page and in the PDF, and none that tells of a turvakielto."""

import io

import pypdf
import pytest
from django.test import Client

from orders.delivery import result_report
from orders.models import Delivery, Order
from portal.models import AuditEvent
from tests import factories
from tests.orders.deliveries import content, newest, page_of

REGISTER = """hetu;sukunimi;etunimet;syntymäaika;katuosoite
010594Y9032;Esimerkki;Aino;1.5.1994;Vanhatie 1
030594W903B;Suojattu;Tuuli;3.5.1994;Piilopolku 9
;Malli;Väinö;2.5.1994;Rantatie 3
010594Y9031;Virhe;Eeva;;Vanhatie 3
"""
ENGLISH = {"accept-language": "en"}


@pytest.fixture
def order(cast, store) -> Order:
    return factories.delivered_order(cast.secretary, cast.official, REGISTER)


def page(client: Client, order: Order) -> str:
    return client.get(f"/orders/{order.pk}/report/", headers=ENGLISH).content.decode()


def pdf(order: Order) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(content(order, "report")))


def words(order: Order) -> str:
    return " ".join(" ".join(one.extract_text() for one in pdf(order).pages).split())


def test_the_page_counts_every_row_once_and_shows_what_differs(order, cast, sign_in) -> None:
    text = page(sign_in(cast.secretary), order)
    bars = {bar.label: bar.count for bar in result_report.charts(newest(order))[0].bars}
    assert sum(bars.values()) == 4
    assert "Rows by result" in text
    assert "Rows in which the data differ from what was sent, or were missing in it" in text
    assert "<table" in text


def test_the_confidence_is_of_the_rows_found_by_data_alone(order) -> None:
    delivery = newest(order)
    found = delivery.results.get("match_data", 0)
    assert found == 1
    assert sum(bar.count for bar in result_report.confidence_bars(delivery)) == found


def test_every_hundredth_falls_in_one_band() -> None:
    delivery = Delivery(report={"confidence": {f"{n / 100:.2f}": 1 for n in range(101)}})
    assert sum(bar.count for bar in result_report.confidence_bars(delivery)) == 101


def test_the_pdf_has_the_numbers_of_the_page_and_is_tagged(order, settings) -> None:
    text = words(order)
    for chart in result_report.report(newest(order)).charts:
        assert chart.title in text
        for bar in chart.bars:
            assert str(bar.label) in text
            assert f"{bar.label} {bar.count}" in text
    catalog = pdf(order).trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert str(catalog["/Lang"]).startswith("fi")
    assert b"pdfuaid" in catalog["/Metadata"].get_object().get_data()


def test_the_pdf_speaks_the_language_of_who_ordered(cast, store) -> None:
    cast.secretary.language = "sv"
    cast.secretary.save()
    order = factories.delivered_order(cast.secretary, cast.official, REGISTER)
    assert "Resultatrapport" in words(order)


def test_rule_13_neither_tells_of_withheld_rows(order, cast, sign_in) -> None:
    assert newest(order).report["protected_withheld"] == 1
    newest_text, pdf_text = page(sign_in(cast.secretary), order), words(order)
    assert "non-disclosure" not in newest_text
    assert "turvakiel" not in pdf_text.lower()


def test_an_entitled_customer_reads_how_many_rows_are_protected(cast, store, sign_in) -> None:
    permit = factories.permit(cast.school, entitled_to_protected=True)
    order = factories.delivered_order(cast.secretary, cast.official, REGISTER, under=permit)
    rows = {row.key: row.value for row in result_report.facts(newest(order))}
    assert rows["Turvakiellon alaiset rivit"] == "1"
    assert "Turvakiellon alaiset rivit 1" in words(order)


def test_text_of_the_customer_is_no_markup(cast, store) -> None:
    order = factories.delivered_order(
        cast.secretary, cast.official, REGISTER, register_name='#panic("x") *Rekisteri* 😀 äöå'
    )
    assert '#panic("x") *Rekisteri* ? äöå' in words(order)


def test_an_officials_reading_is_audited_and_an_outsider_gets_404(order, cast, sign_in) -> None:
    client = sign_in(cast.official)
    assert page(client, order)
    assert AuditEvent.objects.filter(event="delivery.report_read").count() == 1
    assert client.get(page_of(order, "report")).status_code == 403
    assert sign_in(cast.outsider).get(f"/orders/{order.pk}/report/").status_code == 404
