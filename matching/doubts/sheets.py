"""What an official needs to see of a doubtful row and its candidates to decide whom it means, and no more.

A turvakielto (non-disclosure for personal safety) holds here too: of a person whom one covers, the present
and former addresses and the municipality are left out, and so is all that would tell whether the row's
address is the person's: the level and the bits of the home. An official may know them, but does not need
them for this.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from matching import normalise
from matching.doubts.explain import explain
from matching.engine import view_store
from matching.fields import INPUT_NAMES
from matching.linking import completed
from matching.register.loading import load_register
from matching.run import Resources, Run, running
from matching.store.extract import sql_text
from matching.store.prepare import BEST_ORDER
from matching.store.versions import open_version
from matching.weighing.comparisons import PERSON
from matching.weighing.model import Model, read_model
from matching.weighing.scoring import ADJUSTED, level_names

__all__ = ["Doubt", "doubts"]

HOME = ("home", "household")  # what of a weight tells of the address
MOST_RIVALS = 4
SHOWN_BITS = 10.0  # who is less than a thousandth as likely as the nearest is nobody to look at
FORMER_ADDRESSES = 3
FETCHED = 2000
_FACTS = ["surname", "given_names", "call_name", "former_surnames", "sex", "birth_date", "death_date"]
_LEVELS = [comparison.name for comparison in PERSON]
_SHARES = [f"{name}_share" for name in ADJUSTED]


@dataclass(frozen=True)
class Doubt:
    """A doubtful row. `content`: its data, for JSON; `named`: id and code of each candidate, nearest first.

    `group`: the levels of the nearest candidate, and the number of those who are about as near. `hidden`: of
    what was sent, the fields that are not for officials.
    """

    row: int
    group: str
    named: tuple[tuple[str, str], ...]
    content: dict[str, Any]
    hidden: tuple[str, ...] = ()


def doubts(
    register: Path,
    candidates: Path,
    store: Path,
    *,
    version: str,
    on: date,
    protection: Sequence[tuple[str, date]] = (),
    model: Path | None = None,
    mapping: Any = None,
    is_piece: bool = False,
    threads: int | None = None,
    memory: str | None = None,
    temp: Path | None = None,
) -> Iterator[Doubt]:
    """The doubtful rows in `candidates`, which `engine.link` made of the register and `version`, by row.

    Protection is judged by `version` on the day `on`, and by each further version and day of `protection`.
    With `is_piece` the register is a piece of completed rows (matching.linking.completed).
    """
    snapshot, used = open_version(store, version), read_model(model)
    resources = Resources(threads, memory, temp)
    with running(resources, candidates.parent, [register, candidates], [store]) as run:
        read_sent(run, register, mapping, is_piece=is_piece)
        view_store(run, snapshot)
        run.con.execute(f"CREATE VIEW candidate AS SELECT * FROM read_parquet({sql_text(str(candidates))})")
        judged = [(snapshot.path, on), *((open_version(store, name).path, day) for name, day in protection)]
        run.con.execute(f"CREATE TABLE covered AS {_covered(judged)}")
        for name, query in _stages(f"DATE '{on.isoformat()}'").items():
            run.stage(name, query)
        for number, rows in groupby(_fetched(run), itemgetter("vtj_row")):
            yield _doubt(number, list(rows), used, snapshot.persons)


def read_sent(run: Run, register: Path, mapping: Any, *, is_piece: bool) -> None:
    """Make `sent`, of a register or of a piece of completed rows."""
    if is_piece:
        completed.read(run, [register])
        run.con.execute("CREATE VIEW sent AS SELECT * FROM completed")
    else:
        load_register(run.con, register, mapping, run.temp)


def _covered(judged: Sequence[tuple[Path, date]]) -> str:
    """The ids of the candidates who are protected by one of the versions on its day."""
    each = (
        f"SELECT person_id FROM read_parquet({sql_text(str(path / 'subject.parquet'))})"
        f" WHERE protected_until >= DATE '{day.isoformat()}'"
        for path, day in judged
    )
    return (
        f"SELECT DISTINCT person_id FROM ({' UNION ALL '.join(each)}) SEMI JOIN candidate USING (person_id)"
    )


def _stages(day: str) -> dict[str, str]:
    """Persons and addresses of the candidates alone."""
    unit = ("a.house_number", "a.stair", "a.dwelling", "a.letter")
    street, other = (normalise.street_line(f"nullif(a.street_{one}, '')", *unit) for one in ("fi", "sv"))
    line = normalise.address_line(
        f"nullif(concat_ws(' / ', {street}, CASE WHEN a.street_sv <> a.street_fi THEN {other} END), '')",
        "a.postal_code",
        "coalesce(nullif(a.post_office_fi, ''), a.post_office_sv)",
        "a.country",
    )
    ranks = " ".join(f"WHEN '{kind}' THEN {rank}" for rank, kind in enumerate(BEST_ORDER))
    begun = f"(from_date IS NULL OR from_date <= {day})"
    now = f"kind <> 'former' AND {begun} AND (to_date IS NULL OR to_date >= {day})"
    past = f"(kind = 'former' OR to_date < {day})"
    return {
        "open_person": "SELECT s.* FROM subject s SEMI JOIN candidate c ON c.pid = s.pid",
        "home_line": f"""
            SELECT a.person_id, a.kind, a.from_date, a.to_date, {line} AS line,
                   CASE a.kind {ranks} ELSE {len(BEST_ORDER)} END AS rank
            FROM address a SEMI JOIN candidate c ON c.person_id = a.person_id
            WHERE a.kind <> 'contact'""",
        "home_of": f"""
            SELECT person_id, first(line ORDER BY rank, from_date DESC NULLS LAST) FILTER ({now}) AS address,
                   list(line ORDER BY to_date DESC NULLS LAST, from_date DESC NULLS LAST)
                   FILTER ({past})[:{FORMER_ADDRESSES}] AS former_addresses
            FROM home_line GROUP BY person_id""",
    }


def _fetched(run: Run) -> Iterator[dict[str, Any]]:
    """Each candidate with the row's cells, by row and place."""
    cells = ", ".join(f"s.{name} AS sent_{name}" for name in INPUT_NAMES)
    facts = ", ".join(f"p.{name} AS is_{name}" for name in _FACTS)
    levels = ", ".join(f"c.{name}" for name in (*_LEVELS, *_SHARES, "penalty"))
    found = run.con.execute(f"""
        SELECT c.vtj_row, c.place, c.person_id, c.weight, c.variant, {levels}, {cells}, {facts},
               p.hetu, left(p.hetu, 7) AS is_code_start, h.address AS is_address, h.former_addresses,
               concat_ws(' ', p.municipality, m.name_fi) AS is_municipality,
               v.person_id IS NOT NULL AS covered
        FROM candidate c JOIN sent s ON s.row = c.vtj_row - 1 JOIN open_person p ON p.pid = c.pid
        LEFT JOIN home_of h ON h.person_id = c.person_id
        LEFT JOIN covered v ON v.person_id = c.person_id
        LEFT JOIN municipality m ON m.code = p.municipality
        ORDER BY c.vtj_row, c.place""")
    names = [column[0] for column in found.description]
    while batch := found.fetchmany(FETCHED):
        yield from (dict(zip(names, values, strict=True)) for values in batch)


def _doubt(row: int, found: list[dict[str, Any]], model: Model, persons: int) -> Doubt:
    first = found[0]
    found = [one for one in found if first["weight"] - one["weight"] < SHOWN_BITS]
    sent = {name: text for name in INPUT_NAMES if (text := (first[f"sent_{name}"] or "").strip())}
    rivals = sum(first["weight"] - one["weight"] < model.gap for one in found)
    levels = _levels(first)
    pattern = [f"{name}:{levels.get(name) or '-'}" for name in _LEVELS]
    return Doubt(
        row,
        "|".join([*pattern, f"rivals:{min(rivals, MOST_RIVALS)}"]),
        tuple((one["person_id"], one["hetu"] or "") for one in found),
        {"row": row, "sent": sent, "candidates": [_candidate(one, model, persons) for one in found]},
    )


def _levels(found: Mapping[str, Any]) -> dict[str, str | None]:
    """Comparison → the name of its level; None where it says nothing."""
    levels = {name: None if found[name] is None else level_names(name)[found[name]] for name in _LEVELS}
    if found["covered"] and levels["home"]:
        levels["home"] = "withheld"
    return levels


def _candidate(found: Mapping[str, Any], model: Model, persons: int) -> dict[str, Any]:
    """Of a protected person nothing that tells where the home is; the weight is then without the home."""
    steps = explain(
        {name: found[name] for name in _LEVELS},
        {name: found[f"{name}_share"] for name in ADJUSTED},
        model,
        persons,
        float(found["penalty"]),
    )
    covered = found["covered"]
    shown = [step for step in steps if not (covered and step.name in HOME)]
    facts = {name: _text(found[f"is_{name}"]) for name in (*_FACTS, "code_start")}
    if not covered:
        facts |= {name: _text(found[f"is_{name}"]) for name in ("address", "municipality")}
        facts["former_addresses"] = "; ".join(found["former_addresses"] or [])
    return {
        "place": found["place"],
        "person": found["person_id"],
        "protected": covered,
        "facts": {name: value for name, value in facts.items() if value},
        "levels": _levels(found),
        "steps": [[step.name, round(step.bits, 3), step.level] for step in shown],
        "weight": round(sum(step.bits for step in shown), 3),
        "needed": model.upper,
    }


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value or "")
