"""The stages' SQL as Spark's: what sqlglot's own translation lacks stands here, and nowhere else."""

import sqlglot
from sqlglot import exp

DISTANCE = "duckdb_{}"  # a name of our own: Spark may have a function of DuckDB's name with other results


def tables(query: str) -> set[str]:
    """The tables that a query reads, without those of its own WITH."""
    tree = sqlglot.parse_one(query, read="duckdb")
    own = {cte.alias for cte in tree.find_all(exp.CTE)}
    return {table.name for table in tree.find_all(exp.Table)} - own


def spark_sql(query: str) -> str:
    """A query of DuckDB's as Spark's."""
    tree = sqlglot.parse_one(query, read="duckdb")
    for select in reversed(list(tree.find_all(exp.Select))):
        if select.args.get("qualify"):
            ranked = _without_qualify(select)
            tree = ranked if select is tree else tree
            select.replace(ranked)
    return tree.transform(_changed).sql(dialect="spark")


def _changed(node: exp.Expression) -> exp.Expression:
    if isinstance(node, exp.JarowinklerSimilarity):
        name = DISTANCE.format("jaro_winkler_similarity")
        return exp.Anonymous(this=name, expressions=[node.this, node.expression])
    if isinstance(node, exp.Anonymous) and node.name.lower() == "damerau_levenshtein":
        return exp.Anonymous(this=DISTANCE.format("damerau_levenshtein"), expressions=node.expressions)
    if isinstance(node, exp.CTE):
        node.set("materialized", None)  # a hint that Spark does not know
    # Decimals have other widths in Spark. DuckDB too sums the weights of names as doubles.
    if isinstance(node, exp.Literal) and not node.is_string and "." in node.this and not _is_cast(node):
        return exp.cast(node.copy(), "DOUBLE")
    # Spark counts in 32 bits.
    if isinstance(node, exp.Window) and isinstance(node.this, exp.RowNumber) and not _is_cast(node):
        return exp.cast(node.copy(), "BIGINT")
    return node


def _is_cast(node: exp.Expression) -> bool:
    return isinstance(node.parent, exp.Cast)


def _without_qualify(select: exp.Select) -> exp.Select:
    """Spark has no QUALIFY: its windows become columns of an inner query, which the outer one leaves out.

    sqlglot's own way gives those columns out where the query selects `*`.
    """
    inner = select.copy()
    names: list[str] = []
    condition = inner.args["qualify"].this.copy()
    inner.set("qualify", None)
    for window in list(condition.find_all(exp.Window)):
        names.append(f"window_{len(names)}")
        inner = inner.select(exp.alias_(window.copy(), names[-1]))
        window.replace(exp.column(names[-1]))
    star = exp.Star(except_=[exp.to_identifier(name) for name in names] or None)
    return exp.select(star).from_(inner.subquery("ranked")).where(condition)
