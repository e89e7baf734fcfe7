"""Merge what the legs say into one order, keeping each leg's contribution: pure.

The default standardises every leg over all articles of the generation for this query and adds

    s = 0.7·z(semantic) + 0.3·c·(¾·z(BM25 of the article) + ¼·z(BM25 of its best passage))

where c, the coverage, is the share of the query's idf mass whose words the article holds: keywords
speak only as far as they know the query, and a little louder, by √c, where they speak alone. With both
legs, candidates alike in meaning then speak for each other:

    score = 0.6·s + 0.4·(mean s of the ten candidates nearest to it)

(score regularisation: Diaz, "Regularizing Ad Hoc Retrieval Scores", CIKM 2005; docs/ranking.md has the
figures). Also here: reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009) and the convex
combination of scores scaled from their theoretical minimum (TM2C2 of Bruch, Gai and Ingber, TOIS 2023).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from search.protocols import Bools, Floats, Ints
from search.retrieval.score_stats import Doubles
from search.types import Contribution, Fusion, FusionMethod, Leg

_LEAST = {Leg.KEYWORD: 0.0, Leg.PASSAGE: 0.0, Leg.SEMANTIC: -1.0}
_JUST_ABOVE = 1e-9
_NEIGHBOURS = 10
_THEIR_SHARE = 0.4


@dataclass(frozen=True, slots=True)
class LegScores:
    """One leg's opinion of the candidates: ``scores`` in their order, higher = better.

    ``mean`` and ``deviation`` are those of the leg's score over all articles of the generation.
    """

    leg: Leg
    scores: Floats
    mean: float
    deviation: float


@dataclass(frozen=True, slots=True)
class FusedLeg:
    """What one leg adds to each candidate, in their order: ``weights`` times ``compared``."""

    leg: Leg
    ranks: Ints
    scores: Floats
    compared: Doubles
    weights: Doubles

    @property
    def points(self) -> Doubles:
        """What is added."""
        return self.weights * self.compared

    def of(self, place: int) -> Contribution:
        """What is added to one candidate."""
        value, weight = float(self.compared[place]), float(self.weights[place])
        return Contribution(
            self.leg, int(self.ranks[place]), float(self.scores[place]), value, weight, weight * value
        )


@dataclass(frozen=True, slots=True)
class Fused:
    """What all legs add to each candidate; ``size`` candidates."""

    legs: tuple[FusedLeg, ...]
    size: int

    @property
    def scores(self) -> Doubles:
        """By candidate, the sum of the points, the same to the last digit as that of its contributions."""
        return sum((part.points for part in self.legs), np.zeros(self.size))

    def contributions(self, place: int) -> tuple[Contribution, ...]:
        """What each leg contributes to one candidate."""
        return tuple(part.of(place) for part in self.legs)


def fuse(legs: Sequence[LegScores], coverage: Floats, fusion: Fusion) -> Fused:
    """What each leg adds to each candidate; the sum of its points is the candidate's score.

    ``coverage`` is 0 to 1 by candidate; legs that did not answer are left out of ``legs``.
    """
    meant = any(scores.leg is Leg.SEMANTIC for scores in legs)
    known = coverage if meant else np.sqrt(coverage)
    return Fused(tuple(_part(scores, known, fusion) for scores in legs), len(coverage))


def smooth(fused: Fused, likeness: Floats) -> Fused:
    """Let the candidates nearest to each speak for it too: a part of its own, the others are weighed less.

    ``likeness`` is the cosine of each candidate to each. A candidate alone stays as it is.
    """
    among = min(_NEIGHBOURS, fused.size - 1)
    if among < 1:
        return fused
    others = likeness.copy()
    np.fill_diagonal(others, -np.inf)
    nearest = np.argpartition(-others, among - 1, axis=1)[:, :among]
    heard = np.sort(fused.scores[nearest], axis=1).mean(axis=1)  # sorted: copies have the very same score
    own = [replace(part, weights=part.weights * (1 - _THEIR_SHARE)) for part in fused.legs]
    theirs = np.full(fused.size, _THEIR_SHARE)
    return Fused(
        (*own, FusedLeg(Leg.NEIGHBOURS, ranks(heard), heard.astype(np.float32), heard, theirs)), fused.size
    )


def lift(fused: Fused, coverage: Floats, literal: Bools) -> Fused:
    """Raise each literal match that lies below a candidate without any word to just above it.

    ``literal`` tells which candidates hold a rare name or number of the query. What raises them is
    a part of its own, there only when one is raised; all other scores stay.
    """
    scores = fused.scores
    floor = scores[coverage <= 0].max(initial=-np.inf) + _JUST_ABOVE
    missing = np.where(literal & (scores < floor), floor - scores, 0.0)
    if not missing.any():
        return fused
    held = literal.astype(np.float32)
    raised = FusedLeg(Leg.LITERAL, held.astype(np.int64), held, missing, np.ones(fused.size))
    return Fused((*fused.legs, raised), fused.size)


def score(contributions: Sequence[Contribution]) -> float:
    """The score of a candidate."""
    return sum(contribution.points for contribution in contributions)


def keyword_strength(articles: LegScores, passages: LegScores, coverage: Floats, fusion: Fusion) -> Doubles:
    """The order of the keyword leg by itself: the keyword part of the standardised score."""
    article_share = 1 - fusion.passage_share
    mixed = article_share * _standardised(articles) + fusion.passage_share * _standardised(passages)
    return np.array(np.sqrt(coverage) * mixed)


def ranks(scores: Floats | Doubles) -> Ints:
    """Rank of each score from 1, ties in the order given."""
    order = np.argsort(-scores, kind="stable")
    places = np.empty(len(scores), np.int64)
    places[order] = np.arange(1, len(scores) + 1)
    return places


def _part(scores: LegScores, known: Floats, fusion: Fusion) -> FusedLeg:
    places = np.where(_found(scores), ranks(scores.scores), 0)
    compared = _comparable(scores, places, fusion)
    return FusedLeg(scores.leg, places, scores.scores, compared, _weights(scores.leg, known, fusion))


def _found(scores: LegScores) -> Bools:
    """Whether the leg found anything: a keyword leg some word; meaning always has an opinion."""
    return np.array(scores.scores > _LEAST[scores.leg])


def _comparable(scores: LegScores, places: Ints, fusion: Fusion) -> Doubles:
    match fusion.method:
        case FusionMethod.STANDARDISED:
            return _standardised(scores)
        case FusionMethod.RRF:
            return np.array(np.where(places > 0, 1 / (fusion.rrf_k + places), 0.0))
        case FusionMethod.CONVEX:
            least = _LEAST[scores.leg]
            above = scores.scores.astype(np.float64) - least
            return np.array(above / max(above.max(initial=0), np.finfo(np.float64).tiny))


def _standardised(scores: LegScores) -> Doubles:
    """Distance from the mean in deviations; 0 for all when every article scores the same."""
    if scores.deviation <= 0:
        return np.zeros(len(scores.scores))
    return np.array((scores.scores.astype(np.float64) - scores.mean) / scores.deviation)


def _weights(leg: Leg, known: Floats, fusion: Fusion) -> Doubles:
    if leg is Leg.SEMANTIC:
        return np.full(len(known), fusion.semantic)
    share = fusion.passage_share if leg is Leg.PASSAGE else 1 - fusion.passage_share
    certain = known if fusion.method is FusionMethod.STANDARDISED else np.ones(len(known))
    return np.array(fusion.keyword * share * certain, np.float64)
