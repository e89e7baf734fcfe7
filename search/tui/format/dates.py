"""Dates for reading: recent ones in words, older ones as numbers."""

from datetime import date

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
