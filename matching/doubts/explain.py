"""Why a pair of a row and a person has its weight: what each comparison adds, in bits."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from matching.engine import view_store
from matching.linking import persons as linking
from matching.linking import searching
from matching.readers.base import problem
from matching.register.loading import load_register
from matching.run import Resources, Run, running
from matching.store.versions import open_version
from matching.weighing.comparisons import PERSON
from matching.weighing.model import Model, read_model
from matching.weighing.scoring import ADJUSTED, family, level_names


@dataclass(frozen=True)
class Step:
    """What one comparison, or `prior`, `household` or `order_of_names`, adds: `bits`.

    `m`, `u`: of the level; `frequency`: share of the persons with the agreeing value, which takes u's place.
    """

    name: str
    bits: float
    level: str | None = None
    m: float | None = None
    u: float | None = None
    frequency: float | None = None


def explain(
    levels: Mapping[str, int | None],
    shares: Mapping[str, float | None],
    model: Model,
    persons: int,
    penalty: float = 0.0,
) -> list[Step]:
    """The steps whose bits add up to the pair's weight, in the order of the comparisons.

    `levels`: comparison → its level's place (None: it says nothing); `shares`: comparison → frequency.
    """
    steps = [Step("prior", model.prior(persons))]
    for comparison in PERSON:
        place = levels.get(comparison.name)
        steps.append(_step(model, comparison.name, place, shares.get(comparison.name)))
    household = family(levels, steps[1].bits)
    if household:
        steps.append(Step("household", household))
    if penalty:
        steps.append(Step("order_of_names", penalty))
    return steps


def _step(model: Model, name: str, place: int | None, share: float | None) -> Step:
    if place is None:
        return Step(name, 0.0)
    level = level_names(name)[place]
    chance = model.chances[name][level]
    return Step(name, chance.weight_of(share), level, chance.m, chance.u, share)


def explain_row(
    register: Path,
    store: Path,
    row: int,
    *,
    version: str | None = None,
    mapping: Any = None,
    on: date | None = None,
    model: Path | None = None,
    resources: Resources | None = None,
) -> dict[str, Any]:
    """The decision of a row (from 1) and all its candidates, for JSON. Raises InputProblems.

    Holds other people's ids: for officials alone.
    """
    snapshot, used = open_version(store, version), read_model(model)
    by_code = linking.Linking(on or date.today(), snapshot.artificial)
    by_data = searching.Searching(by_code.day, used, snapshot.persons)
    with running(resources or Resources(), register.parent.resolve(), [register], [snapshot.path]) as run:
        load_register(run.con, register, mapping, run.temp)
        _choose(run, row)
        view_store(run, snapshot)
        open_stages = searching.stages(by_data)
        stages = linking.stages(by_code) | open_stages
        for name, query in (stages | {"link": linking.link(searched=True)}).items():
            run.stage(name, query)
        result, rule, weight = _one(run, "SELECT result, rule, weight FROM link")
        _score_settled(run, open_stages)
        return {
            "row": row,
            "result": result,
            "rule": rule,
            "weight": weight,
            "thresholds": {"upper": used.upper, "lower": used.lower, "gap": used.gap},
            "model_version": used.version,
            "candidates": _candidates(run, used, snapshot.persons),
        }


def _choose(run: Run, row: int) -> None:
    """Leave nothing but this row (from 1) in `sent`. Raises InputProblems."""
    run.con.execute("CREATE TABLE chosen AS SELECT * FROM sent WHERE row = ?", [row - 1])
    run.con.execute("DROP VIEW sent")
    run.con.execute("ALTER TABLE chosen RENAME TO sent")
    if not _one(run, "SELECT count(*) FROM sent")[0]:
        raise problem("no_row", "the register has no such row")


def _one(run: Run, query: str) -> tuple[Any, ...]:
    return tuple(run.con.execute(query).fetchall()[0])


def _score_settled(run: Run, stages: Mapping[str, str]) -> None:
    """Compare a row that a strict stage has settled, as if it were open: its decision stands already."""
    settled = ("repaired", "ladder")
    if not any(_one(run, f"SELECT count(*) FROM {table}")[0] for table in settled):
        return
    for table in settled:
        run.con.execute(f"DELETE FROM {table}")
    for name in list(stages)[list(stages).index("sought") : list(stages).index("searched")]:
        run.con.execute(f"DROP TABLE {name}")
        run.stage(name, stages[name])


def _candidates(run: Run, model: Model, persons: int) -> list[dict[str, Any]]:
    """The nearest first."""
    names = [comparison.name for comparison in PERSON]
    shares = [f"{name}_share" for name in ADJUSTED]
    found = run.con.execute(
        f"SELECT c.place, p.person_id, c.weight, c.penalty, {', '.join(f'c.{x}' for x in names + shares)}"
        " FROM candidate c JOIN subject p ON p.pid = c.pid ORDER BY c.place"
    ).fetchall()
    return [
        {
            "place": place,
            "person_id": person,
            "weight": weight,
            "steps": [
                asdict(step)
                for step in explain(
                    dict(zip(names, values, strict=False)),
                    dict(zip(ADJUSTED, values[len(names) :], strict=True)),
                    model,
                    persons,
                    float(penalty),
                )
            ],
        }
        for place, person, weight, penalty, *values in found
    ]
