"""A register packed in a ZIP by itself is read as it is; any other archive is refused and unpacks nowhere."""

import io
import struct
import time
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from matching import engine
from matching.errors import InputProblems
from matching.register.loading import check
from tests.matching.drawn import TODAY, code, draw_store, read_csv

ANNA = code("010190-900")
CSV = f"hetu;Sukunimi\n{ANNA};Öhman\n".encode()


def packed(folder: Path, *members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    path = folder / "register.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return path


def told(path: Path) -> str:
    with pytest.raises(InputProblems) as error:
        check(path)
    (problem,) = error.value.problems
    return problem.code


def workbook() -> bytes:
    book, target = Workbook(), io.BytesIO()
    book.active.append(["hetu"])
    book.active.append([ANNA])
    book.save(target)
    return target.getvalue()


@pytest.mark.parametrize("content", [CSV, workbook()], ids=["csv", "xlsx"])
def test_a_register_in_a_zip_is_read_as_it_is(tmp_path: Path, content: bytes) -> None:
    assert check(packed(tmp_path, ("kansio/", b""), ("kansio/opiskelijat", content))).codes_valid == 1


def test_a_zip_is_matched_and_nothing_of_it_stays(tmp_path: Path) -> None:
    store = draw_store(tmp_path, person=f"person_id | hetu | surname\nanna | {ANNA} | Öhman")
    path = packed(tmp_path, ("r.csv", CSV))
    before = set(tmp_path.iterdir())
    engine.match(path, store, tmp_path / "out.csv", on=TODAY)
    assert [row["vtj_result"] for row in read_csv(tmp_path / "out.csv")] == ["match_id"]
    assert set(tmp_path.iterdir()) - before == {tmp_path / "out.csv"}


def test_what_packing_programs_add_is_not_counted(tmp_path: Path) -> None:
    added = [("__MACOSX/._r.csv", b"x"), (".DS_Store", b"x")]
    assert check(packed(tmp_path, ("r.csv", CSV), *added)).rows == 1


@pytest.mark.parametrize("members", [[], [("a.csv", CSV), ("b.csv", CSV)], [("kansio/", b"")]])
def test_no_file_or_several_are_refused(tmp_path: Path, members: list[tuple[str, bytes]]) -> None:
    assert told(packed(tmp_path, *members)) == "archive_not_one"


@pytest.mark.parametrize("name", ["../r.csv", "/etc/r.csv", "a/../../r.csv", "..\\r.csv", "C:/r.csv"])
def test_a_name_that_leads_out_is_refused_and_nothing_is_written_there(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "inner"
    folder.mkdir()
    assert told(packed(folder, (name, CSV))) == "archive_unsafe"
    assert list(tmp_path.iterdir()) == [folder]


def test_a_link_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("r.csv")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "z", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert told(tmp_path / "z") == "archive_unsafe"


@pytest.mark.parametrize("name", ["inner.zip", "register.csv"])
def test_an_archive_in_an_archive_is_refused(tmp_path: Path, name: str) -> None:
    inner = packed(tmp_path, ("r.csv", CSV)).read_bytes()
    assert told(packed(tmp_path, (name, inner))) in {"archive_nested", "unsupported_type"}


def test_a_file_under_a_password_is_refused(tmp_path: Path) -> None:
    path = packed(tmp_path, ("r.csv", CSV))
    data = bytearray(path.read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(mark) + place
        data[at : at + 2] = struct.pack("<H", 1)
    path.write_bytes(data)
    assert told(path) == "archive_encrypted"


def test_a_bomb_is_refused_soon_and_its_size_is_not_believed(tmp_path: Path) -> None:
    path = packed(tmp_path, ("r.csv", b"\0" * (300 << 20)))
    start = time.perf_counter()
    assert told(path) == "unpacks_too_large"
    assert time.perf_counter() - start < 20
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = struct.pack("<I", 100)
    path.write_bytes(data)
    assert told(path) in {"unpacks_too_large", "damaged_file"}


@pytest.mark.parametrize("cut", [36, 45, 60])
def test_a_broken_archive_is_told_as_damaged(tmp_path: Path, cut: int) -> None:
    data = bytearray(packed(tmp_path, ("r.csv", CSV * 50)).read_bytes())
    data[cut] ^= 0xFF
    (tmp_path / "z").write_bytes(data)
    assert told(tmp_path / "z") in {"damaged_file", "archive_not_one", "unsupported_type"}
