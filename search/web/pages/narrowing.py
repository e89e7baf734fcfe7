"""Addresses that add a filter to a search or take one away; the server answers with that of the new search.

So a page with a hundred of them need not write a hundred queries.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from search.query.filters import (
    Filter,
    filter_of_days,
    filter_of_value,
    filters_of,
    text_with_filter,
    text_with_period,
    text_without_filter,
    text_without_periods,
)
from search.query.parser import parse
from search.text.dates import partial_date
from search.types import Facet
from search.web.pages.state import SearchState, address, whole_number

_PATH = "/narrow"


def value_address(state: SearchState, facet: Facet, value: str, action: str) -> str:
    """The address that keeps (``keep``) or excludes (``exclude``) the articles with a value."""
    return _address(state, do=action, facet=facet.value, value=value)


def period_address(state: SearchState, period: str) -> str:
    """The address that puts a year, month or day in the place of the period of a search."""
    return _address(state, do="period", value=period)


def without_periods_address(state: SearchState) -> str:
    """The address that takes away the periods of a search."""
    return _address(state, do="any-date")


def without_filter_address(state: SearchState, place: int) -> str:
    """The address that takes away the filter at a place among ``filters_of`` the query."""
    return _address(state, do="drop", filter=str(place))


def narrowed(state: SearchState, parameters: Mapping[str, str], today: date) -> SearchState:
    """The search that such an address leads to, from its first hit on.

    What makes no sense changes nothing. Raises QueryError for a query with a mistake.
    """
    query, value = parse(state.query, today), parameters.get("value", "")
    match parameters.get("do", ""):
        case "any-date":
            text = text_without_periods(query, today)
        case "drop":
            dropped = filters_of(query)[whole_number(parameters.get("filter", "")) or 0 :][:1]
            text = text_without_filter(query, dropped[0], today) if dropped else state.query
        case "period":
            period = _period(value)
            text = text_with_period(query, period, today) if period else state.query
        case "keep" | "exclude" as action:
            added = _filter(parameters.get("facet", ""), value, action)
            text = text_with_filter(query, added, today) if added else state.query
        case _:
            text = state.query
    return replace(state, query=text, offset=0)


def _address(state: SearchState, **parameters: str) -> str:
    return address(_PATH, {**state.first_page.parameters, **parameters})


def _filter(facet: str, value: str, action: str) -> Filter | None:
    known = filter_of_value(Facet(facet), value) if facet in list(Facet) else None
    return known.negated if known and action == "exclude" else known


def _period(value: str) -> Filter | None:
    try:
        return filter_of_days(partial_date(value))
    except ValueError:
        return None
