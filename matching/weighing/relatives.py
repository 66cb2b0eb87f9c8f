"""When the best person of a row is held back, since the row may be of somebody near them: a model's chances.

Either the row is of this person and mistaken, or it is of somebody who is not in the store and lives with, or
is related to, one who is. A person is held back where the first is not likelier by the upper threshold: so
what is ordinary in a register full of mistakes is held back in a clean one.
"""

import math
from collections.abc import Iterator
from itertools import product

from matching.weighing.model import Model
from matching.weighing.scoring import level_names

# The share of persons who have a relative whom such a pair may be as well: a twin, of other given names; a
# parent or child of the same name in the same home, of another birth date. Careful guesses for Finland.
RELATIVES = {
    "given_names": ("alike", 0.015),
    "birth_date": ("year", 0.004),
}
# The share of persons who have a brother, a sister, a parent or a child of a name like theirs: where the row
# has no birth date, which tells them apart.
UNDATED = ("a later one", 0.02)
# The share of persons with whom somebody lives who was born on the same day and has none of their names: no
# more than have a twin.
HOUSEMATES = 0.015

# Levels at which no name agrees; None where it is missing. An initial is no name.
_SURNAMES = (None, "other, woman", "other")
_GIVEN = (None, "initial", "alike", "other")
_NEAR_CODE = "nearly the same"


def held_back(model: Model) -> Iterator[str]:
    """SQL conditions over the levels of a row's best pair, each of which is reason enough."""
    code = _is_at("code", _NEAR_CODE)
    for surname, given, near in product(_SURNAMES, _GIVEN, (False, True)):
        if _is_held_back(model, surname=surname, given=given, near=near):
            names = f"{_is_at('surname', surname)} AND {_is_at('given_names', given)}"
            yield f"({names} AND {code if near else f'NOT ({code})'})"
    for name, (mildest, share) in RELATIVES.items():
        yield from _relatives(model, name, mildest, share)
    for reason in _relatives(model, "given_names", *UNDATED):
        yield f"({_is_at('birth_date', None)} AND {reason})"


def _relatives(model: Model, comparison: str, mildest: str, share: float) -> Iterator[str]:
    """The levels, from the mildest on, at which the row is as likely a relative's."""
    levels = level_names(comparison)
    for level in levels[levels.index(mildest) :]:
        if _is_likelier(model, model.chances[comparison][level].m, share):
            yield _is_at(comparison, level)


def _is_held_back(model: Model, *, surname: str | None, given: str | None, near: bool) -> bool:
    """Whether a person without an agreeing name is: date and home alone name nobody in a clean register.

    `near`: the row's code is nearly the person's.
    """
    if surname is None and given in (None, "initial"):
        return True
    levels = {"surname": surname, "given_names": given}
    mistake = math.prod(model.chances[name][level].m for name, level in levels.items() if level)
    # A housemate's name is alike by chance alone, as any stranger's is: a twin's is not.
    chance = model.chances["given_names"]["alike"].u if given == "alike" else 1.0
    if near:
        mistake *= model.chances["code"][_NEAR_CODE].m
        chance *= model.chances["code"][_NEAR_CODE].u
    return _is_likelier(model, mistake, HOUSEMATES * chance)


def _is_likelier(model: Model, mistake: float, share: float) -> bool:
    """Whether somebody near is, such mistakes and persons with somebody near being as common as this."""
    return model.found * mistake < (1 - model.found) * share * 2**model.upper


def _is_at(comparison: str, level: str | None) -> str:
    """SQL: whether the pair is at the level; None where the comparison says nothing."""
    place = level_names(comparison).index(level) if level else "NULL"
    return f"{comparison} IS NOT DISTINCT FROM {place}"
