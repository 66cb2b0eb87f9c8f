"""Run the stages: link a register to a store version, and disclose what may be given of those found.

`link` and `disclose` are apart, since a portal links when an order comes in and discloses at its release;
`match` does both in one go. All raise InputProblems for what the user must mend.
"""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import date
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from matching.delivery import disclosure, writing
from matching.delivery import persons as person_disclosure
from matching.delivery import properties as property_disclosure
from matching.delivery.report import (
    DisclosureReport,
    LinkReport,
    disclosure_report,
    link_report,
    peak_memory,
    whole_report,
)
from matching.errors import InputProblems, Problem
from matching.fields import SUBJECTS, OutputField
from matching.linking import completed, few, newly_protected, property_search, searching
from matching.linking import persons as linking
from matching.linking import properties as property_linking
from matching.register import outputs
from matching.register.loading import Register, load_register
from matching.run import Progress, Resources, Run, running
from matching.store import property_tables, traits
from matching.store.extract import sql_text
from matching.store.versions import Snapshot, newest_beside, open_version
from matching.weighing.model import Model, read_model

__all__ = ["DisclosureReport", "LinkReport", "disclose", "link", "match"]

# What of a store version each subject's stages read.
_PROPERTY = (*property_tables.TABLES, "dwelling", "owner", "subject", "address", "municipality")
TABLES = {
    "person": ("code", "subject", "address", "municipality", *traits.KEPT),
    "building": _PROPERTY,
    "real_estate": _PROPERTY,
}
SHAPES = {
    "person": person_disclosure.SHAPE,
    "building": property_disclosure.SHAPE,
    "real_estate": property_disclosure.SHAPE,
}


def link(
    register: Path,
    store: Path,
    links_out: Path,
    *,
    version: str | None = None,
    subject: str = "person",
    mapping: Any = None,
    on: date | None = None,
    model: Path | None = None,
    engine: str = "duckdb",
    candidates_out: Path | None = None,
    threads: int | None = None,
    memory: str | None = None,
    temp: Path | None = None,
    progress: Progress | None = None,
) -> LinkReport:
    """Write `links_out`, Parquet: vtj_row, result, confidence, rule, weight, pid (of that version alone).

    `candidates_out`, Parquet, is of the ambiguous rows: vtj_row, place from 1, pid, person_id, weight in
    bits, and the level of each comparison; of buildings and real estate the code and the rule, no weight.
    They are other people's data: for officials alone.
    """
    _check_subject(subject)
    snapshot, on = open_version(store, version), on or date.today()
    used = Resources(threads, memory, temp, progress)
    with (
        outputs.whole_files([links_out, *([candidates_out] if candidates_out else [])]) as written,
        running(used, links_out.parent, [register, *written], [snapshot.path]) as run,
    ):
        _read(run, register, mapping, snapshot, subject)
        return link_sent(run, snapshot, on, written, read_model(model), subject, engine)


def link_sent(
    run: Run,
    snapshot: Snapshot,
    on: date,
    written: Sequence[Path],
    model: Model,
    subject: str = "person",
    engine: str = "duckdb",
) -> LinkReport:
    """Link the rows of `sent`, a register's or a piece's; write the links and, if wanted, the candidates."""
    _link(run, snapshot, on, model, subject, engine)
    with run.step("write"):
        run.con.execute(
            "COPY (SELECT row + 1 AS vtj_row, result, confidence, rule, weight, pid FROM link ORDER BY row)"
            " TO ? (FORMAT parquet, USE_TMP_FILE false)",
            [str(written[0])],
        )
        _write_candidates(run, written[1:], subject)
    return _linked(run, snapshot, on, model, subject)


def _linked(run: Run, snapshot: Snapshot, on: date, model: Model, subject: str) -> LinkReport:
    """Buildings and real estate are found without a model."""
    return link_report(run, snapshot, on, model if subject == "person" else None, _crowded(run))


def disclose(
    register: Path,
    links: Path,
    store: Path,
    output: Path,
    ledger: Path | None = None,
    *,
    further: Sequence[Path] = (),
    changes: Path | None = None,
    completed_rows: Sequence[Path] = (),
    version: str,
    fields: Sequence[str],
    subject: str = "person",
    entitled_to_protected: bool = False,
    on: date | None = None,
    protection_version: str | None = None,
    protection_on: date | None = None,
    mapping: Any = None,
    model: Path | None = None,
    csv_like_input: bool = False,
    threads: int | None = None,
    memory: str | None = None,
    temp: Path | None = None,
    progress: Progress | None = None,
) -> DisclosureReport:
    """Write the matched register from `links`, that `link` made with this register, version, day and model.

    Who is protected in `version` on `on`, or in `protection_version` on `protection_on`, is withheld. Rows
    that were linked by completed data (matching.linking.completed) stand in the pieces `completed_rows`.
    """
    snapshot, on, chosen = open_version(store, version), on or date.today(), _chosen(fields, subject)
    used, read = Resources(threads, memory, temp, progress), [links, *completed_rows]
    wanted = writing.Wanted(output, csv_like_input, tuple(further), changes, ledger)
    files = outputs.whole_files(wanted.paths)
    with files as out, running(used, output.parent, [register, *read, *out], [store]) as run:
        loaded = _read_links(run, read, _read(run, register, mapping, snapshot, subject))
        newly_protected.mark(run, open_version(store, protection_version or version), protection_on or on)
        asked = disclosure.Disclosure(chosen, on, entitled_to_protected, loaded.columns, subject, later=True)
        _link_anew(run, asked, snapshot, read_model(model))
        return _delivered(run, snapshot, loaded, _answer(run, asked, snapshot), wanted, out)


def _delivered(
    run: Run,
    snapshot: Snapshot,
    register: Register,
    what: disclosure.Disclosure,
    wanted: writing.Wanted,
    written: Sequence[Path],
) -> DisclosureReport:
    """Write what is wanted; the rows are counted meanwhile."""
    shape = SHAPES[what.subject]
    writing.compare(run, register, what, shape)
    with run.aside(lambda aside: disclosure_report(aside, snapshot, what, register)) as report:
        refused = writing.write(run, register, what, shape, wanted, written)
    return replace(report.result(), refused=refused, peak_memory_bytes=peak_memory())


def match(
    register: Path,
    store: Path,
    output: Path,
    *,
    changes: Path | None = None,
    version: str | None = None,
    subject: str = "person",
    mapping: Any = None,
    fields: Sequence[str] = (),
    entitled_to_protected: bool = False,
    on: date | None = None,
    model: Path | None = None,
    engine: str = "duckdb",
    csv_like_input: bool = False,
    threads: int | None = None,
    memory: str | None = None,
    temp: Path | None = None,
    progress: Progress | None = None,
    last: bool = False,
) -> dict[str, Any]:
    """`link` and `disclose` without the file between. Returns the report, see docs/contract.md."""
    chosen, snapshot, on = _chosen(fields, subject), open_version(store, version), on or date.today()
    newest = newest_beside(snapshot, store) if version else snapshot
    wanted = writing.Wanted(output, csv_like_input, changes=changes)
    used = Resources(threads, memory, temp, progress, last)
    with (
        outputs.whole_files(wanted.paths) as written,
        running(used, output.parent, [register, *written], [snapshot.path, newest.path]) as run,
    ):
        loaded = _read(run, register, mapping, snapshot, subject)
        used_model = read_model(model)
        asked = disclosure.Disclosure(chosen, on, entitled_to_protected, loaded.columns, subject)
        asked = _protected_now(run, asked, snapshot, newest)
        _link(run, snapshot, on, used_model, subject, engine)
        with run.aside(lambda aside: _linked(aside, snapshot, on, used_model, subject)) as linked:
            what = _answer(run, asked, snapshot)
            disclosed = _delivered(run, snapshot, loaded, what, wanted, written)
        return whole_report(linked.result(), disclosed)


def _protected_now(
    run: Run, asked: disclosure.Disclosure, snapshot: Snapshot, newest: Snapshot
) -> disclosure.Disclosure:
    """Before anything is linked to an older version: who is protected in the newest one is, and has no home
    to be found by.
    """
    if newest.path == snapshot.path:
        return asked
    newly_protected.mark(run, newest, asked.on)
    if asked.subject == "person" and not asked.entitled:
        newly_protected.leave_out(run)
    return replace(asked, later=True)


def _read(run: Run, register: Path, mapping: Any, snapshot: Snapshot, subject: str) -> Register:
    """The register as a table, and the store's tables as views."""
    # What a search for persons will need is loaded meanwhile; others need none of it.
    aside = partial(import_module, "matching.linking.index") if subject == "person" else None
    with run.step("read"):
        loaded = load_register(run.con, register, mapping, run.temp, aside)
        view_store(run, snapshot, subject)
    run.rows, run.fields = loaded.rows, loaded.columns.keys()
    return loaded


def view_store(run: Run, snapshot: Snapshot, subject: str = "person") -> None:
    """The prepared tables of a version as views; one that was prepared otherwise may lack some."""
    for table in TABLES[subject]:
        path = snapshot.path / f"{table}.parquet"
        if path.exists() or snapshot.prepared:
            run.con.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet({sql_text(str(path))})")


def _link(run: Run, snapshot: Snapshot, on: date, model: Model, subject: str, engine: str) -> None:
    """Make `link`, one row for each of `sent`."""
    if not snapshot.prepared:
        raise InputProblems([Problem("old_store", "the store is of another preparation: build it anew")])
    if subject == "person":
        _link_persons(run, snapshot, on, model, engine)
        return
    if engine != "duckdb":
        raise InputProblems([Problem("engine_of_persons", "buildings and real estate are matched by DuckDB")])
    for name, query in property_linking.stages(subject, on).items():
        run.stage(name, query)


def _link_persons(run: Run, snapshot: Snapshot, on: date, model: Model, engine: str) -> None:
    """Codes first; what is left is searched for, if anything is."""
    (coded,) = run.con.execute(linking.coded()).fetchall()[0]
    by_code = linking.Linking(on, snapshot.artificial, bool(coded))
    for name, query in linking.stages(by_code).items():
        read = linking.PERSONS.get(name)
        with few.of_few(run, snapshot, "trait", *read) if read else nullcontext():
            run.stage(name, query)
    left, codes = run.con.execute("SELECT bool_or(searchable), bool_or(unknown) FROM judged").fetchall()[0]
    if left:
        search = searching.Searching(by_code.day, model, snapshot.persons, bool(codes), run.fields)
        ENGINES[engine](run, snapshot, searching.stages(search))
    run.stage("link", linking.link(searched=bool(left)))


def _search_here(run: Run, snapshot: Snapshot, stages: Mapping[str, str]) -> None:
    with few.making(run, snapshot) as make:
        for name, query in stages.items():
            make(name, query)


def _search_on_spark(run: Run, snapshot: Snapshot, stages: Mapping[str, str]) -> None:
    from matching.spark.search import search  # heavy: only for those who have a cluster

    search(run, snapshot, stages)


# What makes the tables of `searching.stages`.
ENGINES = {"duckdb": _search_here, "spark": _search_on_spark}


def _write_candidates(run: Run, parts: Sequence[Path], subject: str) -> None:
    """The doubtful rows' candidates into the only one of `parts`, if they are wanted."""
    for part in parts:
        if subject == "person":
            query = searching.doubtful(_has(run, "candidate"))
        else:
            query = property_search.doubtful(subject)
        run.con.execute(f"COPY ({query}) TO ? (FORMAT parquet, USE_TMP_FILE false)", [str(part)])


def _crowded(run: Run) -> dict[str, int]:
    """Of each kind of search key, the rows whose key was left out of the search."""
    if not _has(run, "sought_key"):
        return run.crowded
    counts = run.con.execute(searching.crowds()).fetchall()[0]
    return {kind: int(rows) for kind, rows in zip(searching.PAIRED, counts, strict=True) if rows}


def _has(run: Run, table: str) -> bool:
    return bool(run.con.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = ?", [table]).fetchall())


def _read_links(run: Run, read: Sequence[Path], register: Register) -> Register:
    """Make `link` of the first file and `completed` of the others; the register, which they must be of."""
    with run.step("links"):
        completed.read(run, read[1:])
        run.con.execute(
            "CREATE TABLE link AS SELECT vtj_row - 1 AS row, result, confidence, rule, pid"
            " FROM read_parquet(?) ORDER BY row",
            [str(read[0])],
        )
    (rows,) = run.con.execute("SELECT count(*) FROM link").fetchall()[0]
    if rows != register.rows:
        raise ValueError("the links are not of this register: their rows differ in number")
    return register


def _link_anew(run: Run, asked: disclosure.Disclosure, snapshot: Snapshot, model: Model) -> None:
    """See `newly_protected`; buildings and real estate are never found by a person's home."""
    if asked.subject == "person" and not asked.entitled:
        newly_protected.link_anew(run, partial(_link_persons, run, snapshot, asked.on, model, "duckdb"))


def _answer(run: Run, what: disclosure.Disclosure, snapshot: Snapshot) -> disclosure.Disclosure:
    """Make `answer` and `ledger`; of few persons, if it may be."""
    if what.subject != "person":
        return _answer_of(run, what)
    with few.of_few(run, snapshot, "subject", "link", person_disclosure.columns_read(what)):
        return _answer_of(run, what)


def _answer_of(run: Run, what: disclosure.Disclosure) -> disclosure.Disclosure:
    """Addresses prepared for other days than `on` are looked up."""
    shape = SHAPES[what.subject]
    for name, query in shape.before(what).items():
        run.stage(name, query)
    homes = shape.homes(what)
    if homes and not _is_prepared(run, what.on):
        with run.step("addresses"):
            run.con.execute(f"CREATE TABLE strayed AS {person_disclosure.strayed(homes, what.day)}")
            for name, query in person_disclosure.located(what.day).items():
                run.con.execute(f"CREATE TABLE {name} AS {query}")
        what = replace(what, strayed=True)
    for name, query in shape.stages(what).items():
        run.stage(name, query)
    run.con.execute(f"CREATE VIEW ledger AS {shape.ledger(what)}")
    return what


def _is_prepared(run: Run, on: date) -> bool:
    """Whether every prepared address holds on that day."""
    (prepared,) = run.con.execute(
        "SELECT coalesce(? BETWEEN max(holds_from) AND coalesce(min(holds_until), ?), false) FROM subject",
        [on, on],
    ).fetchall()[0]
    return bool(prepared)


def _chosen(fields: Sequence[str], subject: str) -> tuple[OutputField, ...]:
    """Raises InputProblems for a name that is no field of the subject."""
    _check_subject(subject)
    problems = []
    for name in fields:
        try:
            disclosure.chosen_fields([name], subject)
        except KeyError:
            problems.append(Problem("unknown_field", "there is no such field", column=name))
    if problems:
        raise InputProblems(problems)
    return disclosure.chosen_fields(list(dict.fromkeys(fields)), subject)


def _check_subject(subject: str) -> None:
    if subject not in SUBJECTS:
        raise InputProblems(
            [Problem("unknown_subject", "there is no such subject", params={"subject": subject})]
        )
