"""pseudopeople's sample population: social security as the store, a census or tax forms as the register.

The store is taken without noise, as a population register is kept; the registers have pseudopeople's own
noise at its default rates. American names and addresses: this tests the mechanism, not the Finnish model.
"""

import warnings
from collections.abc import Callable

import duckdb
import pandas
import pseudopeople

from bench.options import Options
from bench.public_data import artificial_code, load_rows, ours, report
from bench.splink_public import splink

NOTHING = "CAST(NULL AS VARCHAR)"


def run(options: Options) -> str:
    """The figures, as Markdown."""
    sections = []
    for name, (kind, register) in REGISTERS.items():
        with duckdb.connect(config={"threads": options.threads}) as con:
            _load(con, options.seed)
            con.execute(f"CREATE TABLE people AS {_people()}")
            con.execute(f"CREATE TABLE rows AS {register(con, options.seed)}")
            counts = con.execute(
                "SELECT (SELECT count(*) FROM rows), (SELECT count(*) FROM people)"
            ).fetchall()[0]
            found = [*ours(con, options.folder / f"pseudopeople-{kind}"), *splink(con)]
        sections.append(f"{name}: {counts[0]:,} rows against {counts[1]:,} persons.\n\n{report(found)}")
    return "\n\n".join(sections)


def _table(con: duckdb.DuckDBPyConnection, name: str, made: pandas.DataFrame) -> None:
    rows = made.astype(object).where(made.notna(), "").astype(str)
    load_rows(con, name, list(rows.columns), rows.itertuples(index=False))


def _made(generate: Callable[..., pandas.DataFrame], seed: int, *, clean: bool) -> pandas.DataFrame:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return generate(seed=seed, config=pseudopeople.NO_NOISE if clean else None)


def _load(con: duckdb.DuckDBPyConnection, seed: int) -> None:
    """What the store is made of: everyone with a number, and the addresses of those who had wages."""
    _table(con, "social", _made(pseudopeople.generate_social_security, seed, clean=True))
    _table(con, "paid", _made(pseudopeople.generate_taxes_w2_and_1099, seed, clean=True))


def _people() -> str:
    number = "CAST(replace(ssn, '-', '') AS BIGINT)"
    # Numbers have nine digits; there are codes for their order, not for themselves.
    code = artificial_code(f"(dense_rank() OVER (ORDER BY {number}))")
    born = "left(date_of_birth, 4) || '-' || substr(date_of_birth, 5, 2) || '-' || substr(date_of_birth, 7)"
    return f"""
        SELECT simulant_id AS person_id, replace(ssn, '-', '') AS identifier, {code} AS hetu,
            last_name AS surname, concat_ws(' ', first_name, middle_name) AS given_names,
            {born} AS birth_date, CASE sex WHEN 'Male' THEN '1' WHEN 'Female' THEN '2' END AS sex,
            street, house_number, postal_code, post_office
        FROM (FROM social WHERE event_type = 'creation') LEFT JOIN (
            SELECT simulant_id, {HOME} FROM paid
            QUALIFY row_number() OVER (PARTITION BY simulant_id ORDER BY {", ".join(SENT)}) = 1
        ) USING (simulant_id)"""


SENT = tuple(f"mailing_address_{name}" for name in ("street_name", "street_number", "zipcode", "city"))
HOME = ", ".join(
    f"{column} AS {name}"
    for column, name in zip(SENT, ("street", "house_number", "postal_code", "post_office"), strict=True)
)


def _census(con: duckdb.DuckDBPyConnection, seed: int) -> str:
    """Names, birth date, sex and address; dates as MM/DD/YYYY, with whatever a scanner made of them."""
    _table(con, "census", _made(pseudopeople.generate_decennial_census, seed, clean=False))
    born = (
        "CASE WHEN length(date_of_birth) = 10 THEN"
        " substr(date_of_birth, 7) || '-' || left(date_of_birth, 2) || '-' || substr(date_of_birth, 4, 2)"
        " ELSE date_of_birth END"
    )
    return f"""
        SELECT row_number() OVER () AS unique_id, {_truth("census")} AS person_id, {NOTHING} AS identifier,
            {NOTHING} AS hetu, last_name AS surname,
            concat_ws(' ', first_name, middle_initial) AS given_names,
            {born} AS birth_date, CASE sex WHEN 'Male' THEN '1' WHEN 'Female' THEN '2' END AS sex,
            street_name AS street, street_number AS house_number, zipcode AS postal_code, city AS post_office
        FROM census"""


def _wages(con: duckdb.DuckDBPyConnection, seed: int) -> str:
    """The number, the names and the address; a person may have several forms."""
    _table(con, "wages", _made(pseudopeople.generate_taxes_w2_and_1099, seed, clean=False))
    known = "(SELECT hetu FROM people WHERE identifier = replace(ssn, '-', ''))"
    return f"""
        SELECT row_number() OVER () AS unique_id, {_truth("wages")} AS person_id,
            replace(ssn, '-', '') AS identifier, {known} AS hetu, last_name AS surname,
            concat_ws(' ', first_name, middle_initial) AS given_names, {NOTHING} AS birth_date,
            {NOTHING} AS sex, {HOME}
        FROM wages"""


def _truth(name: str) -> str:
    """The person, where the store has one."""
    return f"(SELECT person_id FROM people WHERE person_id = {name}.simulant_id)"


# What it is called, and its folder and query.
REGISTERS = {
    "Decennial census, without a number": ("census", _census),
    "W2 and 1099 forms, with a number": ("wages", _wages),
}
