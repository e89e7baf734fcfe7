"""How far articles support the terms of a query, also terms that they do not hold: pure arrays.

A term is known by the passages that hold it. An article supports a term that it lacks when its own passages
are near those passages in meaning: an article on pupils supports "élève". A term that no article holds is
supported by none.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from search.protocols import Floats, Ints, VectorIndex
from search.retrieval.score_stats import Doubles
from search.retrieval.semantic_scores import lengths

_TINY = np.finfo(np.float32).tiny
_SAMPLE = 64  # passages that stand for a term; of more, so many spread over all
_NO_ROWS: Ints = np.empty(0, np.int64)
_FULL = 4.0  # deviations of nearness from which a term counts as fully supported


@dataclass(frozen=True, slots=True)
class EmbeddingStats:
    """The centre and the covariance of the passage vectors of an archive."""

    centre: Floats
    covariance: Floats

    @classmethod
    def of(cls, vectors: Floats) -> "EmbeddingStats":
        """From these vectors, of which there is at least one."""
        wide = vectors.astype(np.float64)
        centre = wide.mean(axis=0)
        covariance = wide.T @ wide / len(wide) - np.outer(centre, centre)
        return cls(centre.astype(np.float32), covariance.astype(np.float32))

    def directions(self, vectors: Floats, share: float) -> Floats:
        """These vectors less a share of the centre, scaled to length 1; NaN for one of NaN."""
        offsets = vectors - np.float32(share) * self.centre
        offsets /= np.maximum(lengths(offsets), _TINY)[:, np.newaxis]
        return offsets

    def standardised(self, products: Floats, points: Floats) -> Doubles:
        """Inner products of points with vectors, a row for each point, standardised over the archive."""
        mean = points @ self.centre
        variance = np.einsum("ij,ij->i", points @ self.covariance, points)
        deviation = np.sqrt(np.maximum(0, variance))
        distances: Doubles = products.astype(np.float64) - mean[:, np.newaxis]
        return distances / np.where(deviation, deviation, 1)[:, np.newaxis]


@dataclass(frozen=True, slots=True)
class TermCentroids:
    """By term of a query, the mean vector of passages that hold it; 0 where there are none."""

    points: Floats
    stats: EmbeddingStats

    @classmethod
    def of(cls, rows: Sequence[Ints], index: VectorIndex, stats: EmbeddingStats) -> "TermCentroids":
        """From the encoded rows that hold each term, ascending; the vectors of some are fetched, at once."""
        sampled = [_sample(own) for own in rows]
        ends = np.cumsum([len(own) for own in sampled], dtype=np.int64).tolist()
        vectors = index.of_rows(np.concatenate([_NO_ROWS, *sampled]))
        points = np.zeros((len(rows), len(stats.centre)), np.float32)
        for point, own, end in zip(points, sampled, ends, strict=True):
            if len(own):
                vectors[end - len(own) : end].mean(axis=0, out=point)
        return cls(points, stats)

    def support(self, vectors: Floats, starts: Ints) -> Doubles:
        """How far articles support each term by their nearest row, 0 to 1, shape ``(terms, articles)``.

        ``vectors`` are those of the articles' rows, ``starts`` tells where the rows of each article begin.
        """
        nearest = np.maximum.reduceat(self.points @ vectors.T, starts, axis=1)
        return np.clip(self.stats.standardised(nearest, self.points) / _FULL, 0, 1)


def _sample(rows: Ints) -> Ints:
    if len(rows) <= _SAMPLE:
        return rows
    return rows[np.linspace(0, len(rows) - 1, _SAMPLE).round().astype(np.int64)]
