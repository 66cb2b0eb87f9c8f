"""`python -m bench`: the benchmarks, as a table of figures and ratios."""

import argparse
import os
import platform
from datetime import date
from pathlib import Path

import duckdb

from bench.code_match import Comparison, compare
from bench.measure import Measured
from bench.population import make_material
from matching.connect import available_memory

PAGE = Path("docs/benchmarks.md")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--persons", type=int, default=int(os.environ.get("BENCH_PERSONS", 5_000_000)))
    parser.add_argument("--rows", type=int, default=int(os.environ.get("BENCH_ROWS", 1_000_000)))
    parser.add_argument("--folder", type=Path, default=Path(".bench"), help="keeps what is made")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE}")
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    material = make_material(args.folder, args.persons, args.rows)
    comparison = compare(material, args.folder)
    page = report(material.measured, comparison, args.persons, args.rows)
    print(page)
    if args.write:
        PAGE.write_text(page, encoding="utf-8")


def report(made: list[Measured], comparison: Comparison, persons: int, rows: int) -> str:
    """The page of figures, as Markdown."""
    lines = ["# Benchmarks", "", f"Measured on {date.today()}: {_machine()}.", ""]
    lines += ["| what | wall s | processor s | most memory GB |", "|---|---|---|---|"]
    lines += [_line(run) for run in [*made, comparison.bare, comparison.ours]]
    figures = comparison.figures
    lines += [
        "",
        f"A clean register of {rows:,} rows against {persons:,} persons, by code, CSV to CSV with ten fields:"
        f" {comparison.ratio:.2f} times a bare DuckDB join that reads and writes the same columns"
        f" ({rows / comparison.ours.wall:,.0f} rows a second).",
        f"Of {figures['rows']:,} rows {figures['given']:,} got a person, {figures['right']:,} the right"
        f" one (precision {figures['precision']}, recall {figures['recall']}).",
        "",
        "`make bench` measures anew; `make bench ARGS=--write` writes this page.",
    ]
    return "\n".join(lines) + "\n"


def _line(run: Measured) -> str:
    return f"| {run.name} | {run.wall:.1f} | {run.processor:.1f} | {run.memory / 1e9:.2f} |"


def _machine() -> str:
    versions = f"Python {platform.python_version()}, DuckDB {duckdb.__version__}"
    return f"{os.cpu_count()} cores, {available_memory() / 1e9:.0f} GB of memory, {versions}"


if __name__ == "__main__":
    main()
