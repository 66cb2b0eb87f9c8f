"""What a run tells of itself, in numbers: see docs/contract.md, REPORT.json."""

import resource
import sys
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import duckdb

from matching.delivery.disclosure import Disclosure, given
from matching.linking.persons import GIVEN
from matching.register.loading import Register, unreadable_sql
from matching.run import Run
from matching.store.property_tables import place_key, place_names
from matching.store.versions import Snapshot
from matching.weighing.model import Model


@dataclass(frozen=True)
class LinkReport:
    """What linking found, in numbers. `results` counts every row of the register once.

    `crowded`: of each kind of search key, the rows whose key was left out of the search because too many
    persons share it. `same_subject` counts the rows whose subject another row was given too: perhaps one
    person twice, perhaps a mistake. They are told and not undone, since a register may hold a person twice.
    """

    rows: int
    results: dict[str, int]
    rules: dict[str, int]
    unreadable: dict[str, int]
    store_version: str
    on: str
    seconds: dict[str, float]
    peak_memory_bytes: int
    model_version: str | None = None
    same_subject: int = 0
    crowded: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class DisclosureReport:
    """What was given, in numbers. `protected_withheld` is for the operator, never for the customer.

    `results`: rows by result, which may differ from the match's (matching.linking.newly_protected).
    `protected_given`: rows with data of a person under a turvakielto, given to an entitled permit.
    `confidence`: the rows found by data, by the hundredth in which their confidence lies ("0.97").
    `refused`: forms that have no room for the register, by their file's ending, each with the problem's code.
    """

    rows: int
    results: dict[str, int]
    given: int
    changed: dict[str, int]
    protected_withheld: int
    store_version: str
    on: str
    seconds: dict[str, float]
    peak_memory_bytes: int
    protected_given: int = 0
    confidence: dict[str, int] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)


def whole_report(linked: LinkReport, disclosed: DisclosureReport) -> dict[str, Any]:
    """Both reports as one, for JSON."""
    return {
        "rows": linked.rows,
        "results": linked.results,
        "rules": linked.rules,
        "same_subject": linked.same_subject,
        "crowded": linked.crowded,
        "changed": disclosed.changed,
        "unreadable": linked.unreadable,
        "protected_withheld": disclosed.protected_withheld,
        "store_version": linked.store_version,
        "model_version": linked.model_version,
        "on": linked.on,
        "seconds": disclosed.seconds,
        "peak_memory_bytes": disclosed.peak_memory_bytes,
    }


def link_report(
    run: Run, snapshot: Snapshot, on: date, model: Model | None, crowded: dict[str, int] | None = None
) -> LinkReport:
    """`model`: None where none was asked, as for buildings and real estate."""
    unreadable = {
        name: count
        for name, condition in unreadable_sql(f"DATE '{on.isoformat()}'").items()
        if (count := _number(run.con, f"SELECT count(*) FROM sent WHERE {condition}"))
    }
    if "municipality" in run.fields and (count := _number(run.con, UNKNOWN_MUNICIPALITIES)):
        unreadable["municipality"] = count
    return LinkReport(
        **counts_of_links(run.con),
        model_version=model.version if model else None,
        unreadable=unreadable,
        crowded=crowded or {},
        store_version=snapshot.version,
        on=on.isoformat(),
        seconds=run.seconds,
        peak_memory_bytes=peak_memory(),
    )


def counts_of_links(con: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """The fields of a LinkReport that the table `link` gives by itself."""
    results = _counts(con, RESULTS)
    rules = "SELECT rule, count(*) FROM link WHERE rule IS NOT NULL GROUP BY 1 ORDER BY 1"
    given = ", ".join(f"'{result}'" for result in GIVEN)
    shared = f"SELECT count(*) AS rows FROM link WHERE result IN ({given}) GROUP BY pid HAVING count(*) > 1"
    return {
        "rows": sum(results.values()),
        "results": results,
        "rules": _counts(con, rules),
        "same_subject": _number(con, f"SELECT coalesce(sum(rows), 0) FROM ({shared})"),
    }


def disclosure_report(run: Run, snapshot: Snapshot, what: Disclosure, register: Register) -> DisclosureReport:
    alike = "SELECT changed, count(*) AS rows FROM difference WHERE changed <> '' GROUP BY 1"
    names = f"SELECT unnest(string_split(changed, ';')) AS name, rows FROM ({alike})"
    return DisclosureReport(
        rows=register.rows,
        results=_counts(run.con, RESULTS),
        given=_number(run.con, f"SELECT count(given_pid) FROM ({given()})"),
        changed=_counts(run.con, f"SELECT name, sum(rows) FROM ({names}) GROUP BY 1 ORDER BY 1"),
        protected_withheld=_number(run.con, "SELECT count(*) FROM ledger WHERE withheld"),
        store_version=snapshot.version,
        on=what.on.isoformat(),
        seconds=run.seconds,
        peak_memory_bytes=peak_memory(),
        protected_given=_number(
            run.con, "SELECT count(DISTINCT row) FROM ledger WHERE shielded AND NOT withheld"
        ),
        confidence=_counts(run.con, CONFIDENCE),
    )


# Rows with a municipality of no number or name that the store has; one without any knows none.
UNKNOWN_MUNICIPALITIES = f"""
    SELECT coalesce(sum(s.rows), 0)
    FROM (SELECT municipality AS said, count(*) AS rows FROM sent WHERE trim(municipality) <> '' GROUP BY 1) s
    ANTI JOIN ({place_names()}) p ON p.name = {place_key("s.said")}
    WHERE EXISTS (FROM municipality)"""
RESULTS = "SELECT result, count(*) FROM link GROUP BY 1 ORDER BY 1"
CONFIDENCE = """
    SELECT printf('%.2f', least(floor(confidence * 100), 99) / 100), sum(rows)
    FROM (SELECT confidence, count(*) AS rows FROM link
          WHERE result = 'match_data' AND confidence IS NOT NULL GROUP BY 1)
    GROUP BY 1 ORDER BY 1"""


def _counts(con: duckdb.DuckDBPyConnection, query: str) -> dict[str, int]:
    return {str(name): int(count) for name, count in con.execute(query).fetchall()}


def _number(con: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(con.execute(query).fetchall()[0][0])


def peak_memory() -> int:
    """The most memory that this process has held so far, in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
