"""`python -m bench`: the benchmarks as tables of figures; `lists` and `permits` measure those."""

import argparse
import os
from pathlib import Path

from bench.code_match import Comparison, compare
from bench.lists import measure_lists, table
from bench.measure import Measured
from bench.page import PAGE, measured, write_section
from bench.permits import measure_night
from bench.population import make_material


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("what", nargs="?", choices=list(PARTS), default="matching")
    parser.add_argument("--persons", type=int, default=int(os.environ.get("BENCH_PERSONS", 5_000_000)))
    parser.add_argument("--rows", type=int, default=int(os.environ.get("BENCH_ROWS", 1_000_000)))
    parser.add_argument("--applications", type=int, default=100_000, help="as many permits and orders")
    parser.add_argument("--folder", type=Path, default=Path(".bench"), help="keeps what is made")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE}")
    args = parser.parse_args()
    title, text = PARTS[args.what](args)
    print(text)
    if args.write:
        write_section(title, text)


def _lists(args: argparse.Namespace) -> tuple[str, str]:
    found = measure_lists(args.applications)
    return "Lists", f"{measured()}\n\n{table(found, args.applications)}"


def _matching(args: argparse.Namespace) -> tuple[str, str]:
    args.folder.mkdir(parents=True, exist_ok=True)
    material = make_material(args.folder, args.persons, args.rows)
    comparison = compare(material, args.folder)
    return "Matching", report(material.measured, comparison, args.persons, args.rows)


def _permits(args: argparse.Namespace) -> tuple[str, str]:
    return "Permits that end overnight", f"{measured()}\n\n{measure_night()}"


PARTS = {"matching": _matching, "lists": _lists, "permits": _permits}


def report(made: list[Measured], comparison: Comparison, persons: int, rows: int) -> str:
    """The figures, as Markdown."""
    lines = [measured(), ""]
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
    ]
    return "\n".join(lines) + "\n"


def _line(run: Measured) -> str:
    return f"| {run.name} | {run.wall:.1f} | {run.processor:.1f} | {run.memory / 1e9:.2f} |"


if __name__ == "__main__":
    main()
