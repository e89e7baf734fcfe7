"""Reads the postings of a field from flat arrays; the postings of one term are a slice of them.

terms      all terms, sorted by their UTF-8 bytes, one after the other
ends       by term, where it ends in ``terms``
starts     by term, where its postings start in ``docs`` and ``counts``; one more for the end
docs       the documents that have the term, ascending
counts     how often each of these documents has the term
lengths    by document, the number of its terms
firsts     by term, where its positions start in ``positions``; one more for the end
positions  the positions of the term in each document, as many as ``counts`` says

Only fields of words as written have ``firsts`` and ``positions``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Protocol

import numpy as np
import numpy.typing as npt
from whoosh.util.numeric import byte_to_length

from search.keyword.array_file import Array, Slices
from search.keyword.lexicon import Lexicon
from search.protocols import Bools

_EMPTY = np.empty(0, np.uint8)
_LEVELS = np.array([byte_to_length(level) for level in range(256)])

Docs = npt.NDArray[np.int64]
Counts = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Postings:
    """The documents that have a term, ascending, and how often each has it."""

    docs: Docs
    counts: Counts


@dataclass(frozen=True, slots=True)
class PostingLists:
    """The postings of several terms, one term after the other; ``sizes`` are the numbers of their documents.

    So all are scored by a few operations on arrays, however many they are.
    """

    docs: Docs
    counts: Counts
    sizes: tuple[int, ...]

    @classmethod
    def of(cls, lists: Sequence[tuple[Array, Array]]) -> "PostingLists":
        """From the documents and counts of each term."""
        if not lists:
            return cls(NO_POSTINGS.docs, NO_POSTINGS.counts, ())
        by_term, counts = zip(*lists, strict=True)
        return cls(
            np.concatenate(by_term, dtype=np.int64),
            np.concatenate(counts, dtype=np.float32),
            tuple(map(len, by_term)),
        )

    def docs_by_term(self) -> list[Docs]:
        """The documents of each term."""
        ends = accumulate(self.sizes)
        return [self.docs[end - size : end] for size, end in zip(self.sizes, ends, strict=True)]


@dataclass(frozen=True, slots=True)
class TermPositions:
    """All occurrences of a term, in order: position ``positions[i]`` in document ``docs[i]``."""

    docs: Docs
    positions: Docs


NO_POSTINGS = Postings(np.empty(0, np.int64), np.empty(0, np.float32))
NO_POSITIONS = TermPositions(np.empty(0, np.int64), np.empty(0, np.int64))


def merge_postings(postings: Sequence[Postings]) -> Postings:
    """The postings of several terms that count as one term: their counts add up."""
    if len(postings) == 1:
        return postings[0]
    if not postings:
        return NO_POSTINGS
    docs, indexes = np.unique(np.concatenate([each.docs for each in postings]), return_inverse=True)
    counts = np.bincount(indexes, np.concatenate([each.counts for each in postings]))
    return Postings(docs, counts.astype(np.float32))


class Field(Protocol):
    """The part of a field that constraints and patterns need."""

    @property
    def lexicon(self) -> Lexicon:
        """Its terms."""

    @property
    def lengths(self) -> Array:
        """By document, the number of its terms."""

    def frequency(self, term: str) -> int:
        """The number of documents that have a term."""

    def postings(self, term: str) -> Postings:
        """The postings of a term; empty when no document has it."""

    def docs(self, forms: Sequence[str]) -> Docs:
        """The documents that have one of these terms, ascending."""


class RankedField(Field, Protocol):
    """The part of a field that scoring needs; a term is given by its forms, whose counts add up."""

    def lists(self, terms: Sequence[Sequence[str]]) -> PostingLists:
        """The postings of several terms."""


def mean_length(lengths: Array) -> float:
    """The mean of the lengths, at least 1."""
    return max(1.0, float(lengths.mean())) if len(lengths) else 1.0


def round_lengths(lengths: Array) -> Array:
    """The lengths that BM25 uses: each rounded up to one of the 256 lengths that Whoosh distinguishes."""
    levels = np.searchsorted(_LEVELS, lengths)
    rounded: Array = _LEVELS[np.minimum(levels, len(_LEVELS) - 1)]
    return rounded


class FieldArrays:
    """The arrays of one field."""

    def __init__(self, arrays: Mapping[str, Array], slices: Mapping[str, Slices], name: str) -> None:
        """Select the arrays of a field from those of all fields; raises KeyError when one is missing.

        ``slices`` gives parts of the same arrays, for searches.
        """
        self.lexicon = Lexicon(arrays[f"{name}.terms"], arrays[f"{name}.ends"])
        self.lengths = arrays[f"{name}.lengths"]
        self._starts = arrays[f"{name}.starts"]
        self._start_view = self._starts.data
        self._docs = arrays[f"{name}.docs"]
        self._counts = arrays[f"{name}.counts"]
        self._firsts = arrays.get(f"{name}.firsts", _EMPTY)
        self._positions = arrays.get(f"{name}.positions", _EMPTY)
        self._docs_of, self._counts_of = slices[f"{name}.docs"], slices[f"{name}.counts"]
        self._positions_of = slices.get(f"{name}.positions", _EMPTY)

    @property
    def frequencies(self) -> Docs:
        """By term, the number of documents that have it."""
        starts = self._starts.astype(np.int64)
        return starts[1:] - starts[:-1]

    @property
    def every_list(self) -> tuple[Array, Docs]:
        """The documents of all terms, one term after the other, and where those of each term begin."""
        return self._docs, self._starts[:-1].astype(np.int64)

    def frequency(self, term: str) -> int:
        """See ``Field``."""
        index = self.lexicon.find(term.encode())
        return 0 if index is None else self._start_view[index + 1] - self._start_view[index]

    def postings(self, term: str) -> Postings:
        """See ``Field``."""
        index = self.lexicon.find(term.encode())
        if index is None:
            return NO_POSTINGS
        docs, counts = self._slice(index)
        return Postings(docs.astype(np.int64), counts.astype(np.float32))

    def lists(self, terms: Sequence[Sequence[str]]) -> PostingLists:
        """See ``RankedField``."""
        return PostingLists.of([self._list(forms) for forms in terms])

    def _list(self, forms: Sequence[str]) -> tuple[Array, Array]:
        if len(forms) == 1:
            index = self.lexicon.find(forms[0].encode())
            return (_EMPTY, _EMPTY) if index is None else self._slice(index)
        if not forms:
            return _EMPTY, _EMPTY
        merged = merge_postings([self.postings(form) for form in forms])
        return merged.docs, merged.counts

    def docs(self, forms: Sequence[str]) -> Docs:
        """See ``Field``."""
        return self._list(forms)[0].astype(np.int64)

    def positions(self, term: str, among: Bools) -> TermPositions:
        """The positions of a term in each document that has it, of those that ``among`` says by document."""
        index = self.lexicon.find(term.encode())
        if index is None:
            return NO_POSITIONS
        docs, counts = self._slice(index)
        (chosen,) = among[docs].nonzero()
        if not len(chosen):
            return NO_POSITIONS
        first, end = int(self._firsts[index]), int(self._firsts[index + 1])
        positions = self._positions_of[first:end]
        if len(chosen) < len(docs):
            ends, wanted = counts.cumsum(dtype=np.int64)[chosen], counts[chosen]
            docs, counts = docs[chosen], wanted
            # The places of the positions: those of each document run up to its end.
            shifts = ends - wanted.cumsum(dtype=np.int64)
            positions = positions[np.repeat(shifts, wanted) + np.arange(int(wanted.sum(dtype=np.int64)))]
        return TermPositions(np.repeat(docs, counts).astype(np.int64), positions.astype(np.int64))

    def _slice(self, index: int) -> tuple[Array, Array]:
        """The documents and counts of the term with this number."""
        start, end = self._start_view[index], self._start_view[index + 1]
        return self._docs_of[start:end], self._counts_of[start:end]

    def is_consistent(self, documents: int) -> bool:
        """Whether the arrays agree with each other and with the number of documents."""
        return self._sizes_agree(documents) and self._is_sorted()

    def positions_are_complete(self) -> bool:
        """Whether there are as many positions as the counts say."""
        total = int(self._counts.sum(dtype=np.int64))
        return (
            len(self._firsts) == len(self._starts) and int(self._firsts[-1]) == len(self._positions) == total
        )

    def _sizes_agree(self, documents: int) -> bool:
        return (
            len(self.lengths) == documents
            and len(self._starts) == len(self.lexicon) + 1
            and int(self._starts[-1]) == len(self._docs) == len(self._counts)
            and int(self._docs.max(initial=0)) < max(1, documents)
        )

    def _is_sorted(self) -> bool:
        """Whether the terms are in order, each has a document, and its documents are in order."""
        starts = self._starts.astype(np.int64)
        if not (np.diff(starts) > 0).all():
            return False
        ascending = np.ones(len(self._docs), bool)
        np.greater(self._docs[1:], self._docs[:-1], out=ascending[1:])
        ascending[starts[:-1]] = True
        return bool(ascending.all()) and all(one < other for one, other in pairwise(self.lexicon))


class BodyField:
    """The field ``body`` of articles, computed from the passages of each article."""

    def __init__(self, passages: FieldArrays, first_rows: Array) -> None:
        """``first_rows`` has the first row of each article; raises ValueError when it does not fit."""
        self._passages = passages
        ends = np.append(first_rows[1:], len(passages.lengths)).astype(np.int64)
        self._article_of_row = np.repeat(np.arange(len(first_rows), dtype=np.int32), ends - first_rows)
        self.lexicon = passages.lexicon
        lengths = np.bincount(self._article_of_row, passages.lengths, len(first_rows))
        self.lengths = lengths.astype(np.int64)

    def frequency(self, term: str) -> int:
        """See ``Field``."""
        return len(self.postings(term).docs)

    def postings(self, term: str) -> Postings:
        """See ``Field``."""
        lists = self.sum_by_article(self._passages.lists([[term]]))
        return Postings(lists.docs, lists.counts)

    def docs(self, forms: Sequence[str]) -> Docs:
        """See ``Field``."""
        articles = self._article_of_row[self._passages.docs(forms)]
        return articles[np.diff(articles, prepend=-1) > 0].astype(np.int64)

    def article_counts(self, among: Bools) -> Docs:
        """By term, how many of these articles have it."""
        rows, starts = self._passages.every_list
        if not len(rows):
            return np.zeros(len(starts), np.int64)
        articles = self._article_of_row[rows]
        counted = among[articles]
        is_first = np.ones(len(articles), bool)
        np.not_equal(articles[1:], articles[:-1], out=is_first[1:])
        is_first[starts] = True
        counted &= is_first
        return np.add.reduceat(counted, starts, dtype=np.int64)

    def sum_by_article(self, passages: PostingLists) -> PostingLists:
        """The postings of articles from those of passages: the counts of an article's passages add up."""
        if not len(passages.docs):
            return passages
        articles = self._article_of_row[passages.docs]
        is_last = np.ones(len(articles), bool)
        np.not_equal(articles[1:], articles[:-1], out=is_last[:-1])
        ends = list(accumulate(passages.sizes))
        for end in filter(None, ends):
            is_last[end - 1] = True
        (last,) = is_last.nonzero()
        totals = passages.counts.cumsum(dtype=np.int32)[last]  # of long lists in a fifth of reduceat's time
        totals[1:] -= totals[:-1].copy()
        sizes = (end - start for start, end in pairwise([0, *np.searchsorted(last, ends).tolist()]))
        return PostingLists(articles[last].astype(np.int64), totals.astype(np.float32), tuple(sizes))
