"""Finds the articles that meet a constraint."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property, reduce

import numpy as np

from search.keyword.bm25 import Expansion
from search.keyword.constraint_walk import select
from search.keyword.fields import WRITTEN
from search.keyword.places import keys_of
from search.keyword.postings import Docs, FieldArrays, TermPositions
from search.keyword.postings import Field as PostingField
from search.keyword.text_bounds import DOCUMENT_STEP, TextBounds
from search.protocols import Bools, Ints
from search.query.ast import DateRange, Node, Pattern, Placed, WordCount


class BooleanFilter:
    """Evaluates constraints over the articles of one index; implements ``Places``, ``Selection`` with masks.

    ``positional`` are the fields with positions. ``days`` has the shape ``(articles, 2)``: the first and the
    last day of each article's date, as ordinals; 0 for an article without a date.
    """

    def __init__(
        self,
        fields: Mapping[str, PostingField],
        positional: Mapping[str, FieldArrays],
        days: Ints,
        expansion: Expansion,
        bounds: TextBounds,
    ) -> None:
        self._fields = fields
        self._positional = positional
        self._articles = len(days)
        self._days = np.ascontiguousarray(days.T)  # all first days, then all last days
        self._expansion = expansion
        self.bounds = bounds

    def allowed(self, constraint: Node) -> Bools:
        """By article key, whether the article meets the constraint."""
        return select(constraint, self)

    def all_of(self, parts: Sequence[Bools]) -> Bools:
        """See ``Selection.all_of``."""
        return reduce(np.logical_and, parts)

    def any_of(self, parts: Sequence[Bools]) -> Bools:
        """See ``Selection.any_of``."""
        return reduce(np.logical_or, parts)

    def none_of(self, part: Bools) -> Bools:
        """See ``Selection.none_of``."""
        return ~part

    def among(self, parts: Sequence[Bools], count: int) -> Bools:
        """See ``Selection.among``."""
        counts = np.stack(parts).sum(axis=0)
        return np.asarray(counts >= count)

    def placed(self, node: Placed) -> Bools:
        """See ``Selection.placed``."""
        return self._mask(keys_of(node, self))

    def positions(self, terms: Sequence[str], among: Node) -> dict[str, TermPositions]:
        """See ``Places.positions``."""
        allowed = self.allowed(among)
        return {term: self._positional[WRITTEN].positions(term, allowed) for term in terms}

    def word_count(self, words: WordCount) -> Bools:
        """See ``Selection.word_count``."""
        most = np.iinfo(np.int64).max if words.most is None else words.most
        within: Bools = (self._words >= (words.least or 0)) & (self._words <= most)
        return within

    @cached_property
    def _words(self) -> Docs:
        """By article, its words: its terms as written without wholes of compounds, which have a hyphen."""
        field = self._positional[WRITTEN]
        compounds = [term.decode() for term in field.lexicon if b"-" in term]
        lists = field.lists([[term] for term in compounds])
        wholes = np.bincount(lists.docs, lists.counts, self._articles).astype(np.int64)
        words: Docs = field.lengths.astype(np.int64) - wholes
        return words

    def phrase(self, field: str, terms: list[str]) -> Bools:
        """See ``Selection.phrase``."""
        positions = self._positions(field, terms)
        starts = [each.docs * DOCUMENT_STEP + each.positions - step for step, each in enumerate(positions)]
        common = reduce(_in_both, sorted(starts, key=len))
        return self._mask((common + len(terms)) // DOCUMENT_STEP)

    def near(self, field: str, terms: list[str], distance: int) -> Bools:
        """See ``Selection.near``."""
        if not terms:
            return self._mask(np.empty(0, np.int64))
        return self._mask(_docs_within(self._positions(field, terms), distance))

    def _positions(self, field: str, terms: Sequence[str]) -> list[TermPositions]:
        """The positions of each term in the articles that have all terms."""
        positional = self._positional[field]
        with_all = self.all_of([self.any_term(field, [term]) for term in dict.fromkeys(terms)])
        positions = {term: positional.positions(term, with_all) for term in dict.fromkeys(terms)}
        return [positions[term] for term in terms]

    def date_range(self, days: DateRange) -> Bools:
        """See ``Selection.date_range``."""
        first = 1 if days.first is None else days.first.toordinal()
        last = date.max.toordinal() if days.last is None else days.last.toordinal()
        ends_in_time: Bools = self._days[1] >= first  # never an undated one, whose last day is 0
        starts_in_time: Bools = self._days[0] <= last
        return ends_in_time & starts_in_time

    def articles(self, keys: frozenset[int]) -> Bools:
        """See ``Selection.articles``."""
        return self._mask(np.fromiter(keys, np.int64, len(keys)))

    def any_term(self, field: str, terms: Sequence[str]) -> Bools:
        """See ``Selection.any_term``."""
        mask = np.zeros(self._articles, bool)
        for term in terms:
            mask[self._fields[field].docs([term])] = True
        return mask

    def expansion(self, pattern: Pattern, field: str) -> list[str]:
        """See ``Selection.expansion``."""
        return self._expansion(pattern, field)

    def _mask(self, docs: Docs) -> Bools:
        mask = np.zeros(self._articles, bool)
        mask[docs] = True
        return mask


def _in_both(some: Docs, others: Docs) -> Docs:
    """The numbers that are in both; both ascend, and so does the result."""
    every = np.concatenate([some, others])
    every.sort(kind="stable")  # merges the two: faster than to search the one in the other
    both: Docs = every[1:][every[1:] == every[:-1]]
    return both


def _docs_within(terms: Sequence[TermPositions], distance: int) -> Docs:
    """Documents that have every term within some window; a window is last minus first position."""
    term_numbers = np.repeat(np.arange(len(terms)), [len(term.docs) for term in terms])
    positions = np.concatenate([term.docs * DOCUMENT_STEP + term.positions for term in terms])
    order = np.argsort(positions, kind="stable")
    positions, term_numbers = positions[order], term_numbers[order]
    latest = np.full((len(terms), len(positions)), -DOCUMENT_STEP * 2)
    for number in range(len(terms)):
        latest[number, term_numbers == number] = positions[term_numbers == number]
    # For each position, the start of the smallest window that ends there and has every term.
    first = np.maximum.accumulate(latest, axis=1).min(axis=0)
    same_document = positions // DOCUMENT_STEP == first // DOCUMENT_STEP
    docs: Docs = positions[(positions - first <= distance) & same_document] // DOCUMENT_STEP
    return docs
