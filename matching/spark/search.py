"""Run the stages of linking.searching: those that join rows with persons on Spark, the others on DuckDB.

A table that one engine has made and the other reads goes over as Parquet in the run's folder, which all
executors must be able to read and write, as the store; see docs/operations.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from matching.run import Run
from matching.spark.dialect import spark_sql, tables
from matching.spark.session import session
from matching.store import traits
from matching.store.extract import sql_text
from matching.store.versions import Snapshot

ON_SPARK = (
    *("repaired", "alone", "ladder", "near_pair", "near_score", "near", "sure"),
    *("far_pair", "far_score", "candidate", "searched"),
)
STORED = ("code", *traits.KEPT)
RETURNED = ("candidate", "searched")


def search(run: Run, snapshot: Snapshot, stages: Mapping[str, str]) -> None:
    """Make the tables of `stages` (linking.searching.stages); those of `RETURNED` are there for DuckDB."""
    with session(run) as spark:
        shared = Shared(run, spark, run.temp / "shared")
        shared.folder.mkdir()
        for name in STORED:
            shared.view(name, snapshot.path / f"{name}.parquet")
        for name, query in stages.items():
            if name in ON_SPARK:
                shared.on_spark(name, query)
            else:
                shared.on_duckdb(name, query)
        for name in RETURNED:
            shared.fetch(name)


@dataclass
class Shared:
    """Tables of both engines. `known`: those that Spark knows; `made`: those that it has made."""

    run: Run
    spark: Any
    folder: Path
    known: set[str] = field(default_factory=set)
    made: set[str] = field(default_factory=set)

    def on_spark(self, name: str, query: str) -> None:
        """Make a table on Spark; what it reads goes there first."""
        with self.run.step(name):
            for table in sorted(tables(query) - self.known):
                self._lend(table)
            self.spark.sql(spark_sql(query)).write.parquet(str(self.folder / name))
            self.view(name, self.folder / name)
            self.made.add(name)

    def on_duckdb(self, name: str, query: str) -> None:
        """Make a table on DuckDB; what it reads comes back first."""
        for table in sorted(tables(query) & self.made):
            self.fetch(table)
        self.run.stage(name, query)

    def fetch(self, name: str) -> None:
        """A table that Spark has made, for DuckDB."""
        files = sql_text(str(self.folder / name / "*.parquet"))
        self.run.con.execute(f"CREATE TABLE {name} AS FROM read_parquet({files})")
        self.made.remove(name)

    def view(self, name: str, path: Path) -> None:
        """Parquet as a table of Spark's."""
        self.spark.read.parquet(str(path)).createOrReplaceTempView(name)
        self.known.add(name)

    def _lend(self, name: str) -> None:
        path = self.folder / f"{name}.parquet"
        self.run.con.execute(f"COPY {name} TO {sql_text(str(path))} (FORMAT parquet, USE_TMP_FILE false)")
        self.view(name, path)
