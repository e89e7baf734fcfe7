"""Finds the terms that a misspelt word may stand for."""

from typing import Protocol

import numpy as np
import numpy.typing as npt

from search.keyword.lexicon import Lexicon
from search.protocols import FuzzyTerm, Ints
from search.text.typo_costs import ALPHABET, Codes, codes, costs

_MOST_OTHER_LETTERS = 5  # between a misspelt word and the right one, such as fisique and physique
_MOST_LENGTH_DIFFERENCE = 2
_LONGEST = 24
_CODES = len(ALPHABET) + 1


class TermFrequencies(Protocol):
    """The part of a field that spelling needs."""

    @property
    def lexicon(self) -> Lexicon:
        """Its terms."""

    @property
    def frequencies(self) -> Ints:
        """By term, the number of documents that have it."""


class FuzzyTerms:
    """The terms of a field that consist of letters only."""

    def __init__(self, field: TermFrequencies) -> None:
        """Count the letters of every term: a tenth of a second for a hundred thousand terms."""
        characters, ends = field.lexicon.joined
        self._starts = np.concatenate([[0], ends[:-1]])
        self._lengths = ends - self._starts
        self._codes = _code_of_byte()[characters]
        self._lexicon = field.lexicon
        self._frequencies = field.frequencies
        term_numbers = np.repeat(np.arange(len(ends)), self._lengths)
        counts = np.bincount(term_numbers * _CODES + self._codes, minlength=_CODES * len(ends))
        letter_counts = counts.reshape(-1, _CODES)
        self._words = np.flatnonzero((letter_counts[:, 0] == 0) & (self._lengths <= _LONGEST))
        self._letter_counts = letter_counts[self._words, 1:].astype(np.int8)
        self._letter_sets = _letter_sets(self._letter_counts)

    def near(self, term: str, limit: int) -> list[FuzzyTerm]:
        """See ``protocols.KeywordIndex.fuzzy_terms``."""
        candidates = self._with_similar_letters(codes(term))
        cost = costs(term, self._letters(candidates))
        likelihood = np.log(self._frequencies[candidates]) - cost
        ranking = np.argsort(-likelihood, kind="stable")[: limit + 1]
        others = [index for index in ranking if cost[index]][:limit]  # cost 0 is the term itself
        return [FuzzyTerm(self._lexicon[candidates[index]].decode(), float(cost[index])) for index in others]

    def _with_similar_letters(self, term: Codes) -> Ints:
        """The numbers of the terms with nearly the same letters, in any order."""
        letter_counts = np.bincount(term, minlength=_CODES)[None, 1:].astype(np.int8)
        most = min(_MOST_OTHER_LETTERS, len(term))
        # Comparing sets of letters is fast, so it comes first.
        other_letters = np.bitwise_count(self._letter_sets ^ _letter_sets(letter_counts))
        close = np.flatnonzero(other_letters <= most)
        differences = np.abs(self._letter_counts[close] - letter_counts).sum(axis=1, dtype=np.int16)
        words: Ints = self._words[close[differences <= most]]
        similar: Ints = words[np.abs(self._lengths[words] - len(term)) <= _MOST_LENGTH_DIFFERENCE]
        return similar

    def _letters(self, terms: Ints) -> Codes:
        """The codes of these terms, one term a row, filled up with 0."""
        columns = np.arange(self._lengths[terms].max(initial=1))
        indexes = np.minimum(self._starts[terms][:, None] + columns, len(self._codes) - 1)
        return np.where(columns < self._lengths[terms][:, None], self._codes[indexes], 0).astype(np.uint8)


def _letter_sets(letter_counts: npt.NDArray[np.int8]) -> npt.NDArray[np.uint32]:
    """By row, the letters that occur: one bit for each letter."""
    return (letter_counts > 0) @ (1 << np.arange(_CODES - 1, dtype=np.uint32))


def _code_of_byte() -> Codes:
    table = np.zeros(256, np.uint8)
    table[list(ALPHABET.encode())] = np.arange(1, _CODES)
    return table
