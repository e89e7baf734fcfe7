"""The operators on places, worked out word by word from the raw texts, without an index."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass

from search.query.ast import (
    AtLeast,
    Close,
    Fuzzy,
    Leaf,
    Node,
    Opening,
    Or,
    Phrase,
    Placed,
    Prefix,
    Together,
    Unit,
    Wildcard,
    Word,
    WordCount,
)
from search.text.analyzer import Token, exact_terms, stems_matching, tokenise
from search.text.chunking import own_title
from search.text.sentences import paragraph_spans, sentence_spans
from search.types import Article

Stretch = tuple[str, int, int]
"""Of words: which text they are in, and the numbers of the first and the last."""
TermTest = Callable[[str], bool]


@dataclass(frozen=True)
class _Text:
    name: str
    text: str

    @property
    def tokens(self) -> list[Token]:
        return list(tokenise(self.text))

    def unit(self, place: int, unit: Unit) -> int:
        """The number of the unit that the word with this position is in."""
        spans = (sentence_spans if unit is Unit.SENTENCE else paragraph_spans)(self.text)
        start = next(token.start for token in self.tokens if token.position == place)
        return sum(begin <= start for begin, _ in spans)


def counts_words(node: WordCount, article: Article) -> bool:
    """Whether the article has so many words."""
    words = sum(len(exact_terms(text)) for text in (own_title(article), article.body))
    return (node.least or 0) <= words and (node.most is None or words <= node.most)


def says_so(node: Placed, article: Article, shape: Callable[[Prefix | Wildcard | Fuzzy], TermTest]) -> bool:
    """Whether the words of an article stand as the condition says; ``shape`` tests what a pattern matches."""
    texts = [_Text("title", own_title(article)), _Text("body", article.body)]
    if isinstance(node, AtLeast):
        starts = {stretch[:2] for text in texts for stretch in _stretches(node.node, text, shape)}
        return len(starts) >= node.count
    return any(_stretches(node, text, shape) for text in texts)


def _stretches(
    node: Node, text: _Text, shape: Callable[[Prefix | Wildcard | Fuzzy], TermTest]
) -> set[Stretch]:
    match node:
        case Or(nodes):
            return set().union(*(_stretches(part, text, shape) for part in nodes))
        case Opening(inner, words):
            found = _stretches(inner, text, shape)
            return {each for each in found if text.name == "body" and each[2] < words}
        case Close(first, second, distance, ordered):
            return {
                _hull(one, other)
                for one, other in _pairs(first, second, text, shape)
                if 0 < other[1] - one[2] <= distance
                or (not ordered and (0 < one[1] - other[2] <= distance or _nested(one, other)))
            }
        case Together(first, second, unit):
            return {
                _hull(one, other)
                for one, other in _pairs(first, second, text, shape)
                if one[2] < other[1] or other[2] < one[1] or _nested(one, other)
                if len({text.unit(place, unit) for place in (*one[1:], *other[1:])}) == 1
            }
        case Word() | Phrase() | Prefix() | Wildcard() | Fuzzy():
            return _places(node, text, shape)
        case _:
            raise AssertionError(node)


def _pairs(
    first: Node, second: Node, text: _Text, shape: Callable[[Prefix | Wildcard | Fuzzy], TermTest]
) -> list[tuple[Stretch, Stretch]]:
    return list(itertools.product(_stretches(first, text, shape), _stretches(second, text, shape)))


def _nested(one: Stretch, other: Stretch) -> bool:
    """Whether one is inside the other, and shares neither its first nor its last word."""
    return (one[1] < other[1] and other[2] < one[2]) or (other[1] < one[1] and one[2] < other[2])


def _hull(one: Stretch, other: Stretch) -> Stretch:
    return one[0], min(one[1], other[1]), max(one[2], other[2])


def _places(leaf: Leaf, text: _Text, shape: Callable[[Prefix | Wildcard | Fuzzy], TermTest]) -> set[Stretch]:
    words = exact_terms(text.text)
    in_a_row: set[tuple[str, ...]] = set()
    match leaf:
        case Phrase(phrase):
            in_a_row = {tuple(exact_terms(phrase))}
        case Word(word):
            in_a_row = _inflections(word, text)
        case Prefix() | Wildcard() | Fuzzy():
            fits = shape(leaf)
            in_a_row = {tuple(exact_terms(token.term)) for token in text.tokens if fits(token.term)}
    return {
        (text.name, start, start + len(form) - 1)
        for form in in_a_row
        for start in range(len(words))
        if form and words[start : start + len(form)] == list(form)
    }


def _inflections(word: str, text: _Text) -> set[tuple[str, ...]]:
    parts = tuple(exact_terms(word))
    own = [token for token in tokenise(word) if token.compound or len(parts) == 1]
    stems = {stem for each in own for stem in stems_matching(each.term, word[each.start : each.end])}
    found = {
        tuple(exact_terms(token.term))
        for token in text.tokens
        if stems.intersection(stems_matching(token.term))
    }
    return found | ({parts} if len(parts) > 1 or not stems else set())
