"""Input that the customer must mend: a stable code and row numbers, never a cell, never a traceback."""

import time
import zipfile
from pathlib import Path

import duckdb
import pytest

from matching.errors import InputProblems, Problem
from matching.register.loading import check

HEADER = "hetu,sukunimi\n"
SECRET = "Salanimi"


def problems(folder: Path, content: bytes | str) -> list[Problem]:
    """What is told of a register of these bytes; its name lies."""
    path = folder / "register.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(InputProblems) as error:
        check(path)
    assert SECRET not in str(error.value)
    return error.value.problems


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "empty_file"),
        ("\n \n", "empty_file"),
        ("\ufeff", "empty_file"),
        (HEADER, "no_rows"),
        (HEADER + "\n\n", "no_rows"),
        (f"a,b\n1,{SECRET}\n", "no_known_column"),
        (f"hetu,Muu,muu \n1,{SECRET},3\n", "duplicate_header"),
        (f"hetu,vtj_result\n1,{SECRET}\n", "reserved_header"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "unsupported_type"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "unsupported_type"),
        (b"%PDF-1.7\n%\xe2\xe3", "unsupported_type"),
        (b"\x1f\x8b\x08\0", "unsupported_type"),
        (bytes(range(256)) * 40, "unsupported_type"),
        ("<html><body>hetu</body></html>", "unsupported_type"),
        (b"PAR1 but no more", "damaged_file"),
        (b"PK\x03\x04 but no more", "damaged_file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_workbook"),
    ],
)
def test_what_is_no_register_is_told_by_its_kind(tmp_path: Path, content: bytes | str, code: str) -> None:
    assert problems(tmp_path, content)[0].code == code


def test_the_cells_of_a_register_without_headers_are_not_told(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_text(f"{SECRET},Helsinki,{SECRET}\n{SECRET},Espoo,{SECRET}\n")
    with pytest.raises(InputProblems) as refused:
        check(path)
    assert refused.value.problems[0].code == "no_known_column"
    assert SECRET not in str(refused.value)


def test_duplicate_headers_are_named(tmp_path: Path) -> None:
    (told,) = problems(tmp_path, "hetu,Luokka,luokka\n1,2,3\n")
    assert told.column == "luokka"


def test_ragged_rows_are_told_by_their_numbers(tmp_path: Path) -> None:
    told = problems(tmp_path, HEADER + f"a,b\nc,{SECRET},d\n\ne\nf,g\n")
    assert [(problem.code, problem.row) for problem in told] == [("ragged_row", 2), ("ragged_row", 3)]
    assert told[0].params == {"cells": 3, "columns": 2}


def test_of_many_ragged_rows_the_first_hundred_are_told_and_the_rest_counted(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text(HEADER + "a\n" * 500)
    with pytest.raises(InputProblems) as error:
        check(tmp_path / "r.csv")
    assert (len(error.value.problems), error.value.total) == (100, 500)


@pytest.mark.parametrize("row", [f'c,"{SECRET}\nd,e', f'c,"{SECRET}"x'])
def test_a_broken_quotation_is_told_by_its_row(tmp_path: Path, row: str) -> None:
    (told,) = problems(tmp_path, HEADER + f"a,b\n{row}\n")
    assert (told.code, told.row) == ("broken_quote", 2)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_nul_characters_are_told_by_their_row(tmp_path: Path, encoding: str) -> None:
    (told,) = problems(tmp_path, (HEADER + f"a,b\nc,{SECRET}\0\n").encode(encoding))
    assert (told.code, told.row) == ("nul_bytes", 2)


def test_100_megabytes_on_one_line_are_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    with path.open("wb") as file:
        for _ in range(100):
            file.write(b"a," * (1 << 19))
    start = time.perf_counter()
    with pytest.raises(InputProblems) as error:
        check(path)
    assert error.value.problems[0].code == "line_too_long"
    assert time.perf_counter() - start < 2


def test_a_long_line_further_down_is_refused_too(tmp_path: Path) -> None:
    (told,) = problems(tmp_path, HEADER + "a,b\n" + "c," + "d" * 5_000_000 + "\n")
    assert (told.code, told.row) == ("line_too_long", 2)


@pytest.mark.parametrize("encoding", ["cp850", "mac-roman"])
def test_an_encoding_that_is_not_accepted_is_told(tmp_path: Path, encoding: str) -> None:
    rows = HEADER + "1,Hämäläinen\n2,Mäkelä\n3,Törmänen\n4,Åkerström\n"
    assert problems(tmp_path, rows.encode(encoding))[0].code == "wrong_encoding"


def test_two_encodings_in_one_file_are_told(tmp_path: Path) -> None:
    content = (HEADER + "1,Hämäläinen\n2,Mäkelä\n").encode() + "3,Öhman\n".encode("cp1252")
    assert problems(tmp_path, content)[0].code == "wrong_encoding"


def test_broken_utf_16_is_told(tmp_path: Path) -> None:
    content = (HEADER + "a,b\n").encode("utf-16") + b"\x00"
    assert problems(tmp_path, content)[0].code == "wrong_encoding"


@pytest.mark.parametrize("value", ["1.01E+25", "1,0101E+25", "10190900123", "101013021"])
def test_codes_that_a_spreadsheet_made_numbers_are_told_by_row(tmp_path: Path, value: str) -> None:
    told = problems(
        tmp_path,
        f"hetu;sukunimi\n{value};{SECRET}\n131052-308T;b\n{value};c\n".replace("10190900123", "101909001"),
    )
    assert [(problem.code, problem.row, problem.column) for problem in told] == [
        ("code_as_number", row, "hetu") for row in (1, 3)
    ]


def test_a_code_without_its_sign_is_a_fault_of_its_row_alone(tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    path.write_text(f"{HEADER}1203859014,{SECRET}\n")
    assert check(path).codes_invalid["length"].total == 1


def test_a_workbook_under_a_password_is_told(tmp_path: Path) -> None:
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 5000 + "EncryptedPackage".encode("utf-16-le")
    assert problems(tmp_path, content)[0].code == "password_protected"


def test_a_zip_bomb_is_refused_in_bounded_time(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as member:
            for _ in range(300):
                member.write(b" " * (1 << 20))
    start = time.perf_counter()
    with pytest.raises(InputProblems) as error:
        check(path)
    assert error.value.problems[0].code == "unpacks_too_large"
    assert time.perf_counter() - start < 2


def test_another_zip_is_no_workbook(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "z", "w") as archive:
        archive.writestr("[Content_Types].xml", "x")
    (told,) = problems(tmp_path, (tmp_path / "z").read_bytes())
    assert (told.code, told.params) == ("unsupported_type", {"kind": "document"})


def test_too_many_columns_are_refused(tmp_path: Path) -> None:
    content = ",".join(f"c{index}" for index in range(501)) + "\n" + ",".join("1" * 501) + "\n"
    assert problems(tmp_path, content)[0].code == "too_many_columns"


@pytest.mark.parametrize("numbers_first", [True, False])
def test_a_few_codes_that_look_like_numbers_are_faults_of_their_rows_wherever_they_stand(
    tmp_path: Path, numbers_first: bool
) -> None:
    numbers, codes = [f"{10000 + row},x\n" for row in range(1000)], ["131052-308T,x\n"] * 1001
    path = tmp_path / "register.csv"
    path.write_text(HEADER + "".join(numbers + codes if numbers_first else codes + numbers))
    assert check(path).codes_invalid["length"].total == 1000


@pytest.mark.parametrize("numbers_first", [True, False])
def test_codes_of_which_half_are_numbers_are_refused_wherever_they_stand(
    tmp_path: Path, numbers_first: bool
) -> None:
    numbers, codes = [f"{10000 + row},x\n" for row in range(1001)], ["131052-308T,x\n"] * 1001
    told = problems(tmp_path, HEADER + "".join(numbers + codes if numbers_first else codes + numbers))
    assert (told[0].code, told[0].row) == ("code_as_number", 1 if numbers_first else 1002)


def test_too_little_memory_is_not_told_as_a_broken_file(tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    path.write_text(HEADER + f"131052-308T,{'x' * 900}\n" * 20_000)
    with pytest.raises(duckdb.OutOfMemoryException):
        check(path, memory="10MB", threads=1)
