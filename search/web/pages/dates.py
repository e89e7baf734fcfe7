"""Dates for reading, in full: ``12 septembre 2023``."""

from datetime import date

from search.errors import Translatable
from search.language import Language
from search.text.dates import DayRange, partial_date
from search.text.periods import TimeUnit

_DAY, _MONTH = TimeUnit.DAY.precision, TimeUnit.MONTH.precision


def date_in_words(published: str, language: Language) -> str:
    """A date as precise as it is known, with its time of day; ``published`` is ISO 8601 as in ``Article``.

    An unknown date is ``""``; one that does not exist is returned unchanged.
    """
    day, time = published[:_DAY], published[_DAY:].removeprefix("T")
    try:
        partial_date(day)
    except ValueError:
        return published
    words = _words(day, language)
    hour, _, minute = time.partition(":")
    if not (hour.isdigit() and minute):
        return words
    return language.translate(Translatable("{}, {}:{}", words, int(hour), minute))


def days_in_words(days: DayRange, language: Language) -> str:
    """The days from one to another; a whole month or year by its name alone."""
    first, last = str(days.first), str(days.last)
    for precision in (TimeUnit.YEAR.precision, _MONTH, _DAY):
        if partial_date(first[:precision]) == days:
            return _words(first[:precision], language)
    return language.translate(Translatable("from {} to {}", _words(first, language), _words(last, language)))


def day_in_words(day: date, language: Language) -> str:
    """A day."""
    return _words(str(day), language)


def _words(period: str, language: Language) -> str:
    year, *rest = period.split("-")
    if not rest:
        return year
    names = language.translate(
        "January February March April May June July August September October November December"
    ).split()
    month = names[int(rest[0]) - 1]
    day = rest[1:]
    number = [] if not day else [language.translate("1") if int(day[0]) == 1 else str(int(day[0]))]
    return "\u00a0".join([*number, month, year])
