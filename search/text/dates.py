"""Dates as the press writes them: ISO or French, a day, a month or a year."""

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS = (
    "janvier",
    "fevrier",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "decembre",
)
_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$")
_SLASHED = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})$")
_WEEKDAY = "(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)"
_FRENCH = re.compile(rf"(?:{_WEEKDAY} )?(?:(\d{{1,2}})(?:er)?[ -])?([a-z]+)\.?[ -](\d{{4}})$")
_SPAN = re.compile(r"(\d{1,4}) ?([a-z]+)$")
_SPAN_DAYS = {
    **dict.fromkeys(("j", "d", "jour", "jours", "day", "days"), 1),
    **dict.fromkeys(("s", "w", "sem", "semaine", "semaines", "week", "weeks"), 7),
}
_SPAN_MONTHS = {
    **dict.fromkeys(("m", "mois", "month", "months"), 1),
    **dict.fromkeys(("a", "y", "an", "ans", "annee", "annees", "year", "years"), 12),
}
_DAYS_A_MONTH = 365.25 / 12
_SPANS = "7j (days), 2s (weeks), 3m (months), 1a (years)"


@dataclass(frozen=True, slots=True)
class DayRange:
    """The days that a date covers, from ``first`` to ``last``, both included."""

    first: date
    last: date


def partial_date(text: str) -> DayRange:
    """Read a day, month or year: ISO, ``12/09/2023``, ``12 septembre 2023``, ``septembre-2023``.

    Raises ValueError, with the reason, for a text that is not a date and for a date that does not exist.
    """
    plain = _plain(text)
    if match := _ISO.match(plain):
        year, month, day = match.groups()
        return _days(int(year), int(month) if month else None, int(day) if day else None)
    if match := _SLASHED.match(plain):
        return _days(int(match[3]), int(match[2]), int(match[1]))
    match = _FRENCH.match(plain)
    if match and (number := _month(match[2])):
        return _days(int(match[3]), number, int(match[1]) if match[1] else None)
    raise ValueError(f"{text!r} is not a date; write 2023, 2023-09, 2023-09-12 or septembre-2023")


def relative(text: str, today: date) -> DayRange:
    """Read a day relative to today (``hier``) or a span that ends today (``7j``, ``3m``, ``1a``).

    ``7j`` begins seven days before today. Raises ValueError for anything else.
    """
    plain = _plain(text)
    if plain in ("aujourd'hui", "today"):
        return DayRange(today, today)
    if plain in ("hier", "yesterday"):
        return DayRange(today - timedelta(1), today - timedelta(1))
    if plain in ("avant-hier", "avanthier"):
        return DayRange(today - timedelta(2), today - timedelta(2))
    if match := _SPAN.match(plain):
        count, unit = int(match[1]), match[2]
        if unit in _SPAN_DAYS:
            return DayRange(_days_before(today, count * _SPAN_DAYS[unit]), today)
        if unit in _SPAN_MONTHS:
            return DayRange(_months_before(today, count * _SPAN_MONTHS[unit]), today)
    raise ValueError(f"{text!r} is not a span; write {_SPANS} or hier")


def span_days(text: str) -> float:
    """Read a span such as ``30j`` or ``6m`` as days, more than 0; raises ValueError for anything else."""
    if match := _SPAN.match(_plain(text)):
        count, unit = int(match[1]), match[2]
        days = count * (_SPAN_DAYS.get(unit) or _SPAN_MONTHS.get(unit, 0) * _DAYS_A_MONTH)
        if days:
            return days
    raise ValueError(f"{text!r} is not a span; write {_SPANS}")


def published_days(published: str) -> DayRange | None:
    """The days that a valid ``Article.published`` covers; None when it is unknown."""
    return partial_date(published[:10]) if published else None


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.strip().lower()).replace("’", "'")
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _month(name: str) -> int | None:
    """The number of a French month, abbreviated or not; None for no month and for several."""
    numbers = [i for i, month in enumerate(MONTHS, 1) if month.startswith(name)]
    return numbers[0] if len(name) >= 3 and len(numbers) == 1 else None


def _days(year: int, month: int | None, day: int | None) -> DayRange:
    if month is None:
        return DayRange(date(year, 1, 1), date(year, 12, 31))
    if day is None:
        first = date(year, month, 1)
        return DayRange(first, date(year, month, monthrange(year, month)[1]))
    return DayRange(date(year, month, day), date(year, month, day))


def _days_before(today: date, days: int) -> date:
    return date.fromordinal(max(1, today.toordinal() - days))


def _months_before(today: date, months: int) -> date:
    number = max(12, today.year * 12 + today.month - 1 - months)
    year, month = divmod(number, 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))
