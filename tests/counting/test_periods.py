"""Weeks beside those that the standard library writes, and the periods of dates that are not precise."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.counting.periods import PeriodLength, period_of, periods_between
from search.text.dates import DayRange

from .slow import weeks

DAYS = st.dates(date(1776, 1, 1), date(2100, 12, 31))


@given(DAYS, st.integers(0, 800))
def test_weeks_follow_each_other(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    assert list(periods_between(DayRange(first, last), PeriodLength.WEEK)) == weeks(first, last)


@given(DAYS)
def test_the_week_of_a_day(day: date) -> None:
    assert period_of(str(day), PeriodLength.WEEK) == day.strftime("%G-W%V")


def test_the_end_of_the_calendar_has_an_end() -> None:
    assert list(periods_between(DayRange(date(9999, 12, 30), date.max), PeriodLength.WEEK)) == ["9999-W52"]


@pytest.mark.parametrize(
    ("day", "periods"),
    [
        ("2024-12-30", ["2024-12-30", "2025-W01", "2024-12", "2024"]),
        ("2024-12", ["", "", "2024-12", "2024"]),
        ("2024", ["", "", "", "2024"]),
        ("", ["", "", "", ""]),
    ],
)
def test_a_date_counts_where_it_is_precise_enough(day: str, periods: list[str]) -> None:
    assert [period_of(day, length) for length in PeriodLength] == periods
