"""The words of a text that match the words of a query: for highlights and confidence."""

import re
from collections.abc import Callable, Collection, Sequence
from functools import lru_cache, partial
from typing import NamedTuple

from search.query import beginnings
from search.query.ast import Fuzzy, Leaf, Near, Phrase, Prefix, RankingWord, Wildcard, Word
from search.query.beginnings import RunFinder
from search.text.analyzer import (
    Token,
    exact_terms,
    folded_pattern,
    normalise,
    stems_matching,
    terms_of_run,
    tokenise,
    whole_term,
)
from search.text.sentences import Span
from search.text.snippets import Mark
from search.text.stopwords import STOP_WORDS

TermTest = Callable[[str], bool]

_CACHED_QUERIES = 16  # an answer marks many passages with the same query
_CACHED_TERMS = 1 << 11  # terms whose tests are cached, for each of these queries: those of an answer


class _TermTest(NamedTuple):
    """Whether a term matches a leaf; the terms that do begin in one of these ways."""

    passes: TermTest
    beginnings: Collection[str]


class _Asked(NamedTuple):
    """What a query asks of a text: the runs that may match, and the first leaf that matches a token.

    ``place_of`` gives the place of the leaf, or None.
    """

    finder: RunFinder
    place_of: Callable[[Token], int | None]


def matches(words: Sequence[RankingWord], text: str) -> tuple[Span, ...]:
    """Offsets of the words of ``text`` that match a ranking word, in order and without overlap.

    Words are compared as in the ranking: by stem, or exactly for quotes and patterns. A compound that
    matches as a whole is one match. Stop words match only when the query has no other words.
    """
    return tuple((start, end) for start, end, _ in marks(words, text))


def marks(words: Sequence[RankingWord], text: str) -> tuple[Mark, ...]:
    """The same words, each with the ranking word that it matches."""
    asked = _asked(tuple(word.leaf for word in words))
    normal = normalise(text)
    result: list[Mark] = []
    end = 0
    for run in asked.finder.runs(normal):
        at = run.start()
        for token in terms_of_run(run[0]):
            place = asked.place_of(token)
            if place is None:
                continue
            start, stop = normal.original(at + token.start, at + token.end)
            if start >= end:
                end = stop
                result.append(Mark(start, stop, (place, token.stem or token.term)))
    return tuple(result)


def within_edits(one: str, other: str, distance: int) -> bool:
    """Whether at most ``distance`` edits turn one word into the other.

    An edit is an insertion, a deletion, a replacement, or a swap of two adjacent letters.

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


def pattern_test(pattern: str) -> TermTest:
    """A test whether a term matches a pattern: ``*`` stands for any letters, ``?`` for one.

    Each piece of the pattern takes the first position where it fits, without backtracking: the time is
    linear in the length of the term.
    """
    begin, *others = map(_piece, re.split(r"\*+", pattern))
    middle = "".join(f"(?>.*?{piece})" for piece in others[:-1])
    compiled = re.compile(begin + middle + (f".*{others[-1]}" if others else ""))
    return lambda term: compiled.fullmatch(term) is not None


def _piece(letters: str) -> str:
    return "".join("." if letter == "?" else re.escape(letter) for letter in letters)


@lru_cache(_CACHED_QUERIES)
def _asked(leaves: tuple[Leaf, ...]) -> _Asked:
    stems: dict[str, int] = {}
    for place, leaf in enumerate(leaves):
        if isinstance(leaf, Word):
            for token in tokenise(leaf.text):
                for stem in stems_matching(token.term, leaf.text[token.start : token.end]):
                    stems.setdefault(stem, place)
    tests = [(place, test) for place, leaf in enumerate(leaves) if (test := _test(leaf)) is not None]
    if not stems and not tests:
        tests = [(0, _among(_stop_words(leaves)))]
    begin = {beginning for stem in stems for beginning in beginnings.of_stem(stem)}
    begin |= {beginning for _, test in tests for beginning in test.beginnings}

    def by_stem(token: Token) -> int | None:
        return stems.get(token.stem)

    @lru_cache(_CACHED_TERMS)
    def by_test(term: str, stem: str) -> int | None:
        places = (next((place for place, test in tests if test.passes(term)), None), stems.get(stem))
        return min((place for place in places if place is not None), default=None)

    place_of = (lambda token: by_test(token.term, token.stem)) if tests else by_stem
    return _Asked(RunFinder(begin), place_of)


def _test(leaf: Leaf) -> _TermTest | None:
    """The test of a leaf; None for a word, which is compared by its stem."""
    match leaf:
        case Word():
            return None
        case Phrase(text) | Near(text, _):
            content = set(exact_terms(text)) - STOP_WORDS
            return _among(content) if content else None
        case Prefix(text):
            prefix = folded_pattern(text)
            return _TermTest(partial(_has_prefix, prefix), {beginnings.of_pattern(prefix)})
        case Wildcard(text):
            pattern = folded_pattern(text)
            return _TermTest(pattern_test(pattern), {beginnings.of_pattern(pattern)})
        case Fuzzy(text, distance):
            return _TermTest(partial(_is_close, whole_term(text), distance), {beginnings.ANY})


def _among(terms: Collection[str]) -> _TermTest:
    return _TermTest(terms.__contains__, set(map(beginnings.of_term, terms)))


def _stop_words(leaves: Sequence[Leaf]) -> set[str]:
    texts = (leaf.text for leaf in leaves if isinstance(leaf, Word | Phrase | Near))
    return {term for text in texts for term in _terms(text)}


def _terms(text: str) -> set[str]:
    return {token.term for token in tokenise(text)}


def _has_prefix(prefix: str, term: str) -> bool:
    return term.startswith(prefix)


def _is_close(word: str, distance: int, term: str) -> bool:
    return within_edits(word, term, distance)
