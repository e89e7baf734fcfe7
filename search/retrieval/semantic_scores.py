"""What the meaning of a query says about articles: similarities of passage vectors to the query's."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from search.protocols import Bools, Floats, Ints, VectorIndex
from search.retrieval.lookup import find
from search.retrieval.rows import ArticleRows
from search.retrieval.score_stats import Doubles, ScoreStats


def article_similarity(by_row: Floats, starts: Ints, best_share: float) -> Floats:
    """By article, between the mean of its rows (``best_share`` 0) and the best of them (1).

    ``starts`` tells where the rows of each article begin.
    """
    counts = np.diff(starts, append=len(by_row)).astype(np.float32)
    best, mean = np.maximum.reduceat(by_row, starts), np.add.reduceat(by_row, starts) / counts
    return np.asarray(best_share * best + (1 - best_share) * mean, np.float32)


def lengths(vectors: Floats) -> Floats:
    """The lengths of these vectors: one for each row, or of the only one.

    ``np.linalg.norm`` takes three times as long.
    """
    squares: Floats = np.einsum("...i,...i->...", vectors, vectors)
    return np.sqrt(squares)


def normalised(vectors: Floats) -> Floats:
    """These vectors, scaled to length 1; a vector of zeros (a row whose server is gone) stays as it is."""
    divisors = lengths(vectors)[..., np.newaxis]
    return np.asarray(vectors / np.where(divisors, divisors, np.float32(1)), np.float32)


def encoded_rows(index: VectorIndex, rows: ArticleRows, keys: Ints) -> tuple[Bools, Ints, Ints]:
    """Which of these articles have encoded rows, these rows, and where those of each such article begin."""
    places, starts = rows.of_all(keys)
    encoded = index.encoded[places]
    if encoded.all():
        return np.ones(len(keys), bool), places, starts
    counts = np.add.reduceat(encoded, starts, dtype=np.int64)
    known = counts > 0
    return known, places[encoded], (np.cumsum(counts) - counts)[known]


def article_centres(index: VectorIndex, rows: ArticleRows, keys: Ints) -> Floats:
    """The centres of the rows of these articles, of length 1, shape ``(keys, dimension)``.

    NaN for an article without an encoded row.
    """
    known, places, starts = encoded_rows(index, rows, keys)
    counts = np.diff(starts, append=len(places))
    return _spread(known, _centres(index.of_rows(places), starts, counts))


def _centres(vectors: Floats, starts: Ints, counts: Ints) -> Floats:
    """By article, the mean direction of its rows: ``counts`` of these vectors from ``starts`` on.

    Every article has a row. The first rows of all articles are added at once, then the second ones:
    ``np.add.reduceat`` takes more than twice the time.
    """
    order = np.argsort(-counts, kind="stable")  # so that those with more rows are always the first ones
    ordered, longer = starts[order], (-counts[order]).searchsorted(-np.arange(counts.max(initial=0)))
    sums = vectors[ordered]
    for place, count in enumerate(longer.tolist()[1:], start=1):
        sums[:count] += vectors[ordered[:count] + place]
    centres = np.empty_like(sums)
    centres[order] = normalised(sums)
    return centres


@dataclass(frozen=True, slots=True)
class ArticleVectors:
    """The vectors of some articles (ascending keys), fetched once for a whole search, and what they say.

    ``rows`` are the encoded rows of the articles, ascending, and ``vectors`` theirs; those of an article
    begin at its place in ``starts``, and are as many as ``counts`` says, maybe none. ``row_similarity`` is
    that of rows to the aim, ``similarity`` that of articles, and ``best`` the similarity of the best row of
    an article to the query; these are NaN for an article without an encoded row.
    """

    keys: Ints
    rows: Ints
    vectors: Floats
    starts: Ints
    counts: Ints
    row_similarity: Floats
    similarity: Floats
    best: Floats

    def centres(self) -> Floats:
        """See ``article_centres``."""
        known = self.counts > 0
        return _spread(known, _centres(self.vectors, self.starts[known], self.counts[known]))


@dataclass(frozen=True, slots=True)
class SemanticScores:
    """Similarities to one query vector; those of an article count its encoded rows, and are NaN without one.

    ``query`` is the vector of the query as encoded, ``aim`` the one that articles and their rows are
    compared with, both of length 1. ``best_share`` is that of ``article_similarity``. ``articles`` are the
    statistics of the similarity of articles to the aim, ``pairs`` those of the similarity of any two
    passages. ``candidates`` are the articles whose vectors were fetched, by ``fetch``.
    """

    query: Floats
    aim: Floats
    best_share: float
    index: VectorIndex
    rows: ArticleRows
    articles: ScoreStats
    pairs: ScoreStats
    candidates: ArticleVectors | None = None

    def fetch(self, keys: Ints) -> "SemanticScores":
        """The same, with the vectors of these articles (ascending keys)."""
        known, rows, starts = encoded_rows(self.index, self.rows, keys)
        vectors = self.index.of_rows(rows)
        asked, aimed = vectors @ self.query, vectors @ self.aim
        counts = np.zeros(len(keys), np.int64)
        counts[known] = np.diff(starts, append=len(rows))
        candidates = ArticleVectors(
            keys=keys,
            rows=rows,
            vectors=vectors,
            starts=counts.cumsum() - counts,
            counts=counts,
            row_similarity=aimed,
            similarity=_spread(known, article_similarity(aimed, starts, self.best_share)),
            best=_spread(known, np.maximum.reduceat(asked, starts)),
        )
        return replace(self, candidates=candidates)

    def vectors(self, rows: Ints) -> Floats:
        """The vectors of these rows: float32, shape ``(len(rows), dimension)``."""
        if self.candidates is None:
            return self.index.of_rows(rows)
        if np.array_equal(rows, self.candidates.rows):
            return self.candidates.vectors
        places, here = find(self.candidates.rows, rows)
        return self.candidates.vectors[places] if here.all() else self.index.of_rows(rows)

    def similarity(self, rows: Ints) -> Floats:
        """The similarity of these rows to the aim."""
        if self.candidates is not None:
            places, here = find(self.candidates.rows, rows)
            if here.all():
                return self.candidates.row_similarity[places]
        return self.index.similarity(self.aim, rows)

    def best(self, keys: Ints) -> Floats:
        """The similarity to the query of the best row of each of these articles."""
        return self._looked_up(
            keys,
            lambda candidates: candidates.best,
            lambda others: self._compared(self.query, others, np.maximum.reduceat),
        )

    def of_articles(self, keys: Ints) -> Floats:
        """The similarity of each of these articles to the aim; see ``article_similarity``."""
        reduce = partial(article_similarity, best_share=self.best_share)
        return self._looked_up(
            keys,
            lambda candidates: candidates.similarity,
            lambda others: self._compared(self.aim, others, reduce),
        )

    def centres(self, keys: Ints) -> Floats:
        """See ``article_centres``."""
        return self._looked_up(
            keys,
            lambda candidates: candidates.centres(),
            lambda others: article_centres(self.index, self.rows, others),
        )

    def standardised(self, rows: Ints) -> Doubles:
        """The similarity of these rows, standardised as that of articles; 0 for a row that is not encoded."""
        return np.where(self.index.encoded[rows], self.articles.standardised(self.similarity(rows)), 0.0)

    def _looked_up(
        self,
        keys: Ints,
        of_candidates: Callable[[ArticleVectors], Floats],
        of_others: Callable[[Ints], Floats],
    ) -> Floats:
        """Figures of these articles, those of the candidates as they are here."""
        if self.candidates is None:
            return of_others(keys)
        places, here = find(self.candidates.keys, keys)
        known = of_candidates(self.candidates)
        if here.all():
            return known if np.array_equal(keys, self.candidates.keys) else known[places]
        figures = np.empty((len(keys), *known.shape[1:]), np.float32)
        figures[here] = known[places[here]]
        figures[~here] = of_others(keys[~here])
        return figures

    def _compared(self, vector: Floats, keys: Ints, reduce: Callable[[Floats, Ints], Floats]) -> Floats:
        known, rows, starts = encoded_rows(self.index, self.rows, keys)
        if not len(rows):
            return np.full(len(keys), np.nan, np.float32)
        return _spread(known, reduce(self.index.similarity(vector, rows), starts))


def _spread(known: Bools, figures: Floats) -> Floats:
    """The figures of the known ones in the places of all; NaN for the others."""
    if known.all():
        return figures
    spread = np.full((len(known), *figures.shape[1:]), np.nan, np.float32)
    spread[known] = figures
    return spread
