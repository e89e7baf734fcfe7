"""How sure it is that an article answers a question: pure figures from what the legs say of it.

The evidence is a probability-like figure whose log odds are

    constant + words·c + meaning·l³

where c, the coverage, is the share of the question's idf mass whose words the article holds (a word that no
article holds is taken for the one it is likely a slip of), and l, the likeness, is the similarity of its best
passage, standardised over pairs of passages of the archive: a cosine says nothing by itself, since those of
e5 lie between .7 and 1. The weights are those of a logistic regression in which each question is judged by
its best article, as in multiple-instance learning (Dietterich, Lathrop & Lozano-Pérez, Artificial
Intelligence 1997), fitted on questions that two archives answer and on others that neither does:
docs/evidence.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from search.model import Grounds, Result, SearchResult
from search.protocols import Floats

LINE = 0.3
"""The evidence that a result above the line has; an answer without any such result has nothing relevant."""
NEAR = 0.2
"""The evidence by meaning alone from which on an article that holds no word of the query is a result."""

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Bar:
    """What counts as a result: an article that holds a word, or has this evidence by meaning alone.

    Either way its evidence is at ``least`` this.
    """

    near: float = NEAR
    least: float = 0.0


@dataclass(frozen=True, slots=True)
class Calibration:
    """The weights of one regression."""

    constant: float
    words: float
    meaning: float

    def evidence(self, coverage: Floats, likeness: Doubles) -> Doubles:
        """The evidence, 0 to 1, of articles of these coverages and likenesses."""
        odds = self.constant + self.words * coverage + self.meaning * _cubed(likeness)
        return np.array(1 / (1 + np.exp(-odds)))

    def grounds(self, coverage: Floats, likeness: Doubles) -> Grounds:
        """What the evidence of one article is made of; both arrays hold one figure."""
        return Grounds(
            evidence=self.evidence(coverage, likeness).item(),
            coverage=coverage.item(),
            likeness=likeness.item(),
            constant=self.constant,
            words=self.words * coverage.item(),
            meaning=self.meaning * _cubed(likeness).item(),
        )


BOTH = Calibration(-6.5, 9.8, 0.085)
WORDS = Calibration(-5.8, 11.2, 0.0)
MEANING = Calibration(-1.9, 0.0, 0.08)
CERTAIN = Calibration(float("inf"), 0.0, 0.0)
"""For an article that was asked for by what it demands alone."""


def relevant(answer: SearchResult) -> bool:
    """Whether anything of an answer stands above the line."""
    return answer.evidence >= LINE


def above(results: Sequence[Result]) -> int:
    """How many of these, in their order, stand above the line: up to the last whose evidence reaches it."""
    reaching = (place for place, result in enumerate(results, start=1) if result.evidence >= LINE)
    return max(reaching, default=0)


def _cubed(likeness: Doubles) -> Doubles:
    """The third power of what is above 0."""
    return np.array(np.maximum(likeness, 0) ** 3)
