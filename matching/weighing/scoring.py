"""Score pairs of a row and a person: the level of each comparison, and the weight of them all, in bits."""

from collections.abc import Mapping, Sequence

from matching.weighing.comparisons import CODE, PERSON, SURNAME, Comparison
from matching.weighing.model import Model

ADJUSTED = [comparison.name for comparison in PERSON if any(level.share for level in comparison.levels)]
"""Comparisons whose weight depends on how common the agreeing value is: it stands in `<comparison>_share`."""


def scored(
    model: Model, persons: int, pairs: str, rows: str, traits: str = "trait", *, codes: bool = True
) -> str:
    """Stage: `pairs` (row, variant, pid) with the level of each comparison and the weight.

    `rows` is a table of the columns of `linking.sought`. A level is its place in `PERSON`, from 0; NULL where
    the comparison says nothing. Without `codes` no row has a code to compare, and none is read.
    """
    levels = ", ".join(
        f"{_level(comparison) if codes or comparison is not CODE else 'NULL::INTEGER'} AS {comparison.name}"
        for comparison in PERSON
    )
    shares = ", ".join(_share(comparison) for comparison in PERSON if _shares(comparison))
    return f"""
        SELECT c.*, {weight(model, persons)} AS weight
        FROM (SELECT x.row, x.variant, x.pid, s.penalty, {levels}, {shares}
              FROM {pairs} x JOIN {rows} s ON s.row = x.row AND s.variant = x.variant
              JOIN {traits} p ON p.pid = x.pid) c"""


def weight(model: Model, persons: int) -> str:
    """SQL: the weight of a pair over the columns of levels."""
    parts = [f"{model.prior(persons)!r}", "c.penalty"]
    parts += [comparison_weight(model, comparison) for comparison in PERSON]
    parts.append(household(model))
    return " + ".join(parts)


def comparison_weight(model: Model, comparison: Comparison) -> str:
    """SQL: what one comparison adds."""
    whens = []
    for place, level in enumerate(comparison.levels):
        chance = model.chances[comparison.name][level.name]
        value = f"{chance.weight!r}"
        if level.share:
            share = f"c.{comparison.name}_share"
            value = f"CASE WHEN {share} IS NULL THEN {value} ELSE log2({chance.m!r} / {share}) END"
        whens.append(f"WHEN {place} THEN {value}")
    return f"CASE c.{comparison.name} {' '.join(whens)} ELSE 0 END"


# One family, one home, one surname: in these pairs the agreement of surname and of home is one piece of
# evidence, not two. Where birth date and given names contradict, it is another member. Where only one does,
# that may be a mistake: then no more is taken off than the surname has added.
HOUSEHOLD_BITS = 14.0
SAME_HOME = "former house"  # or a stronger level


def household(model: Model) -> str:
    """SQL over a pair's levels: what is taken off where the agreement is a family's."""
    surname = f"greatest({comparison_weight(model, SURNAME)}, 0)"
    family = f"c.surname <= {_place('surname', 'part')} AND c.home <= {_place('home', SAME_HOME)}"
    date = f"c.birth_date >= {_place('birth_date', 'two parts of three')}"
    given = f"c.given_names >= {_place('given_names', 'alike')}"
    return (
        f"CASE WHEN {family} AND {date} AND {given} THEN -{HOUSEHOLD_BITS!r}"
        f" WHEN {family} AND ({date} OR {given}) THEN -least({HOUSEHOLD_BITS!r}, {surname}) ELSE 0 END"
    )


def family(levels: Mapping[str, int | None], surname: float) -> float:
    """`household` for one pair, of comparison → its level's place, and the bits of its surname."""

    def at_best(comparison: str, level: str) -> bool:
        place = levels.get(comparison)
        return place is not None and place <= _place(comparison, level)

    def at_worst(comparison: str, level: str) -> bool:
        place = levels.get(comparison)
        return place is not None and place >= _place(comparison, level)

    if not (at_best("surname", "part") and at_best("home", SAME_HOME)):
        return 0.0
    contradictions = at_worst("birth_date", "two parts of three") + at_worst("given_names", "alike")
    return -(0.0, min(HOUSEHOLD_BITS, max(surname, 0.0)), HOUSEHOLD_BITS)[contradictions]


def _place(comparison: str, level: str) -> int:
    """The place of a level in its comparison."""
    return level_names(comparison).index(level)


def level_names(comparison: str) -> list[str]:
    """The names of a comparison's levels, in their order."""
    return next([level.name for level in one.levels] for one in PERSON if one.name == comparison)


def _level(comparison: Comparison) -> str:
    levels: Sequence[str] = [
        f"WHEN {level.condition} THEN {place}" for place, level in enumerate(comparison.levels)
    ]
    return f"CASE WHEN {comparison.missing} THEN NULL {' '.join(levels)} END"


def _shares(comparison: Comparison) -> list[tuple[int, str]]:
    return [(place, level.share) for place, level in enumerate(comparison.levels) if level.share]


def _share(comparison: Comparison) -> str:
    """SQL: the share that belongs to the pair's level.

    All shares are computed beside the levels: a level's own alias is not known in its SELECT.
    """
    whens = " ".join(
        f"WHEN {comparison.levels[place].condition} THEN {share}" for place, share in _shares(comparison)
    )
    return f"CASE {whens} END AS {comparison.name}_share"
