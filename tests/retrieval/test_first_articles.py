import numpy as np
import pytest

from search.retrieval.first_articles import first_of_families, softmax_weights


def test_the_first_are_the_best_of_different_families() -> None:
    scores, families = np.array([1.0, 5.0, 4.0, 3.0, 2.0]), np.array([0, 7, 7, 3, 4])
    assert first_of_families(scores, families, 3).tolist() == [1, 3, 4]
    assert first_of_families(scores, families, 9).tolist() == [1, 3, 4, 0]


def test_of_equal_scores_the_first_candidate_comes_first() -> None:
    assert first_of_families(np.array([2.0, 2.0, 2.0]), np.array([1, 0, 1]), 2).tolist() == [0, 1]


def test_an_article_half_a_deviation_behind_counts_for_one_in_e() -> None:
    weights = softmax_weights(np.array([3.0, 2.5, 1.5]))
    assert weights.tolist() == pytest.approx([1, np.exp(-1), np.exp(-3)])
