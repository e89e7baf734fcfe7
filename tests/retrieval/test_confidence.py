import itertools
import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.protocols import TermMatches
from search.retrieval.confidence import CERTAIN, HYBRID, LEXICAL, SEMANTIC, Calibration, ConfidenceFeatures
from search.retrieval.lexical_scores import LexicalScores
from search.retrieval.query_terms import QueryTerms
from search.retrieval.relevance import LINE, NEAR
from search.retrieval.rows import ArticleRows
from search.retrieval.score_stats import ScoreStats
from search.retrieval.signals import Signals
from search.retrieval.term_support import EmbeddingStats, TermCentroids
from search.retrieval.years import ArticleYears
from tests.fakes import InMemory, keyword_scores, semantic_scores
from tests.strategies import NO_KEYS, floats

UNDATED = ArticleYears.of([""] * 3)
QUESTIONS = Path(__file__).parents[2] / "scripts" / "evidence"
shares = st.floats(0, 1, width=32)
likenesses = st.floats(-3, 8)
STATS = EmbeddingStats(floats([0, 0]), floats([0.25, 0, 0, 0.25]).reshape(2, 2))  # deviations of ½
TWO_WORDS = QueryTerms(
    (
        TermMatches(0, "obus", np.array([True, False]), np.array([0]), 3, NO_KEYS),
        TermMatches(1, "Kim", np.array([False, False]), np.empty(0, np.int64), 1, NO_KEYS),
    ),
    np.array([False, True]),
    ArticleYears.of(["", ""]),
)


def _features(
    coverage: float, likeness: float, support: float = 0, missing: float = 0, later: float = 0
) -> ConfidenceFeatures:
    return ConfidenceFeatures(
        floats([coverage]), np.array([support]), floats([missing]), np.array([later]), np.array([likeness])
    )


def _confidence(calibration: Calibration, *figures: float) -> float:
    return float(calibration.confidence(_features(*figures))[0])


@given(shares, likenesses, shares, shares, shares)
def test_confidence_is_the_logistic_of_its_breakdown(
    coverage: float, likeness: float, support: float, missing: float, later: float
) -> None:
    for calibration in (HYBRID, LEXICAL, SEMANTIC):
        breakdown = calibration.breakdown(_features(coverage, likeness, support, missing, later))
        odds = calibration.constant + calibration.words * coverage + calibration.weakest * support
        odds += calibration.meaning * max(0.0, likeness) ** 2
        odds -= calibration.names * missing + calibration.years * later
        assert breakdown.confidence == pytest.approx(1 / (1 + math.exp(-odds)))
        parts = breakdown.constant + breakdown.words + breakdown.weakest
        parts += breakdown.names + breakdown.years + breakdown.meaning
        assert parts == pytest.approx(odds)
        assert (breakdown.coverage, breakdown.likeness) == (coverage, likeness)
        assert (breakdown.support, breakdown.missing, breakdown.later) == (support, missing, later)


@given(*[st.tuples(figures, figures).map(sorted) for figures in (shares, likenesses, shares, shares, shares)])
def test_more_of_everything_but_missing_names_and_later_years_is_more_confidence(
    coverage: list[float],
    likeness: list[float],
    support: list[float],
    missing: list[float],
    later: list[float],
) -> None:
    for calibration in (HYBRID, LEXICAL, SEMANTIC):
        little = _confidence(calibration, coverage[0], likeness[0], support[0], missing[1], later[1])
        assert little <= _confidence(calibration, coverage[1], likeness[1], support[1], missing[0], later[0])


def test_what_the_weights_amount_to() -> None:
    assert _confidence(HYBRID, 1, 1, 1) > 0.85  # all words
    assert _confidence(HYBRID, 0, 3.2) > LINE > _confidence(HYBRID, 0, 3.1)  # meaning by itself
    assert (
        _confidence(HYBRID, 0.5, 2.5, 0.3) > LINE > _confidence(HYBRID, 0.5, 2.5, 0.3, 0.5)
    )  # a name missing
    assert _confidence(HYBRID, 0.5, 1, 0) < LINE < _confidence(HYBRID, 0.5, 1, 0.6)  # support for the rest
    assert _confidence(HYBRID, 1, 2.5, 1) > LINE > _confidence(HYBRID, 1, 2.5, 1, 0, 0.9)  # a later year open
    assert _confidence(LEXICAL, 0.25, 0) < LINE < _confidence(LEXICAL, 0.35, 0)
    assert _confidence(SEMANTIC, 0, 1.8) < NEAR < _confidence(SEMANTIC, 0, 1.9)
    assert _confidence(CERTAIN, 0, 0) == 1


@pytest.mark.parametrize(
    ("calibration", "odds"),
    [
        (HYBRID, -3.2 + 0.5 * 4 + 0.25 * 0.9 - 0.5 * 5.2 - 0.75 * 5 + 4 * 0.24),
        (LEXICAL, -2.9 + 0.5 * 7 - 0.5 * 4.5 - 0.75 * 4.5),
        (SEMANTIC, -2.25 + 4 * 0.25),
    ],
)
def test_the_weights_are_those_of_the_documentation(calibration: Calibration, odds: float) -> None:
    assert _confidence(calibration, 0.5, 2.0, 0.25, 0.5, 0.75) == pytest.approx(1 / (1 + math.exp(-odds)))


def test_the_legs_that_answered_choose_the_calibration() -> None:
    rows = ArticleRows.starting(np.array([0, 1]), 2)
    scores = keyword_scores(floats([1, 0]), floats([1, 0]), floats([0.25, 0]), np.zeros(2, bool))
    lexical = LexicalScores.of(scores, TWO_WORDS, TWO_WORDS.terms, rows)
    vectors = InMemory(np.eye(2, dtype=np.float32))
    semantic = semantic_scores(floats([0.875, 0.5]), vectors, ScoreStats(0, 1), ScoreStats(0.5, 0.125), rows)
    centroids = TermCentroids(
        floats([1, 0, 0, 1]).reshape(2, 2),
        STATS,
    )
    keys = np.array([0, 1])
    coverage, missing, likeness = floats([0.25, 0]), floats([0.25, 0.25]), np.array([3.0, 0.0])
    nothing, alone = floats([0, 0]), np.zeros(2)
    both = ConfidenceFeatures(coverage, alone, missing, alone, likeness)
    for signals, expected in (
        (Signals(rows, lexical, semantic, centroids), HYBRID.confidence(both)),
        (
            Signals(rows, lexical, None),
            LEXICAL.confidence(ConfidenceFeatures(coverage, alone, missing, alone, alone)),
        ),
        (
            Signals(rows, None, semantic),
            SEMANTIC.confidence(ConfidenceFeatures(nothing, alone, nothing, alone, likeness)),
        ),
        (Signals(rows, None, None), np.ones(2)),
    ):
        assert signals.confidence(keys).tolist() == pytest.approx(expected.tolist())
    _, by_meaning = Signals(rows, lexical, semantic, centroids).confidences(keys)
    assert by_meaning.tolist() == pytest.approx(SEMANTIC.confidence(both).tolist())


def test_the_support_is_that_of_the_term_supported_least() -> None:
    rows = ArticleRows.starting(np.array([0, 1, 3]), 4)
    vectors = floats([1, 0, 0, 0.5, 1, 0.25, 0, 0]).reshape(4, 2)
    words = (
        TermMatches(0, "obus", np.array([True, False, False]), np.array([0]), 3, NO_KEYS),
        TermMatches(1, "Kim", np.array([False, True, False]), np.array([2]), 1, NO_KEYS),
    )
    scores = keyword_scores(floats([1, 0, 0]), floats([1, 0, 0, 0]), floats([0.25, 0, 0]), np.zeros(3, bool))
    lexical = LexicalScores.of(scores, QueryTerms(words, np.array([False, True]), UNDATED), words, rows)
    semantic = semantic_scores(floats([0, 0]), InMemory(vectors), ScoreStats(0, 1), ScoreStats(0, 1), rows)
    # Support by the nearest row: "obus" by 1/2, 1 and 0 of four deviations, "Kim" by 0, 1/4 and 0.
    centroids = TermCentroids(
        floats([2, 0, 0, 2]).reshape(2, 2),
        STATS,
    )
    breakdowns = [Signals(rows, lexical, semantic, centroids).breakdown(key) for key in range(3)]
    assert [round(each.support, 6) for each in breakdowns if each] == [0, 0.5, 0]
    assert [each.missing for each in breakdowns if each] == [0.25, 0, 0.25]
    assert [each.coverage for each in breakdowns if each] == [0.25, 0, 0]
    without = [Signals(rows, lexical, None).breakdown(key) for key in range(3)]
    assert [each.support for each in without if each] == [0, 0, 0]
    no_terms = LexicalScores.of(scores, QueryTerms.of((), (), UNDATED), (), rows)
    breakdown = Signals(rows, no_terms, semantic, centroids=None).breakdown(0)
    assert breakdown is not None
    assert breakdown.support == 1


def test_many_articles_are_judged_as_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.retrieval.signals._BATCH", 2)
    rows = ArticleRows.starting(np.arange(5), 5)
    near = floats([0.5, 0.9, 0.1, 0.7, 0.8])
    vectors = InMemory(np.eye(5, dtype=np.float32))
    semantic = semantic_scores(near, vectors, ScoreStats(0, 1), ScoreStats(0, 0.25), rows)
    signals = Signals(rows, None, semantic)
    expected = SEMANTIC.confidence(
        ConfidenceFeatures(
            floats([0] * 5), np.zeros(5), floats([0] * 5), np.zeros(5), near.astype(np.float64) * 4
        )
    )
    assert signals.confidence(np.arange(5)).tolist() == pytest.approx(expected.tolist())
    assert signals.confidence(np.empty(0, np.int64)).tolist() == []


@given(st.integers(0, 8), st.integers(0, 1000))
def test_the_statistics_of_pairs_are_those_of_every_pair(count: int, seed: int) -> None:
    vectors = np.random.default_rng(seed).normal(1, 1, (count, 5)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + np.float32(1e-12)
    pairs = [float(one @ other) for one, other in itertools.combinations(vectors, 2)]
    found = ScoreStats.of_pairs(vectors)
    assert found.mean == pytest.approx(np.mean(pairs) if pairs else 0.0, abs=1e-5)
    assert found.deviation == pytest.approx(np.std(pairs) if pairs else 0.0, abs=1e-3)


def test_no_question_is_both_fitted_and_tested() -> None:
    sets = {
        name: [json.loads(line) for line in (QUESTIONS / f"{name}.jsonl").read_text("utf-8").splitlines()]
        for name in ("fit", "test", "held_out", "unseen", "answered")
    }
    texts = [question["text"] for questions in sets.values() for question in questions]
    ids = [question["id"] for questions in sets.values() for question in questions]
    assert len(set(texts)) == len(texts)
    assert len(set(ids)) == len(ids)
    assert len(sets["test"]) >= 45
    assert {question["kind"] for question in sets["test"]} == {"domain", "invented", "later", "near"}
    kinds = [question["kind"] for question in sets["held_out"]]
    assert {kind: kinds.count(kind) for kind in kinds} == {"domain": 15, "invented": 15, "later": 15}
    kinds = [question["kind"] for question in sets["unseen"]]
    assert {kind: kinds.count(kind) for kind in kinds} == {
        "domain": 6,
        "invented": 6,
        "later": 8,
        "near": 5,
        "wrong": 5,
    }
