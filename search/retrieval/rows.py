"""Which passages belong to which article."""

from dataclasses import dataclass

import numpy as np

from search.protocols import Bools, Floats, Ints

_MANY = 16  # of more than one article in so many, it is faster to go through all rows


@dataclass(frozen=True, slots=True)
class ArticleRows:
    """The rows of every article: ``first`` and ``counts`` by article key, ``article`` by row."""

    first: Ints
    counts: Ints
    article: Ints

    @classmethod
    def starting(cls, first: Ints, rows: int) -> "ArticleRows":
        """From the first row of each article and the number of all rows."""
        counts = np.diff(first, append=rows)
        return cls(first, counts, np.repeat(np.arange(len(first)), counts))

    def of_all(self, keys: Ints) -> tuple[Ints, Ints]:
        """The rows of these articles one after the other, and where the rows of each article begin."""
        counts = self.counts[keys]
        ends = counts.cumsum()
        starts = ends - counts
        return (self.first[keys] - starts).repeat(counts) + np.arange(counts.sum()), starts

    def of_allowed(self, allowed: Bools) -> Ints:
        """The rows of the articles that are allowed, ascending."""
        if np.count_nonzero(allowed) * _MANY > len(allowed):
            return np.flatnonzero(allowed[self.article])
        return self.of_all(np.flatnonzero(allowed))[0]

    def of(self, key: int) -> range:
        """The rows of one article."""
        first = int(self.first[key])
        return range(first, first + int(self.counts[key]))

    def best(self, by_row: Floats, rows: Ints) -> Floats:
        """By article, the score of its best row, which are not negative; ``rows`` are those with a score.

        They may be in any order, and some of them there more than once.
        """
        best = np.zeros(len(self.first), np.float32)
        np.maximum.at(best, self.article.take(rows), by_row.take(rows))  # thrice as fast as reduceat
        return best
