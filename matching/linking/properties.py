"""Which building, or real-estate unit, each row of a register names: stages of SQL.

Tables in: `sent` (matching.register.loading) and the prepared ones of matching.store.property_tables. Out:
`link`, one row for each row of the register. A row's own persons are never looked at: nobody is found through
what he owns.
"""

from datetime import date

from matching import identifiers
from matching.linking import property_search
from matching.linking.persons import NEARLY
from matching.linking.property_search import FEWER, LEVELS, STEP


def stages(subject: str, on: date) -> dict[str, str]:
    """Every stage by the name of its table, in order."""
    day = f"DATE '{on.isoformat()}'"
    building = subject == "building"
    own = {} if building else {"heir": heirs(day), "unit": units(day)}
    return {
        **own,
        "coded": coded(subject),
        "found": buildings_found() if building else units_found(),
        "suspect": suspect_buildings() if building else suspect_units(),
        "wanted": wanted(),
        **property_search.stages(subject),
        "contradicted": buildings_contradicted() if building else units_contradicted(),
        "repaired": repaired() if building else NOTHING_REPAIRED,
        "link": link(subject),
    }


def heirs(day: str) -> str:
    """Stage: for each unit that has ended by `day` the first living one of its successors, else the last."""
    return f"""
        SELECT pid, coalesce(arg_min(heir, hop) FILTER (gone_on IS NULL OR gone_on > {day}),
                             arg_max(heir, hop)) AS heir
        FROM real_estate_heir WHERE left_on <= {day} GROUP BY pid"""


def units(day: str) -> str:
    """Stage: each unit's code, and the unit that it is today: itself or its heir (`former`)."""
    return f"""
        SELECT k.code, k.pid AS own, coalesce(h.heir, k.pid) AS pid, h.heir IS NOT NULL AS former,
               k.gone_on IS NULL OR k.gone_on > {day} AS living, k.name, k.municipality
        FROM real_estate_code k LEFT JOIN heir h ON h.pid = k.pid"""


def coded(subject: str) -> str:
    """Stage: the rows that have an identifier: normalised, as it is looked up, and what is wrong with it."""
    if subject == "building":
        field, lookup = "building_id", f"coalesce({identifiers.legacy_building_sql('code')}, code)"
        problem = identifiers.building_problem_sql("code")
    else:
        field, lookup = "real_estate_id", identifiers.real_estate_sql("code")
        problem = identifiers.real_estate_problem_sql("code")
    code = identifiers.normalise_hetu_sql(f"s.{field}")
    return f"""
        SELECT row, code, {lookup} AS lookup, {problem} AS problem
        FROM (SELECT s.row, nullif({code}, '') AS code FROM sent s WHERE s.{field} IS NOT NULL)
        WHERE code IS NOT NULL"""


def buildings_found() -> str:
    """Stage: rows whose identifier is a building's; a legacy one is a former code."""
    return (
        "SELECT c.row, k.pid, k.pid AS own, k.former FROM coded c JOIN building_code k ON k.code = c.lookup"
    )


def units_found() -> str:
    """Stage: rows whose code is a unit's: that unit, or what it was merged into."""
    return "SELECT c.row, u.pid, u.own, u.former FROM coded c JOIN unit u ON u.code = c.lookup"


def suspect_buildings() -> str:
    """Stage: rows found whose postal code is not the building's: their address is looked at."""
    return """
        SELECT f.row FROM found f JOIN sent s ON s.row = f.row JOIN building_subject b ON b.pid = f.pid
        WHERE trim(s.street) <> '' AND s.postal_code IS DISTINCT FROM b.postal_code"""


def suspect_units() -> str:
    """Stage: rows found that have a name, not the unit's, and a municipality."""
    return """
        SELECT f.row FROM found f JOIN sent s ON s.row = f.row JOIN real_estate_subject r ON r.pid = f.pid
        WHERE trim(s.name) <> '' AND trim(s.municipality) <> '' AND s.name IS DISTINCT FROM r.name"""


def wanted() -> str:
    """Stage: the rows whose address is read: to search by it, or to see whether it contradicts the code."""
    return """
        SELECT s.row, false AS found FROM sent s ANTI JOIN found f ON f.row = s.row
        UNION ALL SELECT row, true FROM suspect"""


def buildings_contradicted() -> str:
    """Stage: rows whose identifier is of a building on another street and in another place.

    Either alone is a change: streets are named anew, and buildings' areas are joined. The place differs where
    nothing that the row says of it agrees: the postal code's first two digits, municipality, post office.
    Those digits, which a whole region shares, say nothing where both the others are told and contradict.
    """
    office = "q.office IN (coalesce(b.office_fi, b.office_sv), coalesce(b.office_sv, b.office_fi))"
    elsewhere = f"trim(s.municipality) <> '' AND q.municipality <> b.municipality AND NOT {office}"
    street = f"b.street IS NULL OR jaro_winkler_similarity(q.street, b.street) >= {NEARLY}"
    places = (
        "q.postal_code = b.postal_code",
        f"substr(q.postal_code, 1, 2) = substr(b.postal_code, 1, 2) AND NOT coalesce({elsewhere}, false)",
        "q.municipality = b.municipality",
        office,
    )
    agrees, comparable = " OR ".join(places), f"coalesce({', '.join(places)}) IS NOT NULL"
    return f"""
        SELECT q.row FROM spot q JOIN found f ON f.row = q.row JOIN building_place b ON b.pid = f.pid
        JOIN sent s ON s.row = q.row
        WHERE q.found AND q.street IS NOT NULL GROUP BY q.row
        HAVING NOT bool_or({street}) AND bool_or({comparable}) AND NOT bool_or(coalesce({agrees}, false))"""


def units_contradicted() -> str:
    """Stage: rows whose code is of a unit with another name and in another municipality."""
    alike = f"""k.name IS NULL OR contains(k.name, q.name) OR contains(q.name, k.name)
        OR jaro_winkler_similarity(q.name, k.name) >= {NEARLY}"""
    return f"""
        SELECT q.row FROM spot q JOIN found f ON f.row = q.row
        JOIN real_estate_code k ON k.pid = f.pid OR k.pid = f.own
        WHERE q.found AND q.name IS NOT NULL AND q.municipality IS NOT NULL
        GROUP BY q.row
        HAVING NOT bool_or({alike}) AND NOT bool_or(coalesce(k.municipality = q.municipality, true))"""


def repaired() -> str:
    """Stage: rows whose faulty identifier is one slip away from that of a single building at the address."""
    return """
        SELECT c.row, min(h.pid) AS pid
        FROM coded c JOIN wish w ON w.row = c.row JOIN hit h
          ON h.level = w.level AND h.area = w.area AND h.place = w.place
             AND h.street = w.street AND h.number = w.number
        WHERE c.problem IS NOT NULL AND length(c.code) BETWEEN 9 AND 11
          AND damerau_levenshtein(c.code, h.building_id) <= 1
        GROUP BY c.row HAVING count(DISTINCT h.pid) = 1"""


CONTRADICTION = {"building": "other_address", "real_estate": "other_name"}

NOTHING_REPAIRED = "SELECT NULL::BIGINT AS row, NULL::INTEGER AS pid WHERE false"


def link(subject: str) -> str:
    """Stage: the result of every row, in the order of docs/contract.md, "What decides"."""
    rules = " ".join(f"WHEN {number} THEN '{level.rule}'" for number, level in LEVELS.items())
    weights = " ".join(f"WHEN {number} THEN {level.confidence}" for number, level in LEVELS.items())
    less = f"CASE WHEN b.bare THEN {FEWER} ELSE 0 END"
    return f"""
        WITH judged AS (
            SELECT s.row, c.row IS NOT NULL AS coded, c.problem, f.pid AS named, f.former,
                   x.row IS NOT NULL AS contradicted, r.pid AS repaired, b.pid AS likely, b.subjects,
                   CASE b.level // {STEP} {rules} END AS rule,
                   round(CASE b.level // {STEP} {weights} END - {less}, 2) AS confidence,
                   NOT coalesce({_enough(subject)}, false) AS too_little
            FROM sent s LEFT JOIN coded c ON c.row = s.row LEFT JOIN found f ON f.row = s.row
            LEFT JOIN contradicted x ON x.row = s.row LEFT JOIN repaired r ON r.row = s.row
            LEFT JOIN best b ON b.row = s.row LEFT JOIN spot q ON q.row = s.row)
        SELECT row,
               CASE WHEN named IS NOT NULL AND contradicted THEN 'conflict'
                    WHEN named IS NOT NULL AND former THEN 'match_id_changed'
                    WHEN named IS NOT NULL THEN 'match_id'
                    WHEN repaired IS NOT NULL THEN 'match_id_repaired'
                    WHEN subjects = 1 THEN 'match_data'
                    WHEN subjects > 1 THEN 'ambiguous'
                    WHEN NOT coded AND too_little THEN 'insufficient_data'
                    WHEN problem IS NOT NULL THEN 'invalid_id'
                    ELSE 'not_found' END AS result,
               CASE WHEN coalesce(named, repaired) IS NULL AND subjects = 1 THEN confidence END AS confidence,
               CASE WHEN named IS NOT NULL AND contradicted THEN '{CONTRADICTION[subject]}'
                    WHEN named IS NOT NULL AND former THEN 'former_code'
                    WHEN named IS NOT NULL THEN 'code'
                    WHEN repaired IS NOT NULL THEN 'repaired_code'
                    WHEN subjects IS NOT NULL THEN rule
                    WHEN problem IS NOT NULL THEN 'invalid_' || problem END AS rule,
               CAST(NULL AS DOUBLE) AS weight,
               CASE WHEN named IS NOT NULL THEN named WHEN repaired IS NOT NULL THEN repaired
                    WHEN subjects = 1 THEN likely END AS pid
        FROM judged ORDER BY row"""


def _enough(subject: str) -> str:
    """SQL: the row has enough beside its identifier to be searched for."""
    place = "coalesce(q.postal_code, q.municipality, q.office) IS NOT NULL"
    address = f"q.street IS NOT NULL AND q.number IS NOT NULL AND {place}"
    if subject == "building":
        return address
    return f"({address}) OR trim(s.building_id) <> '' OR (q.name IS NOT NULL AND q.municipality IS NOT NULL)"
