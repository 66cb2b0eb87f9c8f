"""Splink 5 and `scoring.scored` give the same pairs the same weights by the same model."""

from pathlib import Path

import duckdb
import pytest
from splink import DuckDBAPI, Linker

from matching.engine import view_store
from matching.linking import persons as linking
from matching.linking import searching
from matching.register.loading import load_register
from matching.run import Resources, running
from matching.store.versions import open_version
from matching.synth.draw import draw_register
from matching.weighing.comparisons import PERSON
from matching.weighing.model import read_model
from matching.weighing.scoring import household, scored
from matching.weighing.splink_model import to_splink
from tests.matching.conftest import Population
from tests.matching.drawn import TODAY

ROWS = 60
SHARES = ("surname_share", "given_share", "given1_share")


@pytest.fixture
def con(population: Population, tmp_path: Path) -> duckdb.DuckDBPyConnection:
    """Tables `few` of rows and `trait` of their candidates, in a connection that Splink may use."""
    register = tmp_path / "register.csv"
    draw_register(register, population.extract, ROWS, without_id=1.0)
    snapshot = open_version(population.store)
    with running(Resources(2), tmp_path, [register], [snapshot.path, tmp_path]) as run:
        load_register(run.con, register, None, run.temp)
        view_store(run, snapshot)
        by_code = linking.Linking(TODAY, snapshot.artificial)
        stages = searching.stages(searching.Searching(by_code.day, read_model(), snapshot.persons))
        for name, query in linking.stages(by_code).items():
            run.stage(name, query)
        for name in ("repaired", "ladder"):
            run.stage(name, "SELECT 0::BIGINT AS row, 0 AS pid WHERE false")
        for name in ("spelt", "sought", "heard", "wanted_key", "sought_key"):
            run.stage(name, stages[name])
        run.stage("pair", searching.pairs(searching.PAIRED))
        near = "SELECT * FROM trait SEMI JOIN pair USING (pid)"
        run.con.execute(f"COPY ({near}) TO '{tmp_path}/trait.parquet' (FORMAT parquet)")
        plain = "SELECT * FROM sought WHERE variant = 0 AND penalty = 0"
        run.con.execute(f"COPY ({plain}) TO '{tmp_path}/few.parquet' (FORMAT parquet)")
    con = duckdb.connect()
    for name in ("trait", "few"):
        con.execute(f"CREATE TABLE {name} AS FROM read_parquet('{tmp_path}/{name}.parquet')")
    return con


def columns(con: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    return {name: kind for name, kind, *_ in con.execute(f"DESCRIBE {table}").fetchall()}


def by_splink(con: duckdb.DuckDBPyConnection) -> dict[tuple[int, int], float]:
    """(row, pid) → weight in bits, of every row with every person."""
    few, trait = columns(con, "few"), columns(con, "trait")
    for table, own, other, number in (("few", few, trait, "row"), ("trait", trait, few, "pid")):
        lacking = [f"NULL::{kind} AS {name}" for name, kind in other.items() if name not in own]
        shares = [f"{name if table == 'few' else 'NULL'}::DOUBLE AS tf_{name}" for name in SHARES]
        con.execute(
            f"CREATE TABLE {table}_side AS SELECT {number} AS unique_id, '{table}' AS source_dataset, *,"
            f" {', '.join(lacking + shares)} FROM {table}"
        )
    api = DuckDBAPI(connection=con)
    sides = [api.register(f"{table}_side") for table in ("few", "trait")]
    made = Linker(sides, to_splink(read_model(), 2000))
    pairs = made.inference.score_pairs(*sides).physical_name
    return {
        (row, pid): weight
        for row, pid, weight in con.execute(
            f"SELECT unique_id_l, unique_id_r, match_weight FROM {pairs}"
        ).fetchall()
    }


def by_us(con: duckdb.DuckDBPyConnection) -> dict[tuple[int, int], float]:
    """The same without what is taken off for a family's agreement, which no comparison of Splink's adds."""
    con.execute("CREATE TABLE every AS SELECT row, variant, pid FROM few CROSS JOIN trait")
    query = scored(read_model(), 2000, "every", "few")
    found = con.execute(f"SELECT row, pid, weight - {household(read_model())} FROM ({query}) c").fetchall()
    return {(row, pid): weight for row, pid, weight in found}


def test_pairs_have_the_same_weights_in_splink(con: duckdb.DuckDBPyConnection) -> None:
    theirs, ours = by_splink(con), by_us(con)
    assert len(ours) > 2000
    assert theirs.keys() == ours.keys()
    assert max(abs(theirs[pair] - ours[pair]) for pair in ours) < 1e-6


def test_the_pairs_show_most_levels(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("CREATE TABLE every AS SELECT row, variant, pid FROM few CROSS JOIN trait")
    con.execute(f"CREATE TABLE found AS {scored(read_model(), 2000, 'every', 'few')}")
    seen = {
        (comparison.name, level)
        for comparison in PERSON
        for (level,) in con.execute(f"SELECT DISTINCT {comparison.name} FROM found").fetchall()
        if level is not None
    }
    assert len(seen) >= 20
