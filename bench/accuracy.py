"""Precision and recall on a dirty register without codes, of a population and a register not seen before.

Seeds 1 to 9 are for tuning; what is published is measured with others. The generator's errors are its own: it
imports nothing of the matcher (matching.synth.draw_errors).
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from bench.candidates import seen
from bench.measure import matching
from bench.options import Options
from bench.page import share, table
from bench.plots import Panel, Points, draw
from bench.population import Population, population
from matching import engine
from matching.store.extract import check_folder, sql_text, typed_select

PRECISION_TARGET, RECALL_TARGET, CLEARED_TARGET = 0.9995, 0.97, 0.985
ON = date(2026, 1, 1)  # for ages
POINTS, LEAST_RECALL = 200, 0.9  # of a curve: below, all are right
CERTAIN = 1000.0  # the weight, in bits, of what a rule found that weighs nothing

# What a row is counted under: of the true person; empty for an outsider.
GROUPS = {
    "group_language": "CASE WHEN mother_tongue IN ('fi', 'sv') THEN 'Finnish or Swedish' ELSE 'other' END",
    "group_surname": """CASE WHEN sex = '2' AND renamed THEN 'woman with a former surname'
                             WHEN sex = '2' THEN 'woman without' WHEN renamed THEN 'man with one'
                             ELSE 'man without' END""",
    "group_code": "CASE WHEN hetu IS NULL THEN 'none' ELSE 'has one' END",
    "group_protected": f"CASE WHEN protected_until >= DATE '{ON}' THEN 'yes' ELSE 'no' END",
    "group_age": f"""CASE WHEN death_date IS NOT NULL THEN 'dead'
                          ELSE CAST(least(90, year(DATE '{ON}') - year(birth_date)) // 15 * 15 AS VARCHAR)
                               || ' or more' END""",
}
GROUP_NAMES = {
    "group_language": "mother tongue",
    "group_surname": "former surname",
    "group_code": "code in the population",
    "group_protected": "protected",
    "group_age": "age",
}


def run(options: Options) -> str:
    """The figures, as Markdown."""
    made = population(options)
    rows = options.rows_or(150_000)
    register = made.register(rows, "--without-id", 1)
    figures = _matched(made, _grouped(made, register))
    folder = options.folder
    links, candidates = folder / "links.parquet", folder / "candidates.parquet"
    engine.link(register, made.store, links, candidates_out=candidates, threads=options.threads)
    found = seen(register, made.store, threads=options.threads).candidates
    with duckdb.connect() as con:
        _name_tables(con, register, made.store, links, candidates)
        cleared = _cleared(con)
        curves = {"ours": _curve(con, "best"), **_splinks(con, folder / f"pairs-{register.stem}.parquet")}
    picture = options.images / "precision-recall.svg"
    draw(picture, [Panel("recall", "precision", curves, marked=False)])
    head = f"{rows:,} rows without a code against {made.persons:,} persons, seeds {options.seed}."
    text = f"{head}\n\n{_summary(figures, cleared, found)}\n\n![{_in_words(curves)}](images/{picture.name})"
    return f"{text}\n\n{_groups(figures['by'])}"


def _grouped(made: Population, register: Path) -> Path:
    """The register with a column for each of GROUPS; such columns pass through a match."""
    path = made.options.folder / f"grouped-{register.name}"
    with duckdb.connect() as con:
        extract = check_folder(made.extract, con)
        for name in ("person", "former_name"):
            con.execute(f"CREATE VIEW {name} AS {typed_select(extract, name)}")
        groups = ", ".join(f"{sql} AS {name}" for name, sql in GROUPS.items())
        con.execute(
            f"COPY (SELECT r.*, g.* EXCLUDE (person_id)"
            f" FROM read_csv({sql_text(str(register))}, all_varchar = true) r"
            f" LEFT JOIN (SELECT person_id, {groups} FROM (SELECT *, person_id IN"
            " (SELECT person_id FROM former_name WHERE kind = '05') AS renamed FROM person)) g"
            " ON g.person_id = r.truth ORDER BY CAST(r.row_id AS BIGINT))"
            f" TO {sql_text(str(path))} (FORMAT csv, HEADER)"
        )
    return path


def _matched(made: Population, register: Path) -> dict[str, Any]:
    """What `evaluate` says, with the groups."""
    output = made.options.folder / "accuracy.csv"
    files = ("--output", output, "--report", made.options.folder / "accuracy.json")
    matching("match", "match", register, made.store, *files, "--fields", "person_id")
    by = [word for name in GROUPS for word in ("--by", name)]
    evaluated: dict[str, Any] = json.loads(
        matching("evaluate", "evaluate", output, "--truth", "truth", *by).output
    )
    return evaluated


def _name_tables(
    con: duckdb.DuckDBPyConnection, register: Path, store: Path, links: Path, candidates: Path
) -> None:
    """`truth` (row, person_id), `link`, `candidate`, and `best`: the nearest person of each row."""
    path = engine.open_version(store).path / "subject.parquet"
    con.execute(
        "CREATE TABLE truth AS SELECT row_number() OVER () AS row, truth AS person_id"
        f" FROM read_csv({sql_text(str(register))}, all_varchar = true, header = true)"
    )
    con.execute(
        f"CREATE TABLE link AS SELECT l.vtj_row AS row, l.result, l.weight, p.person_id"
        f" FROM {sql_text(str(links))} l LEFT JOIN {sql_text(str(path))} p ON p.pid = l.pid"
    )
    con.execute(
        f"CREATE TABLE candidate AS SELECT vtj_row AS row, place, person_id, weight"
        f" FROM {sql_text(str(candidates))}"
    )
    con.execute(
        f"CREATE TABLE best AS SELECT row, person_id, coalesce(weight, {CERTAIN}) AS weight FROM link"
        " WHERE person_id IS NOT NULL"
        " UNION ALL SELECT row, person_id, weight FROM candidate WHERE place = 1"
    )


def _cleared(con: duckdb.DuckDBPyConnection) -> float:
    """Recall if an official finds the true person wherever a doubtful row's candidates hold it."""
    rows = con.execute(
        "SELECT count(*) FILTER (l.person_id = t.person_id OR c.row IS NOT NULL) / count(t.person_id)"
        " FROM truth t JOIN link l ON l.row = t.row"
        " LEFT JOIN candidate c ON c.row = t.row AND c.person_id = t.person_id"
    ).fetchall()
    return float(rows[0][0])


def _splinks(con: duckdb.DuckDBPyConnection, pairs: Path) -> dict[str, Points]:
    """Splink's curve, where bench.beside_splink has scored the same register."""
    if not pairs.exists():
        return {}
    con.execute(
        f"CREATE TABLE theirs AS SELECT row, person_id, weight FROM {sql_text(str(pairs))}"
        " QUALIFY row_number() OVER (PARTITION BY row ORDER BY weight DESC, person_id) = 1"
    )
    return {"Splink 5": _curve(con, "theirs")}


def _curve(con: duckdb.DuckDBPyConnection, best: str) -> Points:
    """(recall, precision) where every row's best person is given from some weight on, some POINTS of them."""
    return con.execute(
        f"""
        WITH counted AS (
            SELECT weight, sum(count(*)) OVER falling AS given,
                   sum(count(*) FILTER (b.person_id = t.person_id)) OVER falling AS hits
            FROM {best} b JOIN truth t USING (row) GROUP BY weight
            WINDOW falling AS (ORDER BY weight DESC)),
        rates AS (SELECT hits / (SELECT count(person_id) FROM truth) AS recall, hits / given AS precision,
                         weight FROM counted),
        placed AS (SELECT *, row_number() OVER (ORDER BY weight DESC) AS place, count(*) OVER () AS total
                   FROM rates WHERE recall >= {LEAST_RECALL})
        SELECT recall, precision FROM placed
        WHERE place % greatest(1, total // {POINTS}) = 0 OR place = total ORDER BY place"""
    ).fetchall()


def _summary(figures: dict[str, Any], cleared: float, found: float) -> str:
    cells = [
        ["precision of delivered rows", share(figures["precision"]), f"≥ {PRECISION_TARGET}"],
        ["recall", share(figures["recall"]), f"≥ {RECALL_TARGET}"],
        ["F1", share(figures["f1"]), ""],
        ["recall with doubtful rows cleared", share(cleared), f"≥ {CLEARED_TARGET}"],
        ["true pairs among the candidates", share(found), ""],
    ]
    results = [
        [name, f"{each['rows']:,}", f"{each['given'] - each['right']:,}"]
        for name, each in sorted(figures["by_result"].items(), key=lambda item: -item[1]["rows"])
    ]
    return f"{table(['', 'measured', 'target'], cells)}\n\n{table(['result', 'rows', 'wrong'], results)}"


def _groups(by: dict[str, dict[str, dict[str, Any]]]) -> str:
    """Rows of the population alone: who is an outsider belongs to no group."""
    cells = [
        [
            f"{GROUP_NAMES[column]}: {value}",
            f"{each['rows']:,}",
            *map(share, (each["precision"], each["recall"])),
        ]
        for column, groups in by.items()
        for value, each in groups.items()
        if value
    ]
    return table(["group of the true person", "rows", "precision", "recall"], cells)


def _in_words(curves: dict[str, Points]) -> str:
    """The text alternative: the precision that each curve has left at its highest recall."""
    ends = [
        f"{name} ends at recall {points[-1][0]:.4f} with precision {points[-1][1]:.4f}"
        for name, points in curves.items()
    ]
    return f"Precision over recall as the least weight falls: {'; '.join(ends)}."
