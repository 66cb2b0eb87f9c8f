"""Workbooks in and out: every cell is text, and a formula never becomes one again."""

from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from matching import engine
from matching.errors import InputProblems
from matching.register import outputs
from matching.register.loading import check
from tests.matching.drawn import TODAY, code, draw_store, read_csv

ANNA = code("010190-900")
PERSON = f"person_id | hetu | surname | given_names\nanna | {ANNA} | =HYPERLINK(1) | Anna"


def workbook(path: Path, *sheets: list[list[Any]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def cells(path: Path) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(path).active.rows]


def test_cells_are_read_as_text(tmp_path: Path) -> None:
    rows = [["hetu", "pvm", "luku", "osuus", "tyhjä", "teksti"]]
    rows.append([ANNA, datetime(1990, 1, 1), 7, 1.5, None, "007"])
    register = workbook(tmp_path / "r.xlsx", rows)
    engine.match(register, draw_store(tmp_path, person=PERSON), tmp_path / "out.csv", on=TODAY)
    (row,) = read_csv(tmp_path / "out.csv")
    assert list(row.values())[:6] == [ANNA, "1990-01-01", "7", "1.5", "", "007"]


def test_a_formula_comes_back_as_text(tmp_path: Path) -> None:
    register = workbook(tmp_path / "r.xlsx", [["hetu", "sukunimi", "kaava"], [ANNA, "Anna", "x"]])
    book = openpyxl.load_workbook(register)
    book.active["C2"] = "=1+1"
    book.save(register)
    text = workbook(tmp_path / "t.xlsx", [["hetu", "nimi", "kaava"], [ANNA, "Anna", "x"]])
    store = draw_store(tmp_path, person=PERSON)
    for path in (register, text):
        engine.match(path, store, tmp_path / "out.xlsx", fields=["surname"], on=TODAY)
        kinds = {
            cell.data_type
            for row in openpyxl.load_workbook(tmp_path / "out.xlsx").active.rows
            for cell in row
        }
        assert kinds <= {"s", "n"}
        assert cells(tmp_path / "out.xlsx")[1][-1] == "=HYPERLINK(1)"


def test_a_csv_formula_is_written_to_a_workbook_as_text(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text(f'hetu,a,b,c,d\n{ANNA},=1+1,+1,@x,"http://example.org"\n')
    engine.match(tmp_path / "r.csv", draw_store(tmp_path, person=PERSON), tmp_path / "out.xlsx", on=TODAY)
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    row = list(sheet.rows)[1]
    assert [(cell.value, cell.data_type) for cell in row[1:5]] == [
        (value, "s") for value in ("=1+1", "+1", "@x", "http://example.org")
    ]
    assert not [cell for cell in row if cell.hyperlink]


def test_the_sheet_with_known_columns_is_found_and_titles_above_them_passed_over(tmp_path: Path) -> None:
    sheets = (
        [["Ohje"], ["Täytä"]],
        [["Oppilaitos"], [], ["hetu", "sukunimi"], [ANNA, "Aho"], [], [ANNA, "Aho"]],
    )
    report = check(workbook(tmp_path / "r.xlsx", *sheets))
    assert (report.rows, report.codes_missing, report.codes_repeated.rows) == (3, 1, [3])


def test_the_mapping_can_name_the_sheet(tmp_path: Path) -> None:
    path = workbook(tmp_path / "r.xlsx", [["hetu", "nimi"], ["a", "b"]], [["hetu"], ["c"], ["d"]])
    assert check(path, mapping={"sheet": "Sheet1"}).rows == 2
    with pytest.raises(InputProblems) as error:
        check(path, mapping={"sheet": "Muu"})
    assert error.value.problems[0].code == "mapping_unknown_sheet"


def test_codes_in_number_cells_are_told(tmp_path: Path) -> None:
    path = workbook(tmp_path / "r.xlsx", [["hetu", "nimi"], [1.0101e25, "a"], [10101e10, "b"]])
    with pytest.raises(InputProblems) as error:
        check(path)
    assert [(problem.code, problem.row) for problem in error.value.problems] == [
        ("code_as_number", 1),
        ("code_as_number", 2),
    ]


@pytest.mark.parametrize(("rows", "code"), [([], "empty_file"), ([["hetu", "nimi"]], "no_rows")])
def test_an_empty_workbook_is_told(tmp_path: Path, rows: list[list[Any]], code: str) -> None:
    with pytest.raises(InputProblems) as error:
        check(workbook(tmp_path / "r.xlsx", rows))
    assert error.value.problems[0].code == code


def test_more_rows_than_a_workbook_holds_are_refused_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outputs, "XLSX_ROWS", 3)
    (tmp_path / "r.csv").write_text("hetu\n" + "x\n" * 3)
    with pytest.raises(InputProblems) as error:
        engine.match(tmp_path / "r.csv", draw_store(tmp_path, person=PERSON), tmp_path / "out" / "o.xlsx")
    assert error.value.problems[0].code == "too_large_for_xlsx"
    assert list((tmp_path / "out").iterdir()) == []


def test_parquet_goes_in_and_out_with_every_header(tmp_path: Path) -> None:
    import pyarrow.parquet

    (tmp_path / "r.csv").write_text(f'hetu,,Ä "x"\n{ANNA},a,b\n')
    store = draw_store(tmp_path, person=PERSON)
    engine.match(tmp_path / "r.csv", store, tmp_path / "out.parquet", on=TODAY)
    names = pyarrow.parquet.read_table(tmp_path / "out.parquet").column_names
    assert names[:4] == ["hetu", "column_2", 'Ä "x"', "vtj_row"]
    table = pyarrow.parquet.read_table(tmp_path / "out.parquet").select([0, 1, 2])
    pyarrow.parquet.write_table(table, tmp_path / "r.parquet")
    assert engine.match(tmp_path / "r.parquet", store, tmp_path / "o.csv")["results"] == {"match_id": 1}


def test_empty_rows_and_columns_before_the_header_are_no_rows_of_the_register(tmp_path: Path) -> None:
    rows = [[], [], [None, "hetu", "sukunimi"], [None, ANNA, "Aho"]]
    report = check(workbook(tmp_path / "r.xlsx", rows))
    assert (report.rows, report.codes_valid, report.codes_missing) == (1, 1, 0)


def test_of_two_sheets_alike_the_one_that_is_shown_is_read(tmp_path: Path) -> None:
    path = workbook(tmp_path / "r.xlsx", [["hetu"], ["x"], ["y"]], [["hetu"], [ANNA]])
    book = openpyxl.load_workbook(path)
    book.worksheets[0].sheet_state = "hidden"
    book.active = 1
    book.save(path)
    assert check(path).rows == 1


def test_the_same_input_gives_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    register = workbook(tmp_path / "r.xlsx", [["hetu", "sukunimi"], [ANNA, "Anna"]])
    store, outs = draw_store(tmp_path, person=PERSON), [tmp_path / "1.xlsx", tmp_path / "2.xlsx"]
    for out in outs:
        engine.match(register, store, out, on=TODAY)
        monkeypatch.setattr("xlsxwriter.workbook.datetime", Later)
    assert outs[0].read_bytes() == outs[1].read_bytes()
    assert openpyxl.load_workbook(outs[0]).properties.created.date() == TODAY


class Later(datetime):
    """A clock that is an hour ahead."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return datetime.now(tz) + timedelta(hours=1)
