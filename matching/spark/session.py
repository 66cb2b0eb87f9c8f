"""The cluster: the Spark session that is there already, or one of our own for this run."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from matching.errors import InputProblems, Problem
from matching.run import Run
from matching.spark.distances import add_distances

SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.ui.showConsoleProgress": "false",
}


@contextmanager
def session(run: Run) -> Iterator[Any]:
    """A session with the distances; it spills into the run's folder, unless the cluster says otherwise.

    The master is SPARK_MASTER, or what spark-submit was given, or this machine. Raises InputProblems where
    pyspark is not installed.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise InputProblems(
            [Problem("no_spark", "pyspark is not installed: see requirements/spark.txt")]
        ) from error
    present = SparkSession.getActiveSession()
    with run.step("cluster"):
        spark = present or _new(SparkSession.builder.appName("matching"), run.temp)
        add_distances(spark)
    try:
        yield spark
    finally:
        if present is None:
            spark.stop()


def _new(builder: Any, temp: Path) -> Any:
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = builder.config(map=SETTINGS | {"spark.local.dir": str(temp)})
    if os.environ.get("SPARK_MASTER"):
        builder = builder.master(os.environ["SPARK_MASTER"])
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    return spark
