"""A register as registries get them: 80 % of its rows with a code, 5 % with a mistyped one, 15 % with none.

It is made of a drawn register (`register`, dirty as that is) by changing the codes alone; the bare join of
bench.code_match, which finds by equal codes and judges nothing, is the measure.
"""

import json
from pathlib import Path

import duckdb

from bench.code_match import Comparison, compare
from bench.options import Options
from bench.page import COST, cost, table
from bench.population import Population, population
from matching.store.extract import sql_text

MISTYPED, NONE = 0.05, 0.15
MEMORY_TARGET = 4e9  # bytes


def run(options: Options) -> str:
    """The figures, as Markdown."""
    made = population(options)
    rows = options.rows_or(1_000_000)
    register = _mixed(made, rows)
    comparison = compare(made, register)
    report = json.loads((options.folder / "report.json").read_text(encoding="utf-8"))
    return _report(comparison, report, rows, made.persons)


def _mixed(made: Population, rows: int) -> Path:
    """Of the rows, spread evenly, every 100th to 5th of a hundred gets a wrong digit, the next 15 no code."""
    path = made.options.folder / f"mixed-{made.persons}-{rows}-{made.options.seed}.csv"
    if path.exists():
        return path
    drawn = made.register(rows, "--without-id", 0)
    place = "row_number() OVER () * 7 % 100"  # 7 and 100 have no common factor: every place as often
    changed = f"""
        SELECT truth, row_id, CASE WHEN place < {100 * MISTYPED:.0f} THEN {_one_digit_on("hetu")}
            WHEN place >= {100 * (MISTYPED + NONE):.0f} THEN hetu END AS hetu,
            surname, given_names, birth_date, street, postal_code, post_office
        FROM (SELECT *, {place} AS place FROM read_csv({sql_text(str(drawn))}, all_varchar = true))"""
    with duckdb.connect() as con:
        con.execute(f"COPY ({changed}) TO {sql_text(str(path))} (FORMAT csv, HEADER)")
    return path


def _one_digit_on(code: str) -> str:
    """SQL: one of the nine digits is the next one; which one, the row's number tells."""
    at = "[1, 2, 3, 4, 5, 6, 8, 9, 10][CAST(row_id AS INTEGER) % 9 + 1]"
    digit = f"CAST((TRY_CAST(substr({code}, {at}, 1) AS INTEGER) + 1) % 10 AS VARCHAR)"
    return f"left({code}, {at} - 1) || coalesce({digit}, '0') || substr({code}, {at} + 1)"


def _report(comparison: Comparison, report: dict[str, dict[str, int]], rows: int, persons: int) -> str:
    ours, figures = comparison.ours, comparison.figures
    costs = [[run.name, *cost(run)] for run in (comparison.bare, ours)]
    by_result = figures["by_result"]
    results = [
        [
            name,
            f"{count:,}",
            f"{by_result[name]['given']:,}",
            f"{by_result[name]['given'] - by_result[name]['right']:,}",
        ]
        for name, count in sorted(report["results"].items(), key=lambda item: -item[1])
    ]
    return (
        f"{table(['', *COST], costs)}\n\n"
        f"{rows:,} rows against {persons:,} persons: {comparison.ratio:.2f} times the bare join (target:"
        f" under 5), {ours.memory / 1e9:.2f} GB at most (target: under {MEMORY_TARGET / 1e9:.0f}). Precision"
        f" {figures['precision']:.5f}, recall {figures['recall']:.5f}.\n\n"
        f"{table(['result', 'rows', 'given a person', 'of these wrong'], results)}"
    )
