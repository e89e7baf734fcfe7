"""The filters of an answer: chips of those in force, and the values that narrow it further."""

from dataclasses import dataclass

from search.language import Language
from search.query.ast import DateRange, Query
from search.query.filters import Filter, filter_of_value, filters_of
from search.text.dates import DayRange
from search.text.sanitize import flat
from search.types import Facet, FacetCounts
from search.web.pages.dates import day_in_words, days_in_words
from search.web.pages.narrowing import value_address, without_filter_address
from search.web.pages.state import SearchState

_SHOWN = 6  # values of a facet that are shown at once
_MOST = 40  # values of a facet on the page


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force, and the address without it."""

    label: str
    excludes: bool
    drop: str


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a facet: with an address to ``drop`` it where it is kept or excluded, else two to add it."""

    name: str
    number: str
    is_kept: bool = False
    is_excluded: bool = False
    drop: str = ""
    keep: str = ""
    exclude: str = ""


@dataclass(frozen=True, slots=True)
class FacetGroup:
    """The first values of a facet and the ``others``; ``unlisted`` tells how many more there are."""

    heading: str
    values: tuple[Value, ...]
    others: tuple[Value, ...]
    unlisted: str


def chips(query: Query, state: SearchState, language: Language) -> tuple[Chip, ...]:
    """The filters of a query, in the order written."""
    return tuple(
        Chip(_label(each, language), each.excludes, without_filter_address(state, place))
        for place, each in enumerate(filters_of(query))
    )


def facet_groups(
    counts: FacetCounts, query: Query, state: SearchState, language: Language
) -> tuple[FacetGroup, ...]:
    """The values of the results by facet; a facet without any known value is left out.

    Values that the query keeps or excludes come first, then those of the most articles.
    """
    groups = (_group(facet, counts, query, state, language) for facet in headings(language))
    return tuple(group for group in groups if group.values)


def headings(language: Language) -> dict[Facet, str]:
    """The facets that are lists of values, with their headings."""
    return {
        Facet.SOURCE: language.translate("Sources"),
        Facet.SECTION: language.translate("Sections"),
        Facet.AUTHOR: language.translate("Authors"),
        Facet.PLACE: language.translate("Places"),
        Facet.KEYWORD: language.translate("Keywords"),
    }


def _group(
    facet: Facet, counts: FacetCounts, query: Query, state: SearchState, language: Language
) -> FacetGroup:
    filters = [(place, each) for place, each in enumerate(filters_of(query)) if each.facet is facet]
    named = [
        _value(facet, name, count, filters, state, language)
        for name, count in counts.get(facet, ())
        if filter_of_value(facet, name) is not None
    ]
    named.sort(key=lambda value: not value.drop)
    chosen = sum(1 for value in named if value.drop)
    first = max(_SHOWN, chosen)
    rest = len(named) - max(_MOST, first)
    unlisted = language.plural("{} more value", "{} more values", rest) if rest > 0 else ""
    values = tuple(named)
    return FacetGroup(headings(language)[facet], values[:first], values[first : max(_MOST, first)], unlisted)


def _value(
    facet: Facet,
    name: str,
    count: int,
    filters: list[tuple[int, Filter]],
    state: SearchState,
    language: Language,
) -> Value:
    shown, number = flat(name), language.number(count)
    for place, each in filters:
        if each.names(name):
            drop = without_filter_address(state, place)
            return Value(shown, number, not each.excludes, each.excludes, drop)
    keep, exclude = (value_address(state, facet, name, action) for action in ("keep", "exclude"))
    return Value(shown, number, keep=keep, exclude=exclude)


def _label(each: Filter, language: Language) -> str:
    match each.node:
        case DateRange(None, last) if last is not None:
            return language.translate("until {}").format(day_in_words(last, language))
        case DateRange(first, None) if first is not None:
            return language.translate("since {}").format(day_in_words(first, language))
        case DateRange(first, last) if first is not None and last is not None:
            return days_in_words(DayRange(first, last), language)
        case _:
            return flat(each.text)
