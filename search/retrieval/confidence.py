"""Confidence: how sure it is that an article answers a question.

It is a probability-like figure whose log odds are

    constant + words·c + weakest·s - names·m + meaning·l³

where c, the coverage, is the share of the query's idf mass whose terms the article holds (a term that no
article holds counts as its likely correction); s, the support, tells how far the article supports the term
that it supports least (``search.retrieval.term_support``); m is the share of the mass of the names that it
lacks; and l, the likeness, is the similarity of its best passage, standardised over pairs of passages of the
archive: a cosine says nothing by itself, since those of e5 are between .7 and 1.

The weights are those of a logistic regression in which each question is judged by its best article, as in
multiple-instance learning (Dietterich, Lathrop & Lozano-Pérez, Artificial Intelligence 1997). It was fitted
on questions that two archives answer and on questions that neither answers: docs/confidence.md.
"""

from dataclasses import dataclass

import numpy as np

from search.protocols import Bools, Floats
from search.retrieval.score_stats import Doubles
from search.types import ConfidenceBreakdown, Hit, Hits

LINE = 0.3
"""An article of less confidence is marked as less likely; an answer of such articles has nothing relevant."""
NEAR = 0.2
"""From this confidence by meaning alone, an article that holds no word of the query is a result."""


@dataclass(frozen=True, slots=True)
class RelevanceThreshold:
    """What a result is: an article that holds a word, or whose confidence by meaning reaches ``semantic``.

    Either way its confidence is at least ``minimum``.
    """

    semantic: float = NEAR
    minimum: float = 0.0


@dataclass(frozen=True, slots=True)
class ConfidenceFeatures:
    """The features c, s, m and l by article; 0 where a leg was not asked, and NaN for l without vectors."""

    coverage: Floats
    support: Doubles
    missing: Floats
    likeness: Doubles

    @property
    def unknown(self) -> Bools:
        """Which of the articles have no vector yet."""
        return np.isnan(self.likeness)


@dataclass(frozen=True, slots=True)
class Calibration:
    """The weights of one regression."""

    constant: float
    words: float = 0.0
    weakest: float = 0.0
    names: float = 0.0
    meaning: float = 0.0

    def confidence(self, features: ConfidenceFeatures) -> Doubles:
        """The confidence, 0 to 1, of articles with these features."""
        odds = self.constant + self.words * features.coverage + self.weakest * features.support
        odds += self.meaning * _cubed(features.likeness) - self.names * features.missing
        return np.array(1 / (1 + np.exp(-odds)))

    def breakdown(self, features: ConfidenceFeatures) -> ConfidenceBreakdown:
        """What the confidence of one article is made of; each array holds one figure."""
        coverage, support, missing, likeness = (
            figures.item()
            for figures in (features.coverage, features.support, features.missing, features.likeness)
        )
        return ConfidenceBreakdown(
            confidence=self.confidence(features).item(),
            coverage=coverage,
            support=support,
            missing=missing,
            likeness=0.0 if features.unknown[0] else likeness,
            constant=self.constant,
            words=self.words * coverage,
            weakest=self.weakest * support,
            names=-self.names * missing,
            meaning=self.meaning * _cubed(features.likeness).item(),
        )


HYBRID = Calibration(-3.6, words=4.8, weakest=1.9, names=2.2, meaning=0.055)
LEXICAL = Calibration(-4.2, words=8.4, names=2.7)
SEMANTIC = Calibration(-1.9, meaning=0.08)
CERTAIN = Calibration(float("inf"))
"""For a query without words: every article that meets its constraint is an answer."""


def relevant(answer: Hits) -> bool:
    """Whether any article of an answer reaches the line."""
    return answer.confidence >= LINE


def is_sure(hit: Hit) -> bool:
    """Whether a hit reaches the line by itself, whatever page, order or filter was asked for."""
    return hit.confidence >= LINE


def _cubed(likeness: Doubles) -> Doubles:
    """The third power of positive values, else 0."""
    return np.array(np.fmax(likeness, 0) ** 3)
