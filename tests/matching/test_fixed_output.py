"""Fixed width out: columns at fixed places by characters, and the layout that tells them."""

from pathlib import Path
from typing import Any

import pytest

from matching import engine
from matching.errors import InputProblems
from matching.register import outputs
from matching.register.fixed_output import layout_path
from tests.matching.drawn import TODAY, code, draw_store, read_csv, table, write_table

ANNA, OLLI = code("010190-900"), code("010190-901")
PERSONS = f"""
    person_id | hetu   | surname  | given_names | birth_date
    anna      | {ANNA} | Äijälä   | Anna-Åsa    | 1990-01-01
    olli      | {OLLI} | Virtanen | Olli        | 1990-01-01
"""
ROWS = f"row_id | hetu | note\n0017 | {ANNA} | =1+1\n0018 | {OLLI} | a;b\n0019 | 010190-9999 | pitkä häntä"


def matched(folder: Path, register: Path, fields: str = "surname birth_date", **options: Any) -> Path:
    out = folder / "out.txt"
    store = draw_store(folder, person=PERSONS)
    engine.match(register, store, out, fields=fields.split(), on=TODAY, threads=2, **options)
    return out


def by_layout(out: Path) -> list[dict[str, str]]:
    """The rows as a reader of the layout has them."""
    columns = [(one["name"], int(one["start"]), int(one["length"])) for one in read_csv(layout_path(out))]
    lines = out.read_text(encoding="utf-8").splitlines()
    return [{name: line[at - 1 : at - 1 + n].rstrip() for name, at, n in columns} for line in lines]


def drawn(folder: Path) -> Path:
    return write_table(folder / "register.csv", table(ROWS))


def test_each_cell_is_read_back_by_the_layout(tmp_path: Path) -> None:
    rows = by_layout(matched(tmp_path, drawn(tmp_path)))
    assert [row["row_id"] for row in rows] == ["0017", "0018", "0019"]
    assert [row["note"] for row in rows] == ["=1+1", "a;b", "pitkä häntä"]
    assert [row["vtj_surname"] for row in rows] == ["Äijälä", "Virtanen", ""]
    assert rows[0]["vtj_birth_date"] == "1990-01-01"
    assert [row["vtj_result"] for row in rows] == ["match_id", "match_id", "invalid_id"]


def test_every_line_has_the_same_length_in_characters_and_ends_as_the_contract_says(tmp_path: Path) -> None:
    out = matched(tmp_path, drawn(tmp_path))
    last = read_csv(layout_path(out))[-1]
    lines = out.read_bytes().decode().split("\r\n")
    assert {len(line) for line in lines[:-1]} == {int(last["start"]) + int(last["length"]) - 1}
    assert lines[-1] == ""


def test_our_own_reader_takes_it_by_the_layout(tmp_path: Path) -> None:
    out = matched(tmp_path, drawn(tmp_path))
    layout = [
        {"name": row["name"].removeprefix("vtj_"), "start": int(row["start"]), "length": int(row["length"])}
        for row in read_csv(layout_path(out))
        if row["name"] in {"hetu", "vtj_surname"}
    ]
    again = tmp_path / "again.csv"
    engine.match(out, tmp_path / "store", again, mapping={"fixed_width": layout}, on=TODAY)
    assert [row["hetu"] for row in read_csv(again)] == [ANNA, OLLI, "010190-9999"]


def test_a_cell_with_a_line_break_is_refused_by_its_row_and_nothing_is_left(tmp_path: Path) -> None:
    register = tmp_path / "register.csv"
    register.write_text(f'hetu,note\n{ANNA},a\n{OLLI},"b\nc"\n')
    with pytest.raises(InputProblems) as refused:
        matched(tmp_path, register)
    (problem,) = refused.value.problems
    assert (problem.code, problem.row) == ("line_break_in_fixed_width", 2)
    assert not list(tmp_path.glob("out*")) + list(tmp_path.glob(".part-*"))


def test_lines_that_are_too_long_are_refused_with_their_length(tmp_path: Path) -> None:
    register = tmp_path / "register.csv"
    register.write_text(f"hetu,note\n{ANNA},{'x' * 33_000}\n")
    with pytest.raises(InputProblems) as refused:
        matched(tmp_path, register)
    assert refused.value.problems[0].code == "too_wide_for_fixed_width"
    assert int(refused.value.problems[0].params["width"]) > 33_000


def test_other_forms_are_written_in_the_same_run_and_one_without_room_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outputs, "XLSX_ROWS", 3)
    register, store = drawn(tmp_path), draw_store(tmp_path, person=PERSONS)
    links, out = tmp_path / "links.parquet", tmp_path / "out.csv"
    version = engine.link(register, store, links, on=TODAY).store_version
    further = [tmp_path / f"out.{ending}" for ending in ("xlsx", "parquet", "txt")]
    report = engine.disclose(
        register, links, store, out, further=further, version=version, fields=["surname"], on=TODAY
    )
    assert report.refused == {"xlsx": "too_large_for_xlsx"}
    assert [path.exists() for path in further] == [False, True, True]
    assert [row["vtj_surname"] for row in by_layout(further[2])] == ["Äijälä", "Virtanen", ""]
