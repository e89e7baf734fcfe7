import itertools
import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.certainty import BOTH, CERTAIN, LINE, MEANING, NEAR, WORDS, Calibration
from search.evidence import Evidence, Nearness, Rows, Spread, Wording
from search.protocols import KeywordScores

from .strategies import floats

QUESTIONS = Path(__file__).parents[1] / "scripts" / "evidence"
shares = st.floats(0, 1, width=32)
likenesses = st.floats(-3, 8)


def _evidence(calibration: Calibration, coverage: float, likeness: float) -> float:
    return float(calibration.evidence(floats([coverage]), np.array([likeness]))[0])


@given(shares, likenesses)
def test_the_evidence_is_the_logistic_of_its_grounds(coverage: float, likeness: float) -> None:
    for calibration in (BOTH, WORDS, MEANING):
        grounds = calibration.grounds(floats([coverage]), np.array([likeness]))
        odds = calibration.constant + calibration.words * coverage
        odds += calibration.meaning * max(0.0, likeness) ** 3
        assert grounds.evidence == pytest.approx(1 / (1 + math.exp(-odds)))
        assert grounds.constant + grounds.words + grounds.meaning == pytest.approx(odds)
        assert (grounds.coverage, grounds.likeness) == (coverage, likeness)


@given(shares, shares, likenesses, likenesses)
def test_more_words_and_more_likeness_are_more_evidence(
    coverage: float, more: float, likeness: float, nearer: float
) -> None:
    low, high = sorted((coverage, more)), sorted((likeness, nearer))
    for calibration in (BOTH, WORDS, MEANING):
        assert _evidence(calibration, low[0], high[0]) <= _evidence(calibration, low[1], high[1])


def test_what_the_figures_amount_to() -> None:
    assert _evidence(BOTH, 1, 0) > 0.9  # all words
    assert _evidence(BOTH, 0, 4.5) > LINE > _evidence(BOTH, 0, 3.5)  # meaning by itself
    assert _evidence(BOTH, 0.5, 1) < LINE < _evidence(BOTH, 0.5, 3)
    assert _evidence(WORDS, 0.4, 0) < LINE < _evidence(WORDS, 0.5, 0)
    assert _evidence(MEANING, 0, 1.8) < NEAR < _evidence(MEANING, 0, 1.9)
    assert _evidence(CERTAIN, 0, 0) == 1


def test_the_legs_that_answered_choose_the_calibration() -> None:
    rows = Rows.starting(np.array([0, 1]), 2)
    scores = KeywordScores(floats([1, 0]), floats([1, 0]), floats([0.25, 0]), np.zeros(2, bool))
    wording = Wording.of(scores, floats([0.5, 0]), rows)
    nearness = Nearness(
        floats([0.875, 0.5]).__getitem__,
        np.eye(2, dtype=np.float32).__getitem__,
        Spread(0, 1),
        Spread(0.5, 0.125),
    )
    keys = np.array([0, 1])
    known = (floats([0.5, 0]), np.array([3.0, 0.0]))
    nothing = (floats([0, 0]), np.zeros(2))
    for evidence, expected in (
        (Evidence(rows, wording, nearness), BOTH.evidence(*known)),
        (Evidence(rows, wording, None), WORDS.evidence(known[0], nothing[1])),
        (Evidence(rows, None, nearness), MEANING.evidence(nothing[0], known[1])),
        (Evidence(rows, None, None), np.ones(2)),
    ):
        assert evidence.certainty(keys).tolist() == pytest.approx(expected.tolist())
    _, by_meaning = Evidence(rows, wording, nearness).judged(keys)
    assert by_meaning.tolist() == pytest.approx(MEANING.evidence(*known).tolist())


@given(st.integers(0, 8), st.integers(0, 1000))
def test_the_spread_of_pairs_is_that_of_every_pair(count: int, seed: int) -> None:
    vectors = np.random.default_rng(seed).normal(1, 1, (count, 5)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + np.float32(1e-12)
    pairs = [float(one @ other) for one, other in itertools.combinations(vectors, 2)]
    found = Spread.of_pairs(vectors)
    assert found.mean == pytest.approx(np.mean(pairs) if pairs else 0.0, abs=1e-5)
    assert found.deviation == pytest.approx(np.std(pairs) if pairs else 0.0, abs=1e-3)


def test_no_question_is_both_fitted_and_tested() -> None:
    sets = {
        name: [json.loads(line) for line in (QUESTIONS / f"{name}.jsonl").read_text("utf-8").splitlines()]
        for name in ("fit", "test")
    }
    texts = [question["text"] for questions in sets.values() for question in questions]
    ids = [question["id"] for questions in sets.values() for question in questions]
    assert len(set(texts)) == len(texts)
    assert len(set(ids)) == len(ids)
    assert len(sets["test"]) >= 45
    assert {question["kind"] for question in sets["test"]} == {"domain", "invented", "later", "near"}
