"""The deadline list's shapes: each open order with its days left in words and its window on a common axis."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from orders.models import Order
from orders.ordering import presentation
from orders.words import days_left_words
from portal.calendar import local_day
from portal.ui import Tone


@dataclass(frozen=True)
class Axis:
    """The days that the list's bars span, and some of them as marks: (day, position 0–100)."""

    start: date
    end: date
    today: float
    marks: list[tuple[date, float]]

    def at(self, day: date) -> float:
        return round(100 * (day - self.start).days / (self.end - self.start).days, 2)


@dataclass(frozen=True)
class Line:
    """An order of the list. `placed` to `over` are positions on the axis, 0–100."""

    order: Order
    tone: Tone
    words: str
    placed: float
    wait: float
    opens: float
    width: float
    late_from: float
    over: float


def axis(orders: Sequence[Order], today: date) -> Axis | None:
    """From the first placing to the last closing day, today included; None without orders."""
    if not orders:
        return None
    start = min([today, *(_placed(order) for order in orders)]) - timedelta(days=1)
    end = max([today, *(_closes(order) for order in orders)]) + timedelta(days=2)
    scale = Axis(start, end, 0.0, [])
    step = max((end - start).days // 4, 1)
    days = [start + timedelta(days=offset) for offset in range(step, (end - start).days, step)]
    return Axis(start, end, scale.at(today), [(day, scale.at(day)) for day in days])


def rows(orders: Sequence[Order], today: date) -> list[Line]:
    scale = axis(orders, today)
    return [_line(order, scale, today) for order in orders] if scale else []


def _line(order: Order, scale: Axis, today: date) -> Line:
    placed, opens = scale.at(_placed(order)), scale.at(_opens(order))
    after = scale.at(_closes(order) + timedelta(days=1))
    return Line(
        order=order,
        tone=presentation.TONES[order.status],
        words=days_left_words(order),
        placed=placed,
        wait=round(opens - placed, 2),
        opens=opens,
        width=round(after - opens, 2),
        late_from=after,
        over=round(scale.at(today + timedelta(days=1)) - after, 2) if order.is_late else 0.0,
    )


def _placed(order: Order) -> date:
    """The day of placing, which every open order has (a constraint of the table)."""
    return local_day(order.placed_at)  # type: ignore[arg-type]


def _opens(order: Order) -> date:
    return order.window_opens  # type: ignore[return-value]


def _closes(order: Order) -> date:
    return order.window_closes  # type: ignore[return-value]
