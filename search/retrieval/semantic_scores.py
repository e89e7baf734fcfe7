"""What the meaning of a query says about articles: similarities of passage vectors to the query's."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from search.protocols import Bools, Floats, Ints, VectorIndex
from search.retrieval.rows import ArticleRows
from search.retrieval.score_stats import Doubles, ScoreStats

RowsToVectors = Callable[[Ints], Floats]
"""Gives the vectors of rows, in their order."""


def article_similarity(by_row: Floats, starts: Ints, best_share: float) -> Floats:
    """By article, between the mean of its rows (``best_share`` 0) and the best of them (1).

    ``starts`` tells where the rows of each article begin.
    """
    counts = np.diff(starts, append=len(by_row)).astype(np.float32)
    best, mean = np.maximum.reduceat(by_row, starts), np.add.reduceat(by_row, starts) / counts
    return (best_share * best + (1 - best_share) * mean).astype(np.float32)


def normalised(vectors: Floats) -> Floats:
    """These vectors, scaled to length 1; a vector of zeros (a row whose server is gone) stays as it is."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    unit: Floats = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return unit


def encoded_rows(index: VectorIndex, rows: ArticleRows, keys: Ints) -> tuple[Bools, Ints, Ints]:
    """Which of these articles have encoded rows, these rows, and where those of each such article begin."""
    places, starts = rows.of_all(keys)
    encoded = index.encoded[places]
    if encoded.all():
        return np.ones(len(keys), bool), places, starts
    counts = np.add.reduceat(encoded, starts, dtype=np.int64)
    known = counts > 0
    return known, places[encoded], (np.cumsum(counts) - counts)[known]


def article_centres(index: VectorIndex, rows: ArticleRows, keys: Ints, of_rows: RowsToVectors) -> Floats:
    """The centres of the rows of these articles, of length 1, shape ``(keys, dimension)``.

    ``of_rows`` gives the vectors of rows. NaN for an article without an encoded row.
    """
    known, places, starts = encoded_rows(index, rows, keys)
    sums = _sums(of_rows(places), starts)
    centres = np.full((len(keys), sums.shape[1]), np.nan, np.float32)
    centres[known] = normalised(sums)
    return centres


def _sums(vectors: Floats, starts: Ints) -> Floats:
    """By article, the sum of the vectors of its rows; ``starts`` tells where those of each article begin.

    The first rows of all articles are added at once, then the second ones: ``np.add.reduceat`` takes
    more than twice the time.
    """
    counts = np.diff(starts, append=len(vectors))
    sums: Floats = vectors[starts]
    for place in range(1, int(counts.max(initial=0))):
        longer = counts > place
        sums[longer] += vectors[starts[longer] + place]
    return sums


@dataclass(frozen=True, slots=True)
class RowVectors:
    """The vectors of some rows (ascending), fetched once for a whole search."""

    rows: Ints
    vectors: Floats

    @classmethod
    def fetch(cls, index: VectorIndex, rows: Ints) -> "RowVectors":
        """Fetch the vectors of these rows, which are ascending."""
        return cls(rows, index.of_rows(rows))

    def of(self, rows: Ints) -> Floats | None:
        """The vectors of these rows, in their order; None unless all of them were fetched."""
        if np.array_equal(rows, self.rows):
            return self.vectors
        places = np.searchsorted(self.rows, rows)
        if not len(self.rows) or not np.array_equal(self.rows.take(places, mode="clip"), rows):
            return None
        return self.vectors[places]


@dataclass(frozen=True, slots=True)
class SemanticScores:
    """Similarities to one query vector; those of an article count its encoded rows, and are NaN without one.

    ``query`` is the vector of the query as encoded, ``aim`` the one that articles and their rows are
    compared with, both of length 1. ``best_share`` is that of ``article_similarity``. ``articles`` are the
    statistics of the similarity of articles to the aim, ``pairs`` those of the similarity of any two
    passages. ``fetched`` holds the vectors of the candidates.
    """

    query: Floats
    aim: Floats
    best_share: float
    index: VectorIndex
    articles: ScoreStats
    pairs: ScoreStats
    fetched: RowVectors | None = None

    def vectors(self, rows: Ints) -> Floats:
        """The vectors of these rows: float32, shape ``(len(rows), dimension)``."""
        fetched = None if self.fetched is None else self.fetched.of(rows)
        return self.index.of_rows(rows) if fetched is None else fetched

    def similarity(self, rows: Ints) -> Floats:
        """The similarity of these rows to the aim."""
        return self._similarity(self.aim, rows)

    def best(self, rows: ArticleRows, keys: Ints) -> Floats:
        """The similarity to the query of the best row of each of these articles."""
        return self._by_article(self.query, rows, keys, np.maximum.reduceat)

    def of_articles(self, rows: ArticleRows, keys: Ints) -> Floats:
        """The similarity of each of these articles to the aim; see ``article_similarity``."""
        return self._by_article(self.aim, rows, keys, partial(article_similarity, best_share=self.best_share))

    def centres(self, rows: ArticleRows, keys: Ints) -> Floats:
        """See ``article_centres``."""
        return article_centres(self.index, rows, keys, self.vectors)

    def standardised(self, rows: Ints) -> Doubles:
        """The similarity of these rows, standardised as that of articles; 0 for a row that is not encoded."""
        return np.where(self.index.encoded[rows], self.articles.standardised(self.similarity(rows)), 0.0)

    def _by_article(
        self, vector: Floats, rows: ArticleRows, keys: Ints, reduce: Callable[[Floats, Ints], Floats]
    ) -> Floats:
        similarity = np.full(len(keys), np.nan, np.float32)
        known, places, starts = encoded_rows(self.index, rows, keys)
        if len(places):
            similarity[known] = reduce(self._similarity(vector, places), starts)
        return similarity

    def _similarity(self, vector: Floats, rows: Ints) -> Floats:
        fetched = None if self.fetched is None else self.fetched.of(rows)
        return self.index.similarity(vector, rows) if fetched is None else fetched @ vector
