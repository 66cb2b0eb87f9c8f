"""A check writes all that it found, row by row, and counts the rows that have too little to search with."""

import csv
from pathlib import Path

import pytest

from matching import engine
from matching.register import findings
from matching.register.loading import check
from tests.matching.drawn import TODAY, code, draw_store, read_csv

ANNA = code("010190-900")
HEAD = "hetu;surname;birth_date;street;postal_code;municipality;sex\n"


def found(folder: Path, content: str, subject: str = "person") -> list[list[str]]:
    (folder / "r.csv").write_text(content)
    report = check(folder / "r.csv", subject=subject, findings_out=folder / "f.csv")
    rows = list(csv.reader((folder / "f.csv").open()))
    assert report.findings == len(rows)
    return rows


def test_every_finding_has_its_row_kind_reason_and_field(tmp_path: Path) -> None:
    rows = [
        f"{ANNA};Öhman;joskus;;;;",
        f"{ANNA};Öhman;;;x;;x",
        "010190-9001;Öhman;;;;;",
        ";Öhman;;;;;",
    ]
    assert found(tmp_path, HEAD + "\n".join(rows) + "\n") == [
        ["1", "unreadable", "", "birth_date"],
        ["2", "repeated", "", "hetu"],
        ["2", "unreadable", "", "sex"],
        ["2", "unreadable", "", "postal_code"],
        ["3", "invalid", "check", "hetu"],
        ["4", "too_little", "", ""],
    ]


def test_a_clean_register_has_none(tmp_path: Path) -> None:
    assert found(tmp_path, f"{HEAD}{ANNA};Öhman;;;;;\n") == []


def test_no_more_are_written_than_are_wanted_but_all_are_counted(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(findings.write, "__defaults__", (3,))
    (tmp_path / "r.csv").write_text("hetu\n" + "x\n" * 10)
    report = check(tmp_path / "r.csv", findings_out=tmp_path / "f.csv")
    assert report.findings == 19  # ten that are none, nine that repeat the first
    assert len((tmp_path / "f.csv").read_text().splitlines()) == 3


def test_rows_with_too_little_are_those_that_the_match_calls_so(tmp_path: Path) -> None:
    rows = [
        ";;;;;;",
        ";Öhman;;;;;",
        ";;1.1.1990;;;;",
        ";Öhman;1.1.1990;;;;",
        f"{ANNA};;;;;;",
        ";Öhman;;Tie 1;;;",
    ]
    path = tmp_path / "r.csv"
    path.write_text(HEAD + "\n".join(rows) + "\n")
    store = draw_store(tmp_path, person="person_id | hetu\nnobody | " + code("020280-901"))
    engine.match(path, store, tmp_path / "out.csv", on=TODAY)
    told = check(path).too_little.rows
    decided = [row["vtj_result"] for row in read_csv(tmp_path / "out.csv")]
    assert told == [1, 2, 3]
    assert all(decided[row - 1] == "insufficient_data" for row in told)


@pytest.mark.parametrize(
    ("subject", "rows", "too_little"),
    [
        ("building", ["building_id,street,postal_code", ",Tie 1,00100", ",Tie 1,", ",,00100"], [2, 3]),
        ("real_estate", ["real_estate_id,name,kunta", ",Mäkelä,091", ",Mäkelä,", ",,091"], [2, 3]),
    ],
)
def test_buildings_and_real_estate_have_their_own_measure(
    tmp_path: Path, subject: str, rows: list[str], too_little: list[int]
) -> None:
    (tmp_path / "r.csv").write_text("\n".join(rows) + "\n")
    assert check(tmp_path / "r.csv", subject=subject).too_little.rows == too_little
