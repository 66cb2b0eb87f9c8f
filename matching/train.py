"""Estimate a model's m and u from a register without a truth column, by expectation and maximisation.

u: from pairs of rows and persons at random. m: from the pairs of four search keys, each of which says nothing
of the comparisons that it fixes; the keys' estimates are averaged by their expected pairs of one person.
Method: Winkler 1988; Dempster, Laird and Rubin 1977. What the register can't tell keeps the figures that the
training starts from.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from matching.engine import view_store
from matching.linking import persons as linking
from matching.linking import searching
from matching.readers.base import problem
from matching.register.loading import load_register
from matching.run import Progress, Resources, Run, running
from matching.store.versions import open_version
from matching.weighing.comparisons import PERSON
from matching.weighing.model import Chances, Model, read_model
from matching.weighing.scoring import ADJUSTED, family, scored

LEAST_FOUND = 500  # rows; from fewer, chance would speak
MOST_ROWS = 200_000
RANDOM_PAIRS = 1_000_000
STARTING_PAIRS = 20  # how many pairs the starting m counts for, and how many of its level each starting u
MOST_ROUNDS, CLOSE = 100, 1e-6

# Search key → the comparisons that it fixes, wholly or in part.
KEYS = {
    "born_surname": {"birth_date", "surname"},
    "born_given": {"birth_date", "given_names"},
    "name_area": {"surname", "given_names", "home"},
    "home_given": {"home", "given_names"},
}


@dataclass(frozen=True)
class Pattern:
    """Pairs that are alike in everything that decides their weight.

    `levels`, `shares`: comparison → its level's place, how common its value is; None where there is none.
    """

    levels: Mapping[str, int | None]
    shares: Mapping[str, float | None]
    pairs: int


def train(
    register: Path,
    store: Path,
    *,
    version: str | None = None,
    mapping: Any = None,
    on: date | None = None,
    start: Model | None = None,
    threads: int | None = None,
    memory: str | None = None,
    temp: Path | None = None,
    progress: Progress | None = None,
) -> Model:
    """A model with `start`'s (the shipped one's) thresholds. Raises InputProblems, as for too few rows.

    Rows without a known code are learned from: the model is for them. Where these are too few, so are those
    with one: what else they hold was written by the same hands. The same data gives the same model, whatever
    the rows' order.
    """
    snapshot, start = open_version(store, version), start or read_model()
    used = Resources(threads, memory, temp, progress)
    with running(used, (temp or register.parent).resolve(), [register], [snapshot.path]) as run:
        with run.step("read"):
            load_register(run.con, register, mapping, run.temp)
            view_store(run, snapshot)
        by_code = linking.Linking(on or date.today(), snapshot.artificial)
        widened = _prepare(run, by_code, searching.Searching(by_code.day, start, snapshot.persons))
        with run.step("random_pairs"):
            random = _random_patterns(run, start, snapshot.persons)
        with run.step("key_pairs"):
            by_key = {key: _key_patterns(run, key, start, snapshot.persons) for key in KEYS}
        found, rows = _found(run, by_key)
        if found < LEAST_FOUND:
            text = f"fewer than {LEAST_FOUND} rows were found by other data than a code"
            raise problem("too_few_to_train", text)
        note = f"Trained on {found} rows found of {rows}"
        model = estimated(start, random, by_key, snapshot.persons, note)
        # How many of the other rows are in the store, those with a known code can't tell.
        return model if widened else _with_found(run, model, snapshot.persons, rows)


def _prepare(run: Run, by_code: linking.Linking, by_data: searching.Searching) -> bool:
    """The rows to learn from in `sample`, and their keys: those that strict stages would settle too.

    Returns whether those with a known code are among them.
    """
    for name, query in linking.stages(by_code).items():
        run.stage(name, query)
    (rows,) = run.con.execute("SELECT count(*) FROM judged WHERE searchable").fetchall()[0]
    widened = bool(rows < LEAST_FOUND)
    if widened:
        run.con.execute("UPDATE judged SET searchable = true WHERE known")
    for settled in ("repaired", "ladder"):
        run.stage(settled, "SELECT 0::BIGINT AS row, 0 AS pid WHERE false")
    stages = searching.stages(by_data)
    for name in ("spelt", "sought", "heard", "wanted_key", "sought_key"):
        run.stage(name, stages[name])
    said = "hash(surname, given, born, unit, area, post_office, sex, former, code)"
    run.stage(
        "sample",
        f"SELECT *, {said} AS said FROM sought WHERE variant = 0 AND penalty = 0"
        f" ORDER BY said, row LIMIT {MOST_ROWS}",
    )
    run.con.execute("DELETE FROM sought_key WHERE variant <> 0 OR row NOT IN (SELECT row FROM sample)")
    return widened


def _random_patterns(run: Run, model: Model, persons: int) -> list[Pattern]:
    """Patterns of each row and so many persons at random, but for those that are clearly one person."""
    (rows,) = run.con.execute("SELECT count(*) FROM sample").fetchall()[0]
    each = max(1, min(persons // 2, RANDOM_PAIRS // max(rows, 1)))
    run.stage(
        "random_pair",
        f"""SELECT DISTINCT s.row, s.variant, p.pid
            FROM sample s CROSS JOIN range({each}) t(turn)
            JOIN (SELECT pid, row_number() OVER (ORDER BY pid) - 1 AS place FROM trait) p
                ON p.place = hash(s.said, t.turn) % {persons}""",
    )
    run.stage("random_scored", scored(model, persons, "random_pair", "sample"))
    return _patterns(run, "random_scored", "WHERE weight < 0")


def _key_patterns(run: Run, key: str, model: Model, persons: int) -> list[Pattern]:
    run.stage(f"{key}_pair", searching.pairs({key: key}))
    run.stage(f"{key}_scored", scored(model, persons, f"{key}_pair", "sample"))
    return _patterns(run, f"{key}_scored")


def _patterns(run: Run, table: str, condition: str = "") -> list[Pattern]:
    """Shares are rounded to powers of two, so that patterns stay few."""
    names = [comparison.name for comparison in PERSON]
    shares = [f"round(log2({name}_share))::INTEGER" for name in ADJUSTED]
    rows = run.con.execute(
        f"SELECT {', '.join(names + shares)}, count(*) FROM {table} c {condition} GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    count = len(names)
    return [
        Pattern(
            levels=dict(zip(names, row[:count], strict=True)),
            shares={
                name: None if bits is None else 2.0**bits
                for name, bits in zip(ADJUSTED, row[count:-1], strict=True)
            },
            pairs=row[-1],
        )
        for row in rows
    ]


def _found(run: Run, keys: Iterable[str]) -> tuple[int, int]:
    """Rows with a person that is more likely theirs than not, and all rows, in the sample."""
    every = " UNION ".join(f"SELECT row FROM {key}_scored WHERE weight >= 0" for key in keys)
    (found,) = run.con.execute(f"SELECT count(*) FROM ({every})").fetchall()[0]
    (rows,) = run.con.execute("SELECT count(*) FROM sample").fetchall()[0]
    return found, rows


def _with_found(run: Run, model: Model, persons: int, rows: int) -> Model:
    """With the expected share of rows whose person is in the store: by all search keys, not by KEYS alone."""
    with run.step("found"):
        run.stage("every_pair", searching.pairs(searching.PAIRED))
        run.stage("every_scored", scored(model, persons, "every_pair", "sample"))
    odds = "SELECT sum(pow(2.0, least(weight, 60))) AS odds FROM every_scored GROUP BY row"
    (found,) = run.con.execute(f"SELECT coalesce(sum(odds / (1 + odds)), 0) FROM ({odds})").fetchall()[0]
    share = round(float(found) / rows, 6)  # the order in which floats are added up tells in the last digits
    return replace(model, found=min(max(share, 0.5), 0.999))


def estimated(
    start: Model,
    random: Sequence[Pattern],
    by_key: Mapping[str, Sequence[Pattern]],
    persons: int,
    note: str,
) -> Model:
    """The model that the patterns of random pairs and of each key's pairs tell; its `found` is start's."""
    begun = replace(
        start, chances={name: _with_u(levels, random, name) for name, levels in start.chances.items()}
    )
    prior = start.prior(persons)
    expected = [expectation(begun, patterns, KEYS[key], prior) for key, patterns in by_key.items()]
    chances = {}
    for name, levels in begun.chances.items():
        pairs = [sum(counts) for counts in zip(*(one[name] for one in expected if name in one), strict=True)]
        trained = _with_m(levels, pairs)
        chances[name] = trained if _sensible(trained) and sum(pairs) >= LEAST_FOUND else start.chances[name]
    return replace(start, chances=chances, note=note)


def _with_u(levels: Mapping[str, Chances], random: Sequence[Pattern], name: str) -> dict[str, Chances]:
    """Levels with the u of the random pairs. Those begun with count a little: few pairs tell little."""
    counts = [0] * len(levels)
    for pattern in random:
        place = pattern.levels[name]
        if place is not None:
            counts[place] += pattern.pairs
    total = sum(counts)
    shares = [
        (count + STARTING_PAIRS) / (total + STARTING_PAIRS / chance.u)
        for count, chance in zip(counts, levels.values(), strict=True)
    ]
    return {
        level: Chances(chance.m, share / sum(shares))
        for (level, chance), share in zip(levels.items(), shares, strict=True)
    }


def expectation(
    model: Model, patterns: Sequence[Pattern], fixed: Iterable[str], prior: float
) -> dict[str, list[float]]:
    """Comparison → expected pairs of one person by level, for all comparisons but those in `fixed`.

    `fixed` comparisons keep their m, and still tell pairs apart: a key picks pairs by what they show, and
    that is in their weights. So the prior is that of any two; a share of one person's pairs free for each
    key would let a key of few other comparisons take namesakes for one person.
    """
    free = [name for name in model.chances if name not in set(fixed)]
    expected: dict[str, list[float]] = {}
    for _ in range(MOST_ROUNDS):
        before = model
        expected = {name: [0.0] * len(model.chances[name]) for name in free}
        table = {name: list(levels.values()) for name, levels in model.chances.items()}
        for pattern in patterns:
            sure = pattern.pairs * _probability(_weight(table, pattern) + prior)
            for name in free:
                place = pattern.levels[name]
                if place is not None:
                    expected[name][place] += sure
        news = {name: _with_m(model.chances[name], expected[name]) for name in free}
        model = replace(model, chances={**model.chances, **news})
        if _change(before, model) < CLOSE:
            break
    return expected


def _weight(table: Mapping[str, Sequence[Chances]], pattern: Pattern) -> float:
    """Bits; without a prior."""
    bits = {
        name: table[name][place].weight_of(pattern.shares.get(name))
        for name, place in pattern.levels.items()
        if place is not None
    }
    return sum(bits.values()) + family(pattern.levels, bits.get("surname", 0.0))


def _probability(bits: float) -> float:
    return 1 / (1 + 2.0 ** -min(max(bits, -60.0), 60.0))


def _with_m(levels: Mapping[str, Chances], expected: Sequence[float]) -> dict[str, Chances]:
    """Levels with the m of the expected pairs. Those begun with count a little, so that none gets 0."""
    total = sum(expected) + STARTING_PAIRS
    begun = sum(chance.m for chance in levels.values())
    return {
        level: Chances((count + STARTING_PAIRS * chance.m / begun) / total, chance.u)
        for (level, chance), count in zip(levels.items(), expected, strict=True)
    }


def _change(before: Model, after: Model) -> float:
    return max(
        abs(chance.m - after.chances[name][level].m)
        for name, levels in before.chances.items()
        for level, chance in levels.items()
    )


def _sensible(levels: Mapping[str, Chances]) -> bool:
    """The first level says most for one person, or within a bit of it; the last says most against it.

    Where few names are common, strangers have the same one as often as nearly the same.
    """
    weights = [chance.weight for chance in levels.values()]
    return weights[0] > max(weights) - 1 and weights[-1] < 0
