"""Match a clean register by code, beside a bare DuckDB script that joins and writes the same columns.

The script reads the same CSV as text, joins by code with the store's own table of ready values and writes
the register's columns and the same ten fields. It judges nothing: no conflict, no former code, no protection,
no order of rows, no report. So the ratio is what all of these cost.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

from bench.measure import Measured, matching, measure
from bench.population import Material
from matching.store import open_version

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
    figures: dict[str, float]  # of `evaluate`

    @property
    def ratio(self) -> float:
        return self.ours.wall / self.bare.wall


def compare(material: Material, folder: Path) -> Comparison:
    """Both as whole processes, the fastest of REPEAT runs each."""
    subject = open_version(material.store).path / "subject.parquet"
    output, report = folder / "matched.csv", folder / "report.json"
    fields = ",".join(FIELDS)
    script = [
        sys.executable,
        "-c",
        BARE,
        *map(str, (material.register, subject, folder / "bare.csv")),
        fields,
    ]
    options = ("--output", output, "--report", report, "--fields")
    # Turn about, so that what else the machine does falls on both.
    rounds = [
        (
            measure("bare DuckDB join", script),
            matching("match", "match", material.register, material.store, *options, fields),
        )
        for _ in range(REPEAT)
    ]
    bare, ours = (min(runs, key=lambda run: run.wall) for runs in zip(*rounds, strict=True))
    matching("match with person_id", "match", material.register, material.store, *options, "person_id")
    figures = matching("evaluate", "evaluate", output, "--truth", "truth")
    return Comparison(ours, bare, json.loads(figures.output))
