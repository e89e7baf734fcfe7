"""Which copies of an article are one result of a query, and which of them is shown: pure arrays.

Members of a family (``search.indexing.deduplication``) are one result when their texts hold the same terms of
the query. Two that differ in a term answer differently, however alike they are: notices for two countries,
forecasts for two days. An excerpt is the exception: what is shorter than the leader of its family, and holds
no term that the leader lacks, answers less well, not differently. Titles say who is shown.
"""

from collections.abc import Callable, Sequence

import numpy as np

from search.protocols import Bools, Floats, Ints, TermMatches
from search.retrieval.grouping import Grouping
from search.retrieval.lookup import contains, find
from search.retrieval.score_stats import Doubles

_SAME_LENGTH = 0.9  # least ratio of the lengths of two texts of which none is an excerpt of the other
_TERMS_AT_ONCE = 32  # bits of an integer beside the number of a part


class Families:
    """The families of copies of one archive.

    ``leaders`` is by article key the leader of its family, its most complete article. ``starts`` and ``ends``
    are by article key the bounds of its rows. ``lengths`` gives the lengths of the texts of some articles.
    """

    def __init__(self, leaders: Ints, starts: Ints, ends: Ints, lengths: Callable[[Ints], Ints]) -> None:
        self._leaders = leaders
        self._starts, self._ends = starts, ends
        self._lengths = lengths
        self._has_copies: Bools = np.bincount(leaders, minlength=len(leaders))[leaders] > 1
        leads = self._has_copies & (leaders == np.arange(len(leaders)))
        self._numbers: Ints = (leads.cumsum() - 1)[leaders]  # of families of several, from 0

    def of(self, keys: Ints) -> Ints:
        """The families of these articles, as numbers that are equal for copies."""
        return self._leaders[keys]

    def family(self, key: int) -> Ints:
        """The family of an article, itself among them, ascending."""
        return np.flatnonzero(self._leaders == self._leaders[key])

    def group(
        self, members: Ints, terms: Sequence[TermMatches], nearness: Callable[[Ints], Doubles]
    ) -> Grouping:
        """These articles, ascending, grouped where they answer a query of these terms alike.

        Of a group, the article whose title holds the most idf mass of the query is shown; then one that is
        among the nearest in meaning, to the nearest standard deviation, as versions of one text differ by
        less; then the leader of the family, then the one with the lowest key. An excerpt that lacks a term is
        never shown for the others. ``nearness`` tells how near in meaning articles are to the query, in
        standard deviations over the archive; NaN where it is not known.
        """
        copies = self._with_others(members)
        if not len(copies):
            return Grouping.ungrouped(members)
        leaders = self._leaders[copies]
        own_terms = self._matching(terms, copies)
        places, leader_is_here = find(copies, leaders)
        leaders_terms = own_terms[:, places]
        lacking = (own_terms < leaders_terms).any(axis=0) & (own_terms <= leaders_terms).all(axis=0)
        lacking &= leader_is_here
        lacking[lacking] = self._are_shorter(copies[lacking], leaders[lacking])
        parts = _parts(leaders, np.where(lacking, leaders_terms, own_terms))
        farther = _behind_best(nearness(copies), parts)
        order = np.lexsort((copies, copies != leaders, farther, -_title_mass(terms, copies), lacking, parts))
        _, first = np.unique(parts[order], return_index=True)
        shown_by = copies[order[first]][parts]
        folded = shown_by != copies
        return Grouping(members, copies[folded], shown_by[folded])

    def _with_others(self, members: Ints) -> Ints:
        """Those of these articles whose family has several of them."""
        copies = members[self._has_copies[members]]
        numbers = self._numbers[copies]
        several: Bools = np.bincount(numbers)[numbers] > 1
        return copies[several]

    def _matching(self, terms: Sequence[TermMatches], keys: Ints) -> Bools:
        """Which terms the texts of these articles hold, shape ``(terms, keys)``."""
        bounds = np.stack([self._starts[keys], self._ends[keys]])
        places = np.array([np.searchsorted(term.rows, bounds) for term in terms], np.int64)
        starts, ends = places.reshape(len(terms), 2, len(keys)).swapaxes(0, 1)
        return np.array(starts < ends)

    def _are_shorter(self, keys: Ints, leaders: Ints) -> Bools:
        shorter: Bools = self._lengths(keys) < _SAME_LENGTH * self._lengths(leaders)
        return shorter


def _title_mass(terms: Sequence[TermMatches], keys: Ints) -> Floats:
    """The idf mass of the terms that the title of each of these articles holds."""
    mass = np.zeros(len(keys), np.float32)
    for term in terms:
        mass[contains(term.titles, keys)] += np.float32(term.idf)
    return mass


def _behind_best(nearness: Doubles, parts: Ints) -> Doubles:
    """How many deviations each article is behind the nearest of its part, rounded; NaN where not known."""
    best = np.full(len(nearness), np.nan)
    np.fmax.at(best, parts, nearness)
    return np.rint(best[parts] - nearness)


def _parts(leaders: Ints, own_terms: Bools) -> Ints:
    """Numbers that are equal for articles of one family that hold the same terms."""
    _, parts = np.unique(leaders, return_inverse=True)
    for first in range(0, len(own_terms), _TERMS_AT_ONCE):
        some = own_terms[first : first + _TERMS_AT_ONCE]
        codes = (1 << np.arange(len(some), dtype=np.int64)) @ some
        _, parts = np.unique((parts << _TERMS_AT_ONCE) | codes, return_inverse=True)
    return parts
