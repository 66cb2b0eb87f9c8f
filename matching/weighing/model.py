"""The model of Fellegi and Sunter (JASA 64, 1969): how much each level of each comparison says.

A level's weight is log2(m / u): m is its share among pairs of the same person, u among pairs of different
ones. Where a level has the frequency of the agreeing value, that takes u's place: a rare name says more.
The weight of a pair is the sum of its levels' and of the prior: that of any two, a row and a person.
"""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from matching.readers.base import problem
from matching.weighing.comparisons import PERSON

SHIPPED = Path(__file__).parent.parent / "models" / "finland.json"
MOST = 200.0  # bits of a threshold; what is beyond decides nothing and is no number of the engine's
LEAST = 1e-12  # of a probability that is read
SMALLEST = 1e-7  # no level is impossible: an m or u of 0 would decide alone


@dataclass(frozen=True)
class Chances:
    """The m and u of one level, each above 0 and at most 1."""

    m: float
    u: float

    @property
    def weight(self) -> float:
        """In bits."""
        return math.log2(self.m / self.u)

    def weight_of(self, share: float | None) -> float:
        """In bits; the frequency of the agreeing value, where it is known, takes u's place."""
        return self.weight if share is None else math.log2(self.m / share)


@dataclass(frozen=True)
class Model:
    """`chances`: comparison → level → its m and u.

    `found`: share of rows whose person is in the store. `upper`, `lower`: thresholds of the pair's weight in
    bits; `gap`: how far the next person must be behind.
    """

    chances: Mapping[str, Mapping[str, Chances]]
    found: float = 0.97
    upper: float = 4.3
    lower: float = -3.0
    gap: float = 6.0
    note: str = field(default="", compare=False)

    @property
    def version(self) -> str:
        """Twelve hexadecimal digits of what the model holds."""
        return hashlib.sha256(json.dumps(self._content(), sort_keys=True).encode()).hexdigest()[:12]

    def prior(self, persons: int) -> float:
        """The weight, in bits, of a row and any of so many persons."""
        return math.log2(self.found / max(persons, 1))

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"note": self.note, "version": self.version, **self._content()}

    def _content(self) -> dict[str, Any]:
        return {
            "found": self.found,
            "thresholds": {"upper": self.upper, "lower": self.lower, "gap": self.gap},
            "comparisons": {
                name: {level: {"m": chance.m, "u": chance.u} for level, chance in levels.items()}
                for name, levels in self.chances.items()
            },
        }


def read_model(path: Path | None = None) -> Model:
    """The model in a file, ours or Splink's, the shipped one by default. Raises InputProblems."""
    try:
        content = json.loads((path or SHIPPED).read_text(encoding="utf-8-sig"))
        if isinstance(content["comparisons"], list):
            from matching.weighing.splink_read import chances_of

            return _with(read_model(), chances_of(content))
        return from_dict(content)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise problem("model_invalid", "the model can't be read") from error


def from_dict(content: Mapping[str, Any]) -> Model:
    """Raises ValueError, KeyError, TypeError for what is no model of these comparisons.

    Raises InputProblems for figures that no model can have.
    """
    chances = {}
    for comparison in PERSON:
        levels = content["comparisons"][comparison.name]
        chances[comparison.name] = {
            level.name: Chances(_share(levels[level.name]["m"]), _share(levels[level.name]["u"]))
            for level in comparison.levels
        }
    thresholds = {name: float(content["thresholds"][name]) for name in ("upper", "lower", "gap")}
    _check_thresholds(**thresholds)
    return Model(chances, _share(content["found"]), note=str(content.get("note", "")), **thresholds)


def _with(shipped: Model, found: Mapping[str, Mapping[str, tuple[float, float]]]) -> Model:
    """The shipped model with the m and u of these levels."""
    chances = {
        name: {**levels} | {level: Chances(*map(_share, both)) for level, both in found.get(name, {}).items()}
        for name, levels in shipped.chances.items()
    }
    return replace(shipped, chances=chances, note="Read from a model that Splink saved")


def write_model(model: Model, path: Path) -> None:
    path.write_text(json.dumps(model.as_dict(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _share(value: Any) -> float:
    share = float(value)
    if not LEAST <= share <= 1:
        raise problem("model_invalid", f"the model has a probability that is not from {LEAST:g} to 1")
    return share


def _check_thresholds(upper: float, lower: float, gap: float) -> None:
    """Raises InputProblems, also where one is no finite number."""
    if not (-MOST <= lower <= upper <= MOST and 0 <= gap <= MOST):
        text = f"the model's thresholds must be -{MOST:g} ≤ lower ≤ upper ≤ {MOST:g} and 0 ≤ gap ≤ {MOST:g}"
        raise problem("model_invalid", text)
