"""Dates for reading, in words."""

from datetime import date
from itertools import takewhile

from search.text.periods import TimeUnit
from search.tui.i18n import Texts

_DAYS_IN_WORDS = 14
_DAY, _MONTH, _YEAR = (unit.precision for unit in (TimeUnit.DAY, TimeUnit.MONTH, TimeUnit.YEAR))


def relative_date(published: str, today: date, texts: Texts) -> str:
    """A date: for two weeks how long ago it is, then its day and month, and the year unless it is this one.

    ``published`` is ISO 8601 as in ``Article``. A date that does not exist is returned unchanged.
    """
    day = published[:_DAY]
    if len(day) == _MONTH:
        return month_name(day, texts)
    try:
        age = (today - date.fromisoformat(day)).days
    except ValueError:
        return day or texts.undated
    if 0 <= age < len(texts.last_days):
        return texts.last_days[age]
    if 0 < age < _DAYS_IN_WORDS:
        return texts.days_ago.format(age)
    return _day(day, texts) if day[:_YEAR] != str(today.year) else _day(day, texts)[: -_YEAR - 1]


def full_date(published: str, today: date, texts: Texts) -> str:
    """A date with its time of day; one of the last two weeks also in words. A month gets its name.

    ``published`` is as in ``relative_date``.
    """
    near = relative_date(published, today, texts)
    if len(published) <= _MONTH:
        return near
    day, time = published[:_DAY], published[_DAY:].removeprefix("T")
    written = ", ".join(filter(None, (_day(day, texts), time)))
    return written if _day(day, texts).startswith(near) else f"{written} ({near})"


def month_name(month: str, texts: Texts) -> str:
    """The name and year of a month ``YYYY-MM``; a month that does not exist is returned unchanged."""
    try:
        first_day = date.fromisoformat(f"{month}-01")
    except ValueError:
        return month
    return f"{texts.months[first_day.month - 1]} {first_day.year}"


def month_label(month: str, texts: Texts) -> str:
    """The short name of a month ``YYYY-MM`` without its year."""
    return texts.months[int(month[-2:]) - 1]


def period_name(period: str, texts: Texts) -> str:
    """A year, month or day in ISO for reading, such as ``12 sept. 2023``."""
    return _day(period, texts) if len(period) == _DAY else month_name(period, texts)


def periods_name(first: str, last: str, texts: Texts) -> str:
    """The periods from one to another, such as ``1–3 août 2020``; one period by its name alone."""
    if first == last:
        return period_name(first, texts)
    begin, end = period_name(first, texts).split(), period_name(last, texts).split()
    pairs = zip(reversed(begin), reversed(end), strict=False)
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    return f"{' '.join(begin[: len(begin) - shared])}–{' '.join(end)}"


def _day(day: str, texts: Texts) -> str:
    """A day ``YYYY-MM-DD`` with the name of its month; a day that does not exist is returned unchanged."""
    try:
        known = date.fromisoformat(day)
    except ValueError:
        return day
    number = texts.first_day if known.day == 1 else str(known.day)
    return f"{number} {texts.months[known.month - 1]} {known.year}"
