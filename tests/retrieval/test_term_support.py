import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.protocols import Floats, Ints
from search.retrieval.term_support import EmbeddingStats, TermCentroids
from tests.fakes import InMemory
from tests.strategies import NO_KEYS, floats

PLANE: Floats = np.eye(2, dtype=np.float32)


@given(st.integers(1, 20), st.integers(0, 1000))
def test_nearness_is_standardised_over_the_archive(count: int, seed: int) -> None:
    vectors = np.random.default_rng(seed).normal(1, 1, (count, 4)).astype(np.float32)
    points = np.random.default_rng(seed + 1).normal(0, 1, (3, 4)).astype(np.float32)
    nearness = EmbeddingStats.of(vectors).standardised(points @ vectors.T, points)
    for point, near in zip(points, nearness, strict=True):
        products = (vectors @ point).astype(np.float64)
        apart = products - products.mean()
        assert near * (products.std() if count > 1 else 1) == pytest.approx(apart, abs=1e-4)


def test_a_variance_below_0_by_rounding_is_none() -> None:
    stats = EmbeddingStats(floats([0, 0]), floats([-1e-12, 0, 0, -1e-12]).reshape(2, 2))
    assert stats.standardised(floats([3]).reshape(1, 1), floats([1, 0]).reshape(1, 2)).tolist() == [[3]]


def test_the_centroid_of_a_term_is_the_mean_of_the_passages_that_hold_it() -> None:
    vectors = floats([1, 0, 0, 1, 3, 1]).reshape(3, 2)
    centroids = TermCentroids.of([np.array([0, 2]), NO_KEYS], InMemory(vectors), EmbeddingStats.of(vectors))
    assert centroids.points.tolist() == [[2, 0.5], [0, 0]]


def test_of_many_passages_a_sample_spread_over_all_gives_the_centroid() -> None:
    asked: list[Ints] = []

    class Recording(InMemory):
        def of_rows(self, rows: Ints) -> Floats:
            asked.append(rows)
            return super().of_rows(rows)

    vectors = Recording(np.ones((1000, 2), np.float32))
    TermCentroids.of([np.arange(1000)], vectors, EmbeddingStats(floats([0, 0]), PLANE))
    assert [len(rows) for rows in asked] == [64]
    assert (asked[0][0], asked[0][-1]) == (0, 999)


def test_an_article_supports_a_term_by_its_nearest_row() -> None:
    centroids = TermCentroids(
        floats([1, 0, 0, 0]).reshape(2, 2),
        EmbeddingStats(floats([1, 0]), floats([0.25, 0, 0, 0.25]).reshape(2, 2)),
    )
    rows = floats([0, 9, 2, 0, 5, 0]).reshape(3, 2)  # (x - 1) / ½ deviations of the first word, of four
    assert centroids.support(rows, np.array([0, 2])).tolist() == [[0.5, 1], [0, 0]]
    assert centroids.support(rows[:1], np.array([0])).tolist() == [[0], [0]]


def test_directions_are_those_from_a_share_of_the_centre() -> None:
    stats = EmbeddingStats(floats([2, 2]), PLANE)
    vectors = floats([4, 5, 1, 1, 1, 0, np.nan, np.nan]).reshape(4, 2)
    directions = stats.directions(vectors, 0.5)
    assert directions[:3].tolist() == [pytest.approx([0.6, 0.8]), [0, 0], [0, -1]]
    assert np.isnan(directions[3]).all()
