from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.protocols import Floats
from search.retrieval.sentence_scores import sentence_similarities, similarity_levels

QUERY = np.array([1, 0], np.float32)
VECTORS = {"Premier.": [1, 0], "Second !": [0.6, 0.8], "Un dernier": [0, 1]}
TEXT = "  Premier. Second !\n\nUn dernier"


class Encoding:
    """Encodes the sentences of TEXT, and remembers which."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def __call__(self, sentence: str) -> Floats:
        self.done.append(sentence)
        return np.array(VECTORS[sentence], np.float32)


def test_each_sentence_is_compared_in_order() -> None:
    found = list(sentence_similarities(TEXT, QUERY, Encoding()))

    assert [span for span, _ in found] == [(2, 10), (11, 19), (21, 31)]
    assert [similarity for _, similarity in found] == pytest.approx([1, 0.6, 0])


def test_a_sentence_is_encoded_when_it_is_asked_for() -> None:
    encoding = Encoding()
    found = sentence_similarities(TEXT, QUERY, encoding)
    assert encoding.done == []

    next(found)
    next(found)
    assert encoding.done == ["Premier.", "Second !"]


@pytest.mark.parametrize(
    ("first", "order"),
    [(0, [2, 11, 21]), (10, [11, 21, 2]), (15, [11, 21, 2]), (25, [21, 2, 11]), (31, [2, 11, 21])],
)
def test_the_sentence_in_sight_comes_first(first: int, order: list[int]) -> None:
    assert [start for (start, _), _ in sentence_similarities(TEXT, QUERY, Encoding(), first)] == order


@pytest.mark.parametrize(
    ("text", "compared"),
    [
        ("Premier.\n\n——\n\nSecond !", ["Premier.", "Second !"]),
        ("——\n\n* * *", ["——", "* * *"]),
        (" \n ", []),
    ],
)
def test_signs_between_sentences_are_near_nothing(text: str, compared: list[str]) -> None:
    found = sentence_similarities(text, QUERY, lambda _: QUERY)
    assert [text[start:end] for (start, end), _ in found] == compared


@pytest.mark.parametrize(
    ("similarities", "levels"),
    [
        ([], []),
        ([0.9], [0]),
        ([0.8, 0.8, 0.8], [0, 0, 0]),
        ([0.8, 0.801, 0.8], [0, 0, 0]),
        ([0.7, 0.9], [0, 2]),
        ([0.7, 0.7, 0.9], [0, 0, 2]),
        ([0.7, 0.7, 0.9, 0.7], [0, 0, 3, 0]),
        ([0.70, 0.72, 0.74, 0.76, 0.78, 0.80, 0.90], [0, 0, 0, 0, 0, 1, 3]),
    ],
)
def test_a_sentence_has_a_level_for_each_step_above_the_mean_that_it_reaches(
    similarities: list[float], levels: list[int]
) -> None:
    assert similarity_levels(similarities) == levels


COSINES = st.lists(st.floats(-1, 1), max_size=20)


@given(COSINES)
def test_a_higher_similarity_never_has_a_lower_level(similarities: Sequence[float]) -> None:
    ranked = sorted(similarities)
    levels = similarity_levels(ranked)

    assert levels == sorted(levels)
    assert set(levels) <= {0, 1, 2, 3}
    assert similarity_levels(similarities) == [levels[ranked.index(value)] for value in similarities]


@given(st.lists(st.integers(0, 64).map(lambda n: n / 64), min_size=2, max_size=12))
def test_the_least_similar_sentence_has_level_0_whatever_the_mean(similarities: list[float]) -> None:
    levels = similarity_levels(similarities)

    assert levels[similarities.index(min(similarities))] == 0
    assert (
        similarity_levels([value / 2 + 0.25 for value in similarities]) == levels
        or np.std(similarities) < 0.05
    )
