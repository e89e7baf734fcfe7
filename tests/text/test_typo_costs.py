import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.text.typo_costs import ALPHABET, Codes, codes, costs

WORDS = st.lists(st.text("aefhopsxz-", min_size=1, max_size=8), min_size=1, max_size=6)


def rows(*words: str) -> Codes:
    longest = max(map(len, words))
    return np.array([codes(word.ljust(longest)) for word in words])


def cost(typed: str, intended: str) -> float:
    return float(costs(typed, rows(intended))[0])


@pytest.mark.parametrize(
    ("typed", "intended", "nats"),
    [
        ("russie", "russie", 0),
        ("rusise", "russie", 3.5),  # swapped
        ("rusie", "russie", 2.5),  # a double letter written once
        ("ruussie", "russie", 3.5),  # a letter twice
        ("rissie", "russie", 3.5),  # i lies beside u
        ("ruscie", "russie", 2.5),  # a sound
        ("rumssie", "russie", 5),  # a letter too many, from far away
        ("rsussie", "russie", 5),
        ("ussie", "russie", 6.5),  # the first is seldom forgotten
        ("rqssie", "russie", 6.5),
        ("qussie", "russie", 8),
        ("farmacie", "pharmacie", 2.5),
        ("pharmacie", "farmacie", 2.5),
        ("fisike", "physique", 7.5),
        ("tomas", "thomas", 2.5),
        ("aujourdhui", "aujourd'hui", 2.5),
        ("lelysee", "elysee", 3.5),
        ("premie", "premier", 2.5),
        ("gato", "gateau", 2.5),
        ("", "an", 11.5),
        ("an", "", 11.5),
    ],
)
def test_what_a_slip_costs(typed: str, intended: str, nats: float) -> None:
    assert cost(typed, intended) == nats


@given(st.text("aefhopsxz-", min_size=1, max_size=8), WORDS)
def test_words_cost_the_same_alone_as_among_others(typed: str, words: list[str]) -> None:
    assert costs(typed, rows(*words)).tolist() == [cost(typed, word) for word in words]


@given(st.text("aefhopsxz-", min_size=1, max_size=8), WORDS)
def test_only_the_word_itself_costs_nothing(typed: str, words: list[str]) -> None:
    assert [found == 0 for found in costs(typed, rows(*words)).tolist()] == [typed == word for word in words]


@given(st.text("aefhopsxz", min_size=1, max_size=8), st.integers(0, 7), st.sampled_from(ALPHABET[:26]))
def test_one_letter_costs_no_more_than_a_slip_of_the_first(word: str, place: int, letter: str) -> None:
    at = min(place, len(word) - 1)
    assert cost(word, word[:at] + letter + word[at + 1 :]) <= 8
    assert cost(word, word[:at] + letter + word[at:]) <= 6.5
    assert cost(word, word[:at] + word[at + 1 :]) <= 6.5
