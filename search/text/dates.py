"""Dates as the press writes them: as precise as known, in ISO or in French."""

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, time, timedelta

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
_ZONE = r"(?:Z|UTC|[+-]\d{2}:?\d{2})"
_TIME = re.compile(rf"(?:^|[T ]|\s+à\s+)(\d{{1,2}})[:h](\d{{2}})(?::\d{{2}}(?:[.,]\d+)?)?\s*{_ZONE}?$")
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
    """The days a date may mean, ``first`` to ``last``, both included."""

    first: date
    last: date


def partial_date(text: str) -> DayRange:
    """Read a day, month or year: ISO, ``12/09/2023``, ``12 septembre 2023``, ``septembre-2023``.

    Raises ValueError, saying why, for what is no date or cannot exist.
    """
    plain = _plain(text)
    if found := _ISO.match(plain):
        year, month, day = found.groups()
        return _days(int(year), int(month) if month else None, int(day) if day else None)
    if found := _SLASHED.match(plain):
        return _days(int(found[3]), int(found[2]), int(found[1]))
    found = _FRENCH.match(plain)
    if found and (number := _month(found[2])):
        return _days(int(found[3]), number, int(found[1]) if found[1] else None)
    raise ValueError(f"{text!r} is not a date; write 2023, 2023-09, 2023-09-12 or septembre-2023")


def relative(text: str, today: date) -> DayRange:
    """Read a day named from today (``hier``) or a span that ends today (``7j``, ``3m``, ``1a``).

    ``7j`` begins seven days before today. Raises ValueError for anything else.
    """
    plain = _plain(text)
    if plain in ("aujourd'hui", "today"):
        return DayRange(today, today)
    if plain in ("hier", "yesterday"):
        return DayRange(today - timedelta(1), today - timedelta(1))
    if plain in ("avant-hier", "avanthier"):
        return DayRange(today - timedelta(2), today - timedelta(2))
    if found := _SPAN.match(plain):
        count, unit = int(found[1]), found[2]
        if unit in _SPAN_DAYS:
            return DayRange(_days_before(today, count * _SPAN_DAYS[unit]), today)
        if unit in _SPAN_MONTHS:
            return DayRange(_months_before(today, count * _SPAN_MONTHS[unit]), today)
    raise ValueError(f"{text!r} is not a span; write {_SPANS} or hier")


def span_days(text: str) -> float:
    """Read a span such as ``30j`` or ``6m`` as days, more than 0; raises ValueError for anything else."""
    if found := _SPAN.match(_plain(text)):
        count, unit = int(found[1]), found[2]
        days = count * (_SPAN_DAYS.get(unit) or _SPAN_MONTHS.get(unit, 0) * _DAYS_A_MONTH)
        if days:
            return days
    raise ValueError(f"{text!r} is not a span; write {_SPANS}")


def parse_published(text: str) -> str:
    """Give a date, with its time if one is told, in the form of ``Article.published``.

    A zone is dropped: the wall time is what readers know. Raises ValueError when it cannot exist.
    """
    text = text.strip()
    found = _TIME.search(text)
    day = text[: found.start()] if found else text
    days = partial_date(day)
    if days.first != days.last:
        length = 4 if days.last.month != days.first.month else 7
        return days.first.isoformat()[:length]
    if not found:
        return days.first.isoformat()
    clock = time(int(found[1]), int(found[2]))
    return f"{days.first.isoformat()}T{clock:%H:%M}"


def published_days(published: str) -> DayRange | None:
    """The days that a valid ``Article.published`` covers; None when it is unknown."""
    return partial_date(published[:10]) if published else None


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.strip().lower()).replace("’", "'")
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _month(name: str) -> int | None:
    """Number of a French month, abbreviated or not; None when it names none or several."""
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
