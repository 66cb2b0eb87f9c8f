"""What a delivery says of buildings and real estate: their own columns, and their owners (domain rule 14).

Tables in: those of `disclosure`, the prepared ones of the subject, `owner`, and for owners those of
`persons`.

An owner who is under a turvakielto is given as one whose address is not known: by name alone. Neither which
owners are given nor their order depends on it, and no owner has a part in the comparison with what was sent.
"""

from matching import normalise
from matching.delivery.disclosure import Disclosure, Shape, change, given, same_municipality
from matching.delivery.persons import joined_later, persons, shielded, withheld
from matching.fields import CODE_FIELDS
from matching.identifiers import normalise_hetu_sql, real_estate_sql
from matching.linking.property_search import lines

DATES = ("completed_on", "registered_on", "ended_on")
OWNERS = "owners"

# Output field → the register's fields, of which one must be there, that it is compared with.
COMPARABLE = {
    "building_id": ("building_id",),
    "real_estate_id": ("real_estate_id",),
    "name": ("name",),
    "municipality": ("municipality",),
    "street_fi": ("street",),
    "street_sv": ("street",),
    "house_number": ("house_number", "street"),
    "postal_code": ("postal_code",),
    "post_office_fi": ("post_office",),
    "post_office_sv": ("post_office",),
}
# The same in the other language: either is right.
OTHER = {
    "street_fi": "street_sv",
    "street_sv": "street_fi",
    "post_office_fi": "post_office_sv",
    "post_office_sv": "post_office_fi",
}
# A street line may have the house number in it: both are compared as they are searched for.
PLACES = {"street_fi": "a.same_street", "street_sv": "a.same_street", "house_number": "a.same_number"}


def _with_owners(disclosure: Disclosure) -> bool:
    return any(field.name == OWNERS for field in disclosure.fields)


def before(disclosure: Disclosure) -> dict[str, str]:
    """Stages: who owns the subjects found."""
    if not _with_owners(disclosure):
        return {}
    code = CODE_FIELDS[disclosure.subject]
    return {
        "property": f"""
            SELECT DISTINCT s.pid, s.{code} AS property_id FROM {disclosure.subject}_subject s
            SEMI JOIN ({given()}) l ON l.given_pid = s.pid""",
        "owning": f"""
            SELECT DISTINCT q.pid, nullif(o.person_id, '') AS person_id,
                   CASE WHEN coalesce(o.person_id, '') = '' THEN nullif(o.business_id, '') END AS business_id
            FROM owner o JOIN property q ON q.property_id = o.property_id
            WHERE o.from_date IS NULL OR o.from_date <= {disclosure.day}""",
        "owner_person": """
            SELECT s.pid, s.person_id FROM subject s SEMI JOIN owning o ON o.person_id = s.person_id""",
    }


def homes(disclosure: Disclosure) -> str:
    """The owners."""
    return "owner_person" if _with_owners(disclosure) else ""


def stages(disclosure: Disclosure) -> dict[str, str]:
    """Stages: the owners in words, whether streets and numbers agree, and the answer."""
    made = {}
    if _with_owners(disclosure):
        made = {"owner_known": owners_known(disclosure), "owner_text": owner_texts()}
    if _with_places(disclosure):
        made["place_alike"] = places_alike()
    return {**made, "answer": answer(disclosure)}


def _with_places(disclosure: Disclosure) -> bool:
    """Whether a street or a house number is given that the register has too."""
    compared = any(field.name in PLACES for field in disclosure.fields)
    return compared and any(name in disclosure.columns for name in ("street", "house_number"))


def places_alike() -> str:
    """Stage: whether the row's street, and its house number, are those of the building in either language."""
    return f"""
        WITH said AS ({lines(f"(SELECT s.*, g.given_pid FROM sent s JOIN ({given()}) g ON g.row = s.row)")})
        SELECT q.row, bool_or(b.street = q.street_name) AS same_street,
               bool_or(b.number = q.number OR coalesce(b.number = q.far_number, false)) AS same_number
        FROM said q JOIN building_place b ON b.pid = q.given_pid GROUP BY q.row"""


def owners_known(disclosure: Disclosure) -> str:
    """Stage: each owner's name, and the address of the day unless it is withheld."""
    address = normalise.address_line("s.street", "s.postal_code", "s.post_office", "s.country")
    return f"""
        WITH judged AS (
            SELECT s.person_id, s.hetu, nullif(concat_ws(' ', s.surname, s.given_names), '') AS name,
                   {address} AS address, {shielded(disclosure)} AS shielded
            FROM {persons(disclosure)} s JOIN owner_person o ON o.pid = s.pid {joined_later(disclosure)})
        SELECT person_id, hetu, name, {withheld(disclosure, "shielded")} AS withheld, shielded,
               CASE WHEN NOT {withheld(disclosure, "shielded")} THEN address END AS address
        FROM judged"""


def owner_texts() -> str:
    """Stage: the owners of each property in one text, `; ` between: persons by name, then businesses.

    Ordered by what is given of everybody, and by the store's identifier where names are the same.
    """
    return """
        SELECT o.pid, string_agg(nullif(concat_ws(', ', k.name, k.address, o.business_id), ''), '; '
                                 ORDER BY o.person_id IS NULL, k.name, o.person_id, o.business_id) AS owners
        FROM owning o LEFT JOIN owner_known k ON k.person_id = o.person_id GROUP BY o.pid"""


def answer(disclosure: Disclosure) -> str:
    """Stage: each row's result and, where a subject is given, the values to give."""
    values, names = [], [field.name for field in disclosure.fields]
    for index, name in enumerate(names):
        values.append(f", {_value(name)} AS v{index}")
        if name in OTHER:
            values.append(f", {_value(OTHER[name])} AS v{index}_other")
    joined = "LEFT JOIN owner_text o ON o.pid = l.given_pid" if OWNERS in names else ""
    if _with_places(disclosure):
        values.append(", k.same_street, k.same_number")
        joined += " LEFT JOIN place_alike k ON k.row = l.row"
    return f"""
        SELECT l.row, l.result, l.confidence, l.rule{"".join(values)}
        FROM ({given()}) l LEFT JOIN {disclosure.subject}_subject s ON s.pid = l.given_pid {joined}
        ORDER BY l.row"""


def _value(name: str) -> str:
    if name == OWNERS:
        return "o.owners"
    return f'CAST(s."{name}" AS VARCHAR)' if name in DATES else f"nullif(s.\"{name}\", '')"


def compared(disclosure: Disclosure) -> dict[str, str]:
    """The given fields that the register holds too, each with the register's first for it."""
    found = {}
    for field in disclosure.fields:
        there = [name for name in COMPARABLE.get(field.name, ()) if name in disclosure.columns]
        if there:
            found[field.name] = there[0]
    return found


def changes(disclosure: Disclosure) -> list[str]:
    """Of each given field that the register holds too, its name where it differs."""
    both = compared(disclosure)
    return [
        _change(field.name, f"a.v{index}")
        for index, field in enumerate(disclosure.fields)
        if field.name in both
    ]


def _change(name: str, known: str) -> str:
    sent = f"r.{COMPARABLE[name][0]}"
    shortcut = f"{sent} IN ({known}, {known}_other)" if name in OTHER else f"{sent} = {known}"
    return change(name, shortcut, known, f"NOT coalesce({_same(name, sent, known)}, false)")


def _same(name: str, sent: str, known: str) -> str:
    """SQL: two forms of one value."""
    if name in PLACES:
        return PLACES[name]
    if name == "municipality":
        return same_municipality(sent, known)
    forms_of = {
        "building_id": normalise_hetu_sql,
        "real_estate_id": _unit,
        "postal_code": normalise.same_postal_code,
    }
    form = forms_of.get(name, normalise.same_text)
    values = [known, f"{known}_other"] if name in OTHER else [known]
    return f"{form(sent)} IN ({', '.join(form(value) for value in values)})"


def _unit(text: str) -> str:
    """SQL: a real-estate code without its parcel, which the register may name and the unit does not."""
    return real_estate_sql(normalise_hetu_sql(text))


def ledger(disclosure: Disclosure) -> str:
    """The owners given in each row, each with what was withheld of him."""
    if not _with_owners(disclosure):
        return """SELECT NULL::BIGINT AS row, NULL::VARCHAR AS person_id, NULL::VARCHAR AS hetu,
            NULL::BOOLEAN AS withheld, NULL::BOOLEAN AS shielded WHERE false"""
    return f"""
        SELECT l.row, k.person_id, coalesce(k.hetu, '') AS hetu, k.withheld, k.shielded
        FROM ({given()}) l JOIN owning o ON o.pid = l.given_pid
        JOIN owner_known k ON k.person_id = o.person_id WHERE coalesce(k.name, k.address) IS NOT NULL"""


SHAPE = Shape(before=before, homes=homes, stages=stages, changes=changes, ledger=ledger, compared=compared)
