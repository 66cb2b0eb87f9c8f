"""Match a register with Splink 5 as a whole process, CSV to CSV: `python -m bench.splink_match --help`.

The columns are those that `python -m matching match` writes for the same fields. A row gets its best person,
where the best pair's weight reaches the threshold.
"""

import argparse
from pathlib import Path

import duckdb
from splink import Linker

from bench.splink_model import linker
from matching.store.extract import sql_text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("register", type=Path)
    parser.add_argument("folder", type=Path, help="what bench.splink_model made")
    parser.add_argument("output", type=Path)
    parser.add_argument("--weight", type=float, default=0.0, help="least match weight, in bits")
    parser.add_argument("--fields", required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--from-csv", action="store_true", help="load the reference from CSV")
    parser.add_argument("--pairs", type=Path, help="also write every scored pair, as Parquet")
    args = parser.parse_args()
    with duckdb.connect(config={"threads": args.threads}) as con:
        made = linker(con, args.register, args.folder, args.folder / "model.json", from_csv=args.from_csv)
        find_best(con, made, args.weight, args.pairs)
        con.execute(f"COPY ({answer(args)}) TO {sql_text(str(args.output))} (FORMAT csv, HEADER)")


def find_best(con: duckdb.DuckDBPyConnection, made: Linker, weight: float, pairs: Path | None) -> None:
    """Table `best`: unique_id of the row, person_id, the weight and the probability of its best pair."""
    least = None if pairs else weight
    left, right = made._input_tables_dict.values()
    scored = made.inference.predict_between(left, right, threshold_match_weight=least).physical_name
    columns = "CAST(unique_id_l AS BIGINT) AS row, unique_id_r AS person_id, match_weight AS weight"
    if pairs:
        con.execute(f"COPY (SELECT {columns} FROM {scored}) TO {sql_text(str(pairs))} (FORMAT parquet)")
    con.execute(
        f"CREATE TABLE best AS SELECT {columns}, match_probability AS probability FROM {scored}"
        " WHERE match_weight >= ? QUALIFY row_number() OVER"
        " (PARTITION BY unique_id_l ORDER BY match_weight DESC, unique_id_r) = 1",
        [weight],
    )


def answer(args: argparse.Namespace) -> str:
    """SQL: the register's columns and rows, then the result, then the fields of the person."""
    register, display = (sql_text(str(path)) for path in (args.register, args.folder / "display.parquet"))
    fields = ", ".join(f"d.{name} AS vtj_{name}" for name in args.fields.split(","))
    return f"""
        SELECT r.*, if(b.row IS NULL, 'not_found', 'match_data') AS vtj_result,
            b.probability AS vtj_confidence, '' AS vtj_rule, '' AS vtj_changed, {fields}
        FROM (SELECT *, row_number() OVER () AS vtj_row
              FROM read_csv({register}, all_varchar = true, header = true)) r
        LEFT JOIN best b ON b.row = r.vtj_row
        LEFT JOIN read_parquet({display}) d ON d.person_id = b.person_id
        ORDER BY r.vtj_row"""


if __name__ == "__main__":
    main()
