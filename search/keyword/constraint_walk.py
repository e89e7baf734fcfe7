"""Evaluates the tree of a constraint, so that a constraint means the same in every backend.

A backend implements ``Selection``, which selects articles. ``T`` is the type of its selections: a mask over
articles, or a condition of SQL.
"""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from search.keyword.fields import BODY, TITLE_STEMS, WRITTEN
from search.keyword.names import EDGE, VALUE_GAP
from search.query.ast import (
    Among,
    And,
    ArticleKeys,
    AtLeast,
    Close,
    DateRange,
    Field,
    FieldName,
    Fuzzy,
    Leaf,
    Near,
    Node,
    Not,
    Opening,
    Or,
    Pattern,
    Phrase,
    Placed,
    Prefix,
    Together,
    Wildcard,
    Word,
    WordCount,
)
from search.text.analyzer import exact_terms, stems_matching, tokenise

T = TypeVar("T")


class Selection(Protocol[T]):
    """Selects articles; the fields are those of ``search.keyword.fields``."""

    def all_of(self, parts: Sequence[T]) -> T:
        """The articles that are in all parts; there is at least one part."""

    def any_of(self, parts: Sequence[T]) -> T:
        """The articles that are in any part; there is at least one part."""

    def none_of(self, part: T) -> T:
        """The articles that are not in the part."""

    def among(self, parts: Sequence[T], count: int) -> T:
        """The articles that are in at least ``count`` of the parts."""

    def placed(self, node: Placed) -> T:
        """The articles that have words in these places; see ``places.keys_of``."""

    def word_count(self, words: WordCount) -> T:
        """The articles of so many words: title and body, a title that the body repeats once."""

    def date_range(self, days: DateRange) -> T:
        """The articles whose date may be in the range; never one without a date."""

    def articles(self, keys: frozenset[int]) -> T:
        """The articles with these keys."""

    def any_term(self, field: str, terms: Sequence[str]) -> T:
        """The articles whose field has at least one of the terms."""

    def phrase(self, field: str, terms: list[str]) -> T:
        """The articles whose field has these terms, two or more, one after the other in this order."""

    def near(self, field: str, terms: list[str], distance: int) -> T:
        """The articles whose field has every term within a window of positions.

        ``distance`` is the last minus the first position of the window.
        """

    def expansion(self, pattern: Pattern, field: str) -> list[str]:
        """The terms of a field that match a pattern."""


def select(node: Node, selection: Selection[T]) -> T:
    """The articles that meet a constraint."""
    match node:
        case And(nodes):
            return selection.all_of([select(each, selection) for each in nodes])
        case Or(nodes):
            return selection.any_of([select(each, selection) for each in nodes])
        case Not(inner):
            return selection.none_of(select(inner, selection))
        case Among(nodes, count):
            return selection.among([select(each, selection) for each in nodes], count)
        case Field(FieldName.TITLE, leaf):
            return _in_title(leaf, selection)
        case Field(name, leaf):
            return _named(leaf, name.value, selection)
        case Word(text):
            return _word(text, ("title", BODY), WRITTEN, selection)
        case Phrase() | Near() | Prefix() | Wildcard() | Fuzzy():
            return _exact(node, WRITTEN, selection)
        case _:
            return _of_article(node, selection)


def _of_article(node: Node, selection: Selection[T]) -> T:
    """The articles that meet a condition on places, or on what is known of the whole article."""
    match node:
        case Close() | Together() | Opening() | AtLeast():
            return selection.placed(node)
        case WordCount():
            return selection.word_count(node)
        case DateRange():
            return selection.date_range(node)
        case ArticleKeys(keys):
            return selection.articles(keys)
        case _:
            raise ValueError(f"{node} names a set of the user: query.article_sets.bind gives its keys")


def _in_title(leaf: Leaf, selection: Selection[T]) -> T:
    if isinstance(leaf, Word):
        return _word(leaf.text, (TITLE_STEMS,), "title_exact", selection)
    return _exact(leaf, "title_exact", selection)


def _named(leaf: Leaf, field: str, selection: Selection[T]) -> T:
    """Articles by one value of a field of names: the whole of it, or words in it."""
    match leaf:
        case Phrase(text):
            terms = exact_terms(text)
            return _phrase(field, [EDGE, *terms, EDGE] if terms else [], selection)
        case Near(text, distance):
            return _exact(Near(text, min(distance, VALUE_GAP)), field, selection)
        case _:
            return _exact(leaf, field, selection)


def _exact(leaf: Leaf, field: str, selection: Selection[T]) -> T:
    match leaf:
        case Near(text, distance):
            return selection.near(field, list(dict.fromkeys(exact_terms(text))), distance)
        case Prefix() | Wildcard() | Fuzzy():
            return selection.any_term(field, selection.expansion(leaf, field))
        case Word(text) | Phrase(text):
            return _phrase(field, exact_terms(text), selection)


def _word(text: str, stem_fields: tuple[str, ...], exact_field: str, selection: Selection[T]) -> T:
    """Articles with the stem of a word; a stop word or a compound also matches as it is written."""
    tokens = list(tokenise(text))
    parts = [token.term for token in tokens if not token.compound]
    wholes = [token for token in tokens if token.compound or len(parts) == 1]
    stems = [stem for token in wholes for stem in stems_matching(token.term, text[token.start : token.end])]
    selected = [selection.any_term(field, stems) for field in stem_fields if stems]
    if len(parts) > 1 or not stems:
        selected.append(_phrase(exact_field, parts, selection))
    return selection.any_of(selected)


def _phrase(field: str, terms: list[str], selection: Selection[T]) -> T:
    return selection.any_term(field, terms) if len(terms) < 2 else selection.phrase(field, terms)
