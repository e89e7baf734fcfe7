"""The histogram: how many articles were published when, with an address for each period."""

from dataclasses import dataclass
from datetime import date

from search.language import Language
from search.query.ast import DateRange, Query
from search.query.filters import filters_of
from search.retrieval.timeline import Timeline
from search.text.dates import DayRange, partial_date
from search.text.periods import TimeUnit, period_count, periods
from search.web.pages.dates import days_in_words
from search.web.pages.narrowing import period_address, without_periods_address
from search.web.pages.state import SearchState

_MOST_BARS = 72  # six years of months
_HEIGHT = 100


@dataclass(frozen=True, slots=True)
class Bar:
    """The articles of a period; ``height`` is from 0 to 100, and at least 2 where there is one."""

    name: str
    count: int
    number: str
    height: int
    address: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Histogram:
    """Bars in order, those without an article too.

    ``left_out`` tells how many articles are in no bar; ``every_date`` is the address of the search without
    its period, ``""`` where it has none.
    """

    bars: tuple[Bar, ...]
    most: str
    first: str
    last: str
    left_out: str
    every_date: str


def histogram(timeline: Timeline, query: Query, state: SearchState, language: Language) -> Histogram | None:
    """The histogram of an answer: of the period that its query asks for, in the finest unit with room.

    ``timeline`` has the results of all dates. A query for one day shows the month of it. None where there
    are less than two periods.
    """
    asked = asked_days(query)
    shown = timeline if asked is None else timeline.within(_around(asked))
    unit, days = _unit(shown)
    if days is None or period_count(unit, days) < 2:
        return None
    counts = dict(shown.counts(unit))
    most = max(counts.values())
    bars = tuple(
        Bar(
            name=days_in_words(partial_date(period), language),
            count=counts.get(period, 0),
            number=language.number(counts.get(period, 0)),
            height=_height(counts.get(period, 0), most),
            address=period_address(state, period),
            chosen=partial_date(period) == asked,
        )
        for period in periods(unit, days)
    )
    return Histogram(
        bars,
        language.number(most),
        bars[0].name,
        bars[-1].name,
        _left_out(shown, unit, language),
        without_periods_address(state) if asked else "",
    )


def asked_days(query: Query) -> DayRange | None:
    """The days of the only period that a query asks for."""
    asked = [each.node for each in filters_of(query) if each.is_period]
    match asked:
        case [DateRange(first, last)]:
            return DayRange(first or date.min, last or date.max)
        case _:
            return None


def _around(days: DayRange) -> DayRange:
    """The days, or the month of a single day."""
    return partial_date(str(days.first)[:7]) if days.first == days.last else days


def _unit(timeline: Timeline) -> tuple[TimeUnit, DayRange | None]:
    for unit in (TimeUnit.DAY, TimeUnit.MONTH):
        days = timeline.span(unit)
        if days is not None and period_count(unit, days) <= _MOST_BARS:
            return unit, days
    return TimeUnit.YEAR, timeline.span(TimeUnit.YEAR)


def _height(count: int, most: int) -> int:
    return max(2, round(_HEIGHT * count / most)) if count else 0


def _left_out(timeline: Timeline, unit: TimeUnit, language: Language) -> str:
    undated, imprecise = timeline.undated, timeline.imprecise(unit)
    parts = [language.plural("{} undated", "{} undated", undated)] if undated else []
    if imprecise:
        parts.append(language.plural("{} with a less precise date", "{} with a less precise date", imprecise))
    return " · ".join(parts)
