"""Splink 5 on the tables of bench.public_data, trained on them as its guides advise."""

from collections.abc import Sequence
from typing import Any

import duckdb
import splink.comparison_level_library as levels
import splink.comparison_library as comparisons
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from bench.public_data import HONEST, Found

COMPARED = (
    *("identifier", "surname", "given1", "initial", "birth_date", "sex"),
    *("street", "house_number", "postal_code", "post_office"),
)
RULES = (
    ("identifier",),
    ("given1", "surname"),
    ("birth_date",),
    ("postal_code", "house_number"),
    ("surname", "postal_code"),
)


def splink(con: duckdb.DuckDBPyConnection) -> list[Found]:
    """At the honest threshold, and at the best one, chosen with the truth. One person for each row."""
    for source, name, uid in (("rows", "a_rows", "unique_id"), ("people", "b_people", "person_id")):
        con.execute(f"CREATE OR REPLACE TABLE {name} AS {_compared(source, uid)}")
    pairs = _pairs(con, [name for name in COMPARED if _filled(con, name)])
    con.execute(f"CREATE OR REPLACE TABLE pair AS {pairs}")
    recall = con.execute(
        "SELECT count(p.row) / count(*) FROM (FROM rows WHERE person_id IS NOT NULL) t"
        " LEFT JOIN pair p ON p.row = t.unique_id AND p.person_id = t.person_id"
    ).fetchall()[0][0]
    honest = con.execute(f"{CURVE} WHERE probability >= ? ORDER BY probability LIMIT 1", [HONEST]).fetchall()
    best = con.execute(f"{CURVE} ORDER BY f1 DESC, probability DESC LIMIT 1").fetchall()
    names = (f"Splink 5, p ≥ {HONEST}", "Splink 5, its best threshold")
    return [
        Found(name, *rows[0][:3], recall, rows[0][2])
        for name, rows in zip(names, (honest, best), strict=True)
        if rows
    ]


# At the probability of every row's best pair: precision, recall, F1 of what has at least as much.
CURVE = """
    WITH best AS (
        SELECT row, person_id, probability FROM pair
        QUALIFY row_number() OVER (PARTITION BY row ORDER BY probability DESC, person_id) = 1),
    counted AS (
        SELECT probability, sum(count(*)) OVER (ORDER BY probability DESC) AS given,
            sum(count(*) FILTER (best.person_id = rows.person_id)) OVER (ORDER BY probability DESC) AS hits,
            (SELECT count(person_id) FROM rows) AS linked
        FROM best JOIN rows ON unique_id = row GROUP BY probability)
    SELECT hits / given, hits / linked, 2 * hits / (given + linked) AS f1, probability FROM counted"""


def _compared(source: str, unique_id: str) -> str:
    """SQL: in lower case, the first given name apart from the next one's initial."""
    same = ", ".join(f"lower({name}) AS {name}" for name in COMPARED if name not in ("given1", "initial"))
    return f"""
        SELECT {unique_id} AS unique_id, {same},
            nullif(split_part(lower(given_names), ' ', 1), '') AS given1,
            nullif(left(split_part(lower(given_names), ' ', 2), 1), '') AS initial
        FROM {source}"""


def _filled(con: duckdb.DuckDBPyConnection, name: str) -> bool:
    """In a hundredth of the rows at least, on both sides."""
    shares = (
        con.execute(f"SELECT count({name}) / count(*) FROM {each}").fetchall()[0][0]
        for each in ("a_rows", "b_people")
    )
    return min(shares) >= 0.01


def _pairs(con: duckdb.DuckDBPyConnection, present: Sequence[str]) -> str:
    """Train and predict; SQL of what was scored: row, person_id, probability."""
    api = DuckDBAPI(connection=con)
    rules = [block_on(*rule) for rule in RULES if set(rule) <= set(present)]
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[_comparison(name) for name in present],
        blocking_rules_to_generate_predictions=rules,
        retain_matching_columns=False,
    )
    tables = [api.register(name) for name in ("a_rows", "b_people")]
    linker = Linker(tables, settings, log_level="ERROR", validate_settings=False)
    training: Any = linker.training
    training.estimate_probability_two_random_records_match(rules[:2], recall=0.9)
    training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    # The column that a pass is blocked on is not estimated in it, so there are two.
    for rule in [name for name in ("birth_date", "surname", "given1") if name in present][:2]:
        training.estimate_parameters_using_expectation_maximisation(block_on(rule))
    scored = linker.inference.predict().physical_name
    return f"""SELECT unique_id_l AS row, unique_id_r AS person_id, match_probability AS probability
               FROM {scored}"""


def _comparison(name: str) -> Any:
    if name in ("surname", "given1"):
        return comparisons.NameComparison(name)
    if name == "birth_date":
        return comparisons.DamerauLevenshteinAtThresholds(name, [1, 2])
    if name in ("sex", "initial"):
        return comparisons.ExactMatch(name)
    if name == "street":
        return comparisons.CustomComparison(
            [
                levels.NullLevel(name),
                levels.ExactMatchLevel(name, term_frequency_adjustments=True),
                levels.JaroWinklerLevel(name, 0.9),
                levels.ElseLevel(),
            ],
            name,
        )
    return comparisons.LevenshteinAtThresholds(name, [1, 2]).configure(
        term_frequency_adjustments=name in ("postal_code", "post_office")
    )
