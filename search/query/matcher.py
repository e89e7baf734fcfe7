"""Which words of a text answer the words of a query: for highlights and evidence."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from typing import NamedTuple

from search.query.ast import Fuzzy, Leaf, Near, Phrase, Prefix, RankingWord, Wildcard, Word
from search.text.analyzer import (
    LONG_RUN,
    exact_terms,
    folded_pattern,
    normalise,
    runs,
    stem,
    terms_of_run,
    tokenise,
    whole_term,
)
from search.text.sentences import Span
from search.text.snippets import Mark
from search.text.stopwords import STOP_WORDS

Matches = Callable[[str], bool]

_QUERIES = 16  # whose words are kept: an answer marks many passages by the same ones
_RUNS = 1 << 14  # of texts, whose terms are remembered


def matches(words: Sequence[RankingWord], text: str) -> tuple[Span, ...]:
    """Offsets of the words of ``text`` that a ranking word stands for, in order, none overlapping.

    Words are compared as they are ranked: by stem, or exactly within quotes and patterns. A compound
    is marked as a whole when it matches as a whole; stop words only when the query has no other words.
    """
    return tuple((start, end) for start, end, _ in marks(words, text))


def marks(words: Sequence[RankingWord], text: str) -> tuple[Mark, ...]:
    """The same, with which of the ranking words each stands for."""
    place_of = _places(tuple(word.leaf for word in words))
    normal = normalise(text)
    found: list[Mark] = []
    inside = 0
    for run, at in runs(normal):
        for term in _remembered(run) if len(run) < LONG_RUN else _analyse(run):
            place = place_of(term)
            if place is not None and at + term.start >= inside:
                inside = at + term.end
                found.append(Mark(*normal.original(at + term.start, inside), (place, term.stem)))
    return tuple(found)


def within_edits(one: str, other: str, distance: int) -> bool:
    """Whether so few insertions, deletions, replacements or swaps of neighbours part two words.

    Optimal string alignment: Damerau, "A technique for computer detection and correction of spelling
    errors", CACM 1964.
    """
    if abs(len(one) - len(other)) > distance:
        return False
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, b in enumerate(other, 1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                best = min(best, last[j - 2] + 1)
            row.append(best)
    return row[-1] <= distance


def shape(pattern: str) -> Matches:
    """Whether a term is of a shape: ``*`` any letters, ``?`` one.

    The first place where a piece fits is the best one, and is never tried again: in time linear in the term.
    """
    begin, *others = map(_piece, re.split(r"\*+", pattern))
    middle = "".join(f"(?>.*?{piece})" for piece in others[:-1])
    found = re.compile(begin + middle + (f".*{others[-1]}" if others else ""))
    return lambda term: found.fullmatch(term) is not None


def _piece(letters: str) -> str:
    return "".join("." if letter == "?" else re.escape(letter) for letter in letters)


class _Term(NamedTuple):
    """A term of a run of text, placed within it; ``content`` is its stem, None for a stop word."""

    term: str
    stem: str
    content: str | None
    start: int
    end: int


def _analyse(run: str) -> tuple[_Term, ...]:
    terms = ((token, stem(token.term)) for token in terms_of_run(run))
    return tuple(
        _Term(token.term, stemmed, None if token.term in STOP_WORDS else stemmed, token.start, token.end)
        for token, stemmed in terms
    )


_remembered = lru_cache(_RUNS)(_analyse)


@lru_cache(_QUERIES)
def _places(leaves: tuple[Leaf, ...]) -> Callable[[_Term], int | None]:
    """The place of the first of these leaves that stands for a term, None where none does."""
    stems: dict[str | None, int] = {}
    for place, leaf in enumerate(leaves):
        if isinstance(leaf, Word):
            for term in _terms(leaf.text) - STOP_WORDS:
                stems.setdefault(stem(term), place)
    tests = [(place, test) for place, leaf in enumerate(leaves) if (test := _test(leaf)) is not None]
    if not stems and not tests:
        tests = [(0, _stop_words(leaves).__contains__)]

    def by_stem(term: _Term) -> int | None:
        return stems.get(term.content)

    @lru_cache(_RUNS)
    def by_test(term: _Term) -> int | None:
        places = (next((place for place, test in tests if test(term.term)), None), stems.get(term.content))
        return min((place for place in places if place is not None), default=None)

    return by_test if tests else by_stem


def _test(leaf: Leaf) -> Matches | None:
    """Whether a leaf stands for a term; None for a word, which is compared by its stem."""
    match leaf:
        case Word():
            return None
        case Phrase(text) | Near(text, _):
            content = set(exact_terms(text)) - STOP_WORDS
            return content.__contains__ if content else None
        case Prefix(text):
            return partial(_begins, folded_pattern(text))
        case Wildcard(pattern):
            return shape(folded_pattern(pattern))
        case Fuzzy(text, distance):
            return partial(_close, whole_term(text), distance)


def _stop_words(leaves: Sequence[Leaf]) -> set[str]:
    texts = (leaf.text for leaf in leaves if isinstance(leaf, Word | Phrase | Near))
    return {term for text in texts for term in _terms(text)}


def _terms(text: str) -> set[str]:
    return {token.term for token in tokenise(text)}


def _begins(prefix: str, term: str) -> bool:
    return term.startswith(prefix)


def _close(word: str, distance: int, term: str) -> bool:
    return within_edits(word, term, distance)
