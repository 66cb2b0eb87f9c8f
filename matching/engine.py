"""Run the stages: link a register to a store version, and disclose what may be given of those found.

`link` and `disclose` are apart, since a portal links when an order comes in and discloses at its release;
`match` does both in one go. All raise InputProblems for what the user must mend.
"""

import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from matching import disclosure, linking, outputs
from matching.connect import connect, lock_down
from matching.errors import InputProblems, Problem
from matching.extract import sql_text
from matching.fields import OutputField
from matching.register import Register, load_register, unreadable_sql
from matching.store import Snapshot, open_version

PREPARED = ("code", "name", "subject")
EXTRACTED = ("address", "municipality")

Progress = Callable[[str], None]


@dataclass(frozen=True)
class LinkReport:
    """What linking found, in numbers. `results` counts every row of the register once."""

    rows: int
    results: dict[str, int]
    rules: dict[str, int]
    unreadable: dict[str, int]
    store_version: str
    on: str
    seconds: dict[str, float]
    peak_memory_bytes: int
    model_version: str | None = None


@dataclass(frozen=True)
class DisclosureReport:
    """What was given, in numbers. `protected_withheld` is for the operator, never for the customer."""

    rows: int
    given: int
    changed: dict[str, int]
    protected_withheld: int
    store_version: str
    on: str
    seconds: dict[str, float]
    peak_memory_bytes: int


@dataclass(frozen=True)
class Resources:
    """What a run may use; see `connect`. `temp` belongs on an encrypted volume."""

    threads: int | None = None
    memory: str | None = None
    temp: Path | None = None
    progress: Progress | None = None


@dataclass
class Run:
    """A locked-down connection with its clock."""

    con: duckdb.DuckDBPyConnection
    temp: Path
    progress: Progress | None
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        if self.progress:
            self.progress(name)
        start = time.perf_counter()
        yield
        self.seconds[name] = round(self.seconds.get(name, 0) + time.perf_counter() - start, 3)

    def stage(self, name: str, query: str) -> None:
        with self.step(name):
            self.con.execute(f"CREATE TABLE {name} AS {query}")


def link(
    register: Path,
    store: Path,
    links_out: Path,
    *,
    version: str | None = None,
    subject: str = "person",
    mapping: Any = None,
    on: date | None = None,
    threads: int | None = None,
    memory: str | None = None,
    temp: Path | None = None,
    progress: Progress | None = None,
) -> LinkReport:
    """Write `links_out`, Parquet: vtj_row, result, confidence, rule, pid (of that store version alone)."""
    _persons_only(subject)
    snapshot = open_version(store, version)
    on = on or date.today()
    with (
        outputs.whole_file(links_out) as part,
        _run(
            Resources(threads, memory, temp, progress), links_out.parent, [register, part], [snapshot.path]
        ) as run,
    ):
        with run.step("read"):
            load_register(run.con, register, mapping, run.temp)
            _attach(run.con, snapshot, PREPARED)
        _link(run, snapshot, on)
        with run.step("write"):
            run.con.execute(
                "COPY (SELECT row + 1 AS vtj_row, result, confidence, rule, pid FROM link ORDER BY row) TO ?"
                " (FORMAT parquet, USE_TMP_FILE false)",
                [str(part)],
            )
        return _link_report(run, snapshot, on)


def disclose(
    register: Path,
    links: Path,
    store: Path,
    output: Path,
    ledger: Path | None = None,
    *,
    version: str,
    fields: Sequence[str],
    entitled_to_protected: bool = False,
    on: date | None = None,
    protection_version: str | None = None,
    protection_on: date | None = None,
    mapping: Any = None,
    csv_like_input: bool = False,
    threads: int | None = None,
    memory: str | None = None,
    temp: Path | None = None,
    progress: Progress | None = None,
) -> DisclosureReport:
    """Write the matched register from `links`, which `link` made with the same register and `version`.

    Protection is judged on `on` against `version` and, where given, on `protection_on` (`on` by default)
    against `protection_version` too: who is protected by either is withheld. `ledger`, Parquet: one row for
    each row whose data were given: vtj_row, person_id, hetu (the present one or empty), withheld.
    """
    snapshot = open_version(store, version)
    later = open_version(store, protection_version) if protection_version else None
    on = on or date.today()
    chosen = _chosen(fields)
    folders = [snapshot.path, *([later.path] if later else [])]
    parts = [output, *([ledger] if ledger else [])]
    with (
        _parts(parts) as written,
        _run(
            Resources(threads, memory, temp, progress), output.parent, [register, links, *written], folders
        ) as run,
    ):
        with run.step("read"):
            loaded = load_register(run.con, register, mapping, run.temp)
            _attach(run.con, snapshot, PREPARED + EXTRACTED)
            _read_links(run.con, links, loaded)
            if later:
                _protected_later(run.con, later, protection_on or on)
        what = _disclosure(run, loaded, chosen, on, entitled_to_protected, later is not None)
        _answer(run, what)
        _write_output(run, loaded, what, output, written[0], csv_like_input)
        if ledger:
            _write_ledger(run, written[1], entitled_to_protected)
        return _disclosure_report(run, snapshot, what, loaded)


def match(
    register: Path,
    store: Path,
    output: Path,
    *,
    version: str | None = None,
    subject: str = "person",
    mapping: Any = None,
    fields: Sequence[str] = (),
    entitled_to_protected: bool = False,
    on: date | None = None,
    csv_like_input: bool = False,
    threads: int | None = None,
    memory: str | None = None,
    temp: Path | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """`link` and `disclose` without the file between. Returns the report, see docs/contract.md."""
    _persons_only(subject)
    snapshot = open_version(store, version)
    on = on or date.today()
    chosen = _chosen(fields)
    with (
        outputs.whole_file(output) as part,
        _run(
            Resources(threads, memory, temp, progress), output.parent, [register, part], [snapshot.path]
        ) as run,
    ):
        with run.step("read"):
            loaded = load_register(run.con, register, mapping, run.temp)
            _attach(run.con, snapshot, PREPARED + EXTRACTED)
        _link(run, snapshot, on)
        what = _disclosure(run, loaded, chosen, on, entitled_to_protected, False)
        _answer(run, what)
        _write_output(run, loaded, what, output, part, csv_like_input)
        return _report(_link_report(run, snapshot, on), _disclosure_report(run, snapshot, what, loaded))


def _report(linked: LinkReport, disclosed: DisclosureReport) -> dict[str, Any]:
    return {
        "rows": linked.rows,
        "results": linked.results,
        "rules": linked.rules,
        "changed": disclosed.changed,
        "unreadable": linked.unreadable,
        "protected_withheld": disclosed.protected_withheld,
        "store_version": linked.store_version,
        "model_version": linked.model_version,
        "on": linked.on,
        "seconds": disclosed.seconds,
        "peak_memory_bytes": disclosed.peak_memory_bytes,
    }


@contextmanager
def _run(resources: Resources, beside: Path, files: Sequence[Path], folders: Sequence[Path]) -> Iterator[Run]:
    """A connection that can reach only the files of this run; its spill folder is gone at the end."""
    beside.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=resources.temp or beside, prefix=".match-") as folder:
        temp = Path(folder)
        with connect(threads=resources.threads, memory=resources.memory, temp=temp) as con:
            bodies = [path.with_suffix(".body") for path in files]
            lock_down(con, files=[*files, *bodies], folders=[*folders, temp])
            yield Run(con, temp, resources.progress)


@contextmanager
def _parts(paths: Sequence[Path]) -> Iterator[list[Path]]:
    """One part file for each path; all take their places, or none."""
    from contextlib import ExitStack

    with ExitStack() as stack:
        yield [stack.enter_context(outputs.whole_file(path)) for path in paths]


def _attach(con: duckdb.DuckDBPyConnection, snapshot: Snapshot, tables: Sequence[str]) -> None:
    for table in tables:
        path = sql_text(str(snapshot.path / f"{table}.parquet"))
        con.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet({path})")


def _link(run: Run, snapshot: Snapshot, on: date) -> None:
    for name, query in linking.stages(linking.Linking(on, snapshot.artificial)).items():
        run.stage(name, query)


def _read_links(con: duckdb.DuckDBPyConnection, links: Path, register: Register) -> None:
    con.execute(
        "CREATE TABLE link AS SELECT vtj_row - 1 AS row, result, confidence, rule, pid"
        " FROM read_parquet(?) ORDER BY row",
        [str(links)],
    )
    (rows,) = con.execute("SELECT count(*) FROM link").fetchall()[0]
    if rows != register.rows:
        raise ValueError("the links are not of this register: their rows differ in number")


def _protected_later(con: duckdb.DuckDBPyConnection, snapshot: Snapshot, on: date) -> None:
    con.execute(
        "CREATE TABLE protected_later AS SELECT person_id FROM read_parquet(?) WHERE protected_until >= ?",
        [str(snapshot.path / "subject.parquet"), on],
    )


def _disclosure(
    run: Run, register: Register, fields: tuple[OutputField, ...], on: date, entitled: bool, later: bool
) -> disclosure.Disclosure:
    """Where some prepared addresses hold on other days than `on`, those of `on` are looked up."""
    what = disclosure.Disclosure(fields, on, entitled, register.columns, later=later)
    (prepared,) = run.con.execute(
        "SELECT coalesce(? BETWEEN max(holds_from) AND coalesce(min(holds_until), ?), false) FROM subject",
        [on, on],
    ).fetchall()[0]
    if prepared or not any(field.group == "address" for field in fields):
        return what
    with run.step("addresses"):
        run.con.execute(f"CREATE TABLE strayed AS {disclosure.strayed(what.day)}")
        for name, query in disclosure.located(what.day).items():
            run.con.execute(f"CREATE TABLE {name} AS {query}")
    return disclosure.Disclosure(fields, on, entitled, register.columns, strayed=True, later=later)


def _answer(run: Run, what: disclosure.Disclosure) -> None:
    run.stage("answer", disclosure.answer(what))


def _write_output(
    run: Run, register: Register, what: disclosure.Disclosure, output: Path, part: Path, like_input: bool
) -> None:
    writer = outputs.writer_for(output)
    if like_input and output.suffix.lower() == ".csv" and register.source.format == "csv":
        writer = outputs.write_csv_like(register.source.encoding, register.source.delimiter)
    headers = disclosure.output_headers(register.headers, what.fields)
    with run.step("write"):
        writer(run.con, disclosure.row_values(what, len(register.headers)), headers, part)


def _write_ledger(run: Run, part: Path, entitled: bool) -> None:
    withheld = "false" if entitled else "shielded"
    with run.step("ledger"):
        run.con.execute(
            f"COPY (SELECT row + 1 AS vtj_row, person_id, coalesce(hetu, '') AS hetu, {withheld} AS withheld"
            " FROM answer WHERE person_id IS NOT NULL ORDER BY row)"
            " TO ? (FORMAT parquet, USE_TMP_FILE false)",
            [str(part)],
        )


def _link_report(run: Run, snapshot: Snapshot, on: date) -> LinkReport:
    unreadable = {
        name: count
        for name, condition in unreadable_sql(f"DATE '{on.isoformat()}'").items()
        if (count := _number(run.con, f"SELECT count(*) FROM sent WHERE {condition}"))
    }
    results = _counts(run.con, "SELECT result, count(*) FROM link GROUP BY 1 ORDER BY 1")
    return LinkReport(
        rows=sum(results.values()),
        results=results,
        rules=_counts(
            run.con, "SELECT rule, count(*) FROM link WHERE rule IS NOT NULL GROUP BY 1 ORDER BY 1"
        ),
        unreadable=unreadable,
        store_version=snapshot.version,
        on=on.isoformat(),
        seconds=run.seconds,
        peak_memory_bytes=peak_memory(),
    )


def _disclosure_report(
    run: Run, snapshot: Snapshot, what: disclosure.Disclosure, register: Register
) -> DisclosureReport:
    withheld = (
        0
        if what.entitled
        else _number(run.con, "SELECT count(*) FROM answer WHERE person_id IS NOT NULL AND shielded")
    )
    names = "SELECT unnest(string_split(changed, ';')) AS name FROM answer WHERE changed <> ''"
    return DisclosureReport(
        rows=register.rows,
        given=_number(run.con, "SELECT count(person_id) FROM answer"),
        changed=_counts(run.con, f"SELECT name, count(*) FROM ({names}) GROUP BY 1 ORDER BY 1"),
        protected_withheld=withheld,
        store_version=snapshot.version,
        on=what.on.isoformat(),
        seconds=run.seconds,
        peak_memory_bytes=peak_memory(),
    )


def _counts(con: duckdb.DuckDBPyConnection, query: str) -> dict[str, int]:
    return {str(name): int(count) for name, count in con.execute(query).fetchall()}


def _number(con: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(con.execute(query).fetchall()[0][0])


def peak_memory() -> int:
    """The most memory that this process has held so far, in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _chosen(fields: Sequence[str]) -> tuple[OutputField, ...]:
    """Raises InputProblems for a name that is no field."""
    problems = []
    for name in fields:
        try:
            disclosure.chosen_fields([name])
        except KeyError:
            problems.append(Problem("unknown_field", "there is no such field", column=name))
    if problems:
        raise InputProblems(problems)
    return disclosure.chosen_fields(list(dict.fromkeys(fields)))


def _persons_only(subject: str) -> None:
    if subject != "person":
        raise InputProblems(
            [Problem("unknown_subject", "only persons can be matched", params={"subject": subject})]
        )
