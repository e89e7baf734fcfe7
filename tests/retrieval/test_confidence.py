import itertools
import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.protocols import KeywordScores, TermMatches
from search.retrieval.confidence import (
    CERTAIN,
    HYBRID,
    LEXICAL,
    LINE,
    NEAR,
    SEMANTIC,
    Calibration,
    ConfidenceFeatures,
)
from search.retrieval.signals import LexicalScores, Rows, ScoreStats, SemanticScores, Signals
from search.retrieval.term_support import EmbeddingStats, QueryTerms, TermCentroids
from tests.strategies import floats

QUESTIONS = Path(__file__).parents[1] / "scripts" / "evidence"
shares = st.floats(0, 1, width=32)
likenesses = st.floats(-3, 8)
TWO_WORDS = QueryTerms(
    (
        TermMatches("obus", np.array([True, False]), np.array([0]), 3),
        TermMatches("Kim", np.array([False, False]), np.empty(0, np.int64), 1),
    ),
    np.array([False, True]),
)


def _signs(coverage: float, likeness: float, support: float = 0, missing: float = 0) -> ConfidenceFeatures:
    return ConfidenceFeatures(
        floats([coverage]), np.array([support]), floats([missing]), np.array([likeness])
    )


def _evidence(calibration: Calibration, *signs: float) -> float:
    return float(calibration.confidence(_signs(*signs))[0])


@given(shares, likenesses, shares, shares)
def test_the_evidence_is_the_logistic_of_its_grounds(
    coverage: float, likeness: float, support: float, missing: float
) -> None:
    for calibration in (HYBRID, LEXICAL, SEMANTIC):
        grounds = calibration.breakdown(_signs(coverage, likeness, support, missing))
        odds = calibration.constant + calibration.words * coverage + calibration.weakest * support
        odds += calibration.meaning * max(0.0, likeness) ** 3 - calibration.names * missing
        assert grounds.confidence == pytest.approx(1 / (1 + math.exp(-odds)))
        parts = (grounds.constant, grounds.words, grounds.weakest, grounds.names, grounds.meaning)
        assert sum(parts) == pytest.approx(odds)
        assert (grounds.coverage, grounds.likeness) == (coverage, likeness)
        assert (grounds.support, grounds.missing) == (support, missing)


@given(*[st.tuples(signs, signs).map(sorted) for signs in (shares, likenesses, shares, shares)])
def test_more_of_everything_but_missing_names_is_more_evidence(
    coverage: list[float], likeness: list[float], support: list[float], missing: list[float]
) -> None:
    for calibration in (HYBRID, LEXICAL, SEMANTIC):
        little = _evidence(calibration, coverage[0], likeness[0], support[0], missing[1])
        assert little <= _evidence(calibration, coverage[1], likeness[1], support[1], missing[0])


def test_what_the_figures_amount_to() -> None:
    assert _evidence(HYBRID, 1, 0, 1) > 0.9  # all words
    assert _evidence(HYBRID, 0, 4.5) > LINE > _evidence(HYBRID, 0, 3.6)  # meaning by itself
    assert (
        _evidence(HYBRID, 0.5, 2.5, 0.3) > LINE > _evidence(HYBRID, 0.5, 2.5, 0.3, 0.5)
    )  # a name that is missing
    assert _evidence(HYBRID, 0.5, 1, 0) < LINE < _evidence(HYBRID, 0.5, 1, 0.6)  # what else is backed
    assert _evidence(LEXICAL, 0.35, 0) < LINE < _evidence(LEXICAL, 0.45, 0)
    assert _evidence(SEMANTIC, 0, 1.8) < NEAR < _evidence(SEMANTIC, 0, 1.9)
    assert _evidence(CERTAIN, 0, 0) == 1


def test_the_legs_that_answered_choose_the_calibration() -> None:
    rows = Rows.starting(np.array([0, 1]), 2)
    scores = KeywordScores(floats([1, 0]), floats([1, 0]), floats([0.25, 0]), np.zeros(2, bool))
    wording = LexicalScores.of(scores, TWO_WORDS, rows)
    nearness = SemanticScores(
        floats([0.875, 0.5]).__getitem__,
        np.eye(2, dtype=np.float32).__getitem__,
        ScoreStats(0, 1),
        ScoreStats(0.5, 0.125),
    )
    around = TermCentroids(floats([1, 0, 0, 1]).reshape(2, 2), EmbeddingStats(np.zeros(2), np.eye(2) / 4))
    keys = np.array([0, 1])
    coverage, missing, likeness = floats([0.75, 0]), floats([0.25, 0.25]), np.array([3.0, 0.0])
    nothing, alone = floats([0, 0]), np.zeros(2)
    both = ConfidenceFeatures(coverage, np.array([0.0, 0.0]), missing, likeness)
    for evidence, expected in (
        (Signals(rows, wording, nearness, around), HYBRID.confidence(both)),
        (
            Signals(rows, wording, None),
            LEXICAL.confidence(ConfidenceFeatures(coverage, alone, missing, alone)),
        ),
        (
            Signals(rows, None, nearness),
            SEMANTIC.confidence(ConfidenceFeatures(nothing, alone, nothing, likeness)),
        ),
        (Signals(rows, None, None), np.ones(2)),
    ):
        assert evidence.certainty(keys).tolist() == pytest.approx(expected.tolist())
    _, by_meaning = Signals(rows, wording, nearness, around).judged(keys)
    assert by_meaning.tolist() == pytest.approx(SEMANTIC.confidence(both).tolist())


def test_the_support_is_that_of_the_word_backed_least() -> None:
    rows = Rows.starting(np.array([0, 1, 3]), 4)
    vectors = floats([1, 0, 0, 0.5, 1, 0.25, 0, 0]).reshape(4, 2)
    words = (
        TermMatches("obus", np.array([True, False, False]), np.array([0]), 3),
        TermMatches("Kim", np.array([False, True, False]), np.array([2]), 1),
    )
    scores = KeywordScores(floats([1, 0, 0]), floats([1, 0, 0, 0]), floats([0.25, 0, 0]), np.zeros(3, bool))
    wording = LexicalScores.of(scores, QueryTerms(words, np.array([False, True])), rows)
    nearness = SemanticScores(
        floats([0, 0, 0, 0]).__getitem__, vectors.__getitem__, ScoreStats(0, 1), ScoreStats(0, 1)
    )
    # Backed by the nearest row: "obus" by 1/2, 1 and 0 of four deviations, "Kim" by 0, 1/4 and 0.
    around = TermCentroids(floats([2, 0, 0, 2]).reshape(2, 2), EmbeddingStats(np.zeros(2), np.eye(2) / 4))
    grounds = [Signals(rows, wording, nearness, around).grounds(key) for key in range(3)]
    assert [round(each.support, 6) for each in grounds if each] == [0, 0.5, 0]
    assert [each.missing for each in grounds if each] == [0.25, 0, 0.25]
    assert [each.coverage for each in grounds if each] == [0.75, 0.25, 0]
    without = [Signals(rows, wording, None).grounds(key) for key in range(3)]
    assert [each.support for each in without if each] == [0, 0, 0]


def test_many_articles_are_judged_as_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.retrieval.signals._AT_ONCE", 2)
    rows = Rows.starting(np.arange(5), 5)
    near = floats([0.5, 0.9, 0.1, 0.7, 0.8])
    nearness = SemanticScores(
        near.__getitem__, np.eye(5, dtype=np.float32).__getitem__, ScoreStats(0, 1), ScoreStats(0, 0.25)
    )
    evidence = Signals(rows, None, nearness)
    expected = SEMANTIC.confidence(
        ConfidenceFeatures(floats([0] * 5), np.zeros(5), floats([0] * 5), near.astype(np.float64) * 4)
    )
    assert evidence.certainty(np.arange(5)).tolist() == pytest.approx(expected.tolist())
    assert evidence.certainty(np.empty(0, np.int64)).tolist() == []


@given(st.integers(0, 8), st.integers(0, 1000))
def test_the_spread_of_pairs_is_that_of_every_pair(count: int, seed: int) -> None:
    vectors = np.random.default_rng(seed).normal(1, 1, (count, 5)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + np.float32(1e-12)
    pairs = [float(one @ other) for one, other in itertools.combinations(vectors, 2)]
    found = ScoreStats.of_pairs(vectors)
    assert found.mean == pytest.approx(np.mean(pairs) if pairs else 0.0, abs=1e-5)
    assert found.deviation == pytest.approx(np.std(pairs) if pairs else 0.0, abs=1e-3)


def test_no_question_is_both_fitted_and_tested() -> None:
    sets = {
        name: [json.loads(line) for line in (QUESTIONS / f"{name}.jsonl").read_text("utf-8").splitlines()]
        for name in ("fit", "test", "held_out")
    }
    texts = [question["text"] for questions in sets.values() for question in questions]
    ids = [question["id"] for questions in sets.values() for question in questions]
    assert len(set(texts)) == len(texts)
    assert len(set(ids)) == len(ids)
    assert len(sets["test"]) >= 45
    assert {question["kind"] for question in sets["test"]} == {"domain", "invented", "later", "near"}
    kinds = [question["kind"] for question in sets["held_out"]]
    assert {kind: kinds.count(kind) for kind in kinds} == {"domain": 15, "invented": 15, "later": 15}
