"""Facts of synthetic people that several files share: names, protection and addresses, as SQL stages."""

import duckdb

from matching.synth.draws import Draws
from matching.synth.homes import load_rows

# country (ISO 3166-1 numeric), street, postal code, town, absence code (0: in a Nordic country, 1: elsewhere)
ABROAD = [
    ("752", "Exempelgatan", "111 22", "STOCKHOLM", "0"),
    ("752", "Provvägen", "412 51", "GÖTEBORG", "0"),
    ("578", "Eksempelveien", "0150", "OSLO", "0"),
    ("208", "Eksempelvej", "2100", "KØBENHAVN", "0"),
    ("276", "Musterstraße", "10115", "BERLIN", "1"),
    ("826", "Example Road", "EC1A 1BB", "LONDON", "1"),
    ("233", "Näidise tänav", "10111", "TALLINN", "1"),
    ("724", "Calle Ejemplo", "29640", "FUENGIROLA", "1"),
    ("840", "Sample Street", "10001", "NEW YORK NY", "1"),
]
# A protection order (turvakielto) comes to the family of every 400th household; one of six has run out.
PROTECTED_HOUSEHOLD = "h % 400 = 123"


def make_facts(con: duckdb.DuckDBPyConnection, draws: Draws, as_of: str) -> None:
    """Make tables abroad, family (one row a household), person_fact (one a person), home (one an address)."""
    load_rows(con, "abroad", "land, country, street, postal_code, town, absence_code", ABROAD)
    con.execute(f"CREATE TABLE family AS {_families(draws, as_of)}")
    con.execute(f"CREATE TABLE person_fact AS {_person_facts(draws, as_of)}")
    con.execute(f"CREATE TABLE home AS {_homes(draws)}")


def _families(draws: Draws, as_of: str) -> str:
    """What holds for a whole household: moving day, wedding day, protection, where it went abroad."""
    turn = "(h // 400) % 6"
    coming = f"DATE '{as_of}' + 1 + {draws.integer('protected until', 'h', 1700)}::INTEGER"
    over = f"DATE '{as_of}' - 30 - {draws.integer('protected until', 'h', 700)}::INTEGER"
    return f"""
        SELECT h, kind, unit, place, family, own, earlier, choice, married,
            DATE '{as_of}' - greatest(1, (least(pow(moved_draw / 10000.0, 2) * 28, age - 18) *
                365.2425)::INTEGER) AS moved_on,
            DATE '{as_of}' - (greatest(0.2, (age - 20) * (0.5 + 0.4 * {draws.uniform("wedding", "h")}))
                * 365.2425)::INTEGER AS wed_on,
            CASE WHEN {PROTECTED_HOUSEHOLD} THEN
                CASE {turn} WHEN 0 THEN DATE '9999-12-31' WHEN 4 THEN DATE '9999-12-31' WHEN 1 THEN {over}
                    ELSE {coming} END END AS protected_until,
            {PROTECTED_HOUSEHOLD} AND {turn} IN (0, 3) AS has_contact,
            if(abroad, {draws.integer("land", "h", len(ABROAD))}, NULL) AS land, gone
        FROM household JOIN surnames USING (h)
    """


def _person_facts(draws: Draws, as_of: str) -> str:
    """Names of each person, and whether the dead one's home has been cleared."""
    count = draws.uniform("given count", "p")
    drawn = ", ".join(f"start + {draws.rank(f'given name {n}', 'p', 'size', 9)} AS n{n}" for n in (1, 2, 3))
    return f"""
        SELECT * EXCLUDE (g1, g2, g3, count), concat_ws(' ', g1, if(count > 1 AND g2 <> g1, g2, NULL),
                if(count > 2 AND g3 NOT IN (g1, g2), g3, NULL)) AS given_names,
            CASE WHEN p % 50 = 17 THEN NULL WHEN count > 1 AND {draws.chance("call name", "p", 0.13)} THEN g2
                ELSE g1 END AS call_name,
            coalesce(died, DATE '{as_of}') AS until, died IS NOT NULL AND p % 3 <> 0 AS cleared
        FROM (
            SELECT drawn.* EXCLUDE (n1, n2, n3), g1.name AS g1, g2.name AS g2, g3.name AS g3
            FROM (
                SELECT member.*, {drawn}, CASE WHEN member.language IN ('fi', 'sv')
                    THEN 1 + ({count} > 0.12)::INTEGER + ({count} > 0.75)::INTEGER
                    ELSE 1 + ({count} > 0.6)::INTEGER END AS count
                FROM member JOIN given_pool ON given_pool.language = member.language
                    AND given_pool.sex = member.sex AND given_pool.year = year(born)
            ) AS drawn
            JOIN given_name AS g1 ON g1.n = n1 JOIN given_name AS g2 ON g2.n = n2
                JOIN given_name AS g3 ON g3.n = n3
        )
    """


def _homes(draws: Draws) -> str:
    """Addresses of households: kind, unit or land, first and last day, numbered within a household."""
    earlier_unit = draws.integer("earlier unit", "h", "(SELECT count(*) FROM dwelling)")
    second_unit = draws.integer("second unit", "h", "(SELECT count(*) FROM dwelling)")
    years = f"moved_on - ({draws.uniform('earlier home', 'h')} * 3000)::INTEGER - 60"
    return f"""
        SELECT h, 0 AS nth, if(land IS NULL AND gone IS NULL, 'permanent', 'former')
            AS kind, unit, NULL AS land,
            if(land IS NULL AND gone IS NULL, moved_on, moved_on - 1500) AS from_date,
            if(land IS NULL AND gone IS NULL, NULL, moved_on) AS to_date FROM family
        UNION ALL
        SELECT h, 1, 'permanent_abroad', NULL, land, moved_on, NULL FROM family WHERE land IS NOT NULL
        UNION ALL
        SELECT h, 2, 'former', {earlier_unit}, NULL, {years}, moved_on FROM family
            WHERE land IS NULL AND gone IS NULL AND {draws.chance("has earlier home", "h", 0.45)}
        UNION ALL
        SELECT h, 3, 'former', {second_unit}, NULL, {years} - 900, {years} FROM family
            WHERE land IS NULL AND gone IS NULL AND {draws.chance("has earlier home", "h", 0.1)}
        UNION ALL
        SELECT h, 4, 'temporary', {second_unit}, NULL, moved_on + 1, NULL FROM family
            WHERE h % 60 = 9 AND land IS NULL
        UNION ALL
        SELECT h, 5, 'temporary_abroad', NULL, h % {len(ABROAD)}, moved_on + 1, NULL FROM family
            WHERE h % 500 = 77
        UNION ALL
        SELECT h, 6, 'postal', unit, NULL, moved_on, NULL FROM family WHERE h % 90 = 61 AND land IS NULL
        UNION ALL
        SELECT h, 7, 'postal_abroad', NULL, land, moved_on, NULL FROM family
            WHERE land IS NOT NULL AND h % 5 = 2
        UNION ALL
        SELECT h, 8, 'contact', unit, NULL, moved_on, NULL FROM family WHERE has_contact
    """
