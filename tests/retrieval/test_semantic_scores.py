import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.protocols import Floats, Ints
from search.retrieval.rows import ArticleRows
from search.retrieval.score_stats import ScoreStats
from search.retrieval.semantic_scores import RowVectors, SemanticScores, article_similarity
from tests.fakes import InMemory, semantic_scores
from tests.strategies import COSINES, floats, lists


def test_the_centre_of_an_article_is_that_of_its_rows() -> None:
    vectors = InMemory(floats([1, 0, 0, 1, 1, 0, 0.6, 0.8]).reshape(4, 2))
    rows = ArticleRows.starting(np.array([0, 2, 3]), 4)
    semantic = semantic_scores(floats([1, 0]), vectors, ScoreStats(0, 1), ScoreStats(0, 1))
    half = 0.5**0.5
    centres = semantic.centres(rows, np.array([2, 0, 1]))
    assert centres.tolist() == [
        pytest.approx([0.6, 0.8]),
        pytest.approx([half, half]),
        pytest.approx([1, 0]),
    ]
    nobody = np.empty(0, np.int64)
    assert semantic.centres(rows, nobody).shape == (0, 2)
    assert semantic.best(rows, nobody).tolist() == semantic.of_articles(rows, nobody).tolist() == []


def test_an_article_without_vectors_has_no_centre() -> None:
    vectors = InMemory(np.eye(3, dtype=np.float32), np.array([True, False, True]))
    rows = ArticleRows.starting(np.array([0, 1, 2]), 3)
    centres = semantic_scores(floats([1, 0, 0]), vectors, ScoreStats(0, 1), ScoreStats(0, 1)).centres(
        rows, np.array([0, 1, 2])
    )
    assert np.isnan(centres).tolist() == [[False] * 3, [True] * 3, [False] * 3]


def test_articles_are_ranked_by_the_aim_and_are_sure_by_the_query() -> None:
    vectors = InMemory(np.eye(2, dtype=np.float32))
    rows = ArticleRows.starting(np.array([0]), 2)
    stats = ScoreStats(0.5, 0.5)
    semantic = SemanticScores(floats([0.75, 0]), floats([0.25, 1]), 0.25, vectors, stats, stats)
    keys = np.array([0])
    assert semantic.of_articles(rows, keys).tolist() == [0.25 * 1 + 0.75 * 0.625]
    assert semantic.similarity(np.array([0, 1])).tolist() == [0.25, 1]
    assert semantic.standardised(np.array([0, 1])).tolist() == [-0.5, 1]
    assert semantic.best(rows, keys).tolist() == [0.75]


@given(lists(COSINES, 5), st.floats(0, 1))
def test_the_similarity_of_an_article_lies_between_the_mean_of_its_rows_and_the_best(
    by_row: list[float], share: float
) -> None:
    mean, best = float(np.mean(by_row[2:])), max(by_row[2:])
    similarity = article_similarity(floats(by_row), np.array([0, 2]), share)
    assert similarity[1] == pytest.approx(mean + share * (best - mean), abs=1e-6)


def test_fetched_vectors_are_given_only_where_all_rows_were_fetched() -> None:
    vectors = np.eye(6, dtype=np.float32)
    fetched = RowVectors.fetch(InMemory(vectors), np.array([1, 2, 4]))
    for rows in ([1, 2, 4], [4, 1], [2, 2], []):
        given_back = fetched.of(np.array(rows, np.int64))
        assert given_back is not None
        assert given_back.tolist() == vectors[rows].tolist()
    for rows in ([0], [3], [1, 3], [5], [4, 5]):
        assert fetched.of(np.array(rows)) is None
    nothing = RowVectors.fetch(InMemory(vectors), np.empty(0, np.int64))
    assert nothing.of(np.array([1])) is None


def test_what_was_fetched_is_not_fetched_again() -> None:
    class Asked(InMemory):
        def of_rows(self, rows: Ints) -> Floats:
            asked.append(rows.tolist())
            return super().of_rows(rows)

        def similarity(self, query: Floats, rows: Ints) -> Floats:
            asked.append(rows.tolist())
            return super().similarity(query, rows)

    asked: list[list[int]] = []
    index = Asked(np.eye(6, dtype=np.float32))
    query = floats([0, 0.5, 0.25, 0, 0.75, 0])
    fetched = RowVectors.fetch(index, np.array([1, 2, 4]))
    semantic = semantic_scores(query, index, ScoreStats(0, 1), ScoreStats(0, 1), fetched)
    asked.clear()
    assert semantic.similarity(np.array([4, 2])).tolist() == [0.75, 0.25]
    assert semantic.vectors(np.array([2])).tolist() == [[0, 0, 1, 0, 0, 0]]
    assert asked == []
    assert semantic.similarity(np.array([4, 3])).tolist() == [0.75, 0]
    assert semantic.vectors(np.array([3])).tolist() == [[0, 0, 0, 1, 0, 0]]
    assert asked == [[4, 3], [3]]
