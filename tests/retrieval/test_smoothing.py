"""The smoothing of scores by neighbours, of ``search.retrieval.fusion``."""

import math
from dataclasses import replace

import numpy as np
import pytest

from search.retrieval.fusion import (
    Fused,
    LegScores,
    fuse,
    score,
    share_beside_meaning,
    share_of_neighbours,
    smooth,
)
from search.types import Contribution, Fusion, Leg
from tests.strategies import floats

KEYWORD = LegScores(Leg.KEYWORD, floats([6, 2, 0]), mean=2.0, deviation=4.0)
PASSAGE = LegScores(Leg.PASSAGE, floats([3, 5, 0]), mean=1.0, deviation=2.0)
SEMANTIC = LegScores(Leg.SEMANTIC, floats([0.5, 0.75, 0.875]), mean=0.5, deviation=0.125)
COVERAGE = floats([1.0, 0.25, 0.0])


def contributions(answer: Fused) -> list[tuple[Contribution, ...]]:
    return answer.contributions(np.arange(answer.size))


def test_neighbours_raise_a_candidate_by_hand() -> None:
    before = fuse([KEYWORD, PASSAGE, SEMANTIC], COVERAGE, Fusion())  # 0.3, 1.4375, 2.1
    after = smooth(before, np.eye(3, dtype=np.float32), np.arange(3), np.full(3, 0.4))
    assert after.scores.tolist() == pytest.approx(
        [0.18 + 0.4 * 1.76875, 0.8625 + 0.4 * 1.2, 1.26 + 0.4 * 0.86875]
    )
    assert [parts[-1].leg for parts in contributions(after)] == [Leg.NEIGHBOURS] * 3
    assert [parts[-1].rank for parts in contributions(after)] == [1, 2, 3]
    assert after.scores.tolist() == [score(parts) for parts in contributions(after)]


def test_only_the_ten_nearest_neighbours_count() -> None:
    near = LegScores(Leg.SEMANTIC, floats([0.0] * 11 + [1.0]), mean=0.0, deviation=0.7)
    before = fuse([near], floats([0.0] * 12), Fusion())
    likeness = np.ones((12, 12), np.float32)
    likeness[0, 11] = -1
    after = smooth(before, likeness, np.arange(12), np.full(12, 0.4))
    assert after.scores[0] == 0
    assert after.scores[11] == pytest.approx(0.6)


def test_where_words_are_alone_the_five_nearest_count_as_far_as_words_lack_by_hand() -> None:
    scores, coverage = floats([0.0] * 6 + [1.0]), floats([0.5, 0.5, 0.0, 0.5, 0.5, 0.5, 1.0])
    words = [LegScores(leg, scores, mean=0.0, deviation=0.3) for leg in (Leg.KEYWORD, Leg.PASSAGE)]
    before = fuse(words, coverage, Fusion())  # 0, …, 0, 1
    likeness = np.ones((7, 7), np.float32)
    likeness[0, 6] = -1
    likeness[1:3, 5] = -1
    after = smooth(before, likeness, np.arange(7), share_of_neighbours(coverage))
    assert after.scores[[0, 1, 2, 6]].tolist() == pytest.approx([0, 0.45 / 5, 0.6 / 5, 1.0])
    assert [parts[-1].leg for parts in contributions(after)] == [Leg.NEIGHBOURS] * 7
    assert after.scores.tolist() == [score(parts) for parts in contributions(after)]


def test_near_neighbours_weigh_more_by_hand() -> None:
    scores = floats([0.0, 3.0, 6.0])
    before = fuse([LegScores(Leg.SEMANTIC, scores, 0.0, 0.7)], floats([0.0] * 3), Fusion())  # the scores
    likeness = np.eye(3, dtype=np.float32)
    likeness[0, 1] = 0.3 * math.log(2)  # twice as much as the other
    after = smooth(before, likeness, np.arange(3), np.full(3, 0.5))
    assert after.scores.tolist() == pytest.approx([2.0, 3.0, 3.75], abs=1e-4)


def test_the_nearest_of_many_candidates_count() -> None:
    chance = np.random.default_rng(4)
    scores, likeness = chance.normal(size=80).astype(np.float32), chance.random((80, 80), np.float32)
    before = fuse([LegScores(Leg.SEMANTIC, scores, 0.0, 0.7)], floats([0.0] * 80), Fusion())
    nearest = [
        sorted((other for other in range(80) if other != own), key=lambda other: -likeness[own, other])[:10]
        for own in range(80)
    ]
    weights = np.exp(likeness / 0.3)
    means = [np.average(scores[others], weights=weights[own, others]) for own, others in enumerate(nearest)]
    expected = [0.6 * own + 0.4 * mean for own, mean in zip(scores, means, strict=True)]
    after = smooth(before, likeness, np.arange(80), np.full(80, 0.4))
    assert after.scores.tolist() == pytest.approx(expected, abs=1e-4)


def test_of_neighbours_that_tie_the_first_ones_count() -> None:
    scores = floats([0.0, *range(12)])
    before = fuse([LegScores(Leg.SEMANTIC, scores, 0.0, 0.7)], floats([0.0] * 13), Fusion())  # the scores
    likeness = np.ones((13, 13), np.float32)
    likeness[0, 1] = 0.5
    after = smooth(before, likeness, np.arange(13), np.full(13, 1.0))
    assert after.scores[0] == pytest.approx(sum(range(1, 11)) / 10)  # without the one that is farther
    assert after.scores[12] == pytest.approx(sum([0, *range(9)]) / 10)


def test_two_candidates_raise_each_other() -> None:
    pair = replace(SEMANTIC, scores=floats([0.5, 0.75]))
    before = fuse([pair], floats([0.0, 0.0]), Fusion())  # 0, 1.4
    assert smooth(
        before, np.ones((2, 2), np.float32), np.arange(2), np.full(2, 0.4)
    ).scores.tolist() == pytest.approx([0.56, 0.84])


def test_a_candidate_alone_has_no_neighbours() -> None:
    alone = fuse([replace(SEMANTIC, scores=floats([0.5]))], floats([0.0]), Fusion())
    assert smooth(alone, np.ones((1, 1), np.float32), np.arange(1), np.full(1, 0.4)) is alone


def test_copies_speak_once_and_not_for_each_other() -> None:
    scores = floats([3.0, 2.0, 1.0, 0.0])
    before = fuse([LegScores(Leg.SEMANTIC, scores, 0.0, 0.7)], floats([0.0] * 4), Fusion())  # the scores
    families = np.array([7, 7, 2, 3])
    after = smooth(before, np.ones((4, 4), np.float32), families, np.full(4, 0.5))
    assert after.scores.tolist() == pytest.approx([1.5 + 0.25, 1 + 0.25, 0.5 + 0.75, 1.0])
    one_family = smooth(before, np.ones((4, 4), np.float32), np.zeros(4, np.int64), np.full(4, 0.5))
    assert one_family is before


def test_neighbours_count_less_the_more_of_the_query_an_article_holds() -> None:
    assert share_beside_meaning(floats([0, 0.5, 1]), 0.5).tolist() == pytest.approx([0.5, 0.45, 0.3])
