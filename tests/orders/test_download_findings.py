"""All that the check found, by row number, as CSV and as a workbook; never a cell."""

import csv
import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from orders import workflow
from orders.check import files as check_files
from orders.models import Material, Order
from portal.models import AuditEvent
from tests import factories

ENGLISH = {"accept-language": "en"}
FOUND = """=Henkilötunnus;Sukunimi;Etunimet;Syntymäaika;Sukupuoli
010594Y9031;Virhe;Eeva;;
010594Y9032;Aino;Aino;joskus;
010594Y9032;Aino;Aino;;2
;Vain;Nimi;;
"""
TOLD = [
    ("1", "Invalid identity code: the check character does not agree"),
    ("2", "Cannot be read: date of birth"),
    ("3", "The same identity code as on an earlier row"),
    ("3", "The sex is not the one that the identity code tells of"),
    ("4", "Too little to search with"),
]


def page_of(order: Order, form: str = "csv") -> str:
    return reverse("orders:findings", args=[order.pk, form])


def lines(response) -> list[list[str]]:  # type: ignore[no-untyped-def]
    content = b"".join(response.streaming_content)
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.fixture
def order(cast) -> Order:
    return factories.checked_order(cast.secretary, FOUND)


def test_every_finding_is_in_the_csv_with_its_row_and_column(order, cast, sign_in) -> None:
    head, *rows = lines(sign_in(cast.secretary).get(page_of(order), headers=ENGLISH))
    assert head == ["Row", "What was found", "Column"]
    assert [row[0] for row in rows] == [row for row, _ in TOLD]
    assert all(row[1].startswith(text) for row, (_, text) in zip(rows, TOLD, strict=True))
    assert rows[0][2] == "'=Henkilötunnus"  # no formula
    assert rows[1][2] == "Syntymäaika"


def test_no_cell_is_in_it(order, cast, sign_in) -> None:
    content = b"".join(sign_in(cast.secretary).get(page_of(order)).streaming_content).decode()
    assert not [
        cell for cell in ("010594", "Virhe", "joskus", "Vain") if cell in content.replace("Virheellinen", "")
    ]


def test_the_workbook_has_the_same_and_its_texts_are_texts(order, cast, sign_in) -> None:
    response = sign_in(cast.secretary).get(page_of(order, "xlsx"), headers=ENGLISH)
    rows = list(load_workbook(io.BytesIO(response.content)).active.iter_rows(min_row=2))
    assert [str(row[0].value) for row in rows] == [row for row, _ in TOLD]
    assert (rows[0][2].value, rows[0][2].data_type) == ("=Henkilötunnus", "s")


def test_a_workbook_that_leaves_findings_out_says_so(monkeypatch) -> None:
    monkeypatch.setattr(check_files, "MOST_IN_WORKBOOK", 2)
    content = check_files.workbook(((row, "x", "y") for row in range(5)), total=5)
    book = load_workbook(io.BytesIO(content))
    assert book.worksheets[0].max_row == 3
    assert "2" in book.worksheets[1]["A1"].value


def test_more_rows_than_the_page_lists_are_all_in_the_file(cast, sign_in) -> None:
    content = "Henkilötunnus\n" + "010594Y9031\n" * 2500
    order = factories.checked_order(cast.secretary, content)
    invalid = Material.objects.get().report["codes_invalid"]["check"]
    assert (len(invalid["rows"]), invalid["total"]) == (1000, 2500)
    rows = lines(sign_in(cast.secretary).get(page_of(order)))
    assert len({row[0] for row in rows[1:]}) == 2500


def test_each_download_is_audited_and_an_official_may_and_an_outsider_not(order, cast, sign_in) -> None:
    for who in (cast.secretary, cast.official):
        assert sign_in(who).get(page_of(order)).status_code == 200
    actors = AuditEvent.objects.filter(event="check_report.downloaded").values_list("actor", flat=True)
    assert set(actors) == {str(cast.secretary.pk), str(cast.official.pk)}
    assert sign_in(cast.outsider).get(page_of(order)).status_code == 404


@pytest.mark.parametrize("form", ["pdf", "CSV"])
def test_another_form_is_not_found(order, cast, sign_in, form: str) -> None:
    assert sign_in(cast.secretary).get(page_of(order, form)).status_code == 404


def test_without_findings_or_after_the_purge_there_is_no_file(order, cast, sign_in) -> None:
    workflow.send_material(order, by=cast.secretary, upload=factories.upload("Henkilötunnus\n010594Y9032\n"))
    factories.run_jobs()
    client = sign_in(cast.secretary)
    assert client.get(page_of(order)).status_code == 404
    assert not client.get(reverse("orders:check", args=[order.pk])).context["has_files"]


@pytest.mark.parametrize(
    ("subject", "content", "text"),
    [
        ("building", "VTJ-PRT;osoite\n1234;Vanhatie 1\n;\n", "Invalid building identifier: not written as"),
        ("real_estate", "Kiinteistötunnus\n91-2-5\n;\n", "Invalid real-estate code: not written as"),
    ],
)
def test_buildings_and_real_estate_are_judged_by_their_own_codes(  # type: ignore[no-untyped-def]
    cast, sign_in, subject: str, content: str, text: str
) -> None:
    scopes = {subject: ["municipality", "owners"]}
    permit = factories.permit(cast.school, scopes=scopes, register_kind="")
    order = factories.checked_order(cast.secretary, content, under=permit, subject=subject)
    response = sign_in(cast.secretary).get(reverse("orders:check", args=[order.pk]), headers=ENGLISH)
    assert response.context["has_codes"]
    assert text in response.context["findings"][0].text
