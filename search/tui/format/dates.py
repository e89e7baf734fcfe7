"""Dates as a reader says them when they are near, and as they are written when they are far."""

from datetime import date

from search.tui.i18n import Texts

_DAYS_IN_WORDS = 14
_DAY, _MONTH = len("2023-09-11"), len("2023-09")


def when(published: str, today: date, texts: Texts) -> str:
    """Say a date: relative for two weeks, a month that has no day by its name, else ISO to the day.

    ``published`` is ISO 8601 as in ``Article``; one that no calendar knows is given as it stands.
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


def month_name(month: str, texts: Texts) -> str:
    """Say a month written ``YYYY-MM``; one that no calendar knows is given as it stands."""
    try:
        named = date.fromisoformat(f"{month}-01")
    except ValueError:
        return month
    return f"{texts.months[named.month - 1]} {named.year}"
