"""Small workbooks that would unfold beyond the machine's memory are refused, and the reader lives on."""

import resource
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest

from matching.errors import InputProblems
from matching.readers import spreadsheet, workbook
from matching.readers.bounds import Places
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


@pytest.mark.parametrize(
    "cell", ['r="ZZZZZ2"', 'r="XFE2"', "r='zzzz2'", 's="0" r="A1048577"', 'r="A99999999"']
)
def test_a_cell_where_no_sheet_has_any_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cell: str
) -> None:
    monkeypatch.setattr(workbook, "_run", lambda *_, **__: pytest.fail("the workbook was read"))
    path = with_rows(tmp_path / "far.xlsx", f'<row r="2"><c {cell}><v>1</v></c></row>')
    assert refusal(path) == "damaged_file"


def test_a_row_where_no_sheet_has_any_is_refused(tmp_path: Path) -> None:
    path = with_rows(tmp_path / "far.xlsx", '<row r="1048577"><c><v>1</v></c></row>')
    assert refusal(path) == "damaged_file"


def test_a_far_reference_is_seen_where_it_is_cut_between_two_blocks() -> None:
    cell = b'<row r="2"><c s="0" r="ZZZZZ2"/></row>'
    for cut in range(len(cell)):
        places = Places()
        assert [places.beyond(cell[:cut]), places.beyond(cell[cut:])].count(True) >= 1


def test_a_text_that_looks_like_a_far_reference_is_a_text(tmp_path: Path) -> None:
    text = '<is><t>&lt;c r="ZZZZZ2" r="A9999999</t></is>'
    path = with_rows(tmp_path / "text.xlsx", f'<row r="2"><c r="XFD2" t="inlineStr">{text}</c></row>')
    spreadsheet.refuse_bomb(path)


def test_the_memory_that_is_allowed_bounds_the_process_that_reads(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{row}"><c r="A{row}"/></row>' for row in (2, 3))
    path = with_rows(tmp_path / "wide.xlsx", f'{rows}<row r="1000"><c r="XFD1000"><v>1</v></c></row>')
    assert refusal(path) == "too_many_columns"
    with pytest.raises(InputProblems, match="memory allowed"):
        workbook.first_rows(path, 100 << 20)


def test_the_time_of_the_process_that_reads_is_bounded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    limits = []
    monkeypatch.setattr(resource, "setrlimit", lambda kind, both: limits.append((kind, both)))
    workbook._bound()
    assert dict(limits)[resource.RLIMIT_CPU] == (workbook.MAX_CPU_SECONDS, workbook.MAX_CPU_SECONDS)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell a process of its parent's end")
def test_the_process_that_reads_ends_with_the_one_that_began_it(tmp_path: Path) -> None:
    reading = "import os, time; from matching.readers import workbook; workbook._end_with_parent()"
    child = f"{reading}; print(os.getpid(), flush=True); time.sleep(60)"
    begin = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    with subprocess.Popen(
        [sys.executable, "-c", begin], cwd=workbook.ROOT, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout
        pid = int(parent.stdout.readline())
        parent.kill()
    gone = Path(f"/proc/{pid}/stat")
    ended = (not gone.exists() or gone.read_text().split()[2] == "Z" or time.sleep(0.05) for _ in range(100))
    assert any(ended)


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
