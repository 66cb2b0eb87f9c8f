"""Prepared tables of a store version: made once at build, so that a match reads only what it needs.

code.parquet     code, pid, former, surname, birth_date: every present and former code, by code
subject.parquet  one wide row a person: each value that can be disclosed, ready
trait.parquet, key.parquet, sound.parquet, frequency.parquet, crowded.parquet: see matching.store.traits
the tables of buildings and real estate: see matching.store.property_tables

`pid` numbers the persons of one version and means nothing in another. `person` columns come from
matching.store.extract; an address is chosen by domain rule 18.
"""

from pathlib import Path

import duckdb

from matching import normalise
from matching.store import traits

PREPARATION = 7
OUT = "FORMAT parquet, COMPRESSION lz4_raw"  # read at each match, so what reads fastest

# Rule 18.
BEST_ORDER = (
    "permanent",
    "permanent_abroad",
    "postal",
    "postal_abroad",
    "temporary",
    "temporary_abroad",
)

# Kinds of former names (VTJ): 05 former surname, 07 surname when last unmarried. 10 to 13 are corrections.
FORMER_SURNAME_KINDS = ("05", "07")

ADDRESS_VALUES = (
    *(
        "street",
        "street_other",
        "postal_code",
        "post_office",
        "post_office_other",
        "country",
        "address_kind",
    ),
    *("temporary_address", "postal_address", "contact_address"),
)


# An address's rank among a person's: its kind by rule 18, then the newest, then a number of its own.
_DAYS = 10_000_000
_BITS = 36


def prepare(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write the prepared Parquet files of the extract whose tables `con` holds into `folder`."""
    con.execute(
        "CREATE TEMP TABLE numbered AS SELECT (row_number() OVER ())::INTEGER AS pid, person_id FROM person"
    )
    con.execute(f"CREATE TEMP TABLE addresses AS {addresses('address', 'numbered')}")
    con.execute(f"CREATE TEMP TABLE chosen AS {chosen_addresses('addresses', 'current_date')}")
    _write(con, subjects(), folder / "subject.parquet")
    con.execute("DROP TABLE chosen; DROP TABLE addresses")
    _write(con, codes(), folder / "code.parquet")
    for name, query in traits.stages().items():
        con.execute(f"CREATE TEMP TABLE {name} AS {query}")
    for name in traits.KEPT:
        _write(con, f"SELECT * FROM {name}", folder / f"{name}.parquet")
    for name in ("numbered", *traits.stages()):
        con.execute(f"DROP TABLE {name}")


def _write(con: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    con.execute(
        f"COPY ({query}) TO ? ({OUT})",
        [str(path)],
    )


def addresses(address: str, persons: str) -> str:
    """Stage: the dated addresses of `persons` (pid, person_id), each by its `place`.

    `rank`: the less, the better it is for the person; equal kinds of one day in an order of their own, so
    that it is the same one that is chosen wherever they stand in the table.
    """
    ranks = " ".join(f"WHEN '{kind}' THEN {rank}" for rank, kind in enumerate((*BEST_ORDER, "contact")))
    unit = ", ".join(("a.street_fi", "a.street_sv", *_UNIT))
    rest = "a.postal_code, a.post_office_fi, a.post_office_sv, a.country"
    newest = "5000000 - coalesce(date_diff('day', DATE '1970-01-01', a.from_date), -1000000)"
    line = normalise.street_line
    return f"""
        SELECT p.pid, a.kind, a.from_date, a.to_date, row_number() OVER () AS place,
               ((CASE a.kind {ranks} END * {_DAYS} + {newest}) << {_BITS})
                   + CAST(hash({unit}, {rest}) >> {64 - _BITS} AS BIGINT) AS rank,
               {line("coalesce(nullif(a.street_fi, ''), a.street_sv)", *_UNIT)} AS street,
               {line("coalesce(nullif(a.street_sv, ''), a.street_fi)", *_UNIT)} AS street_other,
               a.postal_code,
               coalesce(nullif(a.post_office_fi, ''), a.post_office_sv) AS post_office,
               coalesce(nullif(a.post_office_sv, ''), a.post_office_fi) AS post_office_other,
               a.country
        FROM {address} a JOIN {persons} p USING (person_id)
        WHERE a.kind <> 'former'"""


_UNIT = ("a.house_number", "a.stair", "a.dwelling", "a.letter")


def chosen_addresses(dated: str, day: str) -> str:
    """Stage: for each pid the places of the addresses that hold on `day`, and the days between which they do.

    Both ends of an address's days belong to it; an open end is NULL.
    """
    valid = f"(from_date IS NULL OR from_date <= {day}) AND (to_date IS NULL OR to_date >= {day})"
    ended = "to_date + INTERVAL 1 DAY"

    def first(*kinds: str) -> str:
        return (
            f"arg_min(place, rank) FILTER ({valid} AND kind IN ({', '.join(repr(kind) for kind in kinds)}))"
        )

    return f"""
        SELECT pid, {first(*BEST_ORDER)} AS best, {first("temporary", "temporary_abroad")} AS temporary,
               {first("postal", "postal_abroad")} AS postal, {first("contact", "")} AS contact,
               CAST(greatest(max(from_date) FILTER (from_date <= {day}),
                             max({ended}) FILTER ({ended} <= {day})) AS DATE) AS holds_from,
               CAST(least(min(from_date) FILTER (from_date > {day}),
                          min({ended}) FILTER ({ended} > {day})) - INTERVAL 1 DAY AS DATE) AS holds_until
        FROM {dated} GROUP BY pid"""


def address_values(dated: str, chosen: str) -> str:
    """Stage: the values of the chosen addresses, one row for each pid of `chosen`."""

    def of(*kinds: str) -> str:
        # Few have such an address: a small table is joined.
        return f"SELECT * FROM {dated} WHERE kind IN ({', '.join(repr(kind) for kind in kinds)})"

    def line(alias: str) -> str:
        parts = (f"{alias}.{name}" for name in ("street", "postal_code", "post_office", "country"))
        return normalise.address_line(*parts)

    return f"""
        SELECT c.pid, b.street, b.street_other, b.postal_code, b.post_office, b.post_office_other, b.country,
               b.kind AS address_kind, {line("t")} AS temporary_address, {line("o")} AS postal_address,
               {line("k")} AS contact_address, c.holds_from, c.holds_until
        FROM {chosen} c
        LEFT JOIN {dated} b ON b.place = c.best
        LEFT JOIN ({of("temporary", "temporary_abroad")}) t ON t.place = c.temporary
        LEFT JOIN ({of("postal", "postal_abroad")}) o ON o.place = c.postal
        LEFT JOIN ({of("contact")}) k ON k.place = c.contact"""


def subjects() -> str:
    """Stage: the wide row of each person."""
    kinds = ", ".join(f"'{kind}'" for kind in FORMER_SURNAME_KINDS)
    return f"""
        WITH former AS (
            SELECT person_id, string_agg(name, ';' ORDER BY ended DESC NULLS LAST, name) AS former_surnames
            FROM (SELECT person_id, name, max(to_date) AS ended FROM former_name
                  WHERE kind IN ({kinds}) AND name <> '' GROUP BY person_id, name)
            GROUP BY person_id),
        located AS ({address_values("addresses", "chosen")})
        SELECT n.pid, p.person_id, p.hetu, p.surname, p.given_names, p.call_name, f.former_surnames, p.sex,
               p.birth_date, p.death_date, p.municipality, p.municipality_since, p.mother_tongue,
               p.marital_status, p.citizenships, p.absence_code AS absence, p.moved_on, p.protected_until,
               l.holds_from, l.holds_until, {", ".join(f"l.{name}" for name in ADDRESS_VALUES)}
        FROM person p JOIN numbered n USING (person_id)
        LEFT JOIN former f USING (person_id) LEFT JOIN located l USING (pid)"""


def codes() -> str:
    """Stage: every present code, and each former one that was a single person's (one hop, domain rule 5)."""
    return """
        SELECT hetu AS code, pid, false AS former, surname, birth_date
        FROM person JOIN numbered USING (person_id) WHERE hetu <> ''
        UNION ALL
        SELECT o.hetu, n.pid, true, p.surname, p.birth_date
        FROM (SELECT hetu, min(person_id) AS person_id FROM former_hetu WHERE hetu <> ''
              GROUP BY hetu HAVING count(DISTINCT person_id) = 1) o
        JOIN person p USING (person_id) JOIN numbered n USING (person_id)
        WHERE p.hetu IS DISTINCT FROM o.hetu
        ORDER BY code"""
