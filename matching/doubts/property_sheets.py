"""What an official needs to see of a doubtful row of buildings or real estate, and of its candidates.

A building's address, use and age are the building's own and are shown. Who owns it or lives there is not, and
no table of persons is opened: a sheet is the same whoever is under a turvakielto. Nor does it hold what the
register says of persons, or in columns that are no field of a building or a unit; a name in it is for
officials only where it is like a unit's, for else it may be an owner's.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from matching.doubts.sheets import FETCHED, MOST_RIVALS, Doubt, read_sent
from matching.linking import properties as property_linking
from matching.linking.property_likeness import COMPARISONS, KINDS, OTHER
from matching.run import Resources, Run, running
from matching.store.extract import sql_text
from matching.store.versions import open_version

__all__ = ["SENT", "doubts"]

TABLES = (
    *("building_subject", "building_place", "real_estate_subject", "real_estate_code", "real_estate_heir"),
    *("dwelling", "municipality"),
)
_PLACE = ("street", "house_number", "postal_code", "post_office", "municipality")
SENT = {
    "building": ("row_id", "building_id", "real_estate_id", *_PLACE),
    "real_estate": ("row_id", "real_estate_id", "building_id", "name", *_PLACE),
}
"""The fields of the row that are shown."""
FACTS = {
    "building": (
        *("building_id", "legacy_id", "unit_id", "unit_name", "street", "house_number", "postal_code"),
        *("post_office", "municipality", "class", "use_status", "completed_on", "floor_area", "stairs"),
        *("dwellings", "coordinates"),
    ),
    "real_estate": (
        *("unit_id", "name", "municipality", "area", "registered_on", "ended_on", "successor_id"),
        *("addresses", "buildings"),
    ),
}
BUILDINGS_SHOWN = 3  # of those on a unit
KINDS_TOLD, LONGEST_KIND = 3, 4


def doubts(
    register: Path,
    candidates: Path,
    store: Path,
    *,
    subject: str,
    version: str,
    on: date,
    mapping: Any = None,
    is_piece: bool = False,
    threads: int | None = None,
    memory: str | None = None,
    temp: Path | None = None,
) -> Iterator[Doubt]:
    """The doubtful rows in `candidates`, which `engine.link` made of the register and `version`, by row.

    With `is_piece` the register is a piece of completed rows (matching.linking.completed).
    """
    snapshot, resources = open_version(store, version), Resources(threads, memory, temp)
    with running(resources, candidates.parent, [register, candidates], [snapshot.path]) as run:
        read_sent(run, register, mapping, is_piece=is_piece)
        _view(run, "candidate", candidates)
        for table in TABLES:
            _view(run, table, snapshot.path / f"{table}.parquet")
        for name, query in _stages(subject, f"DATE '{on.isoformat()}'").items():
            run.stage(name, query)
        for number, rows in groupby(_fetched(run, subject), itemgetter("vtj_row")):
            yield _doubt(number, list(rows), subject)


def _view(run: Run, name: str, path: Path) -> None:
    run.con.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet({sql_text(str(path))})")


def _stages(subject: str, day: str) -> dict[str, str]:
    """`fact`: what is shown of each candidate, by its pid."""
    if subject == "building":
        return {"asked": "SELECT DISTINCT pid FROM candidate", "fact": _buildings()}
    return {
        "heir": property_linking.heirs(day),
        "unit": property_linking.units(day),
        "asked": """SELECT DISTINCT b.pid FROM building_place b
            JOIN unit u ON u.code = b.estate SEMI JOIN candidate c ON c.pid = u.pid""",
        "building": _buildings(),
        "standing": f"""
            SELECT u.pid, count(*) AS buildings,
                   list(concat_ws(', ', f.address, f.class) ORDER BY f.pid)[:{BUILDINGS_SHOWN}] AS lines
            FROM (SELECT DISTINCT u.pid, b.pid AS building FROM building_place b
                  JOIN unit u ON u.code = b.estate SEMI JOIN candidate c ON c.pid = u.pid) u
            JOIN building f ON f.pid = u.building GROUP BY u.pid""",
        "fact": f"""
            SELECT r.pid, r.real_estate_id AS unit_id, r.name, {_municipality("r")} AS municipality, r.area,
                   r.registered_on, r.ended_on, r.successor_id, s.buildings, array_to_string(s.lines, '; ')
                   || CASE WHEN s.buildings > {BUILDINGS_SHOWN} THEN '; …' ELSE '' END AS addresses
            FROM real_estate_subject r SEMI JOIN candidate c ON c.pid = r.pid
            LEFT JOIN standing s ON s.pid = r.pid LEFT JOIN municipality m ON m.code = r.municipality""",
    }


def _buildings() -> str:
    """SQL: the buildings in `asked`, with their stairs and the number of their dwellings."""
    street, office = _both("b.street_fi", "b.street_sv"), _both("b.post_office_fi", "b.post_office_sv")
    address = f"""nullif(concat_ws(', ', nullif(concat_ws(' ', {street}, nullif(b.house_number, '')), ''),
        nullif(concat_ws(' ', nullif(b.postal_code, ''), {office}), '')), '')"""
    return f"""
        SELECT b.pid, b.building_id, b.legacy_id, b.real_estate_id AS unit_id, n.name AS unit_name,
               {street} AS street, b.house_number, {address} AS address, b.postal_code,
               {office} AS post_office, {_municipality("b")} AS municipality,
               b.class, b.use_status, b.completed_on, b.floor_area,
               CASE WHEN b.easting <> '' THEN concat_ws(' ', b.easting, b.northing) END AS coordinates,
               d.stairs, d.dwellings
        FROM building_subject b SEMI JOIN asked a ON a.pid = b.pid
        LEFT JOIN (SELECT building_id, count(*) AS dwellings,
                          string_agg(DISTINCT nullif(stair, ''), ', ' ORDER BY nullif(stair, '')) AS stairs
                   FROM dwelling GROUP BY building_id) d ON d.building_id = b.building_id
        LEFT JOIN (SELECT p.pid, any_value(r.name) AS name FROM building_place p
                   JOIN real_estate_code k ON k.code = p.estate JOIN real_estate_subject r ON r.pid = k.pid
                   GROUP BY p.pid) n ON n.pid = b.pid
        LEFT JOIN municipality m ON m.code = b.municipality"""


def _both(finnish: str, swedish: str) -> str:
    """SQL: what is called so in Finnish and so in Swedish; once where that is the same."""
    other = f"CASE WHEN {swedish} IS DISTINCT FROM {finnish} THEN nullif({swedish}, '') END"
    return f"nullif(concat_ws(' / ', nullif({finnish}, ''), {other}), '')"


def _municipality(alias: str) -> str:
    return f"nullif(concat_ws(' ', {alias}.municipality, {_both('m.name_fi', 'm.name_sv')}), '')"


def _fetched(run: Run, subject: str) -> Iterator[dict[str, Any]]:
    """Each candidate with the row's cells, by row and place."""
    cells = ", ".join(f"s.{name} AS sent_{name}" for name in SENT[subject])
    facts = ", ".join(f"f.{name} AS is_{name}" for name in FACTS[subject])
    levels = ", ".join(("c.likeness", *(f"c.{name} AS level_{name}" for name in COMPARISONS[subject])))
    found = run.con.execute(f"""
        SELECT c.vtj_row, c.place, c.pid, c.code, c.rule, {levels}, {facts}, {cells}
        FROM candidate c JOIN sent s ON s.row = c.vtj_row - 1 JOIN fact f ON f.pid = c.pid
        ORDER BY c.vtj_row, c.place""")
    names = [column[0] for column in found.description]
    while batch := found.fetchmany(FETCHED):
        yield from (dict(zip(names, values, strict=True)) for values in batch)


def _doubt(row: int, found: list[dict[str, Any]], subject: str) -> Doubt:
    sent = {name: text for name in SENT[subject] if (text := (found[0][f"sent_{name}"] or "").strip())}
    is_unlike = subject == "real_estate" and all(one["level_name"] in {None, OTHER} for one in found)
    return Doubt(
        row,
        _group(found, subject),
        tuple((str(one["pid"]), one["code"] or "") for one in found),
        {"row": row, "sent": sent, "candidates": [_candidate(one, subject) for one in found]},
        ("name",) if is_unlike else (),
    )


def _group(found: list[dict[str, Any]], subject: str) -> str:
    """The rule, how the nearest agrees, and how many are as near: what makes cases alike.

    A group is decided by place, so a place must mean the same in all its rows: `alike` is of every
    candidate's levels and kind, by place; of the candidates themselves where two are told apart by neither.
    """
    first, levels = found[0], [_levels(one, subject) for one in found]
    told = [
        [level, *(one[f"is_{name}"] or "" for name in KINDS[subject])]
        for level, one in zip(levels, found, strict=True)
    ]
    parted = len({json.dumps(one) for one in told}) == len(told)
    pattern = json.dumps([told, None if parted else [one["pid"] for one in found]])
    parts = {
        "rule": first["rule"],
        **levels[0],
        "rivals": min(sum(one["likeness"] == first["likeness"] for one in found), MOST_RIVALS),
        "kinds": "+".join(_kind(one) for one in found[:KINDS_TOLD]) if KINDS[subject] and parted else "",
        "one": "" if parted else "1",
        "alike": hashlib.sha256(pattern.encode()).hexdigest(),
    }
    return "|".join(f"{name}:{value}" for name, value in parts.items() if value)


def _kind(found: Mapping[str, Any]) -> str:
    """A building's class, where it is written as a code is."""
    text = found["is_class"] or ""
    return text if text.isalnum() and len(text) <= LONGEST_KIND else "-"


def _candidate(found: Mapping[str, Any], subject: str) -> dict[str, Any]:
    facts = {name: _text(found[f"is_{name}"]) for name in FACTS[subject]}
    return {
        "place": found["place"],
        "rule": found["rule"],
        "facts": {name: value for name, value in facts.items() if value},
        "levels": _levels(found, subject),
    }


def _levels(found: Mapping[str, Any], subject: str) -> dict[str, str | None]:
    """Comparison → its level; None where it says nothing."""
    return {name: found[f"level_{name}"] for name in COMPARISONS[subject]}


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value or "")
