"""The two weeks as a pure function: drawn tables of days, and what holds for any."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from permits.models import Application
from permits.review import REVIEW_DAYS, Stop, clock, due_date, stopped_days
from portal.calendar import is_working_day

# arrived    | due        | why
DUE_DAYS = """
2026-11-09   | 2026-11-23 | a Monday, two weeks later a Monday
2026-11-07   | 2026-11-23 | a Saturday would be due on the 21st
2026-11-08   | 2026-11-23 | a Sunday would be due on the 22nd
2026-06-05   | 2026-06-22 | midsummer's eve, a Friday, is no working day
2026-06-06   | 2026-06-22 | midsummer day
2026-12-10   | 2026-12-28 | Christmas eve, two holidays and a Sunday
2026-12-11   | 2026-12-28 | Christmas day
2024-12-12   | 2024-12-27 | Boxing day, a Thursday
2026-12-18   | 2027-01-04 | New Year's day, a Friday
2026-12-23   | 2027-01-07 | Epiphany, a Wednesday
2026-03-20   | 2026-04-07 | Good Friday; Easter Monday is none either
2026-04-17   | 2026-05-04 | May Day, a Friday
2026-04-30   | 2026-05-15 | Ascension day
2027-11-22   | 2027-12-07 | Independence day, a Monday
2028-02-15   | 2028-02-29 | the leap day is a day like another
2028-02-16   | 2028-03-01 | and is counted
2027-02-15   | 2027-03-01 | in a year that has none
2026-10-12   | 2026-10-26 | the clocks go back on the 25th: days are counted, not hours
2026-03-16   | 2026-03-30 | and forward on the 29th
"""

# arrived  | stops: asked to answered, .. is open              | today      | due        | stood still
STOPS = """
2026-11-02 | 2026-11-04 2026-11-10                             | 2026-11-11 | 2026-11-23 | 6
2026-11-02 | 2026-11-04 2026-11-06, 2026-11-10 2026-11-13      | 2026-11-13 | 2026-11-23 | 5
2026-11-02 | 2026-11-04 2026-11-05, 2026-11-09 2026-11-10, 2026-11-11 2026-11-12 | 2026-11-12 | 2026-11-19 | 3
2026-11-02 | 2026-11-04 2026-11-04                             | 2026-11-05 | 2026-11-16 | 0
2026-11-02 | 2026-11-02 2026-11-04                             | 2026-11-05 | 2026-11-18 | 2
2026-12-01 | 2026-12-14 2027-01-11                             | 2027-01-11 | 2027-01-12 | 28
2026-12-01 | 2026-12-14 2026-12-23                             | 2026-12-23 | 2026-12-28 | 9
2026-11-02 | 2026-11-04 ..                                     | 2026-11-04 | 2026-11-16 | 0
2026-11-02 | 2026-11-04 ..                                     | 2026-11-20 | 2026-12-02 | 16
2026-11-02 | 2026-11-04 2026-11-12, 2026-11-06 2026-11-10      | 2026-11-12 | 2026-11-24 | 8
2026-11-02 | 2026-11-04 2026-11-10, 2026-11-06 2026-11-12      | 2026-11-12 | 2026-11-24 | 8
2026-11-02 | 2026-11-10 2026-11-12, 2026-11-04 2026-11-06      | 2026-11-12 | 2026-11-20 | 4
2026-11-02 | 2026-11-04 2026-11-06, 2026-11-06 2026-11-08      | 2026-11-12 | 2026-11-20 | 4
2026-11-02 | 2026-10-20 2026-10-28                             | 2026-11-05 | 2026-11-16 | 0
2026-11-02 | 2026-10-20 2026-11-04                             | 2026-11-05 | 2026-11-18 | 2
2026-11-02 | 2026-11-20 2026-11-24                             | 2026-11-05 | 2026-11-16 | 0
2028-02-14 | 2028-02-28 2028-03-01                             | 2028-03-01 | 2028-03-01 | 2
2026-10-19 | 2026-10-24 2026-10-26                             | 2026-10-27 | 2026-11-04 | 2
"""

# the moment in UTC    | the day in Finland
MOMENTS = """
2026-03-28T21:30+00:00 | 2026-03-28
2026-03-28T22:30+00:00 | 2026-03-29
2026-03-29T20:30+00:00 | 2026-03-29
2026-03-29T21:30+00:00 | 2026-03-30
2026-10-24T20:30+00:00 | 2026-10-24
2026-10-24T21:30+00:00 | 2026-10-25
2026-10-25T21:30+00:00 | 2026-10-25
2026-10-25T22:30+00:00 | 2026-10-26
2026-12-31T22:00+00:00 | 2027-01-01
"""


def drawn(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


def day(text: str) -> date:
    return date.fromisoformat(text)


def stops_of(text: str) -> list[Stop]:
    pairs = [pair.split() for pair in text.split(",")]
    return [Stop(day(asked), None if answered == ".." else day(answered)) for asked, answered in pairs]


@pytest.mark.parametrize(("arrived", "due", "why"), drawn(DUE_DAYS))
def test_an_application_is_due_in_two_weeks_or_on_the_next_working_day(
    arrived: str, due: str, why: str
) -> None:
    assert due_date(day(arrived), [], day(arrived)) == day(due), why


@pytest.mark.parametrize(("arrived", "stops", "today", "due", "still"), drawn(STOPS))
def test_the_due_day_moves_by_what_the_clock_stood_still(
    arrived: str, stops: str, today: str, due: str, still: str
) -> None:
    found = clock(day(arrived), stops_of(stops), day(today))
    assert (found.due, found.stopped_days) == (day(due), int(still))
    assert found.days_left == (day(due) - day(today)).days


@pytest.mark.parametrize(("moment", "local"), drawn(MOMENTS))
def test_the_day_of_arrival_is_that_of_finland(moment: str, local: str) -> None:
    assert Application(submitted_at=datetime.fromisoformat(moment)).starts_on == day(local)


def test_what_came_on_paper_is_counted_from_the_day_on_which_it_came() -> None:
    entered = datetime.fromisoformat("2026-11-12T09:00+02:00")
    assert Application(received_on=day("2026-11-09"), submitted_at=entered).starts_on == day("2026-11-09")


@pytest.mark.parametrize(
    ("today", "since"),
    [("2026-11-03", None), ("2026-11-04", "2026-11-04"), ("2026-11-09", "2026-11-04"), ("2026-11-10", None)],
)
def test_the_clock_stands_still_from_the_day_of_asking_until_that_of_the_answer(
    today: str, since: str | None
) -> None:
    found = clock(day("2026-11-02"), stops_of("2026-11-04 2026-11-10"), day(today))
    assert found.stopped_since == (day(since) if since else None)
    assert found.is_stopped == (since is not None)


@pytest.mark.parametrize(("today", "is_late"), [("2026-11-23", False), ("2026-11-24", True)])
def test_it_is_late_on_the_day_after_the_due_day(today: str, is_late: bool) -> None:
    assert clock(day("2026-11-09"), [], day(today)).is_late is is_late


def test_nothing_gets_late_while_the_clock_stands_still() -> None:
    asked_when_late = clock(day("2026-11-02"), stops_of("2026-11-20 .."), day("2026-12-10"))
    assert asked_when_late.days_left < 0
    assert not asked_when_late.is_late


DAYS = st.dates(date(2024, 1, 1), date(2029, 12, 31))
LENGTHS = st.integers(0, 60)


@st.composite
def stops(draw: st.DrawFn, started: date) -> Stop:
    """A stop about the time of a review: before it, over its start, in it, after it, or still open."""
    asked = started + timedelta(days=draw(st.integers(-20, 80)))
    return Stop(asked, draw(st.none() | LENGTHS.map(lambda length: asked + timedelta(days=length))))


@st.composite
def cases(draw: st.DrawFn) -> tuple[date, list[Stop], date]:
    started = draw(DAYS)
    return started, draw(st.lists(stops(started), max_size=6)), started + timedelta(days=draw(LENGTHS))


def still_days(started: date, found: list[Stop], today: date) -> set[date]:
    """The days for which the clock stands still, one by one: a slow way to the same number."""
    days = (started + timedelta(days=n) for n in range((today - started).days))
    return {one for one in days if any(stop.asked <= one < (stop.answered or today) for stop in found)}


@given(cases())
def test_the_days_are_those_of_the_union_of_the_stops(case: tuple[date, list[Stop], date]) -> None:
    assert stopped_days(*case) == len(still_days(*case))


@given(cases())
def test_the_due_day_is_a_working_day_at_least_two_weeks_after_the_start(
    case: tuple[date, list[Stop], date],
) -> None:
    due = due_date(*case)
    assert is_working_day(due)
    assert due >= case[0] + timedelta(days=REVIEW_DAYS)


@given(cases(), st.data())
def test_a_further_stop_never_makes_it_due_earlier(
    case: tuple[date, list[Stop], date], data: st.DataObject
) -> None:
    started, found, today = case
    assert due_date(started, [*found, data.draw(stops(started))], today) >= due_date(*case)


@given(cases(), st.data())
def test_a_longer_stop_never_makes_it_due_earlier(
    case: tuple[date, list[Stop], date], data: st.DataObject
) -> None:
    started, found, today = case
    one = data.draw(stops(started))
    earlier = timedelta(days=data.draw(LENGTHS))
    end = one.answered and one.answered + timedelta(days=data.draw(LENGTHS))
    longer = Stop(one.asked - earlier, end)
    assert due_date(started, [*found, longer], today) >= due_date(started, [*found, one], today)


@given(cases(), st.data())
def test_the_order_of_the_stops_does_not_matter(
    case: tuple[date, list[Stop], date], data: st.DataObject
) -> None:
    started, found, today = case
    assert clock(started, data.draw(st.permutations(found)), today) == clock(*case)


@given(cases())
def test_the_due_day_never_moves_earlier_as_days_pass(case: tuple[date, list[Stop], date]) -> None:
    started, found, today = case
    assert due_date(started, found, today + timedelta(days=1)) >= due_date(*case)
