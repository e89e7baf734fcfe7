"""Pairs of queries that differ in one value only, such as the source."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from search.query.ast import Query
from search.query.filters import filter_of_value, filters_of, text_with_filter, text_without_filter
from search.query.parser import parse
from search.types import Facet


@dataclass(frozen=True, slots=True)
class QueryPair:
    """Two values of a facet, and the query with each of them."""

    values: tuple[str, str]
    texts: tuple[str, str]


def value_pairs(query: Query, facet: Facet, values: Iterable[str], today: date) -> tuple[QueryPair, ...]:
    """Every pair of these values that a query can express, in their order.

    They take the place of the filters that the query has on this facet.
    """
    text = text_without_facet(query, facet, today)
    with_each = {
        value: text_with_filter(parse(text, today), filter_, today)
        for value in values
        if (filter_ := filter_of_value(facet, value)) is not None
    }
    return tuple(
        QueryPair((one, other), (with_each[one], with_each[other]))
        for one, other in combinations(with_each, 2)
    )


def text_without_facet(query: Query, facet: Facet, today: date) -> str:
    """The typed text without its filters on a facet."""
    text = query.raw
    for filter_ in filters_of(query):
        if filter_.facet is facet:
            text = text_without_filter(parse(text, today), filter_, today)
    return text
