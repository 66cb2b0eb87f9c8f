"""Match a clean register by code, beside a bare DuckDB script that joins and writes the same columns.

The script reads the same CSV as text, joins by code with the store's own table of ready values and writes
the register's columns and the same ten fields. It judges nothing: no conflict, no former code, no protection,
no order of rows, no report. So the ratio is what all of these cost.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.measure import Measured, matching, measure
from bench.options import Options
from bench.page import COST, cost, table
from bench.population import Population, population
from matching.store.versions import open_version

FIELDS = (
    *("hetu", "surname", "given_names", "birth_date", "sex", "municipality", "street", "postal_code"),
    *("post_office", "mother_tongue"),
)
REPEAT = 5

BARE = """
import sys, duckdb
register, subject, output, fields = sys.argv[1:]
values = ", ".join(f"p.{name} AS vtj_{name}" for name in fields.split(","))
duckdb.execute(
    f"COPY (SELECT r.*, {values} FROM read_csv('{register}', all_varchar = true) r"
    f" LEFT JOIN '{subject}' p ON p.hetu = r.hetu) TO '{output}' (HEADER)"
)
"""


@dataclass(frozen=True)
class Comparison:
    ours: Measured
    bare: Measured
    figures: dict[str, Any]  # of `evaluate`

    @property
    def ratio(self) -> float:
        return self.ours.wall / self.bare.wall


def run(options: Options) -> str:
    """The figures, as Markdown."""
    made = population(options)
    rows = options.rows_or(1_000_000)
    register = made.register(rows, "--clean")
    comparison = compare(made, register)
    figures = comparison.figures
    costs = [[run.name, *cost(run)] for run in [*made.took, comparison.bare, comparison.ours]]
    return (
        f"{table(['what', *COST], costs)}\n\n"
        f"A clean register of {rows:,} rows against {made.persons:,} persons, by code, CSV to CSV with ten"
        f" fields: {comparison.ratio:.2f} times a bare DuckDB join that reads and writes the same columns"
        f" ({rows / comparison.ours.wall:,.0f} rows a second).\n"
        f"Of {figures['rows']:,} rows {figures['given']:,} got a person, {figures['right']:,} the right"
        f" one (precision {figures['precision']}, recall {figures['recall']})."
    )


def compare(made: Population, register: Path) -> Comparison:
    """Both as whole processes, the fastest of REPEAT runs each."""
    subject = open_version(made.store).path / "subject.parquet"
    folder, fields = made.options.folder, ",".join(FIELDS)
    output = folder / "matched.csv"
    arguments = ("match", register, made.store, "--output", output, "--report", folder / "report.json")
    paths = map(str, (register, subject, folder / "bare.csv"))
    script = [sys.executable, "-c", BARE, *paths, fields]
    # Turn about, so that what else the machine does falls on both.
    rounds = [
        (measure("bare DuckDB join", script), matching("match", *arguments, "--fields", fields))
        for _ in range(REPEAT)
    ]
    bare, ours = (min(runs, key=lambda one: one.wall) for runs in zip(*rounds, strict=True))
    matching("match with person_id", *arguments, "--fields", "person_id")
    figures = matching("evaluate", "evaluate", output, "--truth", "truth")
    return Comparison(ours, bare, json.loads(figures.output))
