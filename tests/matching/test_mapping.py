"""A mapping tells what columns are and how the file is read; the preview shows what comes of it."""

import json
from datetime import date
from pathlib import Path

import pyarrow.parquet
import pytest

from matching import engine
from matching.errors import InputProblems
from matching.readers import Mapping
from matching.register.loading import check
from matching.register.preview import CELL, preview
from tests.matching.drawn import TODAY, code, draw_store, read_csv

ANNA, OTTO = code("010190-900"), code("020280-901")
PERSONS = (
    f"person_id | hetu | surname | given_names\nanna | {ANNA} | Öhman | Åsa\notto | {OTTO} | Malli | Otto"
)


def written(folder: Path, content: str | bytes, name: str = "register.dat") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def codes(path: Path, mapping: object) -> list[str]:
    with pytest.raises(InputProblems) as error:
        check(path, mapping=mapping)
    return [problem.code for problem in error.value.problems]


def matched(folder: Path, path: Path, mapping: object) -> list[str]:
    store = draw_store(folder, person=PERSONS)
    engine.match(path, store, folder / "out.csv", mapping=mapping, on=TODAY)
    return [row["vtj_result"] for row in read_csv(folder / "out.csv")]


def test_columns_and_reading_stand_beside_plain_headers_in_one_mapping() -> None:
    told = Mapping.from_json(
        {"Oma": "hetu", "columns": {"reading": "surname", "B": None}, "reading": {"delimiter": "|"}}
    )
    assert told.fields == {"Oma": "hetu", "reading": "surname", "B": None}
    assert (told.delimiter, told.header, told.encoding) == ("|", None, None)


def test_a_column_may_be_called_as_an_option_is() -> None:
    assert Mapping.from_json({"columns": "hetu", "reading": "surname"}).fields == {
        "columns": "hetu",
        "reading": "surname",
    }


@pytest.mark.parametrize(
    "mapping",
    [
        {"reading": {"delimiter": "x"}},
        {"reading": {"delimiter": ["x"]}},
        {"reading": {"encoding": "rot13"}},
        {"reading": {"header": "no"}},
        {"reading": {"header": 0}},
        {"reading": {"other": True}},
        {"reading": {"sheet": 1}},
        {"sheet": ["a"]},
        {"fixed_width": [{"name": "a", "start": 0, "length": 1}]},
        {"fixed_width": [{"name": "a", "start": 1, "length": -1}]},
        {"fixed_width": [{"name": "a", "start": 1, "length": 1e300}]},
        {"fixed_width": [{"name": "a", "start": 2**40, "length": 1}]},
        {"fixed_width": "abc"},
        {"fixed_width": [None]},
    ],
)
def test_what_is_no_way_of_reading_is_refused(tmp_path: Path, mapping: object) -> None:
    assert codes(written(tmp_path, f"hetu\n{ANNA}\n"), mapping) == ["mapping_invalid"]


def test_a_layout_whose_columns_overlap_is_refused_by_name(tmp_path: Path) -> None:
    layout = [
        {"name": "b", "start": 5, "length": 9, "field": "surname"},
        {"name": "a", "start": 1, "length": 5},
    ]
    with pytest.raises(InputProblems) as error:
        check(written(tmp_path, "x" * 20 + "\n"), mapping={"fixed_width": layout})
    assert [(one.code, one.column) for one in error.value.problems] == [("layout_overlaps", "b")]


def test_a_file_without_headers_is_matched_from_its_first_row(tmp_path: Path) -> None:
    path = written(tmp_path, f"{ANNA};Öhman\n{OTTO};Malli\n")
    mapping = {"reading": {"header": False}, "columns": {"column_1": "hetu", "column_2": "surname"}}
    assert matched(tmp_path, path, mapping) == ["match_id", "match_id"]
    assert next(iter(read_csv(tmp_path / "out.csv")))["column_2"] == "Öhman"


@pytest.mark.parametrize("encoding", ["cp850", "mac-roman"])
def test_an_encoding_that_no_bytes_tell_of_is_read_when_it_is_named(tmp_path: Path, encoding: str) -> None:
    path = written(tmp_path, f"Sukunimi;hetu\nÖhmän;{ANNA}\n".encode(encoding))
    mapping = {"reading": {"encoding": encoding}}
    assert preview(path, mapping=mapping).rows == [["Öhmän", ANNA]]
    assert check(path, mapping=mapping).codes_valid == 1


@pytest.mark.parametrize("named", ["utf-8", "utf-16"])
def test_an_encoding_that_the_file_is_not_in_is_refused(tmp_path: Path, named: str) -> None:
    path = written(tmp_path, "Sukunimi;hetu\nÖhman;x\n".encode("cp1252"))
    assert codes(path, {"reading": {"encoding": named}}) == ["wrong_encoding"]


def test_a_delimiter_that_is_named_comes_before_the_one_that_seems_right(tmp_path: Path) -> None:
    path = written(tmp_path, f"hetu;a,nimi;b\n{ANNA};x,Öhman\n")
    shown = preview(path, mapping={"reading": {"delimiter": ","}})
    assert shown.headers == ["hetu;a", "nimi;b"]


def test_headers_that_are_alike_are_told_apart_letter_for_letter(tmp_path: Path) -> None:
    path = written(tmp_path, f"A-1;A 1;\n{ANNA};Öhman;x\n")
    found = check(path, mapping={"A 1": "surname", "A-1": "hetu", "column_3": "row_id"})
    assert found.recognised == {"A-1": "hetu", "A 1": "surname", "": "row_id"}


def test_a_first_line_of_headers_is_left_out_of_a_fixed_width_file(tmp_path: Path) -> None:
    layout = [{"name": "T", "start": 1, "length": 11, "field": "hetu"}]
    path = written(tmp_path, f"TUNNUS     NIMI\n{ANNA}Öhman\n")
    mapping = {"fixed_width": layout, "reading": {"header": True}}
    assert (check(path, mapping=mapping).rows, preview(path, mapping=mapping).rows) == (1, [[ANNA]])


def test_the_preview_takes_a_persons_row_for_no_header(tmp_path: Path) -> None:
    shown = preview(written(tmp_path, f"{ANNA};Öhman\n{OTTO};Malli\n"))
    assert (shown.header, shown.names, len(shown.rows)) == (False, ["column_1", "column_2"], 2)


def test_the_preview_shows_what_can_not_be_used_yet(tmp_path: Path) -> None:
    shown = preview(written(tmp_path, "Avain;Avain;Kuka\n1;2;3\n"))
    assert (shown.header, shown.rows[0]) == (False, ["Avain", "Avain", "Kuka"])
    assert preview(written(tmp_path, "Avain;Kuka\n1\n1;2;3\n")).rows == [["1", ""], ["1", "2"]]


def test_a_mapping_of_another_file_shows_the_file_as_it_is(tmp_path: Path) -> None:
    shown = preview(written(tmp_path, f"hetu;nimi\n{ANNA};Öhman\n"), mapping={"Toinen": "hetu"})
    assert shown.fields == ["hetu", "name"]


def test_long_cells_and_headers_are_cut_and_a_long_header_has_a_name_of_its_own(tmp_path: Path) -> None:
    path = written(tmp_path, f"hetu;{'p' * 600}\n{ANNA};{'ä' * 900_000}\n")
    shown = preview(path)
    assert (len(shown.headers[1]), len(shown.rows[0][1]), shown.names[1]) == (CELL, CELL, "column_2")
    assert len(json.dumps(shown.as_dict())) < 5_000
    assert check(path, mapping={"column_2": "street"}).recognised["p" * 600] == "street"


def test_files_of_one_make_have_one_shape(tmp_path: Path) -> None:
    first = preview(written(tmp_path, "Avain;Kuka\n1;2\n"))
    again = preview(written(tmp_path, " avain,KUKA\n3,4\n"))
    other = preview(written(tmp_path, "Avain;Muu\n1;2\n"))
    assert first.shape == again.shape != other.shape


def test_a_layout_fits_the_next_file_of_as_long_lines(tmp_path: Path) -> None:
    layout = {"fixed_width": [{"name": "T", "start": 1, "length": 11, "field": "hetu"}]}
    first = preview(written(tmp_path, f"{ANNA}Öhman\n{OTTO}Malli\n"), mapping=layout)
    again = preview(written(tmp_path, f"{OTTO}Salli\n{ANNA}Ahman\n"))
    assert first.shape in again.shapes
    assert first.shape not in preview(written(tmp_path, f"{OTTO}Sa\n{ANNA}Ah\n")).shapes


def test_parquet_is_shown_as_text_and_its_headers_hold_no_nul(tmp_path: Path) -> None:
    table = pyarrow.table({"hetu": [ANNA, OTTO], "a\0b": [1, None], "pvm": [date(1990, 1, 1), None]})
    pyarrow.parquet.write_table(table, tmp_path / "r.parquet")
    shown = preview(tmp_path / "r.parquet")
    assert shown.headers == ["hetu", "a\N{REPLACEMENT CHARACTER}b", "pvm"]
    assert shown.rows == [[ANNA, "1", "1990-01-01"], [OTTO, "", ""]]
    assert "\0" not in str(check(tmp_path / "r.parquet").unrecognised)


def test_a_damaged_parquet_file_is_told_so(tmp_path: Path) -> None:
    pyarrow.parquet.write_table(pyarrow.table({"hetu": [ANNA] * 1000}), tmp_path / "r.parquet")
    data = bytearray((tmp_path / "r.parquet").read_bytes())
    data[4:60] = b"\xff" * 56
    with pytest.raises(InputProblems) as error:
        preview(written(tmp_path, bytes(data)))
    assert error.value.problems[0].code == "damaged_file"
