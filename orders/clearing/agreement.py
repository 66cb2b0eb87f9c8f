"""How well officials agree on doubtful rows: the share of rows, and Cohen's kappa, which omits chance."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Subquery

from orders.models import Opinion

Choice = tuple[str, int | None]


@dataclass(frozen=True)
class Agreement:
    """`kappa` is None where all opinions are the same one, for then chance alone explains them."""

    rows: int
    agreed: int
    kappa: float | None

    @property
    def percent(self) -> float:
        return 100 * self.agreed / self.rows


def agreement(pairs: Mapping[tuple[Choice, Choice], int]) -> Agreement | None:
    """Of pairs (first opinion, second opinion) with their numbers; None where there are none."""
    rows = sum(pairs.values())
    if not rows:
        return None
    agreed = sum(count for (first, second), count in pairs.items() if first == second)
    firsts: Counter[Choice] = Counter()
    seconds: Counter[Choice] = Counter()
    for (first, second), count in pairs.items():
        firsts[first] += count
        seconds[second] += count
    by_chance = sum(firsts[choice] * seconds[choice] for choice in firsts) / rows**2
    kappa = None if by_chance == 1 else (agreed / rows - by_chance) / (1 - by_chance)
    return Agreement(rows, agreed, kappa)


def counted(**which: Any) -> dict[Any, Counter[tuple[Choice, Choice]]]:
    """Order's id → its pairs of opinions with their numbers; `which` chooses rows."""
    first = Opinion.objects.filter(row=OuterRef("row"), number=1)
    found = (
        Opinion.objects.filter(number=2, **which)
        .annotate(
            first_decision=Subquery(first.values("decision")[:1]),
            first_place=Subquery(first.values("place")[:1]),
        )
        .values_list("row__order", "first_decision", "first_place", "decision", "place")
        .annotate(rows=Count("pk"))
        .order_by()
    )
    pairs: dict[Any, Counter[tuple[Choice, Choice]]] = {}
    for order, one, one_place, other, other_place, rows in found:
        pairs.setdefault(order, Counter())[((one, one_place), (other, other_place))] += rows
    return pairs


def of_order(pk: Any) -> Agreement | None:
    return agreement(counted(row__order=pk).get(pk, Counter()))


def of_all(pairs: Mapping[Any, Counter[tuple[Choice, Choice]]]) -> Agreement | None:
    """Of several orders together."""
    return agreement(sum(pairs.values(), Counter()))
