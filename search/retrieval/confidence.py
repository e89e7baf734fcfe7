"""Confidence: how sure it is that an article answers a question.

It is a probability-like figure whose log odds are

    constant + words·c + weakest·s - names·m - years·f + meaning·l²

where c, the coverage, is the share of the query's idf mass whose terms the article holds; s, the support,
tells how far the article supports the term that it supports least (``search.retrieval.term_support``); m is
the share of the mass of the names that it lacks, and f tells how far it leaves a year after the archive's end
open (``search.retrieval.query_terms``); and l, the likeness, is the similarity of its best passage,
standardised over pairs of passages of the archive: a cosine says nothing by itself, since those of e5 are
between .7 and 1.

The weights are those of a logistic regression in which each question is judged by its best article, as in
multiple-instance learning (Dietterich, Lathrop & Lozano-Pérez, Artificial Intelligence 1997). It was fitted
on questions that two archives answer and on questions that neither answers: docs/confidence.md.
"""

import math
from dataclasses import dataclass

import numpy as np

from search.protocols import Bools, Floats
from search.retrieval.score_stats import Doubles
from search.types import ConfidenceBreakdown


@dataclass(frozen=True, slots=True)
class ConfidenceFeatures:
    """The features c, s, m, f and l by article: 0 where a leg was not asked, and l is NaN without vectors."""

    coverage: Floats
    support: Doubles
    missing: Floats
    later: Doubles
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
    years: float = 0.0
    meaning: float = 0.0

    def confidence(self, features: ConfidenceFeatures) -> Doubles:
        """The confidence, 0 to 1, of articles with these features."""
        odds = self.constant + self.words * features.coverage + self.weakest * features.support
        odds += self.meaning * _squared(features.likeness)
        odds -= self.names * features.missing + self.years * features.later
        return np.array(1 / (1 + np.exp(-odds)))

    def likeness_of(self, confidence: float) -> float:
        """The likeness from which meaning alone gives this confidence."""
        odds = math.log(confidence / (1 - confidence)) - self.constant
        return math.sqrt(max(0.0, odds) / self.meaning)

    def breakdown(self, features: ConfidenceFeatures) -> ConfidenceBreakdown:
        """What the confidence of one article is made of; each array holds one figure."""
        coverage, support, missing = (
            figures.item() for figures in (features.coverage, features.support, features.missing)
        )
        later, likeness = features.later.item(), features.likeness.item()
        return ConfidenceBreakdown(
            confidence=self.confidence(features).item(),
            coverage=coverage,
            support=support,
            missing=missing,
            later=later,
            likeness=0.0 if features.unknown[0] else likeness,
            constant=self.constant,
            words=self.words * coverage,
            weakest=self.weakest * support,
            names=-self.names * missing,
            years=-self.years * later,
            meaning=self.meaning * _squared(features.likeness).item(),
        )


HYBRID = Calibration(-3.2, words=4.0, weakest=0.9, names=5.2, years=5.0, meaning=0.24)
LEXICAL = Calibration(-2.9, words=7.0, names=4.5, years=4.5)
SEMANTIC = Calibration(-2.25, meaning=0.25)
CERTAIN = Calibration(float("inf"))
"""For a query without words: every article that meets its constraint is an answer."""


def _squared(likeness: Doubles) -> Doubles:
    """The square of positive values, else 0."""
    return np.array(np.fmax(likeness, 0) ** 2)
