"""Links of buildings and real estate: by command, in pieces, and with the candidates of doubtful rows."""

import json
from pathlib import Path

import duckdb
import pytest

from matching import chunks, engine
from matching.__main__ import main
from matching.store.versions import open_version
from tests.matching.drawn import TODAY, read_csv
from tests.matching.properties import HOME, LEFT, RIGHT, draw_town

CELLS = [f"{HOME},,", ",Koivutie 9,00100", ",Kovutie 5,00100", ",,", "123,,", ",Niemelä,66640"]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw_town(tmp_path_factory.mktemp("town"))


@pytest.fixture
def register(tmp_path: Path) -> Path:
    path = tmp_path / "register.csv"
    path.write_text("building_id,street,postal_code\n" + "\n".join(CELLS * 3) + "\n", encoding="utf-8")
    return path


def rows_of(path: Path) -> list[tuple[object, ...]]:
    return duckdb.read_parquet(str(path)).fetchall()


@pytest.mark.parametrize("rows", [1, 5, 100])
def test_pieces_of_a_register_of_buildings_give_what_the_whole_gives(
    store: Path, register: Path, tmp_path: Path, rows: int
) -> None:
    version = open_version(store).version
    whole = engine.link(register, store, tmp_path / "whole.parquet", subject="building", on=TODAY)
    made = []
    for number, piece in enumerate(chunks.cut(register, tmp_path / "pieces", rows)):
        links = tmp_path / f"{number}.parquet"
        report = chunks.link_piece(piece.path, store, links, version=version, on=TODAY, subject="building")
        made.append((links, report))
    links, reports = zip(*made, strict=True)
    merged = chunks.merge(links, reports, tmp_path / "merged.parquet")
    assert rows_of(tmp_path / "merged.parquet") == rows_of(tmp_path / "whole.parquet")
    assert (merged.results, merged.rules) == (whole.results, whole.rules)


@pytest.mark.parametrize(
    ("subject", "candidates"),
    [
        ("building", [(2, 1, LEFT, "address"), (2, 2, RIGHT, "address")]),
        ("real_estate", [(4, 1, "09100200050003", "unit_name"), (4, 2, "09100200050006", "unit_name")]),
    ],
)
def test_an_official_gets_the_candidates_of_a_doubtful_row(
    tmp_path: Path, subject: str, candidates: list[tuple[object, ...]]
) -> None:
    store = draw_town(
        tmp_path,
        real_estate="real_estate_id | name | municipality\n"
        "09100200050003 | Koivula | 091\n09100200050006 | Koivula | 091\n09100200050005 | Pihat | 091",
    )
    register = tmp_path / "r.csv"
    lines = [f"{HOME},,,,", ",Koivutie 9,00100,,", ",Koivutie 5,00100,,", ",,,Helsinki,Koivula"]
    header = "building_id,street,postal_code,municipality,name"
    register.write_text("\n".join([header, *lines]), encoding="utf-8")
    told = tmp_path / "candidates.parquet"
    engine.link(register, store, tmp_path / "l.parquet", subject=subject, candidates_out=told, on=TODAY)
    found = [(row, place, code, rule) for row, place, _pid, code, rule, *_levels in rows_of(told)]
    assert found == candidates


@pytest.mark.parametrize("subject", ["building", "real_estate"])
def test_the_command_matches_either_subject(
    store: Path, register: Path, tmp_path: Path, subject: str
) -> None:
    out, report = tmp_path / "o.csv", tmp_path / "report.json"
    options = ["--output", str(out), "--report", str(report), "--subject", subject]
    fields = ["--fields", "real_estate_id,owners"]
    assert main(["match", str(register), str(store), *options, *fields]) == 0
    assert read_csv(out)[0]["vtj_real_estate_id"] == "09100200050003"
    assert sum(json.loads(report.read_text())["results"].values()) == len(CELLS) * 3
