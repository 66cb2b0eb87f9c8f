"""How a doubtful row and each building, or real-estate unit, that it may mean agree: what tells those apart.

Tables in: `sent`, `spot`, `coded` and the prepared ones of matching.store.property_tables, `dwelling`; for
real estate also `unit`. Nobody's data are among them: two buildings are never told apart by who owns them or
lives there. Of the dwellings the stairs alone are read, for whether one is lived in would tell of people.
"""

from matching import identifiers
from matching.linking.persons import NEARLY

SAME, NEAR, PART, RANGE, UNLETTERED, OTHER = "same", "near", "part", "range", "no letter", "other"

# Comparison → its levels, strongest first: SQL that holds, is false, or is NULL where nothing can be said.
_OF_PLACES = {
    "street": {
        SAME: "b.street = q.street",
        NEAR: "damerau_levenshtein(b.street, q.street) <= 2 AND length(q.street) > 4",
    },
    "number": {
        SAME: "b.number IN (q.number, coalesce(q.lettered, q.number))",
        RANGE: "b.number = q.far_number",
        UNLETTERED: "regexp_extract(b.number, '^[0-9]+') = regexp_extract(q.number, '^[0-9]+')",
    },
    "postal_code": {
        SAME: "b.postal_code = q.postal_code",
        NEAR: "damerau_levenshtein(b.postal_code, q.postal_code) = 1",
    },
    "post_office": {
        SAME: "q.office IN (coalesce(b.office_fi, b.office_sv), coalesce(b.office_sv, b.office_fi))"
    },
}
_PLAIN, _UNIT_CODE = identifiers.normalise_hetu_sql, identifiers.real_estate_sql
_LEGACY = identifiers.legacy_building_sql(_PLAIN("p.legacy_id"))
_SENT_UNIT = _UNIT_CODE(_PLAIN("s.real_estate_id"))


def _municipality(alias: str) -> str:
    """SQL: what the row says of the municipality itself, not what its post office tells."""
    return f"CASE WHEN trim(s.municipality) <> '' THEN q.municipality = {alias}.municipality END"


_STAIR = "CASE WHEN b.number <> q.lettered THEN right(q.lettered, 1) END"

COMPARISONS: dict[str, dict[str, dict[str, str]]] = {
    "building": {
        "identifier": {
            SAME: f"coalesce(c.lookup IN (b.building_id, {_LEGACY}), c.lookup = b.building_id)",
            NEAR: "damerau_levenshtein(c.code, b.building_id) <= 2",
        },
        "unit": {
            SAME: f"{_SENT_UNIT} = b.estate",
            NEAR: f"damerau_levenshtein({_SENT_UNIT}, b.estate) = 1",
        },
        **_OF_PLACES,
        "stair": {SAME: f"list_contains(d.stairs, {_STAIR})"},
        "municipality": {SAME: _municipality("b")},
    },
    "real_estate": {
        "identifier": {
            SAME: "c.lookup = k.code",
            NEAR: "damerau_levenshtein(coalesce(c.lookup, c.code), k.code) = 1",
        },
        "name": {
            SAME: "k.name = q.name",
            PART: "contains(k.name, q.name) OR contains(q.name, k.name)",
            NEAR: f"jaro_winkler_similarity(k.name, q.name) >= {NEARLY}",
        },
        **_OF_PLACES,
        "municipality": {SAME: _municipality("k")},
    },
}
# Of what differs by nature, in the order in which equally likely candidates are told.
KINDS: dict[str, tuple[str, ...]] = {"building": ("class", "use_status"), "real_estate": ()}


def levels(subject: str) -> str:
    """SQL: row and pid of each of `candidate`, the level of each comparison, and `likeness`, more if nearer.

    What a unit's buildings say of an address counts as the unit's: the best of them.
    """
    compared = COMPARISONS[subject]
    each = ", ".join(f"{_level(of)} AS {name}" for name, of in compared.items())
    worth = " + ".join(
        f"CASE {name} WHEN '{SAME}' THEN 2 WHEN '{OTHER}' THEN -1 ELSE if({name} IS NULL, 0, 1) END"
        for name in compared
    )
    return f"""
        SELECT *, {worth} AS likeness FROM (
            SELECT f.row, f.pid, {each}
            FROM candidate f JOIN spot q ON q.row = f.row JOIN sent s ON s.row = f.row
            LEFT JOIN coded c ON c.row = f.row {_PLACES[subject]}
            GROUP BY f.row, f.pid)"""


def _level(of: dict[str, str]) -> str:
    said = " ".join(f"WHEN bool_or({holds}) THEN '{name}'" for name, holds in of.items())
    return f"CASE {said} WHEN bool_or({of[SAME]}) IS NOT NULL THEN '{OTHER}' END"


_PLACES = {
    "building": """
        JOIN building_place b ON b.pid = f.pid JOIN building_subject p ON p.pid = f.pid
        LEFT JOIN (SELECT building_id, list(DISTINCT lower(stair)) AS stairs FROM dwelling
                   WHERE stair <> '' GROUP BY building_id) d ON d.building_id = p.building_id""",
    "real_estate": """
        JOIN real_estate_code k ON k.pid = f.pid
        LEFT JOIN unit u ON u.pid = f.pid LEFT JOIN building_place b ON b.estate = u.code""",
}
