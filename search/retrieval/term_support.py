"""How far articles support the terms of a query, also terms that they do not hold: pure arrays.

A term is known by the passages that hold it. An article supports a term that it lacks when its own passages
are near those passages in meaning: an article on pupils supports "élève". A term that no article holds is
supported by none.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from search.protocols import Floats, Ints, TermMatches, VectorIndex
from search.retrieval.score_stats import Doubles

_TINY = np.finfo(np.float32).tiny
_SAMPLE = 64  # passages that stand for a term; of more, so many spread over all
_NO_ROWS: Ints = np.empty(0, np.int64)
_FULL = 4.0  # deviations of nearness from which a term counts as fully supported


@dataclass(frozen=True, slots=True)
class EmbeddingStats:
    """The centre and the covariance of the passage vectors of an archive."""

    centre: Doubles
    covariance: Doubles

    @classmethod
    def of(cls, vectors: Floats) -> "EmbeddingStats":
        """From these vectors, of which there is at least one."""
        wide = vectors.astype(np.float64)
        centre = wide.mean(axis=0)
        return cls(centre, wide.T @ wide / len(wide) - np.outer(centre, centre))

    def directions(self, vectors: Floats, share: float) -> Floats:
        """These vectors less a share of the centre, scaled to length 1; NaN for one of NaN."""
        offsets = vectors - np.float32(share) * self.centre.astype(np.float32)
        unit: Floats = offsets / np.maximum(np.linalg.norm(offsets, axis=1, keepdims=True), _TINY)
        return unit

    def nearness(self, vectors: Floats, points: Floats) -> Doubles:
        """Inner products, shape ``(points, vectors)``; those of a point are standardised over the archive."""
        mean = points @ self.centre
        deviation = np.sqrt(np.maximum(0, (points @ self.covariance * points).sum(axis=1)))
        distances: Doubles = points @ vectors.T - mean[:, np.newaxis]
        return distances / np.where(deviation, deviation, 1)[:, np.newaxis]


@dataclass(frozen=True, slots=True)
class TermCentroids:
    """By term of a query, the mean vector of passages that hold it; 0 where there are none."""

    points: Floats
    stats: EmbeddingStats

    @classmethod
    def of(cls, terms: Sequence[TermMatches], index: VectorIndex, stats: EmbeddingStats) -> "TermCentroids":
        """From the encoded rows; their vectors are fetched once."""
        points = np.zeros((len(terms), len(stats.centre)), np.float32)
        rows = [_sample(term.rows[index.encoded[term.rows]]) for term in terms]
        every = index.of_rows(np.concatenate([_NO_ROWS, *rows]))
        by_term = np.split(every, np.cumsum(list(map(len, rows)), dtype=np.int64))[:-1]
        for point, own in zip(points, by_term, strict=True):
            if len(own):
                point[:] = own.mean(axis=0)
        return cls(points, stats)

    def support(self, vectors: Floats, starts: Ints) -> Doubles:
        """How far articles support each term by their nearest row, 0 to 1, shape ``(terms, articles)``.

        ``vectors`` are those of the articles' rows, ``starts`` tells where the rows of each article begin.
        """
        by_row = self.stats.nearness(vectors, self.points)
        return np.clip(np.maximum.reduceat(by_row, starts, axis=1) / _FULL, 0, 1)


def _sample(rows: Ints) -> Ints:
    if len(rows) <= _SAMPLE:
        return rows
    return rows[np.linspace(0, len(rows) - 1, _SAMPLE).round().astype(np.int64)]
