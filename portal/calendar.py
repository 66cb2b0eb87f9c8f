"""Days and due dates by the Finnish calendar, as pure functions of stored facts."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

HELSINKI = ZoneInfo("Europe/Helsinki")
WINDOW_OPENS_ON_DAY = 10
WINDOW_CLOSES_ON_DAY = 20


def local_day(moment: datetime) -> date:
    """The calendar day in Finland on which an aware moment falls."""
    return moment.astimezone(HELSINKI).date()


@cache
def _days_off(year: int) -> frozenset[date]:
    """Public holidays and the eves of midsummer and Christmas (act 150/1930, 5 §)."""
    public = holidays.country_holidays("FI", years=year)
    midsummer_eve = next(date(year, 6, day) for day in range(19, 26) if date(year, 6, day).weekday() == 4)
    return frozenset(public) | {midsummer_eve, date(year, 12, 24)}


def is_working_day(day: date) -> bool:
    """True unless the day is a Saturday, a Sunday, a holiday or an eve named in act 150/1930, 5 §."""
    return day.weekday() < 5 and day not in _days_off(day.year)


def due_day(day: date) -> date:
    """The day itself, or the next working day where it falls on one that is none (act 150/1930, 5 §)."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or the last one of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True)
class Window:
    """The delivery window (toimitusikkuna): the first and the last day on which a delivery is on time."""

    opens: date
    closes: date

    def days_left(self, today: date) -> int:
        """Calendar days until the last day; negative once it is late."""
        return (self.closes - today).days


def delivery_window(decided: date, placed: date) -> Window:
    """Day 10 to day 20, counted from the later of the permit decision and the placing with its material.

    An opening day stays where it falls; a closing day moves to the next working day.
    """
    start = max(decided, placed)
    return Window(
        opens=start + timedelta(days=WINDOW_OPENS_ON_DAY),
        closes=due_day(start + timedelta(days=WINDOW_CLOSES_ON_DAY)),
    )
