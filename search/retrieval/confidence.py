"""How sure it is that an article answers a question: pure figures from what the legs say of it.

The evidence is a probability-like figure whose log odds are

    constant + words·c + weakest·s - names·m + meaning·l³

where c, the coverage, is the share of the question's idf mass whose words the article holds (a word that no
article holds is taken for the one it is likely a slip of); s, the support, tells how far it backs the word
that it backs least (``search.retrieval.term_support``); m is the share of the mass that is of names which it
lacks; and l, the likeness, is the similarity of its best passage, standardised over pairs of passages of
the archive: a cosine says nothing by itself, since those of e5 lie between .7 and 1.

The weights are those of a logistic
regression in which each question is judged by its best article, as in multiple-instance learning (Dietterich,
Lathrop & Lozano-Pérez, Artificial Intelligence 1997), fitted on questions that two archives answer and on
others that neither does: docs/evidence.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from search.protocols import Floats
from search.retrieval.score_stats import Doubles
from search.types import ConfidenceBreakdown, Hit, Hits

LINE = 0.3
"""The evidence that a result above the line has; an answer without any such result has nothing relevant."""
NEAR = 0.2
"""The evidence by meaning alone from which on an article that holds no word of the query is a result."""


@dataclass(frozen=True, slots=True)
class RelevanceThreshold:
    """What counts as a result: an article that holds a word, or has this evidence by meaning alone.

    Either way its evidence is at ``least`` this.
    """

    semantic: float = NEAR
    minimum: float = 0.0


@dataclass(frozen=True, slots=True)
class ConfidenceFeatures:
    """What articles show of answering, by article: c, s, m and l; 0 where a leg was not asked."""

    coverage: Floats
    support: Doubles
    missing: Floats
    likeness: Doubles


@dataclass(frozen=True, slots=True)
class Calibration:
    """The weights of one regression."""

    constant: float
    words: float = 0.0
    weakest: float = 0.0
    names: float = 0.0
    meaning: float = 0.0

    def confidence(self, signs: ConfidenceFeatures) -> Doubles:
        """The evidence, 0 to 1, of articles that show these signs."""
        odds = self.constant + self.words * signs.coverage + self.weakest * signs.support
        odds += self.meaning * _cubed(signs.likeness) - self.names * signs.missing
        return np.array(1 / (1 + np.exp(-odds)))

    def breakdown(self, signs: ConfidenceFeatures) -> ConfidenceBreakdown:
        """What the evidence of one article is made of; each array holds one figure."""
        coverage, support, missing, likeness = (
            figures.item() for figures in (signs.coverage, signs.support, signs.missing, signs.likeness)
        )
        return ConfidenceBreakdown(
            confidence=self.confidence(signs).item(),
            coverage=coverage,
            support=support,
            missing=missing,
            likeness=likeness,
            constant=self.constant,
            words=self.words * coverage,
            weakest=self.weakest * support,
            names=-self.names * missing,
            meaning=self.meaning * _cubed(signs.likeness).item(),
        )


HYBRID = Calibration(-3.6, words=4.8, weakest=1.9, names=2.2, meaning=0.055)
LEXICAL = Calibration(-4.2, words=8.4, names=2.7)
SEMANTIC = Calibration(-1.9, meaning=0.08)
CERTAIN = Calibration(float("inf"))
"""For an article that was asked for by what it demands alone."""


def relevant(answer: Hits) -> bool:
    """Whether anything of an answer stands above the line."""
    return answer.confidence >= LINE


def above(results: Sequence[Hit]) -> int:
    """How many of these, in their order, stand above the line: up to the last whose evidence reaches it."""
    reaching = (place for place, result in enumerate(results, start=1) if result.confidence >= LINE)
    return max(reaching, default=0)


def _cubed(likeness: Doubles) -> Doubles:
    """The third power of what is above 0."""
    return np.array(np.maximum(likeness, 0) ** 3)
