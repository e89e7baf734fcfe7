"""The postings of a field in flat arrays: a term's are a slice of them.

terms      every term, in the order of its UTF-8 bytes, one after the other
ends       where each ends in ``terms``
starts     where each one's postings begin in ``docs`` and ``counts``; one more for the end
docs       the documents that hold the term, ascending
counts     how often each of them holds it
lengths    by document, how many terms it has
firsts     where each term's positions begin in ``positions``; one more for the end
positions  where the term stands in each document, as many as ``counts`` says

``firsts`` and ``positions`` are there for fields of words as they are written only.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Protocol, overload

import numpy as np
import numpy.typing as npt
from whoosh.util.numeric import byte_to_length

from search.keyword.array_file import Array

_EMPTY = np.empty(0, np.uint8)
_LEVELS = np.array([byte_to_length(level) for level in range(256)])

Docs = npt.NDArray[np.int64]
Counts = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Postings:
    """Documents that hold a term, ascending, and how often each does."""

    docs: Docs
    counts: Counts


@dataclass(frozen=True, slots=True)
class Places:
    """Every place where a term stands: ``positions[i]`` in document ``docs[i]``, in order."""

    docs: Docs
    positions: Docs


NOTHING = Postings(np.empty(0, np.int64), np.empty(0, np.float32))


def as_one_word(postings: Sequence[Postings]) -> Postings:
    """The postings of several terms taken as one word: their counts add up."""
    if len(postings) == 1:
        return postings[0]
    if not postings:
        return NOTHING
    docs, places = np.unique(np.concatenate([each.docs for each in postings]), return_inverse=True)
    counts = np.bincount(places, np.concatenate([each.counts for each in postings]))
    return Postings(docs, counts.astype(np.float32))


NOWHERE = Places(np.empty(0, np.int64), np.empty(0, np.int64))


class Lexicon(Sequence[bytes]):
    """The terms of a field, sorted."""

    def __init__(self, terms: Array, ends: Array) -> None:
        self._terms = terms
        self._ends = ends

    def __len__(self) -> int:
        return len(self._ends)

    @overload
    def __getitem__(self, place: int) -> bytes: ...
    @overload
    def __getitem__(self, place: slice) -> list[bytes]: ...
    def __getitem__(self, place: int | slice) -> bytes | list[bytes]:
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        return self._terms[self._ends[place - 1] if place else 0 : self._ends[place]].tobytes()

    @property
    def joined(self) -> tuple[Array, Docs]:
        """All terms, one after the other, and where each ends."""
        return self._terms, self._ends.astype(np.int64)

    def at_or_after(self, term: bytes) -> int:
        """The place of the first term that is not less."""
        return bisect_left(self, term)

    def find(self, term: bytes) -> int | None:
        """The place of a term, or None."""
        place = self.at_or_after(term)
        return place if place < len(self) and self[place] == term else None


class Field(Protocol):
    """What scoring asks of a field."""

    @property
    def lexicon(self) -> Lexicon:
        """Its terms."""

    @property
    def lengths(self) -> Array:
        """By document, how many terms it has."""

    def frequency(self, term: str) -> int:
        """How many documents hold a term."""

    def postings(self, term: str) -> Postings:
        """The postings of a term; none when no document holds it."""


def average(lengths: Array) -> float:
    """Mean number of terms of a document, at least 1."""
    return max(1.0, float(lengths.mean())) if len(lengths) else 1.0


def coarse(lengths: Array) -> Array:
    """Lengths as BM25 takes them: to the next of the 256 that Whoosh tells apart."""
    levels = np.searchsorted(_LEVELS, lengths)
    found: Array = _LEVELS[np.minimum(levels, len(_LEVELS) - 1)]
    return found


class FieldArrays:
    """The arrays of one field."""

    def __init__(self, arrays: Mapping[str, Array], name: str) -> None:
        """Take those of a field from all; raises KeyError when one is not there."""
        self.lexicon = Lexicon(arrays[f"{name}.terms"], arrays[f"{name}.ends"])
        self.lengths = arrays[f"{name}.lengths"]
        self._starts = arrays[f"{name}.starts"]
        self._docs = arrays[f"{name}.docs"]
        self._counts = arrays[f"{name}.counts"]
        self._firsts = arrays.get(f"{name}.firsts", _EMPTY)
        self._positions = arrays.get(f"{name}.positions", _EMPTY)

    @cached_property
    def words(self) -> Array:
        """By document, how many words it has, a compound by its parts; of a field with positions."""
        counted = np.zeros(len(self.lengths), np.int64)
        np.maximum.at(counted, np.repeat(self._docs, self._counts), self._positions.astype(np.int64) + 1)
        return counted

    @property
    def frequencies(self) -> Docs:
        """How many documents hold each term."""
        starts = self._starts.astype(np.int64)
        return starts[1:] - starts[:-1]

    def frequency(self, term: str) -> int:
        """See ``Field``."""
        place = self.lexicon.find(term.encode())
        return 0 if place is None else int(self._starts[place + 1]) - int(self._starts[place])

    def postings(self, term: str) -> Postings:
        """See ``Field``."""
        place = self.lexicon.find(term.encode())
        if place is None:
            return NOTHING
        held = slice(self._starts[place], self._starts[place + 1])
        return Postings(self._docs[held].astype(np.int64), self._counts[held].astype(np.float32))

    def places(self, term: str) -> Places:
        """Where a term stands in each document that holds it."""
        place = self.lexicon.find(term.encode())
        if place is None:
            return NOWHERE
        held = slice(self._starts[place], self._starts[place + 1])
        where = slice(self._firsts[place], self._firsts[place + 1])
        docs = np.repeat(self._docs[held], self._counts[held]).astype(np.int64)
        return Places(docs, self._positions[where].astype(np.int64))

    def sound(self, documents: int) -> bool:
        """Whether the arrays agree with each other and with the number of documents."""
        return self._agree(documents) and self._rise()

    def positions_sound(self) -> bool:
        """Whether there is a position for every count."""
        total = int(self._counts.sum(dtype=np.int64))
        return (
            len(self._firsts) == len(self._starts) and int(self._firsts[-1]) == len(self._positions) == total
        )

    def _agree(self, documents: int) -> bool:
        return (
            len(self.lengths) == documents
            and len(self._starts) == len(self.lexicon) + 1
            and int(self._starts[-1]) == len(self._docs) == len(self._counts)
            and int(self._docs.max(initial=0)) < max(1, documents)
        )

    def _rise(self) -> bool:
        """Whether terms come in order, every one has a document, and the documents of each are in order."""
        starts = self._starts.astype(np.int64)
        if not (np.diff(starts) > 0).all():
            return False
        rising = np.ones(len(self._docs), bool)
        np.greater(self._docs[1:], self._docs[:-1], out=rising[1:])
        rising[starts[:-1]] = True
        return bool(rising.all()) and all(one < other for one, other in pairwise(self.lexicon))


class FoldedField:
    """A field of articles that is kept by their passages: the text of an article is that of its rows."""

    def __init__(self, passages: FieldArrays, first_rows: Array) -> None:
        """``first_rows`` tells by article where its rows begin; raises ValueError when they cannot be its."""
        self._passages = passages
        ends = np.append(first_rows[1:], len(passages.lengths)).astype(np.int64)
        self._article = np.repeat(np.arange(len(first_rows)), ends - first_rows)
        self.lexicon = passages.lexicon
        self.lengths = np.bincount(self._article, passages.lengths, len(first_rows)).astype(np.int64)

    def frequency(self, term: str) -> int:
        """See ``Field``."""
        return len(self.postings(term).docs)

    def postings(self, term: str) -> Postings:
        """See ``Field``."""
        return self.fold(self._passages.postings(term))

    def fold(self, passages: Postings) -> Postings:
        """Postings of passages as postings of their articles: the counts of an article's rows add up."""
        if not len(passages.docs):
            return NOTHING
        articles = self._article[passages.docs]
        first = np.flatnonzero(np.diff(articles, prepend=-1))
        return Postings(articles[first], np.add.reduceat(passages.counts, first))
