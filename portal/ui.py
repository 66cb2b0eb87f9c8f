"""The shapes that the components draw (templates/components): what a view hands to a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

Tone = Literal["neutral", "info", "success", "warning", "error"]
StepState = Literal["done", "current", "waiting", "late", "failed"]


@dataclass(frozen=True)
class SummaryRow:
    """A line of a summary list; `href` leads to where the value can be changed."""

    key: Any
    value: Any
    href: str = ""
    link: Any = ""


@dataclass(frozen=True)
class Step:
    """A step of a process: its state is told by text and mark, not by colour alone."""

    label: Any
    state: StepState
    at: datetime | date | None = None
    text: Any = ""


@dataclass(frozen=True)
class Task:
    """A task of a task list; without `href` it can't be started yet, and `hint` says why."""

    label: Any
    status: Any
    tone: Tone = "neutral"
    href: str = ""
    hint: Any = ""


@dataclass(frozen=True)
class Filter:
    """A choice of what to list, with its number where that is counted."""

    label: Any
    href: str
    count: int | None
    is_current: bool


@dataclass(frozen=True)
class Bar:
    """A bar of a chart of counts."""

    label: Any
    count: int
    tone: Tone | Literal[""] = ""


SHORTEST = 0.5
"""The length of the shortest bar that can still be seen."""


@dataclass(frozen=True)
class DrawnBar:
    """A bar with its share of all (0–100), and that share as a length which the eye still finds."""

    bar: Bar
    length: float
    share: float


def draw_bars(bars: Sequence[Bar], total: int | None = None) -> list[DrawnBar]:
    """Shares of `total`, or of the sum; the whole length stands for all, as a share is read."""
    total = total or sum(bar.count for bar in bars) or 1
    shares = [(bar, 100 * bar.count / total) for bar in bars]
    return [
        DrawnBar(bar, max(round(share, 1), SHORTEST if bar.count else 0.0), share) for bar, share in shares
    ]


@dataclass(frozen=True)
class DrawnTimeline:
    """Positions 0–100 of a delivery window on a line of days; `over` is what is after its last day."""

    elapsed: float
    opens: float
    window: float
    today: float
    over_from: float
    over: float


def draw_timeline(start: date, opens: date, closes: date, today: date) -> DrawnTimeline:
    """Draw the days from `start` to the later of `closes` and `today` as shares of the line."""
    end = max(closes, today)
    scale = 100 / ((end - start).days or 1)

    def at(day: date) -> float:
        return round(min(max((day - start).days, 0) * scale, 100.0), 1)

    return DrawnTimeline(
        elapsed=at(min(today, closes)),
        opens=at(opens),
        window=round(at(closes) - at(opens), 1),
        today=min(max(at(today), 0.6), 99.4),
        over_from=at(closes),
        over=round(at(today) - at(closes), 1) if today > closes else 0.0,
    )
