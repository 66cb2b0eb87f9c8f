"""A register in pieces gives what it gives whole, whatever their size, the threads and the memory."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from matching import chunks, engine
from matching.delivery.report import LinkReport
from matching.errors import InputProblems
from matching.synth.draw import draw_register
from tests.matching.conftest import Population
from tests.matching.drawn import TODAY, code, draw_store, table, write_table

ROWS = 2000
Drawn = Callable[[float], Path]
Found = tuple[list[Any], list[Any], LinkReport]


@pytest.fixture(scope="module")
def drawn(population: Population, tmp_path_factory: pytest.TempPathFactory) -> Drawn:
    """A register of 2,000 dirty rows, of which the given share is without a code."""
    folder = tmp_path_factory.mktemp("drawn")

    def draw(without_id: float) -> Path:
        path = folder / f"{without_id}.csv"
        if not path.exists():
            draw_register(path, population.extract, ROWS, without_id=without_id)
        return path

    return draw


def rows_of(path: Path) -> list[Any]:
    return duckdb.connect().execute("SELECT * FROM read_parquet(?)", [str(path)]).fetchall()


def whole(folder: Path, register: Path, population: Population, **limits: Any) -> Found:
    """The links, the candidates of doubtful rows, and the report of a register linked in one go."""
    folder.mkdir(exist_ok=True)
    links, candidates = folder / "whole.parquet", folder / "whole-candidates.parquet"
    report = engine.link(register, population.store, links, on=TODAY, candidates_out=candidates, **limits)
    return rows_of(links), rows_of(candidates), counts(report)


def in_pieces(folder: Path, register: Path, store: Path, version: str, rows: int, **limits: Any) -> Found:
    """The same of a register that was cut into pieces of so many rows."""
    links, doubtful, reports = [], [], []
    for piece in chunks.cut(register, folder, rows, **limits):
        out, candidates = (folder / f"{name}-{piece.first_row}.parquet" for name in ("links", "candidates"))
        linked = chunks.link_piece(
            piece.path, store, out, version=version, on=TODAY, candidates_out=candidates, **limits
        )
        reports.append(linked)
        links.append(out)
        doubtful.append(candidates)
        piece.path.unlink()
    out, candidates = folder / "merged.parquet", folder / "merged-candidates.parquet"
    report = chunks.merge(links, reports, out, candidates=doubtful, candidates_out=candidates, **limits)
    return rows_of(out), rows_of(candidates), counts(report)


def counts(report: LinkReport) -> LinkReport:
    """A report without what no two runs share."""
    return replace(report, seconds={}, peak_memory_bytes=0)


@pytest.mark.parametrize("without_id", [0.1, 1.0])
@pytest.mark.parametrize("rows", [7, 1000])
def test_the_pieces_together_give_what_the_whole_gives(
    tmp_path: Path, population, drawn: Drawn, without_id: float, rows: int
) -> None:
    register = drawn(without_id) if rows > 7 else first_rows(tmp_path, drawn(without_id), 100)
    expected = whole(tmp_path, register, population)
    assert in_pieces(tmp_path, register, population.store, population.version, rows) == expected


def first_rows(folder: Path, register: Path, rows: int) -> Path:
    """The beginning of a register: pieces of a few rows take the time of as many matches."""
    path = folder / "beginning.csv"
    path.write_bytes(b"\n".join(register.read_bytes().splitlines()[: rows + 1]) + b"\n")
    return path


def test_pieces_of_one_row_give_the_same(tmp_path: Path, population, drawn: Drawn) -> None:
    register = first_rows(tmp_path, drawn(0.1), 20)
    found = in_pieces(tmp_path, register, population.store, population.version, 1)
    assert found == whole(tmp_path, register, population)


@pytest.mark.parametrize("without_id", [0.1, 1.0])
def test_threads_and_memory_change_nothing(tmp_path: Path, population, drawn: Drawn, without_id) -> None:  # type: ignore[no-untyped-def]
    expected = whole(tmp_path, drawn(without_id), population, threads=2)
    for limits in ({"threads": 1}, {"threads": 2, "memory": "200MB"}):
        assert whole(tmp_path, drawn(without_id), population, **limits) == expected
    found = in_pieces(tmp_path, drawn(without_id), population.store, population.version, 700, threads=1)
    assert found == expected


def test_the_drawn_register_has_doubtful_rows(tmp_path: Path, population, drawn: Drawn) -> None:  # type: ignore[no-untyped-def]
    """Else the tests above would show nothing of their candidates."""
    assert whole(tmp_path, drawn(1.0), population)[1]


def test_a_cell_that_a_spreadsheet_would_break_stays_as_it_is_in_a_piece(tmp_path: Path) -> None:
    register = tmp_path / "register.csv"
    register.write_bytes('hetu,surname\n" x ","a ""b""\n;c"\n,\n=1+1,Öberg\n'.encode())
    pieces = [piece.path for piece in chunks.cut(register, tmp_path, 2)]
    cells = [row[:1] for path in pieces for row in rows_of(path)]
    names = duckdb.connect().execute("SELECT hetu, surname FROM read_parquet(?)", [[str(p) for p in pieces]])
    assert cells == [(0,), (1,), (2,)]
    assert names.fetchall() == [(" x ", 'a "b"\n;c'), (None, None), ("=1+1", "Öberg")]


def test_rows_given_the_same_subject_are_counted_over_all_pieces(tmp_path: Path) -> None:
    aino, eino = code("010594Y903"), code("020594Y904")
    store = draw_store(tmp_path, person=f"person_id|hetu|surname\na|{aino}|Aalto\ne|{eino}|Eno")
    rows = table(f"hetu|surname\n{aino}|Aalto\n{eino}|Eno\n{aino}|Aalto\n{aino}|Toinen\nx|y")
    register = write_table(tmp_path / "register.csv", rows)
    version = next((store / "versions").iterdir()).name
    merged = in_pieces(tmp_path, register, store, version, 1)[2]
    assert merged.same_subject == 2
    assert merged.rows == 5


def test_links_of_a_missing_or_a_repeated_piece_are_refused(tmp_path: Path, population, drawn: Drawn) -> None:
    register = first_rows(tmp_path, drawn(0.1), 4)
    report = replace(whole(tmp_path, register, population)[2], rows=2)
    in_pieces(tmp_path, register, population.store, population.version, 2)
    first, last = tmp_path / "links-0.parquet", tmp_path / "links-2.parquet"
    for links in ([first], [last], [first, first], [first, last, last]):
        with pytest.raises(ValueError, match="every row"):
            chunks.merge(links, [report, report], tmp_path / "merged.parquet")


def test_pieces_of_two_models_are_not_one_result(tmp_path: Path, population, drawn: Drawn) -> None:
    register = first_rows(tmp_path, drawn(0.1), 4)
    report = replace(whole(tmp_path, register, population)[2], rows=2)
    in_pieces(tmp_path, register, population.store, population.version, 2)
    links = [tmp_path / "links-0.parquet", tmp_path / "links-2.parquet"]
    with pytest.raises(ValueError, match="one version"):
        chunks.merge(links, [report, replace(report, model_version="another")], tmp_path / "merged.parquet")


def test_a_register_that_cannot_be_used_is_refused_before_it_is_cut(tmp_path: Path) -> None:
    register = tmp_path / "register.csv"
    register.write_text("hetu,surname\n")
    with pytest.raises(InputProblems, match="no rows"):
        list(chunks.cut(register, tmp_path, 10))
    assert not list(tmp_path.glob("piece-*"))
