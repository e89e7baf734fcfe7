import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.protocols import Ints, TermMatches
from search.query.plain import plain_query
from search.retrieval.term_support import EmbeddingStats, QueryTerms, TermCentroids
from tests.strategies import floats

EVERYONE = np.arange(3)


def _word(text: str, articles: list[bool], idf: float = 1.0, rows: list[int] | None = None) -> TermMatches:
    return TermMatches(text, np.array(articles), np.array(rows or [], np.int64), idf)


def _names(query: str, *words: str) -> list[bool]:
    told = [_word(word, [True]) for word in words]
    return list(map(bool, QueryTerms.of(plain_query(query).words, told).names))


def test_a_capital_or_a_digit_makes_a_name() -> None:
    assert _names("procès Carlos Ghosn 2020", "procès", "Carlos", "Ghosn", "2020") == [
        False,
        True,
        True,
        True,
    ]
    assert _names("G7 à Biarritz", "G7", "Biarritz") == [True, True]


def test_a_capital_that_begins_the_query_says_nothing() -> None:
    assert _names("Combien gagne Ghosn", "Combien", "gagne", "Ghosn") == [False, False, True]
    assert _names("la Chine", "Chine") == [True]


def test_capitals_throughout_say_nothing() -> None:
    assert _names("GRÈVE DES TRAINS 2019", "GRÈVE", "TRAINS", "2019") == [False, False, True]


def test_without_words_nothing_is_covered_and_nothing_missing() -> None:
    meant = QueryTerms.of((), ())
    assert meant.held(EVERYONE).shape == (0, 3)
    assert meant.coverage(EVERYONE).tolist() == meant.missing(EVERYONE).tolist() == [0, 0, 0]


def test_words_count_by_their_idf() -> None:
    words = (
        _word("obus", [True, False, False], idf=1),
        _word("Kim", [True, True, False], idf=3),
        _word("Ghosn", [False, False, True], idf=4),
    )
    meant = QueryTerms(words, np.array([False, True, True]))
    assert meant.coverage(EVERYONE).tolist() == [0.5, 0.375, 0.5]
    assert meant.missing(EVERYONE).tolist() == [0.5, 0.5, 0.375]
    assert meant.coverage(np.array([2, 1])).tolist() == [0.5, 0.375]


@given(st.integers(1, 20), st.integers(0, 1000))
def test_nearness_is_standardised_over_the_archive(count: int, seed: int) -> None:
    vectors = np.random.default_rng(seed).normal(1, 1, (count, 4)).astype(np.float32)
    points = np.random.default_rng(seed + 1).normal(0, 1, (3, 4)).astype(np.float32)
    found = EmbeddingStats.of(vectors).nearness(vectors, points)
    for point, near in zip(points, found, strict=True):
        products = (vectors @ point).astype(np.float64)
        apart = products - products.mean()
        assert near * (products.std() if count > 1 else 1) == pytest.approx(apart, abs=1e-4)


def test_a_word_stands_where_the_passages_that_hold_it_stand() -> None:
    vectors = floats([1, 0, 0, 1, 3, 1]).reshape(3, 2)
    words = (_word("obus", [True], rows=[0, 2]), _word("inconnu", [False]))
    around = TermCentroids.of(
        QueryTerms(words, np.zeros(2, bool)), vectors.__getitem__, EmbeddingStats.of(vectors)
    )
    assert around.points.tolist() == [[2, 0.5], [0, 0]]


def test_of_many_passages_a_spread_of_them_stands_for_a_word() -> None:
    asked: list[Ints] = []

    def vectors(rows: Ints) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        asked.append(rows)
        return np.ones((len(rows), 2), np.float32)

    words = (_word("de", [True], rows=list(range(1000))),)
    TermCentroids.of(QueryTerms(words, np.zeros(1, bool)), vectors, EmbeddingStats(np.zeros(2), np.eye(2)))
    assert [len(rows) for rows in asked] == [64]
    assert (asked[0][0], asked[0][-1]) == (0, 999)


def test_an_article_backs_a_word_by_its_nearest_row() -> None:
    around = TermCentroids(
        floats([1, 0, 0, 0]).reshape(2, 2), EmbeddingStats(np.array([1.0, 0]), np.eye(2) / 4)
    )
    rows = floats([0, 9, 2, 0, 5, 0]).reshape(3, 2)  # (x - 1) / ½ deviations of the first word, of four
    assert around.backing(rows, np.array([0, 2])).tolist() == [[0.5, 1], [0, 0]]
