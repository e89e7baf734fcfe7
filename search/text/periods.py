"""Years, months and days as periods: a period is an ISO date of that precision, such as ``2023-09``."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum

from search.text.dates import DayRange, partial_date

_MONTHS = 12
_PRECISION = {"year": len("2023"), "month": len("2023-09"), "day": len("2023-09-11")}


class TimeUnit(StrEnum):
    """What time is divided into."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"

    @property
    def finer(self) -> "TimeUnit | None":
        """The next finer unit."""
        return {TimeUnit.YEAR: TimeUnit.MONTH, TimeUnit.MONTH: TimeUnit.DAY}.get(self)

    @property
    def coarser(self) -> "TimeUnit | None":
        """The next coarser unit."""
        return {TimeUnit.DAY: TimeUnit.MONTH, TimeUnit.MONTH: TimeUnit.YEAR}.get(self)

    @property
    def precision(self) -> int:
        """How many characters a period has."""
        return _PRECISION[self]


def period_days(first: str, last: str) -> DayRange:
    """The days from the beginning of one period to the end of another."""
    return DayRange(partial_date(first).first, partial_date(last).last)


def period_count(unit: TimeUnit, days: DayRange) -> int:
    """How many periods these days touch."""
    return _number(unit, days.last) - _number(unit, days.first) + 1


def periods(unit: TimeUnit, days: DayRange) -> Iterator[str]:
    """Every period that these days touch, in order."""
    for number in range(_number(unit, days.first), _number(unit, days.last) + 1):
        match unit:
            case TimeUnit.YEAR:
                yield f"{number:04}"
            case TimeUnit.MONTH:
                yield f"{number // _MONTHS:04}-{number % _MONTHS + 1:02}"
            case TimeUnit.DAY:
                yield str(date.fromordinal(number))


def _number(unit: TimeUnit, day: date) -> int:
    """The number of the period that a day is in; the next period has the next number."""
    match unit:
        case TimeUnit.YEAR:
            return day.year
        case TimeUnit.MONTH:
            return day.year * _MONTHS + day.month - 1
        case TimeUnit.DAY:
            return day.toordinal()
