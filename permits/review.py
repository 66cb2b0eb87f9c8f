"""The two weeks of a review (käsittelyaika): pure functions from stored facts to the day on which it is due.

Days are calendar days in Finland. The day of arrival is not counted, and a due day that is no working day
moves to the next one (act 150/1930, 2 and 5 §). While the applicant is asked for more, the clock stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from portal.calendar import due_day

REVIEW_DAYS = 14


@dataclass(frozen=True)
class Stop:
    """A time for which the clock stands still: from the day of asking to that of the answer, None if open."""

    asked: date
    answered: date | None


@dataclass(frozen=True)
class Clock:
    """Where a review stands on a day; while the clock stands still, `due` is as if it were answered today."""

    started: date
    due: date
    days_left: int
    stopped_days: int
    stopped_since: date | None

    @property
    def is_stopped(self) -> bool:
        return self.stopped_since is not None

    @property
    def is_late(self) -> bool:
        """Past its due day; while the clock stands still nothing gets late."""
        return self.days_left < 0 and not self.is_stopped


def stopped_days(started: date, stops: Sequence[Stop], today: date) -> int:
    """Calendar days for which the clock stood still until `today`; overlapping stops count once."""
    total, counted_to = 0, started
    for stop in sorted(stops, key=lambda one: one.asked):
        begin = max(stop.asked, counted_to)
        end = min(stop.answered or today, today)
        if end > begin:
            total += (end - begin).days
            counted_to = end
    return total


def due_date(started: date, stops: Sequence[Stop], today: date, days: int = REVIEW_DAYS) -> date:
    """The day on which the decision is due: `days` after `started`, and what the clock stood still."""
    return due_day(started + timedelta(days=days + stopped_days(started, stops, today)))


def clock(started: date, stops: Sequence[Stop], today: date, days: int = REVIEW_DAYS) -> Clock:
    """The whole of it on a day. A stop that is open on the day ends the counting there."""
    due = due_date(started, stops, today, days)
    open_on_the_day = [
        stop.asked
        for stop in stops
        if stop.asked <= today and (stop.answered is None or stop.answered > today)
    ]
    since = min(open_on_the_day, default=None)
    return Clock(started, due, (due - today).days, stopped_days(started, stops, today), since)
