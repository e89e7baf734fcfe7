import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.protocols import TermMatches
from search.query.plain import plain_query
from search.retrieval.query_terms import QueryTerms, matches
from search.retrieval.rows import ArticleRows
from search.retrieval.years import ArticleYears, year_in

EVERYONE = np.arange(3)
NONE = np.empty(0, np.int64)
UNDATED = ArticleYears.of(["", "", ""])
UNTIL_2020 = ArticleYears.of(["2019-05", "2020", ""])
ROWS = ArticleRows.starting(np.array([0, 2, 3]), 5)  # 0 1 | 2 | 3 4


def _term(text: str, articles: list[bool], idf: float = 1.0, rows: list[int] | None = None) -> TermMatches:
    return TermMatches(0, text, np.array(articles), np.array(rows or [], np.int64), idf, NONE)


def _names(query: str, *words: str) -> list[bool]:
    terms = [_term(word, [True]) for word in words]
    return list(map(bool, QueryTerms.of(plain_query(query).words, terms, UNDATED).names))


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


def test_without_words_nothing_is_missing() -> None:
    terms = QueryTerms.of((), (), UNDATED)
    assert matches((), EVERYONE).shape == (0, 3)
    assert terms.missing(EVERYONE).tolist() == terms.later(EVERYONE, ROWS).tolist() == [0, 0, 0]


def test_names_count_by_their_idf() -> None:
    words = (
        _term("obus", [True, False, False], idf=1),
        _term("Kim", [True, True, False], idf=3),
        _term("Ghosn", [False, False, True], idf=4),
    )
    terms = QueryTerms(words, np.array([False, True, True]), UNDATED)
    assert matches(words, np.array([2, 0])).tolist() == [[False, True], [False, True], [True, False]]
    assert terms.missing(EVERYONE).tolist() == [0.5, 0.5, 0.375]
    assert terms.missing(np.array([2, 1])).tolist() == [0.375, 0.5]


def test_an_article_of_a_year_lacks_it_not() -> None:
    words = (_term("canicule", [True] * 3), _term("2019", [False, True, False]))
    terms = QueryTerms(words, np.array([False, True]), UNTIL_2020)
    assert terms.missing(EVERYONE).tolist() == [0, 0, 0.5]


def test_a_later_year_is_open_as_far_as_no_passage_holds_it_with_the_other_words() -> None:
    words = (
        _term("climat", [True, True, False], idf=2, rows=[0, 1, 2]),
        _term("horizon", [True, False, True], idf=1, rows=[0, 4]),
        _term("2030", [True, False, True], idf=1, rows=[1, 3]),
    )
    terms = QueryTerms(words, np.array([False, False, True]), UNTIL_2020)
    assert terms.later(EVERYONE, ROWS).tolist() == [0.25, 1, 0.75]  # by the passages 1, none and 3
    assert terms.later(np.array([2]), ROWS).tolist() == [0.75]


@pytest.mark.parametrize("year", ["2020", "2019", "1789", "2024e", "20240", "3000"])
def test_no_other_word_is_a_later_year(year: str) -> None:
    terms = QueryTerms((_term(year, [False] * 3),), np.array([True]), UNTIL_2020)
    assert terms.later(EVERYONE, ROWS).tolist() == [0, 0, 0]


def test_an_archive_without_dates_knows_no_later_year() -> None:
    terms = QueryTerms((_term("2024", [False] * 3),), np.array([True]), UNDATED)
    assert terms.later(EVERYONE, ROWS).tolist() == [0, 0, 0]


@given(st.lists(st.lists(st.integers(0, 4), unique=True).map(sorted), min_size=1, max_size=4))
def test_what_is_open_is_a_share(rows: list[list[int]]) -> None:
    words = [_term("climat", [True] * 3, rows=own) for own in rows]
    words.append(_term("2030", [True] * 3, rows=[0, 2, 4]))
    terms = QueryTerms(tuple(words), np.zeros(len(words), bool), UNTIL_2020)
    later = terms.later(EVERYONE, ROWS)
    held = [sum(row in own for own in rows) for row in (0, 2, 4)]
    assert later.tolist() == pytest.approx([1 - (1 + each) / len(words) for each in held], abs=1e-6)


def test_the_last_year_is_that_of_nearly_all_articles() -> None:
    dates = ["2019-03-01"] * 4000 + ["2020"] * 10 + ["2031-01", "", "hier"]
    years = ArticleYears.of(dates)
    assert years.last == 2020
    assert years.published[[0, 4000, 4010, 4011, 4012]].tolist() == [2019, 2020, 2031, 0, 0]
    assert [years.is_later(year) for year in (None, 2020, 2021)] == [False, False, True]
    assert [year_in(text) for text in ("2024", "999", "20 24", "²024")] == [2024, None, None, None]
