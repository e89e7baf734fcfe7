import itertools
import math
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.protocols import Floats, KeywordScores
from search.retrieval.fusion import LegScores
from search.retrieval.lexical_scores import LexicalScores
from search.retrieval.query_terms import QueryTerms
from search.retrieval.rows import ArticleRows
from search.retrieval.score_stats import ScoreStats
from search.retrieval.semantic_scores import SemanticScores
from search.retrieval.signals import Signals
from search.retrieval.years import ArticleYears
from search.types import Fusion, Leg
from tests.fakes import InMemory, keyword_scores, semantic_scores
from tests.strategies import BM25, COSINES, SHARES, floats, lists

FUSION = Fusion()
NO_WORDS = QueryTerms.of((), (), ArticleYears.of(()))


@dataclass(frozen=True)
class Generation:
    """Articles of one to four rows, and what each leg says of them."""

    sizes: list[int]
    keyword: KeywordScores
    similarity: Floats

    @property
    def rows(self) -> ArticleRows:
        first = np.cumsum([0, *self.sizes[:-1]])
        return ArticleRows.starting(first, sum(self.sizes))

    @property
    def lexical(self) -> LexicalScores:
        return LexicalScores.of(self.keyword, NO_WORDS, (), self.rows)

    @property
    def semantic(self) -> SemanticScores:
        """Of rows that are the axes of a space, in which the query lies as near to each as it should."""
        best = self.best(self.similarity)
        articles = ScoreStats(float(np.mean(best)), float(np.std(best)))
        vectors = InMemory(np.eye(len(self.similarity), dtype=np.float32))
        return semantic_scores(self.similarity, vectors, articles, ScoreStats(0.25, 0.125), self.rows)

    @property
    def signals(self) -> Signals:
        return Signals(self.rows, self.lexical, self.semantic)

    def article_similarity(self) -> list[float]:
        """By article, halfway from the mean of its rows to the best."""
        rows = np.split(self.similarity.astype(np.float64), np.cumsum(self.sizes)[:-1])
        return [float((own.mean() + own.max()) / 2) for own in rows]

    def best(self, by_row: Floats) -> list[float]:
        starts = [sum(self.sizes[:key]) for key in range(len(self.sizes))]
        return [max(by_row.tolist()[at : at + size]) for at, size in zip(starts, self.sizes, strict=True)]


@st.composite
def generations(draw: st.DrawFn) -> Generation:
    sizes = draw(st.lists(st.integers(1, 4), min_size=1, max_size=8))
    articles, rows = len(sizes), sum(sizes)
    keyword = keyword_scores(
        floats(draw(lists(BM25, articles))),
        floats(draw(lists(BM25, rows))),
        floats(draw(lists(SHARES, articles))),
        np.zeros(articles, bool),
    )
    return Generation(sizes, keyword, floats(draw(lists(COSINES, rows))))


SMALL = Generation(
    [2, 1, 3],
    keyword_scores(
        floats([3, 0, 6]), floats([0, 4, 0, 1, 0, 2]), floats([0.25, 0, 1]), np.array([False, False, True])
    ),
    floats([0.5, 0.75, 0.875, 0.25, 0.75, 0.625]),
)


def z(scores: list[float], key: int) -> float:
    """Distance from the mean in deviations of the whole population."""
    mean = sum(scores) / len(scores)
    deviation = (sum((each - mean) ** 2 for each in scores) / len(scores)) ** 0.5
    return (scores[key] - mean) / deviation if deviation else 0.0


def strength(generation: Generation, key: int) -> float:
    keyword = generation.keyword
    mixed = 0.75 * z(keyword.articles.tolist(), key) + 0.25 * z(generation.best(keyword.passages), key)
    return math.sqrt(keyword.coverage[key]) * mixed


def test_rows_know_their_article() -> None:
    assert SMALL.rows.article.tolist() == [0, 0, 1, 2, 2, 2]
    assert [list(SMALL.rows.of(key)) for key in range(3)] == [[0, 1], [2], [3, 4, 5]]
    assert SMALL.rows.best(SMALL.similarity, np.array([5, 4, 3, 2, 1, 0, 0])).tolist() == [0.75, 0.875, 0.75]


def test_the_rows_of_a_few_articles_of_many_are_listed() -> None:
    rows = ArticleRows.starting(np.arange(0, 200, 2), 200)
    allowed = np.zeros(100, bool)
    allowed[[3, 70]] = True
    assert rows.of_allowed(allowed).tolist() == [6, 7, 140, 141]


def test_legs_give_the_scores_of_the_articles_asked_with_the_statistics_of_all() -> None:
    keyword, passage, semantic = SMALL.signals.legs(np.array([2, 0]))
    assert [leg.leg for leg in (keyword, passage, semantic)] == [Leg.KEYWORD, Leg.PASSAGE, Leg.SEMANTIC]
    assert [leg.scores.tolist() for leg in (keyword, passage)] == [[6, 3], [2, 4]]
    assert semantic.scores.tolist() == pytest.approx([0.75 - 5 / 48, 0.6875])
    assert [leg.mean for leg in (keyword, passage, semantic)] == pytest.approx([3, 2, 2.375 / 3])
    assert keyword.deviation == pytest.approx(6**0.5)
    assert passage.deviation == pytest.approx((8 / 3) ** 0.5)


def test_only_legs_that_answered_give_scores() -> None:
    nothing = Signals(SMALL.rows, None, None)
    words = Signals(SMALL.rows, SMALL.lexical, None)
    meaning = Signals(SMALL.rows, None, SMALL.semantic)
    keys = np.array([1])
    assert nothing.legs(keys) == []
    assert [leg.leg for leg in words.legs(keys)] == [Leg.KEYWORD, Leg.PASSAGE]
    assert [leg.leg for leg in meaning.legs(keys)] == [Leg.SEMANTIC]
    assert meaning.matching(np.ones(3, bool)).tolist() == []
    assert meaning.coverage(np.array([0, 2])).tolist() == [0, 0]
    assert meaning.best_by_keyword(keys, 10, FUSION).tolist() == []
    assert meaning.matching_rows(range(3, 6), except_for=4) == 0
    assert nothing.passage_scores(np.arange(3, 6), floats([1.0] * 3)).tolist() == [0, 0, 0]


def test_articles_with_a_term_and_their_coverage() -> None:
    assert SMALL.signals.matching(np.ones(3, bool)).tolist() == [0, 2]
    assert SMALL.signals.matching(np.array([True, True, False])).tolist() == [0]
    assert SMALL.signals.coverage(np.array([2, 1, 0])).tolist() == [1, 0, 0.25]


def test_the_strongest_by_keyword_come_first() -> None:
    matching = np.array([0, 2])
    assert SMALL.signals.best_by_keyword(matching, 10, FUSION).tolist() == [2, 0]
    assert SMALL.signals.best_by_keyword(matching, 1, FUSION).tolist() == [2]
    assert SMALL.signals.best_by_keyword(matching[:1], 10, FUSION).tolist() == [0]
    assert SMALL.signals.best_by_keyword(matching[:0], 10, FUSION).tolist() == []


def test_articles_that_tie_come_by_key() -> None:
    alike = keyword_scores(
        floats([2, 0, 2, 2]), floats([1, 0, 1, 1]), floats([1, 0, 1, 1]), np.zeros(4, bool)
    )
    signals = Generation([1, 1, 1, 1], alike, floats([0] * 4)).signals
    assert signals.best_by_keyword(np.array([0, 2, 3]), 2, FUSION).tolist() == [0, 2]


def test_other_passages_with_a_term_are_counted() -> None:
    assert SMALL.signals.matching_rows(range(3, 6), except_for=3) == 1
    assert SMALL.signals.matching_rows(range(3, 6), except_for=4) == 2
    assert SMALL.signals.matching_rows(range(2), except_for=1) == 0


def test_a_passage_is_scored_by_both_legs() -> None:
    by_words = [(score - 2) / (8 / 3) ** 0.5 for score in (1, 0, 2)]
    centre, deviation = 2.375 / 3, (2 / 9 * 0.125**2) ** 0.5
    by_meaning = [(score - centre) / deviation for score in (0.25, 0.75, 0.625)]
    together = [one + other for one, other in zip(by_words, by_meaning, strict=True)]
    assert SMALL.signals.passage_scores(np.arange(3, 6), floats([1.0] * 3)).tolist() == pytest.approx(
        together
    )
    assert SMALL.signals.passage_scores(np.arange(3, 6), floats([0.0] * 3)).tolist() == pytest.approx(
        by_meaning
    )
    half = [0.5 * one + other for one, other in zip(by_words, by_meaning, strict=True)]
    assert SMALL.signals.passage_scores(np.arange(3, 6), floats([0.25] * 3)).tolist() == pytest.approx(half)


def test_when_all_articles_score_the_same_passages_still_differ() -> None:
    same = keyword_scores(floats([1, 1]), floats([0, 3, 3]), floats([1, 1]), np.zeros(2, bool))
    signals = Generation([2, 1], same, floats([0.5, 0.25, 0.5])).signals
    expected = [-3, 0.25 - 0.5]
    assert signals.passage_scores(np.arange(2), floats([1.0] * 2)).tolist() == pytest.approx(expected)


def test_the_best_row_of_an_article_is_the_first_of_those_with_the_highest_score() -> None:
    assert SMALL.signals.best_rows(np.array([2, 0, 1])) == [4, 1, 2]
    assert SMALL.signals.best_rows(np.empty(0, np.int64)) == []
    alike = keyword_scores(floats([1, 1]), floats([1] * 5), floats([1, 1]), np.zeros(2, bool))
    assert Generation([2, 3], alike, floats([0.5] * 5)).signals.best_rows(np.array([0, 1])) == [0, 2]


def test_words_choose_the_best_row_of_an_article_that_holds_terms() -> None:
    keyword = keyword_scores(floats([0, 9]), floats([0, 9, 0, 9, 0]), floats([0, 1]), np.zeros(2, bool))
    similarity = floats([0.6, 0.5, 0.55, 0.5, 0.49])
    assert Generation([2, 3], keyword, similarity).signals.best_rows(np.array([0, 1])) == [0, 3]


def test_articles_have_centres_wherever_words_were_asked_and_vectors_are() -> None:
    keys = np.array([0, 1])
    vectors = SMALL.semantic.index
    expected = SMALL.semantic.centres(keys).tolist()
    for signals in (SMALL.signals, Signals(SMALL.rows, SMALL.lexical, None, vectors=vectors)):
        centres = signals.centres(keys)
        assert centres is not None
        assert centres.tolist() == expected
    assert Signals(SMALL.rows, SMALL.lexical, None).centres(keys) is None
    assert Signals(SMALL.rows, None, SMALL.semantic).centres(keys) is None


def test_statistics_of_no_scores_are_0() -> None:
    assert ScoreStats.of(floats([])) == ScoreStats(0, 0)
    for scores, size in (([], 0), ([], 2), ([0.0], 3)):
        assert ScoreStats.of_sparse(floats(scores), size) == ScoreStats(0, 0)
    assert ScoreStats.of_pairs(np.ones((1, 3), np.float32)) == ScoreStats(0, 0)
    assert ScoreStats.of_pairs(np.empty((0, 3), np.float32)) == ScoreStats(0, 0)


@given(st.lists(BM25, min_size=1, max_size=30))
def test_the_zeros_of_sparse_scores_need_not_be_summed(scores: list[float]) -> None:
    others = [score for score in scores if score]
    sparse, dense = ScoreStats.of_sparse(floats(others), len(scores)), ScoreStats.of(floats(scores))
    assert (sparse.mean, sparse.deviation) == pytest.approx((dense.mean, dense.deviation), rel=1e-9)


@given(generations())
def test_rows_are_those_of_each_article_in_turn(generation: Generation) -> None:
    rows = generation.rows
    owners = [key for key, size in enumerate(generation.sizes) for _ in range(size)]
    assert rows.article.tolist() == owners
    assert [row for key in range(len(generation.sizes)) for row in rows.of(key)] == list(range(len(owners)))
    assert [len(rows.of(key)) for key in range(len(generation.sizes))] == generation.sizes
    every_other = np.arange(len(generation.sizes))[::2]
    allowed = np.zeros(len(generation.sizes), bool)
    assert rows.of_allowed(allowed).tolist() == []
    allowed[every_other] = True
    places, starts = rows.of_all(every_other)
    assert rows.of_allowed(allowed).tolist() == places.tolist()
    assert [each.tolist() for each in np.split(places, starts[1:])] == [
        list(rows.of(key)) for key in every_other.tolist()
    ]


@given(generations())
def test_an_article_has_the_score_of_its_best_row_and_a_similarity_halfway_from_the_mean(
    generation: Generation,
) -> None:
    signals = generation.signals
    assert signals.lexical is not None
    assert signals.semantic is not None
    assert signals.lexical.best.tolist() == generation.best(generation.keyword.passages)
    keys = np.arange(len(generation.sizes))[::-1]
    similarity = signals.semantic.of_articles(keys).tolist()
    assert similarity == pytest.approx(generation.article_similarity()[::-1], abs=1e-6)


@given(generations(), st.data())
def test_the_keyword_leg_retrieves_the_strongest_allowed(generation: Generation, data: st.DataObject) -> None:
    articles = len(generation.sizes)
    allowed = np.array(data.draw(st.lists(st.booleans(), min_size=articles, max_size=articles)))
    limit = data.draw(st.integers(0, articles))
    signals = generation.signals
    retrieved = signals.best_by_keyword(signals.matching(allowed), limit, FUSION).tolist()
    eligible = [key for key in range(articles) if allowed[key] and generation.keyword.coverage[key] > 0]
    assert set(retrieved) <= set(eligible)
    assert len(set(retrieved)) == len(retrieved) == min(limit, len(eligible))
    strengths = [strength(generation, key) for key in retrieved]
    left = [strength(generation, key) for key in eligible if key not in retrieved]
    slack = 1e-5 * max(map(abs, [*strengths, *left]), default=0) + 1e-12
    assert all(one >= other - slack for one, other in itertools.pairwise(strengths))
    assert all(other <= strengths[-1] + slack for other in left if strengths)


@given(generations(), st.data())
def test_the_legs_are_standardised_over_all_articles(generation: Generation, data: st.DataObject) -> None:
    keys = data.draw(st.lists(st.integers(0, len(generation.sizes) - 1), max_size=5))
    populations = {
        Leg.KEYWORD: generation.keyword.articles.tolist(),
        Leg.PASSAGE: generation.best(generation.keyword.passages),
    }
    *lexical, semantic = generation.signals.legs(np.array(keys, np.int64))
    for leg in lexical:
        check(leg, populations[leg.leg], keys)
    assert semantic.scores.tolist() == pytest.approx(
        [generation.article_similarity()[key] for key in keys], abs=1e-6
    )
    articles = generation.semantic.articles
    assert (semantic.mean, semantic.deviation) == (articles.mean, articles.deviation)


def check(leg: LegScores, population: list[float], keys: list[int]) -> None:
    assert leg.scores.tolist() == [population[key] for key in keys]
    assert leg.mean == pytest.approx(np.mean(population))
    assert leg.deviation == pytest.approx(np.std(population), abs=1e-12)
