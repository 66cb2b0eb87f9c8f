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
REPEAT = 3

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
    """Both as whole processes, the fastest of three runs each."""
    subject = open_version(material.store).path / "subject.parquet"
    output, report = folder / "matched.csv", folder / "report.json"
    bare = measure(
        "bare DuckDB join",
        [
            sys.executable,
            "-c",
            BARE,
            str(material.register),
            str(subject),
            str(folder / "bare.csv"),
            ",".join(FIELDS),
        ],
        repeat=REPEAT,
    )
    options = ("--output", output, "--report", report, "--fields")
    ours = matching(
        "match", "match", material.register, material.store, *options, ",".join(FIELDS), repeat=REPEAT
    )
    matching("match with person_id", "match", material.register, material.store, *options, "person_id")
    figures = matching("evaluate", "evaluate", output, "--truth", "truth")
    return Comparison(ours, bare, json.loads(figures.output))
