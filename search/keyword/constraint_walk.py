"""What a constraint means, whatever evaluates it: the one walk over its tree.

A backend says how articles are selected (``Selection``); the walk says which selections a constraint is made
of. ``T`` is what a selection is: a mask over articles, or a condition of SQL.
"""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from search.keyword.fields import BODY, WRITTEN
from search.query.ast import (
    And,
    DateRange,
    Field,
    FieldName,
    Fuzzy,
    Leaf,
    Near,
    Node,
    Not,
    Or,
    Pattern,
    Phrase,
    Prefix,
    Wildcard,
    Word,
)
from search.text.analyzer import exact_terms, stem, tokenise
from search.text.stopwords import STOP_WORDS

T = TypeVar("T")

_EXACT_FIELD = {FieldName.TITLE: "title_exact", FieldName.SOURCE: "source", FieldName.SECTION: "section"}


class Selection(Protocol[T]):
    """How articles are selected; fields are those of ``search.keyword.fields``."""

    def all_of(self, parts: Sequence[T]) -> T:
        """The articles in every part; there is at least one."""

    def any_of(self, parts: Sequence[T]) -> T:
        """The articles in some part; there is at least one."""

    def none_of(self, part: T) -> T:
        """The articles that are not in the part."""

    def dated(self, days: DateRange) -> T:
        """The articles whose date may lie in the range; one without a date does not."""

    def holding(self, field: str, terms: Sequence[str]) -> T:
        """The articles that hold one of the terms."""

    def phrase(self, field: str, terms: list[str]) -> T:
        """The articles where the terms, two or more, stand side by side in this order."""

    def whole(self, field: str, terms: list[str]) -> T:
        """The articles whose field holds these terms in this order and nothing else."""

    def near(self, field: str, terms: list[str], distance: int) -> T:
        """The articles where every term stands within ``distance`` words after some first one."""

    def expansion(self, pattern: Pattern, field: str) -> list[str]:
        """The terms of a field that a pattern stands for."""


def select(node: Node, selection: Selection[T]) -> T:
    """The articles that meet a constraint."""
    match node:
        case And(nodes):
            return selection.all_of([select(each, selection) for each in nodes])
        case Or(nodes):
            return selection.any_of([select(each, selection) for each in nodes])
        case Not(inner):
            return selection.none_of(select(inner, selection))
        case DateRange():
            return selection.dated(node)
        case Field(FieldName.TITLE, Word(text)):
            return _word(text, ("title_stems",), "title_exact", selection)
        case Field(name, Word(text)):
            return _phrase(_EXACT_FIELD[name], exact_terms(text), selection)
        case Field(FieldName.SOURCE | FieldName.SECTION as name, Phrase(text)):
            return selection.whole(_EXACT_FIELD[name], exact_terms(text))
        case Field(name, leaf):
            return _exact(leaf, _EXACT_FIELD[name], selection)
        case Word(text):
            return _word(text, ("title", BODY), WRITTEN, selection)
        case _:
            return _exact(node, WRITTEN, selection)


def _exact(leaf: Leaf, field: str, selection: Selection[T]) -> T:
    match leaf:
        case Near(text, distance):
            return selection.near(field, list(dict.fromkeys(exact_terms(text))), distance)
        case Prefix() | Wildcard() | Fuzzy():
            return selection.holding(field, selection.expansion(leaf, field))
        case Word(text) | Phrase(text):
            return _phrase(field, exact_terms(text), selection)


def _word(text: str, stem_fields: tuple[str, ...], exact_field: str, selection: Selection[T]) -> T:
    """A word by its stem; a stop word, or a word of several parts, also as it is written."""
    tokens = list(tokenise(text))
    parts = [token.term for token in tokens if not token.compound]
    wholes = [token.term for token in tokens if token.compound or len(parts) == 1]
    stems = [stem(term) for term in wholes if term not in STOP_WORDS]
    selected = [selection.holding(field, stems) for field in stem_fields if stems]
    if len(parts) > 1 or not stems:
        selected.append(_phrase(exact_field, parts, selection))
    return selection.any_of(selected)


def _phrase(field: str, terms: list[str], selection: Selection[T]) -> T:
    return selection.holding(field, terms) if len(terms) < 2 else selection.phrase(field, terms)
