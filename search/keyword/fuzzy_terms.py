"""Terms that a misspelt one may stand for."""

from typing import Protocol

import numpy as np
import numpy.typing as npt

from search.keyword.postings import Lexicon
from search.protocols import FuzzyTerm, Ints
from search.text.typo_costs import ALPHABET, Codes, codes, costs

_LETTERS = 5  # by which a word and one that it stands for differ at most: fisique, physique
_LONGER = 2
_LONGEST = 24
_SIGNS = len(ALPHABET) + 1


class TermFrequencies(Protocol):
    """What spelling asks of a field."""

    @property
    def lexicon(self) -> Lexicon:
        """Its terms."""

    @property
    def frequencies(self) -> Ints:
        """How many documents hold each term."""


class FuzzyTerms:
    """The terms of a field that are words, by the letters they hold."""

    def __init__(self, words: TermFrequencies) -> None:
        """Count the letters of every term: a tenth of a second for a hundred thousand."""
        signs, ends = words.lexicon.joined
        self._starts = np.concatenate([[0], ends[:-1]])
        self._lengths = ends - self._starts
        self._codes = _code_of_byte()[signs]
        self._lexicon = words.lexicon
        self._frequencies = words.frequencies
        term = np.repeat(np.arange(len(ends)), self._lengths)
        bags = np.bincount(term * _SIGNS + self._codes, minlength=_SIGNS * len(ends)).reshape(-1, _SIGNS)
        self._words = np.flatnonzero((bags[:, 0] == 0) & (self._lengths <= _LONGEST))
        self._bags = bags[self._words, 1:].astype(np.int8)
        self._kinds = _kinds(self._bags)

    def near(self, term: str, limit: int) -> list[FuzzyTerm]:
        """See ``protocols.KeywordIndex.fuzzy_terms``."""
        near = self._near(codes(term))
        cost = costs(term, self._letters(near))
        likely = np.log(self._frequencies[near]) - cost
        best = [place for place in np.argsort(-likely, kind="stable")[: limit + 1] if cost[place]]
        return [FuzzyTerm(self._lexicon[near[place]].decode(), float(cost[place])) for place in best[:limit]]

    def _near(self, term: Codes) -> Ints:
        """Places of the terms of nearly these letters, whatever their order."""
        bag = np.bincount(term, minlength=_SIGNS)[None, 1:].astype(np.int8)
        most = min(_LETTERS, len(term))
        alike = np.flatnonzero(np.bitwise_count(self._kinds ^ _kinds(bag)) <= most)  # which is soon told
        apart = np.abs(self._bags[alike] - bag).sum(axis=1, dtype=np.int16)
        found: Ints = self._words[alike[apart <= most]]
        near: Ints = found[np.abs(self._lengths[found] - len(term)) <= _LONGER]
        return near

    def _letters(self, terms: Ints) -> Codes:
        """The codes of these terms, one a row, 0 after their ends."""
        width = np.arange(self._lengths[terms].max(initial=1))
        places = np.minimum(self._starts[terms][:, None] + width, len(self._codes) - 1)
        return np.where(width < self._lengths[terms][:, None], self._codes[places], 0).astype(np.uint8)


def _kinds(bags: npt.NDArray[np.int8]) -> npt.NDArray[np.uint32]:
    """Which letters there are in each bag, a bit for each."""
    return (bags > 0) @ (1 << np.arange(_SIGNS - 1, dtype=np.uint32))


def _code_of_byte() -> Codes:
    found = np.zeros(256, np.uint8)
    found[list(ALPHABET.encode())] = np.arange(1, _SIGNS)
    return found
