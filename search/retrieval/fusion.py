"""Fusion: the scores of the legs become one score, and each leg's contribution is kept.

The default standardises every leg over all articles of the generation for this query and adds

    s = 0.7·z(semantic) + 0.3·c·(¾·z(BM25 of the article) + ¼·z(BM25 of its best passage))

where c, the coverage, is the share of the query's idf mass whose terms the article holds: keywords count
only as far as they match the query. Where words are alone, √c stands for c: they count a little more. Where
both legs answer a topic (``search.retrieval.query_kind``), 1.5·c is added. Wherever words are asked, the
candidates nearest in meaning then add to each other's scores, the nearer the more (score regularisation:
Diaz, "Regularizing Ad Hoc Retrieval Scores", CIKM 2005):

    score = (1 - t)·s + t·(mean s of the ten candidates nearest to it, of five where words are alone)

where t is n·(1 - 0.4·c²), and n depends on the kind of the query. Where words are alone, t is 0.6·(1 - c²).
So the neighbours count more where the article lacks words of the query. An article that is not encoded yet
counts as near in meaning as its words suggest, and is left out of the smoothing: it neither loses nor gains
by having no vector. docs/ranking.md has the figures.

``search.retrieval.feedback`` and ``search.retrieval.expansion`` follow, then ``lift``. Also here: reciprocal
rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009) and the convex combination of scores scaled from their
theoretical minimum (TM2C2 of Bruch, Gai and Ingber, TOIS 2023).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from search.protocols import Bools, Floats, Ints
from search.retrieval.score_stats import Doubles
from search.types import Contribution, Fusion, FusionMethod, Leg

_LEAST = {Leg.KEYWORD: 0.0, Leg.PASSAGE: 0.0, Leg.SEMANTIC: -1.0}
_JUST_ABOVE = 1e-9
_EXPECTED = 0.6  # deviations of meaning to expect for one of c·(¾·z + ¼·z), the strength of the words
_MOST_EXPECTED = 4.0
_NEIGHBOURS = 10
_NEIGHBOURS_OF_WORDS = 5  # without meaning in the scores, those farther away say less
_THEIR_SHARE_OF_WORDS = 0.6
_LESS_WHERE_COVERED = 0.4
_REACH = 0.3  # difference of cosines by which a neighbour weighs e times less


@dataclass(frozen=True, slots=True)
class LegScores:
    """One leg's scores of the candidates, in their order, higher = better; NaN where it is not known.

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
        """What is added to each candidate."""
        return self.weights * self.compared

    def of(self, places: Ints) -> list[Contribution]:
        """The contributions to the candidates at these places."""
        arrays = (self.ranks, self.scores, self.compared, self.weights)
        figures = zip(*(array[places].tolist() for array in arrays), strict=True)
        return [
            Contribution(self.leg, rank, score, value, weight, weight * value)
            for rank, score, value, weight in figures
        ]


@dataclass(frozen=True, slots=True)
class Fused:
    """What all legs add to each of ``size`` candidates."""

    legs: tuple[FusedLeg, ...]
    size: int

    @property
    def scores(self) -> Doubles:
        """By candidate, the sum of the points: to the last digit, the sum of its contributions."""
        return sum((part.points for part in self.legs), np.zeros(self.size))

    def contributions(self, places: Ints) -> list[tuple[Contribution, ...]]:
        """By candidate at these places, the contributions of all legs to it."""
        if not self.legs:
            return [()] * len(places)
        return list(zip(*(part.of(places) for part in self.legs), strict=True))


def fuse(legs: Sequence[LegScores], coverage: Floats, fusion: Fusion) -> Fused:
    """What each leg adds to each candidate; the sum of its points is the candidate's score.

    ``coverage`` is 0 to 1 by candidate; legs that did not answer are left out of ``legs``.
    """
    with_meaning = any(scores.leg is Leg.SEMANTIC for scores in legs)
    known = coverage if with_meaning else np.sqrt(coverage)
    strength = coverage * _mixed(legs, fusion)
    expected = np.array(np.minimum(_EXPECTED * strength, _MOST_EXPECTED), np.float64)
    return Fused(tuple(_part(scores, known, expected, fusion) for scores in legs), len(coverage))


def favour_covered(fused: Fused, coverage: Floats, weight: float) -> Fused:
    """Add to each candidate its coverage, as a leg of its own, where it has a weight.

    By the other legs, the words of a query count for little in an article where they are common.
    """
    if not weight:
        return fused
    places = np.where(coverage > 0, ranks(coverage), 0)
    weights = np.full(fused.size, weight)
    leg = FusedLeg(Leg.COVERAGE, places, coverage, coverage.astype(np.float64), weights)
    return Fused((*fused.legs, leg), fused.size)


def smooth(fused: Fused, likeness: Floats, families: Ints, share: Doubles) -> Fused:
    """Add to each candidate the mean score of the nearest ones: a leg of its own; the others weigh less.

    The nearer one is, the more it weighs in the mean. ``likeness`` is the cosine of each candidate to each,
    NaN for those that are not encoded. These stay as they are, and so does one that has no others.
    ``families`` is equal for copies: one of a family speaks, and not for its family. ``share`` is by
    candidate that of the neighbours in its score.
    """
    encoded = np.flatnonzero(~np.isnan(likeness.diagonal()))
    _, speaking, own_family = np.unique(families[encoded], return_index=True, return_inverse=True)
    with_meaning = any(part.leg is Leg.SEMANTIC for part in fused.legs)
    among = min(_NEIGHBOURS if with_meaning else _NEIGHBOURS_OF_WORDS, len(speaking) - 1)
    if among < 1:
        return fused
    others = likeness[encoded][:, encoded[speaking]]  # five times as fast as one index of both
    others[np.arange(len(encoded)), own_family] = -np.inf
    nearest = _highest(others, among)
    nearness = np.take_along_axis(others, nearest, axis=1).round(5)  # as sorted: copies score the very same
    closeness = np.exp((nearness - nearness.max(axis=1, keepdims=True)).astype(np.float64) / _REACH)
    their_scores = fused.scores[encoded[speaking]][nearest]
    neighbours, places, theirs = np.zeros(fused.size), np.zeros(fused.size, np.int64), np.zeros(fused.size)
    neighbours[encoded] = (closeness * their_scores).sum(axis=1) / closeness.sum(axis=1)
    places[encoded] = ranks(neighbours[encoded])
    theirs[encoded] = share[encoded]
    own = [replace(part, weights=part.weights * (1 - theirs)) for part in fused.legs]
    smoothing = FusedLeg(Leg.NEIGHBOURS, places, neighbours.astype(np.float32), neighbours, theirs)
    return Fused((*own, smoothing), fused.size)


def _highest(rows: Floats, count: int) -> Ints:
    """By row, the places of its ``count`` highest values, ascending; of those that tie, the first ones.

    Rows of one or two hundred numbers are sorted in two thirds of the time of ``np.partition`` (numpy 2.4,
    AVX-512), and ``np.argpartition`` takes longer still.
    """
    least = np.sort(rows, axis=1)[:, -count]
    places = np.flatnonzero(rows >= least[:, np.newaxis])
    if len(places) == count * len(rows):
        highest: Ints = places.reshape(-1, count) % rows.shape[1]
        return highest
    return np.sort(np.argsort(-rows, axis=1, kind="stable")[:, :count], axis=1)


def share_of_neighbours(coverage: Floats) -> Doubles:
    """By candidate, the share of the neighbours in a score by words alone; ``coverage`` is 0 to 1."""
    return np.array(_THEIR_SHARE_OF_WORDS * (1 - coverage.astype(np.float64) ** 2))


def share_beside_meaning(coverage: Floats, most: float) -> Doubles:
    """By candidate, the share of the neighbours in a score by words and meaning: ``most`` without a word."""
    return np.array(most * (1 - _LESS_WHERE_COVERED * coverage.astype(np.float64) ** 2))


def lift(fused: Fused, coverage: Floats, literal: Bools) -> Fused:
    """Raise each literal match that ranks below a candidate without any term to just above it.

    ``literal`` tells which candidates hold a rare name or number of the query. The raise is a leg of its
    own, present only when a candidate is raised; all other scores stay.
    """
    scores = fused.scores
    floor = scores[coverage <= 0].max(initial=-np.inf) + _JUST_ABOVE
    missing = np.where(literal & (scores < floor), floor - scores, 0.0)
    if not missing.any():
        return fused
    ones = literal.astype(np.float32)
    raised = FusedLeg(Leg.LITERAL, ones.astype(np.int64), ones, missing, np.ones(fused.size))
    return Fused((*fused.legs, raised), fused.size)


def score(contributions: Sequence[Contribution]) -> float:
    """The score of a candidate."""
    return sum(contribution.points for contribution in contributions)


def keyword_strength(articles: LegScores, passages: LegScores, coverage: Floats, fusion: Fusion) -> Doubles:
    """The score of the keyword leg alone: the keyword part of the standardised score."""
    return np.array(np.sqrt(coverage) * _mixed((articles, passages), fusion))


def ranks(scores: Floats | Doubles) -> Ints:
    """Rank of each score from 1, ties in the order given."""
    order = np.argsort(-scores, kind="stable")
    places = np.empty(len(scores), np.int64)
    places[order] = np.arange(1, len(scores) + 1)
    return places


def _mixed(legs: Sequence[LegScores], fusion: Fusion) -> Doubles | float:
    """The standardised scores of the words, of the article and its best passage; 0 without words."""
    by_leg = {scores.leg: _standardised(scores) for scores in legs if scores.leg is not Leg.SEMANTIC}
    share = fusion.passage_share
    return (1 - share) * by_leg.get(Leg.KEYWORD, 0.0) + share * by_leg.get(Leg.PASSAGE, 0.0)


def _part(scores: LegScores, known: Floats, expected: Doubles, fusion: Fusion) -> FusedLeg:
    """What a leg adds; a score that is not known is as many deviations from the mean as ``expected``."""
    unknown = np.isnan(scores.scores)
    if unknown.any():
        estimates = (scores.mean + scores.deviation * expected).astype(np.float32)
        scores = replace(scores, scores=np.where(unknown, estimates, scores.scores))
    places = np.where(_matches(scores), ranks(scores.scores), 0)
    compared = _comparable(scores, places, fusion)
    shown = np.where(unknown, 0, places)
    return FusedLeg(scores.leg, shown, scores.scores, compared, _weights(scores.leg, known, fusion))


def _matches(scores: LegScores) -> Bools:
    """Whether the leg has a score for the article: a keyword leg needs a term, meaning always has one."""
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
