"""Mean and standard deviation of scores: what makes scores of different kinds comparable."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from search.protocols import Floats

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ScoreStats:
    """Mean and standard deviation of a set of scores."""

    mean: float
    deviation: float

    @classmethod
    def of(cls, scores: Floats) -> "ScoreStats":
        """The statistics of these scores; both are 0 when there are none."""
        if not len(scores):
            return cls(0.0, 0.0)
        distances = scores.astype(np.float64)
        mean = distances.mean()
        distances -= mean
        return cls(float(mean), float(np.sqrt(distances @ distances / len(distances))))

    @classmethod
    def of_sparse(cls, scores: Floats, size: int) -> "ScoreStats":
        """The statistics of ``size`` scores, of which all but these are 0; both are 0 when there are none."""
        if not len(scores):
            return cls(0.0, 0.0)
        wide = scores.astype(np.float64)
        mean = wide.sum() / size
        wide -= mean
        squares = wide @ wide + (size - len(wide)) * mean**2
        return cls(float(mean), float(np.sqrt(squares / size)))

    @classmethod
    def of_pairs(cls, vectors: Floats) -> "ScoreStats":
        """The statistics of the similarity of any two of these unit vectors; 0 for fewer than two."""
        pairs = len(vectors) * (len(vectors) - 1)
        if not pairs:
            return cls(0.0, 0.0)
        wide = vectors.astype(np.float64)
        mean = (np.square(wide.sum(axis=0)).sum() - len(wide)) / pairs
        square = (np.square(wide.T @ wide).sum() - len(wide)) / pairs
        return cls(float(mean), float(np.sqrt(max(0.0, square - mean**2))))

    def standardised(self, scores: Floats) -> Doubles:
        """Distances from the mean in deviations; the plain distances when the deviation is 0."""
        distances: Doubles = scores.astype(np.float64) - self.mean
        return distances / (self.deviation or 1.0)
