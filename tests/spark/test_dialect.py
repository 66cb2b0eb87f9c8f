"""What sqlglot's translation lacks is added; pyspark is not needed for it."""

import sys
from pathlib import Path

import pytest

from matching.errors import InputProblems
from matching.run import Resources, running
from matching.spark.dialect import spark_sql, tables
from matching.spark.session import session


def test_a_qualified_query_gives_out_no_column_of_its_windows() -> None:
    query = "SELECT * FROM t QUALIFY row_number() OVER (PARTITION BY a ORDER BY b) = 1"
    made = spark_sql(query)
    assert "QUALIFY" not in made
    assert made.startswith("SELECT * EXCEPT (window_0) FROM (SELECT *, CAST(ROW_NUMBER() OVER (")
    assert made.endswith("AS ranked WHERE window_0 = 1")


def test_decimals_are_doubles() -> None:
    assert spark_sql("SELECT a + 1.5 AS b FROM t") == "SELECT a + CAST(1.5 AS DOUBLE) AS b FROM t"


def test_the_tables_of_a_query_leave_out_its_own() -> None:
    assert tables("WITH a AS (SELECT * FROM b) SELECT * FROM a JOIN c ON a.x = c.x") == {"b", "c"}


def test_without_pyspark_it_is_said_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with (
        running(Resources(1), tmp_path, [], []) as run,
        pytest.raises(InputProblems) as raised,
        session(run),
    ):
        pass
    assert raised.value.problems[0].code == "no_spark"
