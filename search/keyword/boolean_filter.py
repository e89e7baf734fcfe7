"""Which articles meet a constraint, decided on whole articles."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import reduce

import numpy as np

from search.keyword.bm25 import Expansion
from search.keyword.constraint_walk import select
from search.keyword.postings import Docs, FieldArrays, Places
from search.keyword.postings import Field as PostingField
from search.protocols import Bools, Ints
from search.query.ast import DateRange, Node, Pattern

_APART = 1 << 32  # more than a document has places


class BooleanFilter:
    """Evaluates constraints over the articles of one index: a ``Selection`` by masks.

    ``placed`` are the fields with positions. ``days`` has the shape (articles, 2): the first and the
    last day of each one's date as ordinals, 0 for one without.
    """

    def __init__(
        self,
        fields: Mapping[str, PostingField],
        placed: Mapping[str, FieldArrays],
        days: Ints,
        expansion: Expansion,
    ) -> None:
        self._fields = fields
        self._placed = placed
        self._days = days
        self._expansion = expansion

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

    def phrase(self, field: str, terms: list[str]) -> Bools:
        """See ``Selection.phrase``."""
        places = [self._placed[field].places(term) for term in terms]
        begins = (each.docs * _APART + each.positions - step for step, each in enumerate(places))
        found = reduce(lambda one, other: np.intersect1d(one, other, assume_unique=True), begins)
        return self._mask((found + len(terms)) // _APART)

    def whole(self, field: str, terms: list[str]) -> Bools:
        """See ``Selection.whole``."""
        as_long: Bools = self._placed[field].words == len(terms)
        return as_long & (self.holding(field, terms) if len(terms) < 2 else self.phrase(field, terms))

    def near(self, field: str, terms: list[str], distance: int) -> Bools:
        """See ``Selection.near``."""
        if not terms:
            return self._mask(np.empty(0, np.int64))
        places = [self._placed[field].places(term) for term in terms]
        return self._mask(_within(places, distance))

    def dated(self, days: DateRange) -> Bools:
        """See ``Selection.dated``."""
        first = 1 if days.first is None else days.first.toordinal()
        last = date.max.toordinal() if days.last is None else days.last.toordinal()
        begun: Bools = (self._days[:, 0] > 0) & (self._days[:, 0] <= last)
        return begun & (self._days[:, 1] >= first)

    def holding(self, field: str, terms: Sequence[str]) -> Bools:
        """See ``Selection.holding``."""
        mask = np.zeros(len(self._days), bool)
        for term in terms:
            mask[self._fields[field].postings(term).docs] = True
        return mask

    def expansion(self, pattern: Pattern, field: str) -> list[str]:
        """See ``Selection.expansion``."""
        return self._expansion(pattern, field)

    def _mask(self, docs: Docs) -> Bools:
        mask = np.zeros(len(self._days), bool)
        mask[docs] = True
        return mask


def _within(places: Sequence[Places], distance: int) -> Docs:
    """Documents where some window (last minus first place) takes a place of each list."""
    terms = np.repeat(np.arange(len(places)), [len(each.docs) for each in places])
    along = np.concatenate([each.docs * _APART + each.positions for each in places])
    order = np.argsort(along, kind="stable")
    along, terms = along[order], terms[order]
    latest = np.full((len(places), len(along)), -_APART * 2)
    for term in range(len(places)):
        latest[term, terms == term] = along[terms == term]
    first = np.maximum.accumulate(latest, axis=1).min(axis=0)  # of each list, the latest place so far
    found: Docs = along[(along - first <= distance) & (along // _APART == first // _APART)] // _APART
    return found
