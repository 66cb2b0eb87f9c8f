"""CSV and fixed width: every stated encoding, delimiter and line end gives the same register."""

import json
from pathlib import Path

import pytest

from matching import engine
from matching.register.loading import check
from tests.matching.drawn import TODAY, code, draw_store, read_csv

ANNA, OTTO = code("010190-900"), code("020280-901")
ROWS = [
    ["Henkilötunnus", "Sukunimi", "Etunimet", "Muu"],
    [ANNA, "Öhman", "Åsa Ž", "007"],
    [OTTO, "Šimko, jr", 'Ale"xi', " x "],
]
PERSONS = (
    f"person_id | hetu | surname | given_names\nanna | {ANNA} | Öhman | Åsa\notto | {OTTO} | Šimko | Aleksi"
)


def text(delimiter: str = ",", end: str = "\n", without: str = "") -> str:
    def cell(value: str) -> str:
        return '"' + value.replace('"', '""') + '"' if set(value) & {delimiter, '"'} else value

    lines = end.join(delimiter.join(cell(value) for value in row) for row in ROWS) + end
    for letter in without:
        lines = lines.replace(letter, "x")
    return lines


def passed_through(folder: Path, content: bytes) -> list[list[str]]:
    """The register's own columns, as they come out; each row must have been matched."""
    store = draw_store(folder, person=PERSONS)
    (folder / "register.dat").write_bytes(content)
    engine.match(folder / "register.dat", store, folder / "out.csv", on=TODAY)
    out = read_csv(folder / "out.csv")
    assert [row["vtj_result"] for row in out] == ["match_id"] * 2
    return [list(out[0])[:4], *(list(row.values())[:4] for row in out)]


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp1252", "cp1252"),
        ("iso8859-15", "iso8859-15"),
    ],
)
def test_an_encoding_is_detected_and_nothing_is_lost(tmp_path: Path, encoding: str, told: str) -> None:
    assert passed_through(tmp_path, text(";").encode(encoding)) == ROWS
    assert check(tmp_path / "register.dat").encoding == told


def test_iso_8859_1_is_read_as_the_windows_encoding_that_holds_it(tmp_path: Path) -> None:
    rows = passed_through(tmp_path, text(";", without="ŠŽ").encode("latin-1"))
    assert rows[1][1:3] == ["Öhman", "Åsa x"]


def test_a_letter_far_down_decides_the_encoding(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_bytes(b"hetu;sukunimi\n" + b"x;Aho\n" * 900_000 + "x;Mäki\n".encode("cp1252"))
    report = check(tmp_path / "r.csv")
    assert (report.encoding, report.rows) == ("cp1252", 900_001)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_delimiter_and_line_end_are_detected(tmp_path: Path, delimiter: str, end: str) -> None:
    assert passed_through(tmp_path, text(delimiter, end).encode()) == ROWS
    assert check(tmp_path / "register.dat").delimiter == delimiter


@pytest.mark.parametrize(
    "content",
    [
        "sep=;\r\n" + text(";", "\r\n"),
        "\n\n" + text(";"),
        text(";").replace("\n", "\r\n", 1),
        text(";").rstrip("\n"),
        text(";").replace("\n", "\n\n"),
        text(";").replace("\n", "\n   \n"),
        text(";").replace("\n", ";\n").replace("Muu;", "Muu"),
    ],
)
def test_oddities_of_spreadsheet_programs_are_read(tmp_path: Path, content: str) -> None:
    assert passed_through(tmp_path, content.encode()) == ROWS
    assert passed_through(tmp_path, content.encode("cp1252")) == ROWS


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_empty_lines_are_no_rows_in_a_single_column_either(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "r.csv").write_bytes(f'Henkilötunnus\n{ANNA}\n\n""\n{OTTO}\n\n\n'.encode(encoding))
    report = check(tmp_path / "r.csv")
    assert (report.rows, report.codes_valid, report.codes_missing) == (3, 2, 1)


def test_a_cell_may_hold_a_line_break_and_rows_are_counted_as_rows(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text(f'hetu,"muu\ntieto"\n{ANNA},"a\nb\nc"\nx,y\n', encoding="utf-8")
    report = check(tmp_path / "r.csv")
    assert (report.rows, report.codes_invalid["length"].rows) == (2, [2])


def test_the_output_can_be_written_like_the_input(tmp_path: Path) -> None:
    store = draw_store(tmp_path, person=PERSONS)
    (tmp_path / "r.csv").write_bytes(text(";").encode("cp1252"))
    engine.match(tmp_path / "r.csv", store, tmp_path / "out.csv", fields=["surname"], csv_like_input=True)
    lines = (tmp_path / "out.csv").read_bytes().decode("cp1252").splitlines()
    assert lines[1] == f"{ANNA};Öhman;Åsa Ž;007;1;match_id;;code;;Öhman"


def test_fixed_width_is_read_by_its_layout(tmp_path: Path) -> None:
    layout = [
        {"name": "tunnus", "start": 1, "length": 11, "field": "hetu"},
        {"name": "nimi", "start": 12, "length": 10, "field": "surname"},
        {"name": "muu", "start": 22, "length": 3},
    ]
    lines = [f"{ANNA}Öhman     007", f"{OTTO}Šimko     00"]
    (tmp_path / "r.txt").write_bytes("\r\n".join(lines).encode("cp1252"))
    mapping = json.loads(json.dumps({"fixed_width": layout}))
    store = draw_store(tmp_path, person=PERSONS)
    engine.match(tmp_path / "r.txt", store, tmp_path / "out.csv", mapping=mapping)
    out = read_csv(tmp_path / "out.csv")
    assert [(row["muu"], row["vtj_result"]) for row in out] == [("007", "match_id"), ("00", "match_id")]


def test_the_check_report_tells_row_numbers_and_no_cell(tmp_path: Path) -> None:
    rows = [["hetu", "syntymäaika", "muu"], [ANNA, "1.1.1990", "a"], ["010190-900?", "31.2.1990", "b"]]
    rows += [[ANNA.lower(), "", "c"], ["", "x", "d"], [ANNA, "010190", "e"]]
    (tmp_path / "r.csv").write_text("\n".join(",".join(row) for row in rows), encoding="utf-8")
    report = check(tmp_path / "r.csv").as_dict()
    assert report["codes_invalid"] == {"check": {"rows": [2], "total": 1}}
    assert report["codes_repeated"] == {"rows": [3, 5], "total": 2}
    assert report["unreadable"] == {"birth_date": {"rows": [2, 4], "total": 2}}
    assert (report["codes_valid"], report["codes_missing"], report["codes_artificial"]) == (3, 1, 3)
    assert report["recognised"] == {"hetu": "hetu", "syntymäaika": "birth_date"}
    assert report["unrecognised"] == ["muu"]
    assert "010190" not in json.dumps(report)
