"""Prepared tables of buildings and real estate: made once at build, so that a match reads only what it needs.

building_subject.parquet, real_estate_subject.parquet   pid and the columns of the extract
building_code.parquet      code, pid, former: every permanent identifier, and legacy ones as former codes
building_place.parquet     pid, where the building stands as keys: a row for each language of its street
real_estate_code.parquet   code, pid, gone_on (NULL while the unit lives), name and municipality as keys
real_estate_heir.parquet   pid, left_on, hop, heir, gone_on: what a unit was merged into, however often
place_name.parquet         name, code: what a municipality is called, or its number, and the one it is today

`pid` numbers the buildings, or the units, of one version and means nothing in another.
"""

from pathlib import Path

import duckdb

from matching import identifiers, normalise, street
from matching.store.extract import PARQUET_OUT
from matching.store.schema import SCHEMA

MADE_OF = ("building", "real_estate", "municipality")  # a version in which none changed keeps the tables

MOST_HOPS = 32  # mergers, one after another; more of them, or a circle, is an error of the extract
ALWAYS = "DATE '0001-01-01'"  # a unit that names its successor and no day is gone on every day


def stages() -> dict[str, str]:
    """Every prepared table by its name, in order; a later one may need those before it."""
    return {
        "place_name": place_names(),
        "building_subject": numbered("building"),
        "building_code": building_codes(),
        "building_place": building_places(),
        "real_estate_subject": numbered("real_estate"),
        "real_estate_code": real_estate_codes(),
        "real_estate_heir": heirs(),
    }


def prepare_properties(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write the prepared Parquet files of the extract whose tables `con` holds into `folder`."""
    for name, query in stages().items():
        path = folder / f"{name}.parquet"
        con.execute(f"COPY ({query}) TO ? ({PARQUET_OUT})", [str(path)])
        con.execute(f"CREATE TEMP TABLE {name} AS SELECT * FROM read_parquet(?)", [str(path)])
    for name in TABLES:
        con.execute(f"DROP TABLE {name}")


def numbered(table: str) -> str:
    """Stage: the rows of a table with their pid."""
    columns = ", ".join(f'"{name}"' for name in SCHEMA[table])
    return f"SELECT (row_number() OVER ())::INTEGER AS pid, {columns} FROM {table}"


def place_key(text: str) -> str:
    """SQL: a municipality's number with its zeros, or its name folded."""
    return (
        f"CASE WHEN regexp_full_match(trim({text}), '[0-9]{{1,3}}') THEN lpad(trim({text}), 3, '0')"
        f" ELSE nullif({normalise.fold(text)}, '') END"
    )


def place_names() -> str:
    """Stage: municipalities by name and number, abolished ones too; of two of one name the living."""
    return f"""
        WITH RECURSIVE chain AS (
            SELECT code, code AS heir, 0 AS hop FROM municipality
            UNION ALL
            SELECT c.code, m.successor_code, c.hop + 1 FROM chain c JOIN municipality m ON m.code = c.heir
            WHERE m.successor_code <> '' AND c.hop < {MOST_HOPS}),
        today AS (SELECT code, arg_max(heir, hop) AS heir FROM chain GROUP BY code),
        named AS (
            SELECT code AS name, code FROM municipality
            UNION ALL SELECT {normalise.fold("name_fi")}, code FROM municipality
            UNION ALL SELECT {normalise.fold("name_sv")}, code FROM municipality)
        SELECT n.name, arg_min(t.heir, (CASE WHEN t.heir = t.code THEN '0' ELSE '1' END) || t.code) AS code
        FROM named n JOIN today t USING (code) WHERE n.name <> '' GROUP BY n.name ORDER BY n.name"""


def building_codes() -> str:
    """Stage: every identifier that is a single building's."""
    plain = identifiers.normalise_hetu_sql
    return f"""
        WITH plain AS (
            SELECT pid, {plain("building_id")} AS code, {plain("legacy_id")} AS legacy FROM building_subject),
        codes AS (
            SELECT code, pid, false AS former FROM plain
            UNION ALL
            SELECT {identifiers.legacy_building_sql("legacy")}, pid, code <> '' FROM plain
            WHERE legacy <> '')
        SELECT code, min(pid) AS pid, coalesce(bool_or(former), false) AS former
        FROM codes WHERE code <> '' GROUP BY code HAVING min(pid) = max(pid) ORDER BY code"""


def building_places() -> str:
    """Stage: each building's street and number in both languages, and the areas in which it may be sought."""
    forms = f"""SELECT text, {normalise.fold("text")} AS form FROM (
        SELECT street_fi AS text FROM building_subject UNION SELECT street_sv FROM building_subject
        UNION SELECT house_number FROM building_subject UNION SELECT post_office_fi FROM building_subject
        UNION SELECT post_office_sv FROM building_subject) WHERE text IS NOT NULL"""
    keys = f"SELECT text, form, {street_key(street.street_form('form'))} AS street FROM forms"
    return f"""
        WITH forms AS ({forms}), keys AS ({keys}), plain AS (
            SELECT *, {identifiers.normalise_hetu_sql("building_id")} AS own,
                   {identifiers.normalise_hetu_sql("real_estate_id")} AS unit FROM building_subject),
        numbers AS (SELECT text, {street.number_form("form")} AS number FROM forms),
        streets AS (
            SELECT pid, street_fi AS text FROM building_subject
            UNION ALL SELECT pid, coalesce(nullif(street_sv, ''), street_fi) FROM building_subject)
        SELECT DISTINCT b.pid, b.own AS building_id, {identifiers.real_estate_sql("b.unit")} AS estate,
               k.street, coalesce(n.number, '') AS number,
               b.postal_code, coalesce(p.code, b.municipality) AS municipality,
               f.form AS office_fi, s.form AS office_sv
        FROM plain b JOIN streets t ON t.pid = b.pid
        LEFT JOIN keys k ON k.text = t.text LEFT JOIN numbers n ON n.text = b.house_number
        LEFT JOIN place_name p ON p.name = b.municipality
        LEFT JOIN forms f ON f.text = b.post_office_fi LEFT JOIN forms s ON s.text = b.post_office_sv
        ORDER BY b.pid, k.street"""


def street_key(form: str) -> str:
    """SQL: a street's form as a key: `Turun tie` is `Turuntie`."""
    return f"nullif(replace({form}, ' ', ''), '')"


def real_estate_codes() -> str:
    """Stage: every unit by its code, where the code is a single unit's."""
    gone = f"CASE WHEN r.ended_on IS NOT NULL THEN r.ended_on WHEN r.successor_id <> '' THEN {ALWAYS} END"
    return f"""
        WITH plain AS (
            SELECT *, {identifiers.normalise_hetu_sql("real_estate_id")} AS own FROM real_estate_subject),
        names AS (
            SELECT name AS text, {normalise.fold("name")} AS form
            FROM (SELECT DISTINCT name FROM real_estate_subject WHERE name IS NOT NULL)),
        units AS (
            SELECT coalesce({identifiers.real_estate_sql("r.own")}, r.own) AS code, r.pid, {gone} AS gone_on,
                   nullif(n.form, '') AS name, coalesce(p.code, r.municipality) AS municipality
            FROM plain r LEFT JOIN names n ON n.text = r.name
            LEFT JOIN place_name p ON p.name = r.municipality)
        SELECT * FROM units
        SEMI JOIN (SELECT code FROM units WHERE code <> '' GROUP BY code HAVING count(*) = 1) USING (code)
        ORDER BY code"""


def heirs() -> str:
    """Stage: for each unit that has a successor, all of them in turn."""
    return f"""
        WITH RECURSIVE next AS ({_next_units(_plain_units("real_estate_subject", "pid"))}), chain AS (
            SELECT pid, heir, 1 AS hop FROM next
            UNION ALL
            SELECT c.pid, n.heir, c.hop + 1 FROM chain c JOIN next n ON n.pid = c.heir
            WHERE c.hop < {MOST_HOPS})
        SELECT c.pid, o.gone_on AS left_on, c.hop, c.heir, k.gone_on
        FROM chain c JOIN real_estate_code o ON o.pid = c.pid JOIN real_estate_code k ON k.pid = c.heir
        ORDER BY c.pid, c.hop"""


def _next_units(units: str) -> str:
    """SQL: pid and heir of each of `units` (pid, own, next: normalised codes) whose successor is there."""
    return f"""SELECT u.pid, s.pid AS heir FROM {units} u JOIN {units} s
        ON {_form("s.own")} = {_form("u.next")} WHERE u.next <> ''"""


def _plain_units(table: str, pid: str) -> str:
    """SQL: the units of a table with their codes and successors normalised."""
    plain = identifiers.normalise_hetu_sql
    return f"""(SELECT {pid} AS pid, {plain("real_estate_id")} AS own, {plain("successor_id")} AS next
        FROM {table})"""


def _form(code: str) -> str:
    """SQL: a normalised code as 14 digits where it is one."""
    return f"coalesce({identifiers.real_estate_sql(code)}, {code})"


def endless_successors() -> str:
    """SQL over `real_estate`: true where a unit's successors lead in a circle, or never end."""
    units = _plain_units("real_estate", "real_estate_id")
    return f"""real_estate_id IN (
        WITH RECURSIVE next AS ({_next_units(units)}), chain AS (
            SELECT pid, heir, 1 AS hop FROM next
            UNION ALL
            SELECT c.pid, n.heir, c.hop + 1 FROM chain c JOIN next n ON n.pid = c.heir
            WHERE c.hop <= {MOST_HOPS})
        SELECT pid FROM chain WHERE hop > {MOST_HOPS})"""


TABLES = tuple(stages())
