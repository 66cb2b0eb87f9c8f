"""Persons who share a birth date and a surname by the hundred thousand do not make a match slow."""

import json
import time
from pathlib import Path

import duckdb
import pytest

from matching import engine
from matching.chunks import cut, link_piece, merge
from matching.store.versions import build, versions
from tests.matching.drawn import TODAY, read_csv, table, write_table

CROWD = 100_000
ROWS = 1000
SECONDS = 6.0


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of 100,000 persons of one birth date and surname, and of a thousand others."""
    folder = tmp_path_factory.mktemp("crowd")
    (folder / "extract").mkdir()
    with duckdb.connect() as con:
        con.execute(
            f"""COPY (
                SELECT 'p' || n AS person_id, 'Virtanen' AS surname,
                       CASE WHEN n % 2 = 0 THEN 'Anna' ELSE 'Nimi' || n::VARCHAR END
                           AS given_names, DATE '1980-01-01' AS birth_date
                FROM range({CROWD}) t(n)
                UNION ALL
                SELECT 'q' || n, 'Suku' || md5(n::VARCHAR), 'Etu' || md5(n::VARCHAR),
                       DATE '1950-01-01' + n::INTEGER * 7 FROM range({ROWS}) t(n))
            TO '{folder}/extract/person.csv' (HEADER)"""
        )
    (folder / "extract" / "extract.json").write_text(json.dumps({"artificial": True, "as_of": "2026-11-01"}))
    build(folder / "extract", folder / "store")
    return folder / "store"


def register(folder: Path) -> Path:
    """Rows of the crowd, and one that is nobody's namesake."""
    lines = "\n".join(f"{n} | Virtanen | {'Anna' if n % 3 else 'Tuntematon'} | 1.1.1980" for n in range(ROWS))
    header = "row_id | surname | given_names | birth_date"
    return write_table(
        folder / "register.csv", table(f"{header}\n{lines}\nrare | Virtanen | Nimi1 | 1.1.1980")
    )


@pytest.mark.slow
def test_a_crowd_of_namesakes_is_left_out_of_the_search_and_the_report_says_so(
    crowd: Path, tmp_path: Path
) -> None:
    began = time.monotonic()
    report = engine.match(register(tmp_path), crowd, tmp_path / "out.csv", on=TODAY, threads=2)
    assert time.monotonic() - began < SECONDS
    assert report["crowded"]["born_surname"] == ROWS + 1
    assert "match_data" not in {row["vtj_result"] for row in read_csv(tmp_path / "out.csv")[:ROWS]}


@pytest.mark.slow
def test_the_crowded_rows_of_pieces_are_summed(crowd: Path, tmp_path: Path) -> None:
    (version,) = versions(crowd)
    links, reports = [], []
    for number, piece in enumerate(cut(register(tmp_path), tmp_path / "pieces", 400)):
        links.append(tmp_path / f"{number}.parquet")
        reports.append(link_piece(piece.path, crowd, links[-1], version=version.version, on=TODAY))
    merged = merge(links, reports, tmp_path / "links.parquet")
    assert merged.crowded["born_surname"] == ROWS + 1
