import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.protocols import Bools, Floats, Ints
from search.retrieval.rows import ArticleRows
from search.retrieval.score_stats import ScoreStats
from search.retrieval.semantic_scores import SemanticScores, article_centres, article_similarity
from tests.fakes import InMemory, semantic_scores
from tests.strategies import COSINES, floats, lists


def test_the_centre_of_an_article_is_that_of_its_rows() -> None:
    vectors = InMemory(floats([1, 0, 0, 1, 1, 0, 0.6, 0.8]).reshape(4, 2))
    rows = ArticleRows.starting(np.array([0, 2, 3]), 4)
    semantic = semantic_scores(floats([1, 0]), vectors, ScoreStats(0, 1), ScoreStats(0, 1), rows)
    half = 0.5**0.5
    centres = semantic.centres(np.array([2, 0, 1]))
    assert centres.tolist() == [
        pytest.approx([0.6, 0.8]),
        pytest.approx([half, half]),
        pytest.approx([1, 0]),
    ]
    nobody = np.empty(0, np.int64)
    assert semantic.centres(nobody).shape == (0, 2)
    assert semantic.best(nobody).tolist() == semantic.of_articles(nobody).tolist() == []


def test_an_article_without_vectors_has_no_centre() -> None:
    vectors = InMemory(np.eye(3, dtype=np.float32), np.array([True, False, True]))
    rows = ArticleRows.starting(np.array([0, 1, 2]), 3)
    semantic = semantic_scores(floats([1, 0, 0]), vectors, ScoreStats(0, 1), ScoreStats(0, 1), rows)
    centres = semantic.centres(np.array([0, 1, 2]))
    assert np.isnan(centres).tolist() == [[False] * 3, [True] * 3, [False] * 3]


def test_articles_are_ranked_by_the_aim_and_are_sure_by_the_query() -> None:
    vectors = InMemory(np.eye(2, dtype=np.float32))
    rows = ArticleRows.starting(np.array([0]), 2)
    stats = ScoreStats(0.5, 0.5)
    semantic = SemanticScores(floats([0.75, 0]), floats([0.25, 1]), 0.25, vectors, rows, stats, stats)
    keys = np.array([0])
    assert semantic.of_articles(keys).tolist() == [0.25 * 1 + 0.75 * 0.625]
    assert semantic.similarity(np.array([0, 1])).tolist() == [0.25, 1]
    assert semantic.standardised(np.array([0, 1])).tolist() == [-0.5, 1]
    assert semantic.best(keys).tolist() == [0.75]


@given(lists(COSINES, 5), st.floats(0, 1))
def test_the_similarity_of_an_article_lies_between_the_mean_of_its_rows_and_the_best(
    by_row: list[float], share: float
) -> None:
    mean, best = float(np.mean(by_row[2:])), max(by_row[2:])
    similarity = article_similarity(floats(by_row), np.array([0, 2]), share)
    assert similarity[1] == pytest.approx(mean + share * (best - mean), abs=1e-6)


class Asked(InMemory):
    """An index that remembers which rows it was asked for."""

    def __init__(self, content: Floats, encoded: Bools | None = None) -> None:
        super().__init__(content, encoded)
        self.asked: list[list[int]] = []

    def of_rows(self, rows: Ints) -> Floats:
        self.asked.append(rows.tolist())
        return super().of_rows(rows)

    def similarity(self, query: Floats, rows: Ints) -> Floats:
        self.asked.append(rows.tolist())
        return super().similarity(query, rows)


def test_what_was_fetched_is_not_fetched_again() -> None:
    index = Asked(np.eye(6, dtype=np.float32))
    rows = ArticleRows.starting(np.array([0, 1, 3, 4, 5]), 6)
    query, stats = floats([0, 0.5, 0.25, 0, 0.75, 0]), ScoreStats(0, 1)
    semantic = semantic_scores(query, index, stats, stats, rows).fetch(np.array([1, 3]))
    assert index.asked == [[1, 2, 4]]
    index.asked.clear()
    assert semantic.similarity(np.array([4, 2])).tolist() == [0.75, 0.25]
    assert semantic.vectors(np.array([2])).tolist() == [[0, 0, 1, 0, 0, 0]]
    assert semantic.vectors(np.array([1, 2, 4])).tolist() == np.eye(6)[[1, 2, 4]].tolist()
    assert semantic.best(np.array([3, 1])).tolist() == [0.75, 0.5]
    assert semantic.of_articles(np.array([1])).tolist() == [0.4375]
    assert semantic.centres(np.array([3])).tolist() == [[0, 0, 0, 0, 1, 0]]
    assert index.asked == []
    assert semantic.similarity(np.array([4, 3])).tolist() == [0.75, 0]
    assert semantic.vectors(np.array([3])).tolist() == [[0, 0, 0, 1, 0, 0]]
    assert semantic.best(np.array([2, 1])).tolist() == [0, 0.5]
    assert semantic.centres(np.array([4, 1]))[0].tolist() == [0, 0, 0, 0, 0, 1]
    assert index.asked == [[4, 3], [3], [3], [5]]


def test_nothing_fetched_is_as_if_nothing_was_asked_before() -> None:
    index, rows = InMemory(np.eye(3, dtype=np.float32)), ArticleRows.starting(np.arange(3), 3)
    query, stats, everyone = floats([0.5, 0.25, 0]), ScoreStats(0, 1), np.arange(3)
    semantic = semantic_scores(query, index, stats, stats, rows).fetch(np.empty(0, np.int64))
    assert semantic.best(everyone).tolist() == semantic.similarity(everyone).tolist() == [0.5, 0.25, 0]
    assert semantic.centres(everyone).tolist() == np.eye(3).tolist()


@given(st.lists(st.integers(1, 4), min_size=1, max_size=8), st.integers(0, 1000), st.data())
def test_candidates_are_judged_as_all_others(sizes: list[int], seed: int, data: st.DataObject) -> None:
    random = np.random.default_rng(seed)
    rows = ArticleRows.starting(np.cumsum([0, *sizes[:-1]]), sum(sizes))
    index = InMemory(random.normal(size=(sum(sizes), 5)).astype(np.float32), random.random(sum(sizes)) < 0.7)
    query, aim = random.normal(size=(2, 5)).astype(np.float32)
    stats, keys = ScoreStats(0.25, 0.5), st.lists(st.integers(0, len(sizes) - 1), unique=True)
    candidates = np.array(sorted(data.draw(keys)), np.int64)
    asked = np.array(data.draw(keys), np.int64)
    plain = SemanticScores(query, aim, 0.25, index, rows, stats, stats)
    fetched = plain.fetch(candidates)
    for one, other in (
        (fetched.best(asked), plain.best(asked)),
        (fetched.of_articles(asked), plain.of_articles(asked)),
        (fetched.centres(asked), article_centres(index, rows, asked)),
        (fetched.standardised(rows.of_all(asked)[0]), plain.standardised(rows.of_all(asked)[0])),
    ):
        np.testing.assert_allclose(one, other, atol=1e-5)
    for key, centre in zip(asked.tolist(), fetched.centres(asked), strict=True):
        own = index.of_rows(np.array(rows.of(key)))[index.encoded[list(rows.of(key))]]
        expected = own.sum(axis=0) / np.linalg.norm(own.sum(axis=0)) if len(own) else np.full(5, np.nan)
        np.testing.assert_allclose(centre, expected, atol=1e-4)
