"""How the time of a match grows with the rows and with the persons, and how long a small order takes.

All rows are without a code, which is the costliest: each is searched for.
"""

import json
import sys
from pathlib import Path

from bench.code_match import FIELDS
from bench.measure import Measured, matching, measure
from bench.options import Options
from bench.page import table
from bench.plots import Panel, draw
from bench.population import Population, population

SMALL, COLD_TARGET, WARM_TARGET = 1_000, 3.0, 1.0  # rows; seconds
Point = tuple[int, int, Measured]  # rows, persons, what the match took


def run(options: Options) -> str:
    """The figures, as Markdown. The largest register has `--rows` rows, 1,000,000 by default."""
    most = options.rows_or(1_000_000)
    made = population(options)
    by_rows = [_timed(made, rows) for rows in (most // 100, most // 10, most)]
    by_persons = [_timed(population(options, size), most // 10) for size in _sizes(options.persons)]
    picture = options.images / "growth.svg"
    draw(picture, [_panel("rows", 0, by_rows), _panel("persons", 1, by_persons)])
    points = [*by_rows, *(point for point in by_persons if point[1] != options.persons)]
    return f"{_table(points)}\n\n![{_in_words(by_rows, by_persons)}](images/{picture.name})\n\n{_small(made)}"


def _sizes(persons: int) -> tuple[int, int, int]:
    return persons // 5, persons, persons * 2


def _match(made: Population, register: Path) -> list[object]:
    folder = made.options.folder
    files = ["--output", folder / "growth.csv", "--report", folder / "growth.json"]
    limits = ["--threads", made.options.threads]
    return ["match", register, made.store, *files, *limits, "--fields", ",".join(FIELDS)]


def _timed(made: Population, rows: int) -> Point:
    register = made.register(rows, "--without-id", 1)
    return rows, made.persons, matching("match", *_match(made, register), repeat=2)


def _table(points: list[Point]) -> str:
    cells = [
        [
            f"{rows:,}",
            f"{persons:,}",
            f"{took.wall:.1f}",
            f"{_per_row((rows, persons, took)):.3f}",
            f"{took.memory / 1e9:.2f}",
        ]
        for rows, persons, took in points
    ]
    return table(["rows", "persons", "wall s", "ms a row", "most memory GB"], cells)


def _per_row(point: Point) -> float:
    return point[2].wall / point[0] * 1000


def _panel(name: str, place: int, points: list[Point]) -> Panel:
    curve = [(point[place], _per_row(point)) for point in points]
    return Panel(name, "milliseconds a row", {name: curve}, logarithmic=True, from_zero=True)


def _in_words(by_rows: list[Point], by_persons: list[Point]) -> str:
    def ends(points: list[Point], place: int) -> str:
        first, last = points[0], points[-1]
        return (
            f"from {_per_row(first):.3f} ms a row at {first[place]:,}"
            f" to {_per_row(last):.3f} ms at {last[place]:,}"
        )

    return f"Two curves. By rows: {ends(by_rows, 0)}. By persons: {ends(by_persons, 1)}."


def _small(made: Population) -> str:
    """A small order: as a process of its own, and in a process that has done one before."""
    register = made.register(SMALL, "--without-id", 1)
    cold = matching("match", *_match(made, register), repeat=3)
    arguments = [str(each) for each in (register, made.store, made.options.folder, made.options.threads)]
    warm = json.loads(measure("warm", [sys.executable, "-m", "bench.warm", *arguments]).output)
    return (
        f"{SMALL:,} rows without a code against {made.persons:,} persons: {cold.wall:.2f} s as a process of"
        f" its own (target: under {COLD_TARGET:.0f} s); from register to delivered file in a worker that has"
        f" done one before {min(warm):.2f} s (target: under {WARM_TARGET:.0f} s)."
    )
