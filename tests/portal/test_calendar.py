"""Days and windows by the Finnish calendar."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.calendar import delivery_window, due_day, is_working_day, local_day, months_after

DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2026, 11, 23), date(2026, 11, 23)),  # a Monday
        (date(2026, 11, 28), date(2026, 11, 30)),  # a Saturday
        (date(2026, 12, 6), date(2026, 12, 7)),  # Independence Day, a Sunday
        (date(2026, 12, 24), date(2026, 12, 28)),  # the eve, Christmas, the weekend
        (date(2026, 6, 19), date(2026, 6, 22)),  # midsummer eve
        (date(2026, 4, 3), date(2026, 4, 7)),  # Good Friday to Easter Monday
        (date(2027, 1, 1), date(2027, 1, 4)),  # over the turn of the year
        (date(2027, 1, 6), date(2027, 1, 7)),  # Epiphany
        (date(2026, 12, 31), date(2026, 12, 31)),  # New Year's eve is a working day
    ],
)
def test_a_due_day_on_a_day_off_moves_to_the_next_working_day(day: date, due: date) -> None:
    assert due_day(day) == due


def test_rule_22_the_delivery_window_is_day_10_to_day_20() -> None:
    window = delivery_window(decided=date(2026, 11, 2), placed=date(2026, 11, 2))
    assert (window.opens, window.closes) == (date(2026, 11, 12), date(2026, 11, 23))  # 22.11. is a Sunday
    assert window.days_left(date(2026, 11, 25)) == -2


def test_the_window_counts_from_the_later_of_decision_and_placing() -> None:
    decided, placed = date(2026, 3, 2), date(2026, 3, 9)
    assert (
        delivery_window(decided, placed)
        == delivery_window(placed, placed)
        == delivery_window(placed, decided)
    )


@given(DAYS, DAYS)
def test_a_window_opens_on_the_day_it_falls_and_closes_on_a_working_day(decided: date, placed: date) -> None:
    window = delivery_window(decided, placed)
    assert (window.opens - max(decided, placed)).days == 10
    assert 20 <= (window.closes - max(decided, placed)).days <= 25
    assert is_working_day(window.closes)


def test_the_day_is_finlands_also_when_utc_is_still_on_the_day_before() -> None:
    assert local_day(datetime(2026, 11, 22, 22, 30, tzinfo=UTC)) == date(2026, 11, 23)
    assert local_day(datetime(2026, 3, 29, 21, 30, tzinfo=UTC)) == date(2026, 3, 30)  # summer time began


@pytest.mark.parametrize(
    ("day", "later"),
    [
        (date(2026, 8, 15), date(2026, 11, 15)),
        (date(2026, 11, 30), date(2027, 2, 28)),
        (date(2026, 12, 31), date(2027, 3, 31)),
    ],
)
def test_three_months_later_is_the_same_day_or_the_months_last(day: date, later: date) -> None:
    assert months_after(day, 3) == later
