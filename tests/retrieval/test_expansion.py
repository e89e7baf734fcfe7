"""The words of the first articles: which they are, and what they add."""

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search.retrieval.expansion import expand, word_model
from search.retrieval.first_articles import softmax_weights
from search.retrieval.fusion import Fused, FusedLeg
from search.text.analyzer import tokenise
from search.types import Leg
from tests.test_sample import DISPATCHES
from tests.text.strategies import ANY_TEXT, FRENCH_WORDS


def _fused(scores: list[float]) -> Fused:
    ones = np.ones(len(scores))
    compared = np.array(scores, np.float64)
    return Fused(
        (FusedLeg(Leg.SEMANTIC, np.arange(len(scores)), np.array(scores, np.float32), compared, ones),),
        len(scores),
    )


def test_the_model_has_the_stems_of_the_texts_but_those_of_the_query() -> None:
    model = word_model("obus", ["Obus livrés, obus livrés à Moscou", "livraison"], np.array([1.0, 1.0]))
    assert dict(model) == {"livraison": 1.0, "livre": pytest.approx(2 / 5), "moscou": pytest.approx(1 / 5)}


def test_a_text_with_a_higher_score_says_more() -> None:
    model = word_model("obus", ["canon", "navire"], np.array([2.0, 1.0]))
    assert list(model) == ["canon", "navir"]
    assert model["navir"] == pytest.approx(np.exp(-2))


def test_stop_words_short_words_and_wholes_of_compounds_say_nothing() -> None:
    assert set(word_model("obus", ["le sa ou un or nord-coréen"], np.array([0.0]))) == {"nord", "coreen"}


def test_a_model_keeps_the_most_frequent_stems() -> None:
    text = " ".join(f"mot{number} " * (40 - number) for number in range(40))
    kept = word_model("", [text], np.array([0.0]))
    assert list(kept) == [f"mot{number}" for number in range(24)]


def test_expansion_adds_a_leg_with_the_standardised_scores() -> None:
    scores = np.array([0, 2, 0, 4, 0, 0], np.float32)
    expanded = expand(_fused([1.0, 1.0, 1.0]), np.array([1, 2, 3]), lambda: scores, 0.5)
    leg = expanded.legs[-1]
    z = (scores - scores.mean()) / scores.std()
    assert leg.leg is Leg.EXPANSION
    assert leg.ranks.tolist() == [2, 0, 1]
    np.testing.assert_allclose(expanded.scores, 1 + 0.5 * z[[1, 2, 3]], rtol=1e-6)


def test_without_a_weight_nothing_is_asked() -> None:
    def ask() -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        pytest.fail("asked")

    fused = _fused([1.0])
    assert expand(fused, np.array([0]), ask, 0.0) is fused


def _slow_model(texts: Sequence[str], weights: Sequence[float]) -> dict[str, float]:
    """The whole model without a query, by every token of the texts."""
    model: defaultdict[str, float] = defaultdict(float)
    for text, weight in zip(texts, weights, strict=True):
        said = [token for token in tokenise(text) if token.stem and not token.compound]
        stems = Counter(token.stem for token in said if len(token.term) >= 3)
        for stem, count in stems.items():
            model[stem] += weight * count / stems.total()
    return model


def _as_slow_as(texts: Sequence[str]) -> None:
    scores = np.linspace(2, 1, len(texts))
    model = _slow_model(texts, softmax_weights(scores).tolist())
    slow = sorted(model.items(), key=lambda item: -item[1])[:24]
    highest = slow[0][1] if slow else 1.0
    expected = [(stem, weight / highest) for stem, weight in slow]
    assert list(word_model("", texts, scores).items()) == expected


@given(st.lists(ANY_TEXT | st.lists(FRENCH_WORDS).map(" ".join), min_size=1, max_size=3))
@example(["l'œ œil x-y nord-coréen U.R.S.S. 1 000 ab abc n'y qu’or e\u0301te\u0301 mi- neurs"])
def test_the_model_is_that_of_every_token(texts: list[str]) -> None:
    _as_slow_as(texts)


def test_the_model_of_passages_of_the_sample_is_that_of_every_token() -> None:
    for first in range(0, len(DISPATCHES), 3):
        _as_slow_as([dispatch.body for dispatch in DISPATCHES[first : first + 3]])
