"""String distances that Spark lacks: DuckDB's own, on the executors, a batch of pairs at a time.

Other libraries' Jaro-Winkler similarities differ from DuckDB's in the last bit (it rounds once where they
round twice), which at a threshold is another level. Executors so need duckdb and pyarrow, as the driver does.
"""

from collections.abc import Callable, Iterator
from typing import Any

from matching.spark.dialect import DISTANCE

# Name → type of the result, as DuckDB and Spark both write it.
DISTANCES = {"jaro_winkler_similarity": "DOUBLE", "damerau_levenshtein": "BIGINT"}


def add_distances(spark: Any) -> None:
    """Make the functions known to a session, by the names that `spark_sql` calls them."""
    from pyspark.sql.pandas.functions import ArrowUDFType, arrow_udf

    for name, kind in DISTANCES.items():
        spark.udf.register(DISTANCE.format(name), arrow_udf(by_batches(name), kind, ArrowUDFType.SCALAR_ITER))


def by_batches(name: str) -> Callable[[Iterator[tuple[Any, Any]]], Iterator[Any]]:
    """Pairs of Arrow arrays of texts → Arrow arrays of the distance; NULL where a text is.

    A closure, so that Spark sends it whole: this package need not be on the executors.
    """

    def distances(batches: Iterator[tuple[Any, Any]]) -> Iterator[Any]:
        import duckdb
        import pyarrow

        with duckdb.connect(config={"threads": 1}) as con:
            for left, right in batches:
                con.register("pairs", pyarrow.table({"l": left, "r": right}))
                found: Any = con.execute(f"SELECT {name}(l, r) AS d FROM pairs").to_arrow_table()
                yield found.column("d").combine_chunks()

    return distances
