"""Splink 5 on our task: how its reference is prepared, its comparisons, its blocking rules, its training.

A strong use of Splink, as its guides advise: text folded to ASCII on both sides, broken encodings mended,
former names and addresses in the reference, term frequencies of the reference, several blocking rules of
equalities alone. Nothing here counts into the measured time but the reading of what it wrote.

    reference.parquet   one row a person: what is compared; reference.csv the same, lists with | between
    display.parquet     what is delivered of a person
    frequency-*.parquet term frequencies of the reference
    model.json          the trained model, as Splink saves it
"""

import argparse
from pathlib import Path

import duckdb
import splink.comparison_level_library as levels
import splink.comparison_library as comparisons
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.blocking_rule_library import CustomRule

from matching.store.extract import check_folder, sql_text, typed_select

FREQUENT = ("surname", "given1")
LISTS = ("givens", "surnames", "homes", "postal_codes")
PARQUET = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1"
# Letters that were read in a wrong encoding, and letters that strip_accents leaves.
MENDED = {"Ã¤": "a", "Ã¶": "o", "Ã¥": "a", "Ã„": "a", "Ã–": "o", "Ã…": "a", "Ã©": "e", "æ": "ae", "ø": "o"}


def folded(text: str) -> str:
    """SQL: lower-case ASCII words with one blank between."""
    for letter, plain in MENDED.items():
        text = f"replace({text}, '{letter}', '{plain}')"
    text = f"regexp_replace(lower(strip_accents({text})), '[^a-z0-9]+', ' ', 'g')"
    return f"nullif(trim({text}), '')"


def doorstep(line: str) -> str:
    """SQL: the street and the house number of an address line, folded."""
    return f"nullif(regexp_extract({folded(line)}, '^([a-z ]+ [0-9]+)', 1), '')"


def register_columns(register: Path) -> str:
    """SQL: a register's rows as they are compared; `unique_id` is the row's number from 1."""
    born = "CAST(try_strptime(birth_date, '%d.%m.%Y') AS DATE)"
    return f"""
        SELECT unique_id, surname, split_part(given_names, ' ', 1) AS given1, given_names,
            string_split(given_names, ' ') AS givens, birth_date, left(birth_date, 4) AS birth_year, home,
            postal_code, [surname] AS surnames, [home] AS homes, [postal_code] AS postal_codes
        FROM (SELECT row_number() OVER () AS unique_id, {folded("surname")} AS surname,
                {folded("given_names")} AS given_names, CAST({born} AS VARCHAR) AS birth_date,
                {doorstep("street")} AS home, nullif(trim(postal_code), '') AS postal_code
            FROM read_csv({sql_text(str(register))}, all_varchar = true, header = true))"""


def prepare(extract: Path, folder: Path) -> None:
    """Write the reference, its term frequencies and what is delivered."""
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as con:
        found = check_folder(extract, con)
        for table in ("person", "former_name", "address"):
            con.execute(f"CREATE VIEW {table} AS {typed_select(found, table)}")
        con.execute(f"CREATE TABLE known AS {_known()}")
        for column in FREQUENT:
            _write(con, _frequency(column), folder / f"frequency-{column}.parquet")
        _write(con, _reference(), folder / "reference.parquet")
        joined = ", ".join(f"array_to_string({name}, '|') AS {name}" for name in LISTS)
        con.execute(
            f"COPY (SELECT * REPLACE ({joined}) FROM ({_reference()}))"
            f" TO {sql_text(str(folder / 'reference.csv'))} (FORMAT csv, HEADER)"
        )
        _write(con, _display(), folder / "display.parquet")


def _write(con: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    con.execute(f"COPY ({query}) TO {sql_text(str(path))} ({PARQUET})")


def _known() -> str:
    """SQL: one row a person, with every surname, address and postal code that the extract knows of."""
    line_fi, line_sv = (doorstep(f"street_{language} || ' ' || house_number") for language in ("fi", "sv"))
    return f"""
        WITH earlier AS (
            SELECT person_id, list({folded("name")}) AS names FROM former_name WHERE kind = '05' GROUP BY 1),
        lived AS (
            SELECT person_id, list({line_fi}) AS fi, list({line_sv}) AS sv, list(postal_code) AS codes,
                max_by({line_fi}, from_date) FILTER (kind = 'permanent') AS home,
                max_by(postal_code, from_date) FILTER (kind = 'permanent') AS postal_code
            FROM address WHERE kind IN ('permanent', 'former') GROUP BY 1)
        SELECT person_id AS unique_id, {folded("surname")} AS surname, {folded("given_names")} AS given_names,
            CAST(birth_date AS VARCHAR) AS birth_date, home, postal_code,
            list_distinct(list_prepend({folded("surname")}, coalesce(names, []))) AS surnames,
            list_distinct(list_concat(coalesce(fi, []), coalesce(sv, []))) AS homes,
            list_distinct(coalesce(codes, [])) AS postal_codes
        FROM person LEFT JOIN earlier USING (person_id) LEFT JOIN lived USING (person_id)"""


def _frequency(column: str) -> str:
    value = "split_part(given_names, ' ', 1)" if column == "given1" else column
    return f"""
        SELECT {value} AS {column}, count(*) / sum(count(*)) OVER () AS tf_{column}
        FROM known WHERE {value} IS NOT NULL GROUP BY 1"""


def _reference() -> str:
    return """
        SELECT unique_id, surname, given1, given_names, string_split(given_names, ' ') AS givens, birth_date,
            left(birth_date, 4) AS birth_year, home, postal_code, surnames, homes, postal_codes
        FROM (SELECT *, split_part(given_names, ' ', 1) AS given1 FROM known)"""


def _display() -> str:
    street = "concat_ws(' ', street_fi, house_number, stair, nullif(concat(dwelling, letter), ''))"
    return f"""
        SELECT person_id, hetu, surname, given_names, birth_date, sex, municipality, street, postal_code,
            post_office, mother_tongue
        FROM person LEFT JOIN (
            SELECT person_id, {street} AS street, postal_code, post_office_fi AS post_office FROM address
            WHERE kind = 'permanent'
            QUALIFY row_number() OVER (PARTITION BY person_id ORDER BY from_date DESC, street_fi) = 1
        ) USING (person_id)"""


def settings() -> SettingsCreator:
    """Left is the register, right the reference."""
    return SettingsCreator(
        link_type="link_only",
        comparisons=[_surname(), _given_names(), _birth_date(), _address()],
        blocking_rules_to_generate_predictions=RULES,
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=False,
    )


IN_OTHER_COLUMN = "l.birth_date = r.birth_date AND split_part(l.surname, ' ', 1) = r.given1"
RULES = [
    block_on("birth_date", "surname"),
    block_on("birth_date", "given1"),
    block_on("surname", "given1", "birth_year"),
    block_on("surname", "given1", "postal_code"),
    block_on("birth_date", "postal_code"),
    CustomRule(IN_OTHER_COLUMN, sql_dialect="duckdb"),
]


def _surname() -> comparisons.CustomComparison:
    return comparisons.CustomComparison(
        output_column_name="surname",
        comparison_levels=[
            levels.NullLevel("surname"),
            levels.ExactMatchLevel("surname", term_frequency_adjustments=True),
            levels.CustomLevel("list_contains(surnames_r, surname_l)", "a former surname"),
            levels.JaroWinklerLevel("surname", 0.92),
            levels.JaroWinklerLevel("surname", 0.85),
            levels.CustomLevel(
                "list_contains(givens_r, split_part(surname_l, ' ', 1))", "in the other column"
            ),
            levels.ElseLevel(),
        ],
    )


def _given_names() -> comparisons.CustomComparison:
    frequent = {"tf_adjustment_column": "given1"}
    return comparisons.CustomComparison(
        output_column_name="given_names",
        comparison_levels=[
            levels.NullLevel("given_names"),
            levels.ExactMatchLevel("given_names").configure(**frequent),
            levels.ExactMatchLevel("given1").configure(**frequent),
            levels.CustomLevel("list_contains(givens_r, given1_l)", "one of the given names"),
            levels.JaroWinklerLevel("given1", 0.92),
            levels.JaroWinklerLevel("given1", 0.85),
            levels.CustomLevel("list_contains(surnames_r, given_names_l)", "in the other column"),
            levels.ElseLevel(),
        ],
    )


def _birth_date() -> comparisons.CustomComparison:
    swapped = "birth_date_l[1:4] || birth_date_l[8:10] || birth_date_l[5:7]"
    return comparisons.CustomComparison(
        output_column_name="birth_date",
        comparison_levels=[
            levels.NullLevel("birth_date"),
            levels.ExactMatchLevel("birth_date"),
            levels.CustomLevel(f"{swapped} = birth_date_r", "day and month swapped"),
            levels.DamerauLevenshteinLevel("birth_date", 1),
            levels.CustomLevel("birth_year_l = birth_year_r", "the same year"),
            levels.ElseLevel(),
        ],
    )


def _address() -> comparisons.CustomComparison:
    return comparisons.CustomComparison(
        output_column_name="address",
        comparison_levels=[
            levels.CustomLevel("home_l IS NULL AND postal_code_l IS NULL", "no address").configure(
                is_null_level=True
            ),
            levels.CustomLevel("home_l = home_r AND postal_code_l = postal_code_r", "present house"),
            levels.CustomLevel("list_contains(homes_r, home_l)", "present or former house"),
            levels.CustomLevel("postal_code_l = postal_code_r", "present postal code"),
            levels.CustomLevel("list_contains(postal_codes_r, postal_code_l)", "former postal code"),
            levels.ElseLevel(),
        ],
    )


def linker(
    con: duckdb.DuckDBPyConnection,
    register: Path,
    folder: Path,
    model: Path | None,
    *,
    from_csv: bool = False,
) -> Linker:
    """A Linker over the register and the reference, with the reference's own term frequencies.

    The reference is loaded from CSV, or read where it lies in Parquet, as far as each of Splink's queries
    needs it.
    """
    api = DuckDBAPI(connection=con)
    con.execute(f"CREATE TABLE a_register AS {register_columns(register)}")
    if from_csv:
        split = ", ".join(f"string_split({name}, '|') AS {name}" for name in LISTS)
        path = sql_text(str(folder / "reference.csv"))
        con.execute(
            f"CREATE TABLE b_reference AS SELECT * REPLACE ({split})"
            f" FROM read_csv({path}, all_varchar = true, header = true)"
        )
    else:
        path = sql_text(str(folder / "reference.parquet"))
        con.execute(f"CREATE VIEW b_reference AS SELECT * FROM read_parquet({path})")
    for column in FREQUENT:
        path = sql_text(str(folder / f"frequency-{column}.parquet"))
        con.execute(f"CREATE VIEW frequency_{column} AS SELECT * FROM read_parquet({path})")
    # l and r follow the alphabetical order of these names.
    inputs = [api.register(name) for name in ("a_register", "b_reference")]
    made = Linker(inputs, model or settings(), log_level="ERROR", validate_settings=False)
    for column in FREQUENT:
        made.table_management.register_term_frequency_lookup(api.register(f"frequency_{column}"), column)
    return made


def train(register: Path, folder: Path) -> None:
    """Train as Splink's guides advise, from unlabelled data, and save the model."""
    with duckdb.connect() as con:
        made = linker(con, register, folder, None)
        training = made.training
        certain = [block_on("given_names", "surname", "birth_date"), block_on("given1", "birth_date", "home")]
        training.estimate_probability_two_random_records_match(certain, recall=0.8)
        training.estimate_u_using_random_sampling(max_pairs=2e7, seed=1)
        for rule in (
            block_on("birth_date", "surname"),
            block_on("birth_date", "given1"),
            block_on("surname", "given1", "postal_code"),
        ):
            training.estimate_parameters_using_expectation_maximisation(rule)
        made.misc.save_model_to_json(str(folder / "model.json"), overwrite=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="prepare a reference, or train on a register")
    parser.add_argument("what", choices=["prepare", "train"])
    parser.add_argument("source", type=Path, help="the extract, or the register")
    parser.add_argument("folder", type=Path)
    args = parser.parse_args()
    {"prepare": prepare, "train": train}[args.what](args.source, args.folder)
