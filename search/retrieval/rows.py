"""Which passages belong to which article."""

from dataclasses import dataclass

import numpy as np

from search.protocols import Floats, Ints


@dataclass(frozen=True, slots=True)
class ArticleRows:
    """The rows of every article: ``first`` by article key, ``article`` by row."""

    first: Ints
    article: Ints

    @classmethod
    def starting(cls, first: Ints, rows: int) -> "ArticleRows":
        """From the first row of each article and the number of all rows."""
        counts = np.diff(first, append=rows)
        return cls(first, np.repeat(np.arange(len(first)), counts))

    def of_all(self, keys: Ints) -> tuple[Ints, Ints]:
        """The rows of these articles one after the other, and where the rows of each article begin."""
        ends = np.append(self.first[1:], len(self.article))
        counts = ends[keys] - self.first[keys]
        starts = np.cumsum(counts) - counts
        return np.repeat(self.first[keys] - starts, counts) + np.arange(counts.sum()), starts

    def of(self, key: int) -> range:
        """The rows of one article."""
        last = self.first[key + 1] if key + 1 < len(self.first) else len(self.article)
        return range(int(self.first[key]), int(last))

    def best(self, by_row: Floats) -> Floats:
        """By article, the score of its best row; scores are not negative, and most of them 0."""
        rows = np.flatnonzero(by_row > 0)  # numpy finds true values far faster than floats that are not 0
        best = np.zeros(len(self.first), np.float32)
        if len(rows):
            articles = self.article[rows]
            starts = np.flatnonzero(np.diff(articles, prepend=-1))
            best[articles[starts]] = np.maximum.reduceat(by_row[rows], starts)
        return best
