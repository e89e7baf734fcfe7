"""Days, ISO weeks, months and years to count by; the name of a period is ISO, such as ``2023-W37``."""

from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum

from search.text.dates import DayRange
from search.text.periods import TimeUnit, periods

_DAY = len("2023-09-11")
_WEEK = timedelta(days=7)


class PeriodLength(StrEnum):
    """What is counted by."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


def period_of(day: str, length: PeriodLength) -> str:
    """The period of an ISO date; ``""`` where the date is not precise enough, or not known."""
    if length is PeriodLength.WEEK:
        return _week(date.fromisoformat(day)) if len(day) == _DAY else ""
    precision = TimeUnit(length).precision
    return day[:precision] if len(day) >= precision else ""


def periods_between(days: DayRange, length: PeriodLength) -> Iterator[str]:
    """Every period that these days touch, in order."""
    if length is not PeriodLength.WEEK:
        yield from periods(TimeUnit(length), days)
        return
    monday = days.first - timedelta(days=days.first.weekday())
    while monday <= days.last:
        yield _week(monday)
        if date.max - monday < _WEEK:
            return
        monday += _WEEK


def _week(day: date) -> str:
    """The ISO week of a day; its year is that of its Thursday."""
    year, week, _ = day.isocalendar()
    return f"{year:04}-W{week:02}"
