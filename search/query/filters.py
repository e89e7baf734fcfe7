"""The filters of a query on its date and on fields such as the source, one by one, and as text.

Several values of one field that a query includes are one condition, ``source:(AFP OU Reuters)``, and a filter
each. Filters come and go one by one; the rest of the typed text stays as it is.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain, islice

from search.errors import QueryError
from search.query.article_sets import dossier_key
from search.query.ast import (
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
from search.query.boolean import all_of, any_of, conjuncts, leaves, negation
from search.query.name_matcher import names_value
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
_QUOTED = r'"[^"]*"|«[^»]*»|“[^”]*”'
_FILTER_TEXT = re.compile(
    r"(?<![^\s(])(?:(?:SAUF|NOT)\s+|[-+])?\w[\w-]*:"
    rf"(?:{_QUOTED}|\((?:{_QUOTED}|[^()\"«“])*\)|[^\s()]+)(?![^\s)])"
)
_OR_BEFORE = re.compile(r"\s+(?:OU|OR)\s+$")
_OR_AFTER = re.compile(r"\s+(?:OU|OR)\s+")


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
        fields = [leaf for leaf in leaves(self.node) if not isinstance(leaf, DateRange)]
        if not fields:
            return Facet.MONTH
        return next((_FACETS.get(leaf.name) for leaf in fields if isinstance(leaf, Field)), None)

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

    def names(self, value: str) -> bool:
        """Whether the filter is on a field, and includes or excludes articles with this value of it."""
        match self.node:
            case Not(Field(_, leaf)) | Field(_, leaf):
                return names_value(leaf, value)
            case _:
                return False


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
    conditions = filter(is_filter, conjuncts(query.constraint))
    return tuple(Filter(part) for condition in conditions for part in _parts(condition))


def with_filter(query: Query, added: Filter) -> Query:
    """The query with one more filter; it replaces its negation.

    A value of a field joins the last condition that includes values of this field.
    """
    if added.canonical in [each.canonical for each in filters_of(query)]:
        return query
    query = without_filter(query, added.negated)
    conditions = list(conjuncts(query.constraint))
    for place in reversed(range(len(conditions))):
        if _joins(added.node, conditions[place]):
            conditions[place] = any_of([conditions[place], added.node])
            return replace(query, constraint=all_of(conditions))
    return restrict(query, added.node)


def without_filter(query: Query, removed: Filter) -> Query:
    """The query without a filter, however that is spelt."""
    others = [_without(condition, removed) for condition in conjuncts(query.constraint)]
    left = [condition for condition in others if condition is not None]
    return replace(query, constraint=all_of(left) if left else None)


def without_facet(query: Query, facet: Facet, *, kept_only: bool = False) -> Query:
    """The query without its filters on a facet; ``kept_only`` leaves those that exclude."""
    for each in filters_of(query):
        if each.facet is facet and not (kept_only and each.excludes):
            query = without_filter(query, each)
    return query


def text_with_filter(query: Query, added: Filter, today: date) -> str:
    """The text of ``with_filter``: the typed text and the filter after it, rewritten if necessary."""
    text = text_without_filter(query, added.negated, today)
    candidates = chain([text], _with_each_joined(text, added, today), [f"{text} {added.text}".strip()])
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
    candidates = chain([query.raw], _without_each(query.raw, removed, today))
    return _first_equivalent(without_filter(query, removed), candidates, today)


def text_exchanging(query: Query, added: Filter, today: date, removed: Filter) -> str:
    """The typed text with one filter in the place of another."""
    return text_with_filter(parse(text_without_filter(query, removed, today), today), added, today)


def text_without_filters(query: Query, removed: Iterable[Filter], today: date) -> str:
    """The typed text without these filters."""
    for each in removed:
        query = parse(text_without_filter(query, each, today), today)
    return query.raw


def _parts(condition: Node) -> tuple[Node, ...]:
    """The filters in a condition: values of one field, or days, or dossiers are one each."""
    match condition:
        case Or(nodes) if _alike(nodes):
            return nodes
        case Not(Or(nodes)) if _alike(nodes):
            return tuple(map(Not, nodes))
        case _:
            return (condition,)


def _alike(nodes: tuple[Node, ...]) -> bool:
    """Whether all are values of one field, or days, or dossiers."""
    kinds = {node.name if isinstance(node, Field) else type(node) for node in nodes}
    return len(kinds) == 1 and isinstance(nodes[0], Field | DateRange | InDossier)


def _joins(node: Node, condition: Node) -> bool:
    """Whether a value belongs to the values that a condition includes."""
    match node, _parts(condition):
        case Field(name), (Field(other), *_):
            return name is other
        case _:
            return False


def _without(condition: Node, removed: Filter) -> Node | None:
    """A condition without a filter in it; None when nothing is left."""
    parts = _parts(condition)
    left = [part for part in parts if Filter(part).canonical != removed.canonical]
    if len(left) == len(parts) or not left:
        return condition if left else None
    if isinstance(condition, Not):
        return Not(any_of([part.node for part in left if isinstance(part, Not)]))
    return any_of(left)


def _with_each_joined(text: str, added: Filter, today: date) -> Iterator[str]:
    """The text with the filter joined to one of those in it, the last first."""
    for written, condition in reversed(_conditions(text, today)):
        if _joins(added.node, condition):
            yield _replaced(text, written.span(), Filter(any_of([condition, added.node])).text)


def _without_each(text: str, removed: Filter, today: date) -> Iterator[str]:
    """The text without the filter where it stands: alone, among others, or beside an ``OU``."""
    for written, condition in _conditions(text, today):
        left = _without(condition, removed)
        if left is not None and left != condition:
            yield _replaced(text, written.span(), Filter(left).text)
        elif left is None:
            start, end = written.span()
            before, after = _OR_BEFORE.search(text[:start]), _OR_AFTER.match(text[end:])
            yield _replaced(text, (start, end), "")
            if before:
                yield _replaced(text, (before.start(), end), "")
            if after:
                yield _replaced(text, (start, end + after.end()), "")


def _conditions(text: str, today: date) -> list[tuple[re.Match[str], Node]]:
    """The first filters that are written in a text, each with its condition."""
    conditions: list[tuple[re.Match[str], Node]] = []
    for written in islice(_FILTER_TEXT.finditer(text), _MAX_ATTEMPTS):
        with suppress(QueryError):
            constraint = parse(written[0], today).constraint
            if constraint is not None:
                conditions.append((written, constraint))
    return conditions


def _replaced(text: str, span: tuple[int, int], other: str) -> str:
    """The text with other text in a place; blanks around what is removed become one, none at a bracket."""
    before, after = text[: span[0]], text[span[1] :]
    if other:
        return before + other + after
    before, after = before.rstrip(), after.lstrip()
    joined = not before or not after or before.endswith("(") or after.startswith(")")
    return before + ("" if joined else " ") + after


def _first_equivalent(query: Query, texts: Iterator[str], today: date) -> str:
    """The first of the texts that parses to the query, else the canonical text of the query."""
    return next((text for text in texts if _parses_to(text, query, today)), to_text(query))


def _parses_to(text: str, query: Query, today: date) -> bool:
    try:
        parsed = parse(text, today)
    except QueryError:
        return False
    return (parsed.words, parsed.constraint) == (query.words, query.constraint)
