"""The values of ``date:``, ``depuis:`` and ``avant:``, as ranges of days.

Every function raises QueryError for a text that is not a date and for a date that does not exist; the
position of the error counts from the start of the text.
"""

import re
from datetime import date, timedelta

from search.errors import QueryError, Translatable
from search.query.ast import DateRange
from search.text.dates import DayRange, partial_date, relative

_COMPARISON = re.compile(r"[<>]=?")
_EXAMPLES = Translatable(
    "write {} or {}", "2023, 2023-09, 2023-09-11, 12/09/2023, septembre-2023, hier", "7j"
)


def date_range(text: str, today: date) -> DateRange:
    """Read a date, a range ``A..B`` open at either end, or a comparison such as ``>=A``."""
    if ".." in text:
        return _between(text, today)
    comparison = _COMPARISON.match(text)
    if comparison is None:
        days = _days(text, today, 0)
        return DateRange(days.first, days.last)
    days = _days(text[comparison.end() :], today, comparison.end())
    match comparison[0]:
        case ">=":
            return DateRange(days.first, None)
        case ">":
            return DateRange(_neighbour(days.last, 1), None)
        case "<=":
            return DateRange(None, days.last)
        case _:
            return DateRange(None, _neighbour(days.first, -1))


def since(text: str, today: date) -> DateRange:
    """The range from the first day of a date, without an end."""
    return DateRange(_days(text, today, 0).first, None)


def before(text: str, today: date) -> DateRange:
    """The range that ends on the day before a date begins."""
    return DateRange(None, _neighbour(_days(text, today, 0).first, -1))


def _between(text: str, today: date) -> DateRange:
    begin, _, end = text.partition("..")
    if not begin and not end:
        raise QueryError("This range has no date.", 0, "write 2023-09-11..2023-09-30, 2023-09.. or ..2022")
    first = _days(begin, today, 0).first if begin else None
    last = _days(end, today, len(begin) + len("..")).last if end else None
    if first and last and first > last:
        raise QueryError("This range ends before it begins.", 0, Translatable("write {}..{}", end, begin))
    return DateRange(first, last)


def _days(text: str, today: date, position: int) -> DayRange:
    try:
        return partial_date(text)
    except ValueError:
        return _relative_days(text, today, position)


def _relative_days(text: str, today: date, position: int) -> DayRange:
    try:
        return relative(text, today)
    except ValueError as exc:
        raise QueryError(Translatable('"{}" is not an existing date.', text), position, _EXAMPLES) from exc


def _neighbour(day: date, offset: int) -> date:
    try:
        return day + timedelta(offset)
    except OverflowError as exc:
        raise QueryError(Translatable("There is no day beyond {}.", day), 0, _EXAMPLES) from exc
