"""Every form of a delivery, opened by what its receivers open it with: values as they were meant."""

import csv
import io
import shutil
import subprocess
from pathlib import Path

import duckdb
import fastexcel
import pytest

from matching.register import outputs
from orders.models import Disclosure, OrderFile
from tests import factories
from tests.orders.deliveries import content, deliver, newest, page_of

REGISTER = """Opiskelijanumero;Henkilötunnus;Sukunimi;Syntymäaika;Lähiosoite;Ryhmä
0017;010594Y9032;Esimerkki;1.5.1994;Vanhatie 1;A
0018;020594X903P;Malli;02.05.1994;=1+1;Määttä-Åkerö
0019;030594W903B;Suojattu;;Piilopolku 9;B
"""
ALL = ("csv", "xlsx", "parquet", "fixed", "changes")
OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
KEPT = {"Opiskelijanumero": "0018", "Ryhmä": "Määttä-Åkerö", "Syntymäaika": "02.05.1994"}
KEPT |= {"Lähiosoite": "=1+1", "vtj_street": "Rantatie 3", "vtj_result": "match_id"}
FIELDS = ["surname", "street", "birth_date"]


@pytest.fixture
def order(cast, store, monkeypatch):  # type: ignore[no-untyped-def]
    return deliver(cast, monkeypatch, *ALL, content=REGISTER, under=permit(cast), fields=FIELDS)


def permit(cast):  # type: ignore[no-untyped-def]
    return factories.permit(cast.school, fields=FIELDS)


def written(order, kind: str, path: Path) -> Path:  # type: ignore[no-untyped-def]
    path.write_bytes(content(order, kind))
    return path


def test_each_form_that_was_ordered_is_delivered_and_no_other(order) -> None:
    kinds = set(newest(order).files.values_list("kind", flat=True))
    assert kinds == {"csv", "xlsx", "parquet", "fixed", "layout", "changes", "report"}


def test_every_form_comes_from_its_address(order, cast, sign_in) -> None:
    client = sign_in(cast.secretary)
    for kind in (*ALL, "layout", "report"):
        response = client.get(page_of(order, kind))
        assert response.status_code == 200, kind
        assert response.getvalue() == content(order, kind)


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_duckdb_reads_what_was_meant(order, tmp_path: Path, kind: str) -> None:
    path = written(order, kind, tmp_path / f"delivery.{kind}")
    read = "read_csv(?, all_varchar = true)" if kind == "csv" else "read_parquet(?)"
    table = duckdb.connect().sql(f"SELECT * FROM {read}", params=[str(path)]).to_arrow_table()
    row = table.to_pylist()[1]
    assert {name: row[name] for name in KEPT} == KEPT


def test_fastexcel_reads_what_was_meant(order, tmp_path: Path) -> None:
    book = fastexcel.read_excel(written(order, "xlsx", tmp_path / "delivery.xlsx"))
    row = book.load_sheet(0, dtypes="string").to_arrow().to_pylist()[1]
    assert {name: row[name] for name in KEPT} == KEPT


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_libreoffice_reads_what_was_meant(order, tmp_path: Path, kind: str) -> None:
    path = written(order, kind, tmp_path / f"delivery.{kind}")
    text = ["--infilter=CSV:44,34,76,1,,0,true,false"] if kind == "csv" else []
    to = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,true,false,false,false,-1"
    home = f"-env:UserInstallation=file://{tmp_path}/home"
    command = [OFFICE, home, "--headless", *text, "--convert-to", to, "--outdir", tmp_path / "out", path]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    (made,) = (tmp_path / "out").glob("*.csv")
    row = list(csv.DictReader(io.StringIO(made.read_text(encoding="utf-8"))))[1]
    assert row["Ryhmä"] == KEPT["Ryhmä"]
    if kind == "xlsx":
        assert {name: row[name] for name in KEPT} == KEPT


def test_fixed_width_is_read_by_its_layout(order) -> None:
    columns = list(csv.DictReader(io.StringIO(content(order, "layout").decode())))
    line = content(order, "fixed").decode().split("\r\n")[1]
    places = {one["name"]: (int(one["start"]) - 1, int(one["length"])) for one in columns}
    cells = {name: line[at : at + length].rstrip() for name, (at, length) in places.items()}
    assert {name: cells[name] for name in KEPT} == KEPT


def test_the_change_list_says_before_and_after_and_nothing_of_a_protected_person(order) -> None:
    rows = list(csv.reader(io.StringIO(content(order, "changes").decode())))
    assert rows[0] == ["vtj_row", "row_id", "field", "before", "after"]
    assert ["1", "0017", "street", "Vanhatie 1", "Uusikatu 7 B 12"] in rows
    assert ["2", "0018", "street", "=1+1", "Rantatie 3"] in rows
    assert ["3", "0019", "birth_date", "", "1994-05-03"] in rows
    assert "3" not in {row[0] for row in rows if row[2] == "street"}
    assert "Piilopolku" not in str(rows)


def test_rule_20_each_delivered_row_is_recorded_once_whatever_the_number_of_forms(order) -> None:
    assert sorted(Disclosure.objects.values_list("row", flat=True)) == [1, 2, 3]


def test_rule_19_a_change_list_alone_brings_every_row_as_csv_beside_it(cast, store, monkeypatch) -> None:
    order = deliver(cast, monkeypatch, "changes")
    kinds = set(newest(order).files.values_list("kind", flat=True))
    assert kinds == {"csv", "changes", "report"}


def test_a_form_without_room_is_told_and_csv_comes_in_its_place(cast, store, monkeypatch, sign_in) -> None:
    monkeypatch.setattr(outputs, "XLSX_ROWS", 2)
    order = deliver(cast, monkeypatch, "xlsx")
    assert set(newest(order).files.values_list("kind", flat=True)) == {"csv", "report"}
    assert newest(order).refused == {"xlsx": "too_large_for_xlsx"}
    english = {"accept-language": "en"}
    response = sign_in(cast.secretary).get(page_of(order, "xlsx"), headers=english)
    assert response.status_code == 403
    assert "more rows than a workbook can hold" in response.content.decode()
    assert "more rows than a workbook" in response.client.get(f"/orders/{order.pk}/", headers=english).text


def test_a_line_break_in_a_cell_leaves_out_fixed_width_alone(cast, store, monkeypatch) -> None:
    register = 'hetu;huomautus\n010594Y9032;"kaksi\nriviä"\n'
    order = deliver(cast, monkeypatch, "fixed", "parquet", content=register)
    assert newest(order).refused == {"fixed": "line_break_in_fixed_width"}
    assert not newest(order).files.filter(kind__in=["fixed", "layout"]).exists()
    assert OrderFile.objects.filter(kind="parquet").exists()
