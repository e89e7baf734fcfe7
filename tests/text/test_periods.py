from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.text.dates import DayRange, partial_date
from search.text.periods import TimeUnit, period_count, period_days, periods

DAYS = st.dates(date(1776, 1, 1), date(2026, 12, 31))
UNITS = st.sampled_from(TimeUnit)


@pytest.mark.parametrize(
    ("unit", "first", "last", "expected"),
    [
        (TimeUnit.YEAR, "2019-12-31", "2021-01-01", ["2019", "2020", "2021"]),
        (TimeUnit.MONTH, "2019-11-30", "2020-02-01", ["2019-11", "2019-12", "2020-01", "2020-02"]),
        (TimeUnit.DAY, "2020-02-28", "2020-03-01", ["2020-02-28", "2020-02-29", "2020-03-01"]),
        (TimeUnit.YEAR, "0008-05-01", "0010-05-01", ["0008", "0009", "0010"]),
    ],
)
def test_the_periods_of_days(unit: TimeUnit, first: str, last: str, expected: list[str]) -> None:
    assert list(periods(unit, period_days(first, last))) == expected


@given(UNITS, DAYS, st.integers(0, 3000))
def test_periods_follow_each_other_without_a_gap(unit: TimeUnit, first: date, length: int) -> None:
    days = DayRange(first, date.fromordinal(first.toordinal() + length))
    named = list(periods(unit, days))
    assert len(named) == period_count(unit, days)
    ranges = [partial_date(name) for name in named]
    assert ranges[0].first <= days.first <= ranges[0].last
    assert ranges[-1].first <= days.last <= ranges[-1].last
    following = [each.first.toordinal() for each in ranges[1:]]
    assert following == [each.last.toordinal() + 1 for each in ranges[:-1]]


def test_units_are_in_one_line() -> None:
    assert (TimeUnit.YEAR.finer, TimeUnit.MONTH.finer, TimeUnit.DAY.finer) == ("month", "day", None)
    assert (TimeUnit.DAY.coarser, TimeUnit.MONTH.coarser, TimeUnit.YEAR.coarser) == ("month", "year", None)
