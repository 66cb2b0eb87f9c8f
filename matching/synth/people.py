"""Who the synthetic people are: households, members, names and codes, as SQL stages.

Ages and household sizes follow the population of Finland in rough (domain figures of Statistics Finland):
0-14 years 15 %, 65 and over 23 %, mean household 1.9; mother tongue Finnish 85 %, Swedish 5 %, other 10 %.
Rare traits come at every n-th household or person, so that a small population has them too.
"""

import duckdb

from matching.errors import InputProblems, Problem
from matching.synth.draws import Draws
from matching.synth.homes import load_rows, unit_of_household
from matching.synth.names import given_pools, surname_pools

# The oldest possible birth year; cohorts of given names are looked up by year from here.
FIRST_YEAR = 1850
# Codes of one birth date and parity: 50 individual numbers (900-999) for each separator of the century.
NUMBERS = 50
SEPARATORS = """CASE WHEN born < DATE '1900-01-01' THEN '+'
    WHEN born < DATE '2000-01-01' THEN '-YXWVU' ELSE 'ABCDEF' END"""

# Anchor's age by kind of household; w: widowed, d: dead, as the age would be now.
AGES: dict[str, list[tuple[float, float]]] = {
    "s": [(0, 18.5), (0.24, 30), (0.66, 65), (0.97, 92), (1, 101)],
    "c": [(0, 19), (0.22, 32), (0.55, 60), (0.96, 84), (1, 94)],
    "f": [(0, 21), (0.1, 28), (0.5, 38), (0.9, 48), (1, 57)],
    "p": [(0, 20), (0.1, 28), (0.5, 40), (0.9, 50), (1, 58)],
    "w": [(0, 58), (0.2, 70), (0.75, 86), (1, 101)],
    "d": [(0, 45), (0.3, 80), (0.96, 112), (1, 146)],
}


def make_people(con: duckdb.DuckDBPyConnection, draws: Draws, persons: int, as_of: str) -> None:
    """Make tables household, person, code (present and former ones) for `persons` persons."""
    _load_names(con)
    con.execute(f"CREATE TABLE household AS {_households(draws, persons, as_of)}")
    con.execute(f"CREATE TABLE member AS {_members(draws, persons, as_of)}")
    con.execute(f"CREATE TABLE surnames AS {_surnames(draws)}")
    con.execute(f"CREATE TABLE code_slot AS {_code_slots(draws)}")
    _refuse_crowded_days(con)
    con.execute(f"CREATE TABLE code AS {_codes()}")
    con.execute("DROP TABLE code_slot")


def households_for(persons: int) -> int:
    """An upper bound of the households that `persons` persons need; the mean size is 1.9."""
    return int(persons / 1.6) + 50


def _load_names(con: duckdb.DuckDBPyConnection) -> None:
    """Names numbered through all pools; given_pool tells where a language's, sex's and year's names start."""
    years: list[tuple[str, str, int, int, int]] = []
    names: list[tuple[str]] = []
    first_year: dict[tuple[str, str], int] = {}
    for (language, sex, last_year), pool in given_pools().items():
        first = first_year.get((language, sex), FIRST_YEAR)
        years += [(language, sex, year, len(names), len(pool)) for year in range(first, last_year + 1)]
        names += [(name,) for name in pool]
        first_year[language, sex] = last_year + 1
    load_rows(con, "given_pool", "n, language, sex, year, start, size", years)
    load_rows(con, "given_name", "n, name", names)
    load_rows(con, "surname", "n, man, woman", [form for pool in surname_pools().values() for form in pool])


def _households(draws: Draws, persons: int, as_of: str) -> str:
    """Kind, language, anchor and size of each household, until all persons are placed."""
    ages = " ".join(f"WHEN '{kind}' THEN {draws.curve('age', 'h', curve)}" for kind, curve in AGES.items())
    children = f"[1, 1, 1, 2, 2, 2, 2, 3, 3, 4][1 + {draws.integer('children', 'h', 10)}]"
    return f"""
        SELECT *, (sum(members) OVER (ORDER BY h) - members)::BIGINT AS first_person,
            kind IN ('c', 'f', 'w') AND (kind = 'w' OR {draws.uniform("married", "h")} <
                CASE WHEN age < 30 THEN 0.35 ELSE 0.74 END) AS married,
            {draws.integer("moved", "h", 10000)} AS moved_draw
        FROM (
            SELECT *, CASE kind WHEN 's' THEN 1 WHEN 'd' THEN 1 WHEN 'c' THEN 2 WHEN 'w' THEN 2
                    WHEN 'f' THEN 2 + {children} ELSE 1 + least({children}, 3) END AS members,
                CASE kind WHEN 'f' THEN '2' WHEN 'c' THEN '2'
                    WHEN 'p' THEN if({draws.chance("sex of anchor", "h", 0.86)}, '2', '1')
                    WHEN 'w' THEN if({draws.chance("sex of anchor", "h", 0.8)}, '2', '1')
                    ELSE if({draws.uniform("sex of anchor", "h")} < if(age > 70, 0.62, 0.45), '2', '1')
                END AS anchor_sex,
                {_partner_language(draws)} AS partner_language
            FROM (
                SELECT h, kind, unit, place, language,
                    CASE kind {ages} END - CASE WHEN language NOT IN ('fi', 'sv') AND kind IN ('s', 'c')
                        AND {draws.curve("age", "h", [(0, 0), (1, 1)])} > 0.6 THEN 27 ELSE 0 END AS age,
                    h % 33 = 7 AND kind IN ('s', 'c', 'f', 'p') AS abroad,
                    CASE WHEN h % 700 = 5 AND kind = 's' THEN '5' WHEN h % 90 = 31 AND kind = 's'
                        AND language NOT IN ('fi', 'sv') THEN '9' END AS gone
                FROM ({_household_kinds(draws, persons)})
            )
        )
        QUALIFY first_person < {persons}
    """


def _household_kinds(draws: Draws, persons: int) -> str:
    """Kind, dwelling and language of each household; a place has its own share of languages."""
    groups = ["ru"] * 6 + ["et"] * 3 + ["ar"] * 6 + ["as"] * 4 + ["we"] * 4
    return f"""
        SELECT h, unit, place, CASE WHEN u < 0.42 THEN 's' WHEN u < 0.76 THEN 'c' WHEN u < 0.87 THEN 'f'
                WHEN u < 0.915 THEN 'p' WHEN u < 0.97 THEN 'w' ELSE 'd' END AS kind,
            CASE WHEN v < swedish * 0.0092 THEN 'sv' WHEN v >= 1 - other * 0.0092
                THEN {draws.one_of("foreign language", "h", groups)} ELSE 'fi' END AS language
        FROM (SELECT h, {unit_of_household("h")} AS unit, {draws.uniform("kind", "h")} AS u,
                {draws.uniform("language", "h")} AS v FROM range({households_for(persons)}) AS range(h))
        JOIN dwelling USING (unit) JOIN building USING (b) JOIN place USING (place)
    """


def _partner_language(draws: Draws) -> str:
    mixed = "CASE language WHEN 'fi' THEN 0.0 WHEN 'sv' THEN 0.25 ELSE 0.2 END"
    return f"if({draws.uniform('partner language', 'h')} < {mixed}, 'fi', language)"


def _members(draws: Draws, persons: int, as_of: str) -> str:
    """One row a person: role a (anchor), b (partner) or c (child), sex, birth and death dates."""
    # Children fill slots between the oldest and youngest they may be: the mother gave birth at 18 to 45.
    oldest, youngest = "least(20.9, age - 18.1)", "greatest(0.01, age - 44.9)"
    adults = "if(kind = 'f', 2, 1)"
    child_age = (
        f"{youngest} + ({oldest} - {youngest})"
        f" * (i - {adults} + 0.1 + 0.7 * {draws.uniform('child age', 'p')}) / (members - {adults})"
    )
    spread = " + ".join(draws.uniform(f"partner age {n}", "p") for n in range(3))
    other_sex = f"if({draws.chance('same sex', 'h', 0.007)}, anchor_sex, if(anchor_sex = '2', '1', '2'))"
    difference = f"if(anchor_sex = '2', 2, -2) + ({spread} - 1.5) * 6"
    partner_age = (
        f"if(age + {difference} < 18.5, age + {draws.uniform('partner age', 'p')}, age + {difference})"
    )
    u = draws.uniform("death", "p")
    dead_for = f"greatest(years - 96 - 8 * {u}, {u} * if(kind = 'd', 40, 15))"
    return f"""
        SELECT h, p, role, sex, born, language,
            if(dead, greatest(DATE '{as_of}' - ({dead_for} * 365.2425)::INTEGER, born + 1), NULL) AS died
        FROM (
            SELECT *, DATE '{as_of}' - greatest(1, (years * 365.2425)::INTEGER) AS born,
                (kind = 'd' AND role = 'a') OR (kind = 'w' AND role = 'b') AS dead
            FROM (
                SELECT h, first_person + i AS p, kind, if(role = 'b', partner_language, language)
                    AS language, role,
                    CASE role WHEN 'a' THEN anchor_sex WHEN 'b' THEN {other_sex}
                        ELSE if({draws.chance("sex of child", "p", 0.512)}, '1', '2') END AS sex,
                    CASE role WHEN 'a' THEN age WHEN 'b' THEN {partner_age} ELSE {child_age} END AS years
                FROM (
                    SELECT *, first_person + i AS p, CASE WHEN i = 0 THEN 'a'
                        WHEN i = 1 AND kind IN ('c', 'f', 'w') THEN 'b' ELSE 'c' END AS role
                    FROM (SELECT *, unnest(range(members)) AS i FROM household)
                )
                WHERE first_person + i < {persons}
            )
        )
    """


def _surnames(draws: Draws) -> str:
    """The family's surname, the anchor's own and an earlier one, each as [man's form, woman's form]."""
    drawn = {"family": "partner_language", "own": "language", "earlier": "language"}
    numbers = ", ".join(
        f"{_surname_number(draws, name, language)} AS {name}_n" for name, language in drawn.items()
    )
    joins = " ".join(f"JOIN surname AS {name} ON {name}.n = {name}_n" for name in drawn)
    u = draws.uniform("married name", "h")
    return f"""
        SELECT h, [family.man, family.woman] AS family, [own.man, own.woman] AS own,
            [earlier.man, earlier.woman] AS earlier,
            CASE WHEN NOT married THEN 'none' WHEN {u} < 0.76 THEN 'his' WHEN {u} < 0.88 THEN 'kept'
                WHEN {u} < 0.96 AND NOT regexp_matches(family.man || own.man, '[- ]') THEN 'double'
                ELSE 'hers' END AS choice
        FROM (SELECT h, married, {numbers} FROM household) {joins}
    """


def _surname_number(draws: Draws, name: str, language: str) -> str:
    """SQL: the number of a drawn surname; some Finnish speakers have a Swedish one, and the reverse."""
    crossed = f"CASE {language} WHEN 'fi' THEN 0.06 WHEN 'sv' THEN 0.2 ELSE 0 END"
    other = f"if({language} = 'fi', 'sv', 'fi')"
    cases, start = "", 0
    for key, pool in surname_pools().items():
        cases += f" WHEN '{key}' THEN {start} + {draws.rank(name, 'h', len(pool), 40)}"
        start += len(pool)
    return f"CASE if({draws.uniform(name + ' pool', 'h')} < {crossed}, {other}, {language}){cases} END"


def _code_slots(draws: Draws) -> str:
    """A slot among the codes of its birth date and parity for every present and former code.

    About one person in 1,900 had another code before: with another birth date, the other parity or neither.
    """
    capacity = f"if(born < DATE '1900-01-01', 1, 6) * {NUMBERS}"
    parity = f"if({draws.chance('odd parity', 'p', 0.0005)}, sex = '2', sex = '1')::INTEGER"
    return f"""
        SELECT *, row_number() OVER (PARTITION BY born, odd ORDER BY nth, p)
            - 1 AS place, {capacity} AS capacity
        FROM (
            SELECT p, 0 AS nth, born, {parity} AS odd FROM member WHERE p % 2003 <> 11
            UNION ALL
            SELECT p, 1, if(p % 3 = 0, born - 1 - {
        draws.integer("wrong birth date", "p", 40)
    }::INTEGER, born),
                if(p % 3 = 1, 1 - {parity}, {parity}) FROM member WHERE p % 1900 = 42
            UNION ALL
            SELECT p, 2, born, {parity} FROM member WHERE p % 19000 = 42
        )
    """


def _refuse_crowded_days(con: duckdb.DuckDBPyConnection) -> None:
    if con.execute("SELECT bool_or(place >= capacity) FROM code_slot").fetchone() == (True,):
        text = "more persons are born on one day than there are artificial codes; ask for fewer persons"
        raise InputProblems([Problem("too_many_persons", text)])


def _codes() -> str:
    """The code of each slot. The step 77 has no common factor with the capacity, so slots stay distinct."""
    number = "format('{:03d}', 900 + 2 * (slot % 50) + odd)"
    return f"""
        SELECT p, nth, day || substr({SEPARATORS}, (slot // {NUMBERS})::INTEGER + 1, 1) || number
            || substr('0123456789ABCDEFHJKLMNPRSTUVWXY', ((day || number)::INTEGER % 31) + 1, 1) AS code
        FROM (SELECT *, strftime(born, '%d%m%y') AS day, {number} AS number
            FROM (SELECT *, (place * 77 + epoch(born)::BIGINT // 86400 * 131 + 13100000)
                % capacity AS slot FROM code_slot))
    """
