"""The filters of a query on its date and on fields such as the source, one by one, and as text."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from search.errors import QueryError
from search.query.article_sets import dossier_key
from search.query.ast import (
    And,
    DateRange,
    Field,
    FieldName,
    InDossier,
    Node,
    Not,
    Or,
    Phrase,
    Query,
    Read,
    Word,
)
from search.query.boolean import all_of, conjuncts, negation
from search.query.options import restrict
from search.query.parser import parse
from search.query.printer import is_filter, to_text
from search.text.analyzer import exact_terms, fold
from search.text.dates import DayRange, partial_date
from search.types import Facet

_FIELDS = {
    Facet.SOURCE: FieldName.SOURCE,
    Facet.SECTION: FieldName.SECTION,
    Facet.AUTHOR: FieldName.AUTHOR,
    Facet.PLACE: FieldName.PLACE,
    Facet.KEYWORD: FieldName.KEYWORD,
}
_FACETS = {name: facet for facet, name in _FIELDS.items()}
_MAX_ATTEMPTS = 32  # filters that are removed from the text one by one: each attempt parses the query
_FILTER_TEXT = re.compile(
    r'(?<!\S)(?:(?:SAUF|NOT)\s+|[-+])?\w[\w-]*:(?:"[^"]*"|«[^»]*»|“[^”]*”|\([^()]*\)|[^\s()]+)(?!\S)'
)


@dataclass(frozen=True, slots=True)
class Filter:
    """One constraint of a query, on dates, the user's sets, and fields other than the title only."""

    node: Node

    @property
    def excludes(self) -> bool:
        """Whether the filter excludes the articles that it names."""
        return isinstance(self.node, Not)

    @property
    def facet(self) -> Facet | None:
        """The facet of its value; every date counts as a month. A page, a dossier and ``lu:`` have none."""
        leaves = [leaf for leaf in _leaves(self.node) if not isinstance(leaf, DateRange)]
        if not leaves:
            return Facet.MONTH
        return next((_FACETS.get(leaf.name) for leaf in leaves if isinstance(leaf, Field)), None)

    @property
    def is_period(self) -> bool:
        """Whether the filter includes the articles of some days."""
        match self.node:
            case Or(nodes):
                return all(Filter(node).is_period for node in nodes)
            case _:
                return isinstance(self.node, DateRange)

    @property
    def text(self) -> str:
        """The filter in the query language."""
        match self.node:
            case Not(DateRange() | Field() | InDossier() as named):
                return f"-{Filter(named).text}"
            case _:
                return to_text(Query("", (), self.node, ""))

    @property
    def canonical(self) -> Node:
        """The filter in a form that is equal for different spellings of one value."""
        match self.node:
            case Not(named):
                return Not(Filter(named).canonical)
            case Field(name, Word(text)):
                return Field(name, Word(fold(text)))
            case Field(name, Phrase(text)):
                return Field(name, Phrase(" ".join(exact_terms(text))))
            case InDossier(name):
                return InDossier(dossier_key(name))
            case _:
                return self.node

    @property
    def negated(self) -> "Filter":
        """The filter that excludes what this one includes, and the reverse."""
        return Filter(negation(self.node))


def filter_of_value(facet: Facet, value: str) -> Filter | None:
    """The filter that includes the articles with a facet value; None when a query cannot express it."""
    if facet in _FIELDS:
        text = " ".join(unicodedata.normalize("NFC", value).replace('"', " ").split())
        return Filter(Field(_FIELDS[facet], Phrase(text))) if any(map(str.isalnum, text)) else None
    try:
        days = partial_date(value)
    except ValueError:
        return None
    return filter_of_days(days)


def filter_of_days(days: DayRange) -> Filter:
    """The filter that includes the articles of these days."""
    return Filter(DateRange(days.first, days.last))


def filter_of_dossier(name: str) -> Filter:
    """The filter that includes the articles of a dossier."""
    return Filter(InDossier(name))


UNREAD = Filter(Not(Read()))
"""The filter that includes the articles that the user has not read."""


def filters_of(query: Query) -> tuple[Filter, ...]:
    """The filters of a query, in the order written."""
    return tuple(Filter(node) for node in conjuncts(query.constraint) if is_filter(node))


def with_filter(query: Query, added: Filter) -> Query:
    """The query with one more filter; it replaces its negation."""
    if added.canonical in [each.canonical for each in filters_of(query)]:
        return query
    return restrict(without_filter(query, added.negated), added.node)


def without_filter(query: Query, removed: Filter) -> Query:
    """The query without a filter, however that is spelt."""
    others = [node for node in conjuncts(query.constraint) if Filter(node).canonical != removed.canonical]
    return replace(query, constraint=all_of(others) if others else None)


def text_with_filter(query: Query, added: Filter, today: date) -> str:
    """The text of ``with_filter``: the typed text and the filter after it, rewritten if necessary."""
    text = text_without_filter(query, added.negated, today)
    candidates = iter((text, f"{text} {added.text}".strip()))
    return _first_equivalent(with_filter(query, added), candidates, today)


def without_periods(query: Query) -> Query:
    """The query without its filters that include days."""
    for period in filters_of(query):
        query = without_filter(query, period) if period.is_period else query
    return query


def text_without_periods(query: Query, today: date) -> str:
    """The text of ``without_periods``: the typed text without these filters."""
    text = query.raw
    for period in filters_of(query):
        if period.is_period:
            text = text_without_filter(parse(text, today), period, today)
    return text


def text_with_period(query: Query, period: Filter, today: date) -> str:
    """The typed text with this filter in the place of those that include other days."""
    return text_with_filter(parse(text_without_periods(query, today), today), period, today)


def text_without_filter(query: Query, removed: Filter, today: date) -> str:
    """The text of ``without_filter``: the typed text without the filter, rewritten if necessary."""
    return _first_equivalent(without_filter(query, removed), _without_each_filter(query.raw), today)


def _without_each_filter(text: str) -> Iterator[str]:
    """The text, then the text without one of the filters in it."""
    yield text
    for written in islice(_FILTER_TEXT.finditer(text), _MAX_ATTEMPTS):
        yield " ".join(filter(None, (text[: written.start()].rstrip(), text[written.end() :].lstrip())))


def _first_equivalent(query: Query, texts: Iterator[str], today: date) -> str:
    """The first of the texts that parses to the query, else the canonical text of the query."""
    return next((text for text in texts if _parses_to(text, query, today)), to_text(query))


def _parses_to(text: str, query: Query, today: date) -> bool:
    try:
        parsed = parse(text, today)
    except QueryError:
        return False
    return (parsed.words, parsed.constraint) == (query.words, query.constraint)


def _leaves(node: Node) -> Iterator[Node]:
    match node:
        case And(nodes) | Or(nodes):
            for part in nodes:
                yield from _leaves(part)
        case Not(negated):
            yield from _leaves(negated)
        case _:
            yield node
