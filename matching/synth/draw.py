"""Draw a customer's register from a population extract: out of date and with errors, or clean.

Stages: people (who can be drawn) → slot (one for each entry of the register, outsiders first) → entry (what
the customer once wrote down) → line (the rows, some entries twice) → the file.
"""

import os
import shutil
import tempfile
from datetime import date
from pathlib import Path

import duckdb

from matching.connect import connect
from matching.errors import InputProblems, Problem
from matching.store import extract as extracts
from matching.store.extract import sql_text
from matching.synth.draw_errors import with_errors
from matching.synth.draws import Draws

OUTSIDERS = 0.02
TWICE = 0.02
WITHOUT_ID = 0.05
# An entry is as old as its last update, six years at most; half of them less than a year and a half.
OLDEST_DAYS = 2200
NO_DAY = "DATE '9999-12-31'"


def draw_register(
    output: Path,
    extract: Path,
    rows: int,
    *,
    seed: int = 1,
    without_id: float | None = None,
    clean: bool = False,
    threads: int | None = None,
    memory: str | None = None,
) -> None:
    """Write a register of `rows` rows, drawn from the extract, to `output` as CSV; whole or not at all.

    `without_id` is the share of rows without a code (5 % by default, none where `clean`). A clean register
    has living persons of the extract with their present code, names and address. Raises InputProblems.
    """
    if without_id is None:
        without_id = 0.0 if clean else WITHOUT_ID
    if rows < 1 or not 0 <= without_id <= 1:
        text = "the number of rows must be at least 1, and the share without a code from 0 to 1"
        raise InputProblems([Problem("bad_size", text)])
    work = Path(tempfile.mkdtemp(dir=output.parent, prefix=f".{output.name}-"))
    try:
        with connect(threads=threads, memory=memory, temp=work / "temp") as con:
            as_of = _name_tables(con, extract)
            draws = Draws(seed)
            _make_entries(con, draws, rows, as_of, clean=clean)
            lines = _lines(draws, rows, without_id, clean=clean)
            part = work / "register.csv"
            con.execute(f"COPY ({lines}) TO {sql_text(str(part))} (FORMAT csv, HEADER, DELIMITER ',')")
        os.replace(part, output)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _name_tables(con: duckdb.DuckDBPyConnection, folder: Path) -> date:
    """Name the extract's files as views; return the day that it shows."""
    extract = extracts.check_folder(folder, con)
    for table in ("person", "former_hetu", "former_name", "address"):
        con.execute(f"CREATE VIEW {table} AS {extracts.typed_select(extract, table)}")
    return extract.note.as_of or date.today()


def _make_entries(
    con: duckdb.DuckDBPyConnection, draws: Draws, rows: int, as_of: date, *, clean: bool
) -> None:
    """Make table entry: one row for each that the customer has, as it was when last updated."""
    entries = rows if clean else rows - round(rows * TWICE)
    outsiders = 0 if clean else round(entries * OUTSIDERS)
    con.execute(f"CREATE TABLE people AS {_people(draws, clean=clean)}")
    found = con.execute("SELECT count(*) FROM people").fetchall()[0][0]
    if not found:
        raise InputProblems([Problem("nobody_to_draw", "the extract has nobody who could be drawn")])
    con.execute(f"CREATE TABLE slot AS {_slots(draws, entries, outsiders, found, as_of)}")
    con.execute(f"CREATE TABLE seen_address AS {_addresses(clean)}")
    con.execute(f"CREATE TABLE seen_name AS {_surnames()}")
    con.execute(f"CREATE TABLE outsider_code AS {_outsider_codes(draws)}")
    con.execute(f"CREATE TABLE entry AS {_entries(draws, clean)}")


def _people(draws: Draws, *, clean: bool) -> str:
    """Persons in drawing order. Few of the dead are left in a customer's register, none in a clean one."""
    kept = (
        "hetu IS NOT NULL AND death_date IS NULL"
        if clean
        else f"death_date IS NULL OR {draws.chance('dead but kept', 'p', 0.25)}"
    )
    return f"""
        SELECT row_number() OVER (ORDER BY {draws.bits("order", "p")}, p) - 1 AS turn, *
        FROM (SELECT row_number() OVER () AS p, person_id, hetu, surname, given_names, birth_date, death_date,
            mother_tongue FROM person)
        WHERE {kept}
    """


def _slots(draws: Draws, entries: int, outsiders: int, found: int, as_of: date) -> str:
    """Who is in each entry and when it was last updated. An outsider mixes three persons' data."""
    return f"""
        SELECT slot, slot < {outsiders} AS outside, people.* EXCLUDE (p, turn),
            DATE '{as_of.isoformat()}' - (pow({draws.uniform("age", "slot")}, 2) * {OLDEST_DAYS})
                ::INTEGER AS seen_on,
            if(slot < {outsiders}, {draws.integer("given names of", "slot", found)}, NULL) AS given_turn,
            if(slot < {outsiders}, {draws.integer("birth date of", "slot", found)}, NULL) AS birth_turn
        FROM range({entries}) AS range(slot)
            JOIN people ON turn = ((slot - {outsiders}) % {found} + {found}) % {found}
    """


def _addresses(clean: bool) -> str:
    """Each entry's address on the day of its last update; the present one if clean or none is known."""
    day = NO_DAY if clean else "seen_on"
    then = f"address.from_date <= {day} AND coalesce(to_date, {NO_DAY}) > {day}"
    current = "kind IN ('permanent', 'permanent_abroad')"
    return f"""
        SELECT slot, mother_tongue = 'sv' AND street_sv IS NOT NULL AS swedish,
            concat_ws(' ', if(swedish, street_sv, street_fi), house_number, stair,
                nullif(concat(dwelling, letter), '')) AS street, postal_code,
            if(swedish, post_office_sv, post_office_fi) AS post_office
        FROM slot JOIN address USING (person_id)
        WHERE kind IN ('permanent', 'permanent_abroad', 'former')
        QUALIFY row_number() OVER (PARTITION BY slot ORDER BY {then if not clean else current} DESC,
            {current} DESC,
            from_date DESC, street_fi, house_number, dwelling) = 1
    """


def _surnames() -> str:
    """Former surnames that were present ones when the entry was last updated."""
    return """
        SELECT slot, min_by(name, (to_date, name)) AS name
        FROM slot JOIN former_name USING (person_id)
        WHERE kind = '05' AND to_date > seen_on GROUP BY slot
    """


def _outsider_codes(draws: Draws) -> str:
    """A valid artificial code for each outsider that nobody in the extract has or had."""
    number = f"900 + {draws.integer('outsider number', 'slot * 1000 + attempt', 100)}"
    separators = "if(year(born) < 1900, '+', if(year(born) < 2000, '-YXWVU', 'ABCDEF'))"
    which = f"1 + {draws.integer('outsider separator', 'slot * 1000 + attempt', 'length(separators)')}"
    check = "substr('0123456789ABCDEFHJKLMNPRSTUVWXY', ((day || number)::INTEGER % 31) + 1, 1)"
    return f"""
        SELECT slot, min_by(code, attempt) AS code FROM (
            SELECT slot, attempt, day || substr(separators, {which}, 1) || number || {check} AS code
            FROM (SELECT slot, attempt, strftime(born, '%d%m%y') AS day, {separators} AS separators,
                    ({number})::VARCHAR AS number
                FROM (SELECT slot, people.birth_date AS born FROM slot JOIN people ON turn = birth_turn)
                CROSS JOIN range(20) AS range(attempt))
        )
        WHERE code NOT IN (SELECT hetu FROM person WHERE hetu IS NOT NULL)
            AND code NOT IN (SELECT hetu FROM former_hetu WHERE hetu IS NOT NULL)
        GROUP BY slot
    """


def _entries(draws: Draws, clean: bool) -> str:
    """What the customer has of each: an outsider's made-up data, or a person's data of that day."""
    former = f"seen_code.hetu IS NOT NULL AND {draws.chance('former code', 'slot', 0.5)}"
    hetu = "slot.hetu" if clean else f"if({former}, seen_code.hetu, slot.hetu)"
    surname = "slot.surname" if clean else "coalesce(seen_name.name, slot.surname)"
    return f"""
        SELECT slot, if(outside, NULL, slot.person_id) AS truth, if(outside, code, {hetu}) AS hetu,
            {surname} AS surname,
            if(outside, namesake.given_names, slot.given_names) AS given_names,
            if(outside, peer.birth_date, slot.birth_date) AS birth_date, street, postal_code, post_office
        FROM slot LEFT JOIN seen_address USING (slot) LEFT JOIN seen_name USING (slot)
            LEFT JOIN outsider_code USING (slot)
            LEFT JOIN people AS namesake ON namesake.turn = given_turn
                LEFT JOIN people AS peer ON peer.turn = birth_turn
            LEFT JOIN (SELECT person_id, min_by(hetu, (ended_on, hetu))
                AS hetu FROM former_hetu GROUP BY person_id)
                AS seen_code ON seen_code.person_id = slot.person_id
    """


def _lines(draws: Draws, rows: int, without_id: float, *, clean: bool) -> str:
    """The rows of the file: every entry once, some twice, shuffled, each row with its own errors."""
    order, again = draws.bits("row order", "line"), draws.integer("again", "line", "entries")
    lines = f"""
        SELECT truth, line, if({draws.chance("without id", "line", without_id)}, NULL, hetu) AS hetu, surname,
            given_names, birth_date, street, postal_code, post_office
        FROM (SELECT line, if(line < entries, line, {again}) AS slot
            FROM range({rows}) AS range(line), (SELECT count(*) AS entries FROM entry))
        JOIN entry USING (slot)
    """
    if clean:
        lines = f"SELECT * REPLACE (strftime(birth_date, '%d.%m.%Y') AS birth_date) FROM ({lines})"
    else:
        lines = with_errors(draws, lines, "line")
    return f"""
        SELECT truth, row_number() OVER (ORDER BY {order}, line) AS row_id, * EXCLUDE (truth, line)
        FROM ({lines}) ORDER BY row_id
    """
