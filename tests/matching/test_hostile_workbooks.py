"""Small workbooks that would unfold beyond the machine's memory are refused, and the reader lives on."""

import zipfile
from pathlib import Path

import openpyxl
import pytest

from matching.errors import InputProblems
from matching.readers import workbook
from matching.register.loading import check


def with_rows(path: Path, rows: str, strings: tuple[str, ...] = ()) -> Path:
    """A workbook of a header, and below it the given XML; `strings` are shared strings from number 2 on."""
    book = openpyxl.Workbook()
    book.active.append(["Henkilötunnus", "Sukunimi"])
    plain = path.with_name("plain.xlsx")
    book.save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            text = source.read(name).decode()
            text = text.replace("</sheetData>", f"{rows}</sheetData>")
            text = text.replace("</sst>", "".join(f"<si><t>{one}</t></si>" for one in strings) + "</sst>")
            target.writestr(name, text)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(InputProblems) as refused:
        check(path)
    return refused.value.problems[0].code


def test_a_cell_in_the_last_corner_is_refused(tmp_path: Path) -> None:
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    path = with_rows(tmp_path / "far.xlsx", far)
    assert path.stat().st_size < 10_000
    assert refusal(path) == "unpacks_too_large"


def test_one_long_text_in_many_cells_is_refused(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>2</v></c></row>' for row in range(2, 20_000))
    path = with_rows(tmp_path / "long.xlsx", rows, ("abcdefghij" * 30_000,))
    assert path.stat().st_size < 200_000
    assert refusal(path) in {"unpacks_too_large", "damaged_file"}


def test_the_process_that_reads_a_workbook_holds_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UPLOAD_IDENTITIES", "a secret")
    spy = tmp_path / "spy"
    spy.write_text('#!/bin/sh\nprintf \'{"%s": []}\' "$UPLOAD_IDENTITIES"\n')
    spy.chmod(0o700)
    monkeypatch.setattr(workbook.sys, "executable", str(spy))
    assert workbook.first_rows(tmp_path / "any.xlsx") == {"": []}
