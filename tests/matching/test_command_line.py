"""The commands `match` and `evaluate`: exit status, messages, files whole or not at all."""

import json
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from matching import engine
from matching.__main__ import main
from matching.errors import InputProblems
from matching.weighing.model import read_model
from tests.matching.conftest import Population
from tests.matching.drawn import draw_store, read_csv, table, write_table
from tests.matching.properties import draw_town

REPORT_KEYS = {
    *(
        "rows",
        "results",
        "rules",
        "changed",
        "unreadable",
        "protected_withheld",
        "store_version",
        "model_version",
        "same_subject",
        "crowded",
    ),
    *("on", "seconds", "peak_memory_bytes"),
}


def match(folder: Path, population: Population, register: Path, *options: str, out: str = "out.csv") -> int:
    files = ["--output", str(folder / out), "--report", str(folder / "report.json")]
    return main(["match", str(register), str(population.store), *files, *options])


@pytest.fixture
def register(population: Population, tmp_path: Path) -> Path:
    path = tmp_path / "register.csv"
    assert (
        main(["register", str(path), "--extract", str(population.extract), "--rows", "500", "--clean"]) == 0
    )
    return path


def test_a_match_writes_the_register_and_its_report(
    register: Path, population: Population, tmp_path: Path
) -> None:
    assert match(tmp_path, population, register, "--fields", "surname,birth_date", "--on", "2026-11-23") == 0
    report = json.loads((tmp_path / "report.json").read_text())
    assert set(report) == REPORT_KEYS
    assert report["rows"] == sum(report["results"].values()) == len(read_csv(tmp_path / "out.csv")) == 500
    assert report["store_version"] == population.version
    assert (report["on"], report["model_version"]) == ("2026-11-23", read_model().version)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.csv", "register.csv", "report.json"]


def test_no_model_is_told_where_none_was_asked(population: Population, tmp_path: Path) -> None:
    register = tmp_path / "buildings.csv"
    register.write_text("building_id\n1\n")
    assert match(tmp_path, population, register, "--subject", "building") == 0
    assert json.loads((tmp_path / "report.json").read_text())["model_version"] is None


def test_evaluate_tells_how_right_it_was(
    register: Path, population: Population, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    match(tmp_path, population, register, "--fields", "person_id")
    assert main(["evaluate", str(tmp_path / "out.csv"), "--truth", "truth"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert set(figures) == {"rows", "given", "right", "precision", "recall", "f1", "by_result"}
    assert (figures["rows"], figures["precision"]) == (500, 1.0)
    assert figures["given"] == figures["right"] > 450
    assert figures["by_result"]["match_id"]["precision"] == 1.0


@pytest.mark.parametrize("column", ["truth", "vtj_person_id"])
def test_evaluate_says_which_column_is_missing(
    tmp_path: Path, column: str, capsys: pytest.CaptureFixture[str]
) -> None:
    headers = {"truth", "vtj_person_id", "vtj_result"} - {column}
    (tmp_path / "o.csv").write_text(",".join(headers) + "\n1,2\n")
    assert main(["evaluate", str(tmp_path / "o.csv"), "--truth", "truth"]) == 2
    assert column in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--fields", "shoe_size"], "column shoe_size: there is no such field"),
        (["--subject", "building", "--fields", "surname"], "column surname: there is no such field"),
        (["--version", "none"], "the store has no such version"),
        (["--mapping", "/nowhere.json"], "the mapping can't be read as JSON"),
    ],
)
def test_options_that_must_be_mended_end_with_2(
    register: Path,
    population: Population,
    tmp_path: Path,
    options: list[str],
    message: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert match(tmp_path, population, register, *options) == 2
    assert capsys.readouterr().err == message + "\n"
    assert [path.name for path in tmp_path.iterdir()] == ["register.csv"]


def test_an_output_of_unknown_kind_leaves_nothing(
    register: Path, population: Population, tmp_path: Path
) -> None:
    assert match(tmp_path, population, register, out="out.pdf") == 2
    assert [path.name for path in tmp_path.iterdir()] == ["register.csv"]


def test_a_failed_match_leaves_an_older_output_as_it_was(population: Population, tmp_path: Path) -> None:
    (tmp_path / "out.csv").write_text("older")
    (tmp_path / "r.csv").write_text("hetu,sukunimi\na,b\nc\n")
    assert match(tmp_path, population, tmp_path / "r.csv") == 2
    assert (tmp_path / "out.csv").read_text() == "older"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.csv", "r.csv"]


def test_a_process_tells_rows_and_never_a_cell_or_a_traceback(population: Population, tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("hetu,sukunimi\na,Salanimi,x\n")
    command = [
        sys.executable,
        "-m",
        "matching",
        "match",
        "r.csv",
        population.store,
        "--output",
        "o.csv",
        "--report",
        "r.json",
    ]
    root = Path(__file__).parents[2]
    done = subprocess.run(
        command, cwd=tmp_path, env={"PYTHONPATH": str(root)}, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "row 1: the row has 3 cells, the header 2\n"


def test_a_mapping_tells_what_columns_are(population: Population, tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("X,Y\n131052-308T,a\n")
    (tmp_path / "m.json").write_text('{"X": "hetu"}')
    assert match(tmp_path, population, tmp_path / "r.csv") == 2
    assert match(tmp_path, population, tmp_path / "r.csv", "--mapping", str(tmp_path / "m.json")) == 0


def test_a_store_without_a_version_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "r.csv").write_text("hetu\nx\n")
    files = ["--output", str(tmp_path / "o.csv"), "--report", str(tmp_path / "r.json")]
    assert main(["match", str(tmp_path / "r.csv"), str(tmp_path / "store"), *files]) == 2
    assert "the store has no published version" in capsys.readouterr().err


def shouted(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """What a refused command says on standard error; a whole line for each problem and no traceback."""
    try:
        status = main([str(argument) for argument in arguments])
    except SystemExit as told:  # an option that the parser refuses
        status = int(str(told.code))
    captured = capsys.readouterr()
    assert (status, captured.out) == (2, "")
    assert "Traceback" not in captured.err
    assert captured.err.endswith("\n")
    return captured.err


def test_places_that_cannot_be_read_or_written_are_told(
    register: Path, population: Population, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "file").touch()
    report, out = tmp_path / "r.json", tmp_path / "out.csv"
    matching = ("match", register, population.store, "--report", report, "--output")
    shouted(capsys, *matching, tmp_path / "folder.csv")
    shouted(capsys, *matching, tmp_path / "file" / "out.csv")
    shouted(capsys, *matching, out, "--temp", tmp_path / "none")
    shouted(capsys, *matching, report)
    shouted(capsys, *matching[:3], "--output", out, "--report", tmp_path / "folder.csv")
    shouted(capsys, "evaluate", tmp_path / "none.csv", "--truth", "truth")
    shouted(capsys, "versions", tmp_path / "none")
    shouted(capsys, "build", population.extract, tmp_path / "file")
    assert {path.name for path in tmp_path.iterdir()} == {"folder.csv", "file", "register.csv"}


@pytest.mark.parametrize(
    "option", ["--threads=0", "--threads=-1", "--threads=100000", "--memory=much", "--memory=1MB"]
)
def test_bounds_that_cannot_be_are_told(
    option: str, population: Population, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shouted(capsys, "build", population.extract, tmp_path / "store", option)
    assert not (tmp_path / "store" / "current").exists()


@pytest.mark.parametrize("damage", ["code.parquet", "subject.parquet", "manifest.json"])
def test_a_damaged_store_is_told(
    damage: str,
    register: Path,
    population: Population,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    store = Path(shutil.copytree(population.store, tmp_path / "store"))
    file = store / "versions" / population.version / damage
    file.write_bytes(file.read_bytes()[:100])
    files = ("--output", tmp_path / "out.csv", "--report", tmp_path / "r.json")
    assert "damaged" in shouted(capsys, "match", register, store, *files)
    assert not (tmp_path / "out.csv").exists()


def test_lines_of_the_output_end_as_rfc_4180_says(
    register: Path, population: Population, tmp_path: Path
) -> None:
    match(tmp_path, population, register)
    lines = (tmp_path / "out.csv").read_bytes().split(b"\r\n")
    assert len(lines) == 502
    assert lines[-1] == b""
    assert not [line for line in lines if b"\n" in line]


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("build a b --threads=many", "--threads: it must be a whole number from 1 up to 256"),
        ("build a b --threads=257", "--threads: it must be a whole number from 1 up to 256"),
        ("build a b --memory=much", "--memory: it must be a size such as 500MB or 2GB"),
        ("match a b --on=1.5.2026", "--on: it must be a day, written YYYY-MM-DD"),
        ("explain a b --row=x", "--row: it must be a whole number"),
        ("prune a --newest=0", "--newest: it must be a whole number from 1"),
        ("register a --rows=1 --extract=b --without-id=x", "--without-id: it must be a number, such as 0.05"),
        ("synth a --persons=1 --as-of=1999-12-31", "--as-of: it must be a day from 2000-01-01 to 2099-12-31"),
        ("synth a --persons=1 --as-of=2100-01-01", "--as-of: it must be a day from 2000-01-01 to 2099-12-31"),
    ],
)
def test_options_tell_what_they_must_be(command: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert shouted(capsys, *command.split()).endswith(f"error: argument {told}\n")


@pytest.fixture(params=["path", "spelling", "link", "hard link"])
def same(request: pytest.FixtureRequest, register: Path) -> Path:
    """Another name of the register, of each kind."""
    if request.param == "path":
        return register
    if request.param == "spelling":
        return register.parent / "none" / ".." / register.name
    link = register.with_name("link.csv")
    if request.param == "link":
        link.symlink_to(register)
    else:
        link.hardlink_to(register)
    return link


@pytest.mark.parametrize("option", ["--output", "--report", "--changes"])
def test_a_match_never_takes_its_registers_place(
    option: str,
    same: Path,
    register: Path,
    population: Population,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    whole = register.read_bytes()
    files = {"--output": tmp_path / "o.csv", "--report": tmp_path / "r.json", option: same}
    options = [part for pair in files.items() for part in pair]
    assert "take the place of what is read" in shouted(capsys, "match", register, population.store, *options)
    assert register.read_bytes() == whole


def test_no_command_writes_over_what_it_reads(
    register: Path, population: Population, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    layout = Path(shutil.copy(register, tmp_path / "o.layout.csv"))
    kept = {path: path.read_bytes() for path in (register, layout, population.extract / "person.csv")}
    matched = ("match", layout, population.store, "--output", tmp_path / "o.txt")
    commands = (
        (*matched, "--report", tmp_path / "r.json"),
        ("explain", register, population.store, "--row=1", "--picture", register),
        ("train", register, population.store, "--output", population.store / "current"),
        ("register", population.extract / "person.csv", "--rows=1", "--extract", population.extract),
    )
    for command in commands:
        assert "take the place of what is read" in shouted(capsys, *command)
    assert {path: path.read_bytes() for path in kept} == kept


def impossible(model: dict[str, Any], part: str, figure: float) -> None:
    if part in model["thresholds"]:
        model["thresholds"][part] = figure
    else:
        model["comparisons"]["surname"]["near"][part] = figure


@pytest.mark.parametrize(
    ("part", "figure", "told"),
    [
        ("upper", 1100, "thresholds must be"),
        ("upper", -50, "thresholds must be"),
        ("lower", -201, "thresholds must be"),
        ("gap", -1, "thresholds must be"),
        ("gap", float("inf"), "thresholds must be"),
        ("upper", float("nan"), "thresholds must be"),
        ("u", 1e-320, "probability that is not from 1e-12 to 1"),
        ("m", 0, "probability that is not from 1e-12 to 1"),
    ],
)
def test_figures_that_no_model_has_are_told(tmp_path: Path, part: str, figure: float, told: str) -> None:
    model = read_model().as_dict()
    impossible(model, part, figure)
    (tmp_path / "m.json").write_text(json.dumps(model))
    with pytest.raises(InputProblems, match=told) as refused:
        read_model(tmp_path / "m.json")
    assert refused.value.problems[0].code == "model_invalid"


@pytest.mark.parametrize("subject", ["person", "building"])
def test_the_report_counts_cells_that_say_nothing(tmp_path: Path, subject: str) -> None:
    rows = """
        surname  | birth_date | municipality | street
        Virtanen | 01.01.2050 | Qwertylä     | Koivutie 5
        Virtanen | 2050-01-01 | 999          | Koivutie 5
        Virtanen | 23.11.2026 | 91           | Koivutie 5
        Virtanen | 1.1.1980   | HELSINGFORS  | Koivutie 5
        Virtanen |            | Maksamaa     | Koivutie 5
        Virtanen |            |              | Koivutie 5
    """
    register = write_table(tmp_path / "register.csv", table(rows))
    report = engine.match(
        register, draw_town(tmp_path), tmp_path / "out.csv", subject=subject, on=date(2026, 11, 23)
    )
    assert report["unreadable"] == {"birth_date": 2, "municipality": 2}


def test_a_store_without_municipalities_finds_none_unreadable(tmp_path: Path) -> None:
    register = write_table(tmp_path / "register.csv", table("surname | municipality\nVirtanen | Qwertylä"))
    store = draw_store(tmp_path, person="person_id | surname\nA | Virtanen")
    assert engine.match(register, store, tmp_path / "out.csv")["unreadable"] == {}
