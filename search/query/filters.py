"""The filters of a query, one by one: what it demands of source, section and date, as text."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from search.errors import QueryError
from search.query.ast import And, DateRange, Field, FieldName, Node, Not, Or, Phrase, Query, Word
from search.query.boolean import all_of, conjuncts, negation
from search.query.options import restrict
from search.query.parser import parse
from search.query.printer import is_filter, to_text
from search.text.analyzer import exact_terms, fold
from search.text.dates import partial_date
from search.types import Facet

_FIELDS = {Facet.SOURCE: FieldName.SOURCE, Facet.SECTION: FieldName.SECTION}
_FACETS = {name: facet for facet, name in _FIELDS.items()}
_MOST_TRIED = 32  # filters written: leaving one out means to parse the query
_WRITTEN = re.compile(
    r'(?<!\S)(?:(?:SAUF|NOT)\s+|[-+])?\w+:(?:"[^"]*"|«[^»]*»|“[^”]*”|\([^()]*\)|[^\s()]+)(?!\S)'
)


@dataclass(frozen=True, slots=True)
class Filter:
    """A constraint on nothing but source, section and date, one part of all that a query demands."""

    node: Node

    @property
    def excludes(self) -> bool:
        """Whether it forbids what it names."""
        return isinstance(self.node, Not)

    @property
    def facet(self) -> Facet:
        """What its value is one of; dates, of whatever length, count as months."""
        leaves = _leaves(self.node)
        return next((_FACETS[leaf.name] for leaf in leaves if isinstance(leaf, Field)), Facet.MONTH)

    @property
    def text(self) -> str:
        """The filter in the query language."""
        match self.node:
            case Not(DateRange() | Field() as named):
                return f"-{Filter(named).text}"
            case _:
                return to_text(Query("", (), self.node, ""))

    @property
    def canonical(self) -> Node:
        """Equal for filters that stop the same articles, in whatever way a value was written."""
        match self.node:
            case Not(named):
                return Not(Filter(named).canonical)
            case Field(name, Word(text)):
                return Field(name, Word(fold(text)))
            case Field(name, Phrase(text)):
                return Field(name, Phrase(" ".join(exact_terms(text))))
            case _:
                return self.node

    @property
    def contrary(self) -> "Filter":
        """The filter that stops what this one lets through."""
        return Filter(negation(self.node))


def of_value(facet: Facet, value: str) -> Filter | None:
    """The filter that keeps the articles counted under a value; None when a query cannot name it."""
    if facet in _FIELDS:
        text = " ".join(unicodedata.normalize("NFC", value).replace('"', " ").split())
        return Filter(Field(_FIELDS[facet], Phrase(text))) if any(map(str.isalnum, text)) else None
    try:
        days = partial_date(value)
    except ValueError:
        return None
    return Filter(DateRange(days.first, days.last))


def filters_of(query: Query) -> tuple[Filter, ...]:
    """The filters that a query demands, in the order written."""
    return tuple(Filter(node) for node in conjuncts(query.constraint) if is_filter(node))


def with_filter(query: Query, wanted: Filter) -> Query:
    """The query with one more filter, in the place of its contrary."""
    if wanted.canonical in [one.canonical for one in filters_of(query)]:
        return query
    return restrict(without_filter(query, wanted.contrary), wanted.node)


def without_filter(query: Query, unwanted: Filter) -> Query:
    """The query without a filter, in whatever way that was written."""
    kept = [node for node in conjuncts(query.constraint) if Filter(node).canonical != unwanted.canonical]
    return replace(query, constraint=all_of(kept) if kept else None)


def including(query: Query, wanted: Filter, today: date) -> str:
    """Text for ``with_filter``: what was typed with the filter after it, rewritten if need be."""
    freed = excluding(query, wanted.contrary, today)
    return _first_saying(with_filter(query, wanted), iter((freed, f"{freed} {wanted.text}".strip())), today)


def excluding(query: Query, unwanted: Filter, today: date) -> str:
    """Text for ``without_filter``: what was typed less the filter, rewritten if need be."""
    return _first_saying(without_filter(query, unwanted), _shortened(query.raw), today)


def _shortened(text: str) -> Iterator[str]:
    """The text, then the text without one of the filters written in it."""
    yield text
    for written in islice(_WRITTEN.finditer(text), _MOST_TRIED):
        yield " ".join(filter(None, (text[: written.start()].rstrip(), text[written.end() :].lstrip())))


def _first_saying(query: Query, texts: Iterator[str], today: date) -> str:
    return next((text for text in texts if _says(text, query, today)), to_text(query))


def _says(text: str, query: Query, today: date) -> bool:
    try:
        said = parse(text, today)
    except QueryError:
        return False
    return (said.words, said.constraint) == (query.words, query.constraint)


def _leaves(node: Node) -> Iterator[Node]:
    match node:
        case And(nodes) | Or(nodes):
            for part in nodes:
                yield from _leaves(part)
        case Not(negated):
            yield from _leaves(negated)
        case _:
            yield node
