"""Dates for reading: recent ones in words, older ones as numbers."""

from datetime import date
from itertools import takewhile

from search.tui.i18n import Texts

_DAYS_IN_WORDS = 14
_DAY, _MONTH = len("2023-09-11"), len("2023-09")


def relative_date(published: str, today: date, texts: Texts) -> str:
    """A date in words for two weeks, then as ISO day; a month without a day gets its name.

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
    return texts.days_ago.format(age) if 0 < age < _DAYS_IN_WORDS else day


def full_date(published: str, today: date, texts: Texts) -> str:
    """A date with its time of day; one of the last two weeks also in words. A month gets its name.

    ``published`` is as in ``relative_date``.
    """
    in_words = relative_date(published, today, texts)
    written = f"{published[:_DAY]} {published[_DAY:].removeprefix('T')}".rstrip()
    if len(published) <= _MONTH:
        return in_words
    return written if written.startswith(in_words) else f"{written} ({in_words})"


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
    month = month_name(period[:_MONTH], texts)
    return f"{int(period[_MONTH + 1 :])} {month}" if len(period) == _DAY else month


def periods_name(first: str, last: str, texts: Texts) -> str:
    """The periods from one to another, such as ``1–3 août 2020``; one period by its name alone."""
    if first == last:
        return period_name(first, texts)
    begin, end = period_name(first, texts).split(), period_name(last, texts).split()
    pairs = zip(reversed(begin), reversed(end), strict=False)
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    return f"{' '.join(begin[: len(begin) - shared])}–{' '.join(end)}"
