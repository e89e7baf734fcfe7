"""Which words of a text answer the words of a query: for highlights and evidence."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache, partial

from search.query.ast import Fuzzy, Leaf, Near, Phrase, Prefix, RankingWord, Wildcard, Word
from search.text.analyzer import exact_terms, folded_pattern, stem, tokenise, whole_term
from search.text.sentences import Span
from search.text.snippets import Mark
from search.text.stopwords import STOP_WORDS

Matches = Callable[[str], bool]

_QUERIES = 16  # whose words are kept: an answer marks many passages by the same ones
_TERMS = 1 << 14  # of texts, whose answer is kept for each of them


def matches(words: Sequence[RankingWord], text: str) -> tuple[Span, ...]:
    """Offsets of the words of ``text`` that a ranking word stands for, in order, none overlapping.

    Words are compared as they are ranked: by stem, or exactly within quotes and patterns. A compound
    is marked as a whole when it matches as a whole; stop words only when the query has no other words.
    """
    return tuple((start, end) for start, end, _ in marks(words, text))


def marks(words: Sequence[RankingWord], text: str) -> tuple[Mark, ...]:
    """The same, with which of the ranking words each stands for."""
    sought = _sought(tuple(word.leaf for word in words))
    found: list[Mark] = []
    inside = 0
    for term, start, end, _, _ in tokenise(text):
        if start >= inside and (place := sought(term)) is not None:
            found.append(Mark(start, end, (place, stem(term))))
            inside = end
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


@lru_cache(_QUERIES)
def _sought(leaves: tuple[Leaf, ...]) -> Callable[[str], int | None]:
    """The place of the first of these that stands for a term, None where none does."""
    tests = [(place, test) for place, leaf in enumerate(leaves) for test in _tests(leaf)]
    tests = tests or [(0, _stop_words(leaves).__contains__)]
    return lru_cache(_TERMS)(lambda term: next((place for place, test in tests if test(term)), None))


def _tests(leaf: Leaf) -> list[Matches]:
    match leaf:
        case Word(text):
            return [partial(_same_stem, stem(term)) for term in _terms(text) - STOP_WORDS]
        case Phrase(text) | Near(text, _):
            telling = set(exact_terms(text)) - STOP_WORDS
            return [telling.__contains__] if telling else []
        case Prefix(text):
            return [partial(_begins, folded_pattern(text))]
        case Wildcard(pattern):
            return [shape(folded_pattern(pattern))]
        case Fuzzy(text, distance):
            return [partial(_close, whole_term(text), distance)]


def _stop_words(leaves: Sequence[Leaf]) -> set[str]:
    texts = (leaf.text for leaf in leaves if isinstance(leaf, Word | Phrase | Near))
    return {term for text in texts for term in _terms(text)}


def _terms(text: str) -> set[str]:
    return {token.term for token in tokenise(text)}


def _same_stem(wanted: str, term: str) -> bool:
    return stem(term) == wanted and term not in STOP_WORDS


def _begins(prefix: str, term: str) -> bool:
    return term.startswith(prefix)


def _close(word: str, distance: int, term: str) -> bool:
    return within_edits(word, term, distance)
