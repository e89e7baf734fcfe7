import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.protocols import Floats
from search.retrieval.feedback import feed_back, relevance_model
from search.retrieval.fusion import Fused, LegScores, fuse, score
from search.retrieval.term_support import EmbeddingStats
from search.types import Fusion, Leg
from tests.strategies import floats

STATS = EmbeddingStats(
    floats([0.25, 0.25]), floats([0.25, 0, 0, 0.25]).reshape(2, 2)
)  # a unit vector deviates by a half
AXES = floats([1, 0, 1, 0, 0, 1, 0.6, 0.8]).reshape(4, 2)
ALONE = np.arange(4)


def fused(*scores: float) -> Fused:
    """The merged scores of candidates, by their meaning."""
    leg = LegScores(Leg.SEMANTIC, floats(list(scores)), 0.0, 0.7)
    return fuse([leg], floats([0.0] * len(scores)), Fusion())


def test_candidates_gain_by_their_nearness_to_the_first_ones_by_hand() -> None:
    before = fused(9, 9, -50, 0)  # the last two weigh nothing: the model is the first axis
    after = feed_back(before, AXES, ALONE, STATS, 0.5)
    nearness = [(cosine - 0.25) / 0.5 for cosine in (1, 1, 0, 0.6)]
    compared = [each - sum(nearness) / 4 for each in nearness]
    (*own, feedback) = after.contributions(np.arange(4))[3]
    assert [part.leg for part in own] == [Leg.SEMANTIC]
    assert (feedback.leg, feedback.rank, feedback.weight) == (Leg.FEEDBACK, 3, 0.5)
    assert feedback.score == pytest.approx(0.6, abs=1e-6)
    assert after.scores.tolist() == pytest.approx(
        [one + 0.5 * other for one, other in zip(before.scores, compared, strict=True)], abs=1e-6
    )
    assert after.scores.tolist() == [score(parts) for parts in after.contributions(np.arange(4))]


def test_the_model_weighs_the_first_by_the_softmax_of_twice_their_scores() -> None:
    centres = np.eye(2, dtype=np.float32)
    model = relevance_model(np.array([1.0, 1.5]), centres, np.arange(2))
    assert model[0] / model[1] == pytest.approx(math.exp(-1), rel=1e-6)
    assert np.linalg.norm(model) == pytest.approx(1)


def test_five_articles_make_the_model_and_of_copies_one() -> None:
    scores = np.array([6.0, 5.5, 5.0, 4.5, 4.0, 3.5, 3.0])
    centres = np.eye(7, dtype=np.float32)
    assert np.flatnonzero(relevance_model(scores, centres, np.arange(7))).tolist() == [0, 1, 2, 3, 4]
    families = np.array([3, 3, 4, 3, 5, 6, 7])
    assert np.flatnonzero(relevance_model(scores, centres, families)).tolist() == [0, 2, 4, 5, 6]
    assert np.flatnonzero(relevance_model(scores[::-1], centres, families[::-1])).tolist() == [0, 1, 2, 4, 6]


def test_an_article_without_vectors_neither_gains_nor_loses() -> None:
    centres = AXES.copy()
    centres[1] = np.nan
    before = fused(3, 9, 1, 0)
    after = feed_back(before, centres, ALONE, STATS, 0.5)
    assert after.scores[1] == before.scores[1]
    assert after.contributions(np.array([1]))[0][-1].rank == 0
    others = feed_back(fused(3, 1, 0), AXES[[0, 2, 3]], np.arange(3), STATS, 0.5)
    assert after.scores[[0, 2, 3]].tolist() == others.scores.tolist()


def test_copies_speak_once() -> None:
    before, centres = fused(9, 9, 9), floats([1, 0, 1, 0, 0, 1]).reshape(3, 2)
    gains = [
        feed_back(before, centres, families, STATS, 0.5).legs[-1].scores.tolist()
        for families in (np.array([4, 4, 7]), np.array([4, 5, 7]))
    ]
    assert gains[0] == pytest.approx([0.5**0.5] * 3)
    assert gains[1] == pytest.approx([2 / 5**0.5, 2 / 5**0.5, 1 / 5**0.5])


def test_without_weight_or_vectors_nothing_is_added() -> None:
    before = fused(3, 2, 1, 0)
    assert feed_back(before, AXES, ALONE, STATS, 0.0) is before
    assert feed_back(before, np.full_like(AXES, np.nan), ALONE, STATS, 0.5) is before


@given(st.lists(st.tuples(st.floats(-3, 9), st.floats(0, 6)), min_size=1, max_size=12), st.floats(0.1, 1))
def test_feedback_moves_scores_around_their_mean(figures: list[tuple[float, float]], weight: float) -> None:
    scores, angles = np.array(figures).T
    centres: Floats = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    before = fused(*scores.tolist())
    after = feed_back(before, centres, np.arange(len(figures)), STATS, weight)
    moved = after.scores - before.scores
    assert moved.mean() == pytest.approx(0, abs=1e-6)
    assert np.abs(moved).max() <= weight * 4 + 1e-6  # cosines lie within four deviations of each other
