from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import QueryParams

from search.types import Copies, Mode, Sort
from search.web.pages.state import ArticleState, SearchState, article_state, search_state

SEARCHES = st.builds(
    SearchState,
    query=st.text(),
    mode=st.sampled_from(Mode),
    sort=st.sampled_from(Sort),
    copies=st.sampled_from(Copies),
    offset=st.integers(0, 10**9),
)
ARTICLES = st.builds(
    ArticleState,
    article_id=st.text(min_size=1),
    search=SEARCHES.map(lambda state: replace(state, offset=0)),
    place=st.none() | st.integers(0, 10**9),
)


def parameters_of(address: str) -> QueryParams:
    """The parameters that a server reads from an address."""
    return QueryParams(urlsplit(address).query)


@given(SEARCHES)
def test_the_address_of_a_search_gives_the_search_back(state: SearchState) -> None:
    assert state.address.isascii()
    assert urlsplit(state.address)[:3] == ("", "", "/search")
    assert search_state(parameters_of(state.address), Mode.HYBRID) == state


@given(ARTICLES)
def test_the_address_of_an_article_gives_it_back_with_its_search(state: ArticleState) -> None:
    assert article_state(parameters_of(state.address), Mode.HYBRID) == state
    assert parse_qs(urlsplit(state.address).query)["id"] == [state.article_id]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("", SearchState(mode=Mode.KEYWORD)),
        ("q=a&mode=hybrid", SearchState("a", Mode.HYBRID)),
        ("q=a&mode=nonsense&sort=x&copies=y&offset=-4", SearchState("a", Mode.KEYWORD)),
        ("q=a&offset=٣", SearchState("a", Mode.KEYWORD)),
        (f"q=a&offset={'9' * 5000}", SearchState("a", Mode.KEYWORD)),
        ("q=a&offset=9999999999", SearchState("a", Mode.KEYWORD, offset=10**9)),
    ],
)
def test_what_makes_no_sense_has_its_default(written: str, read: SearchState) -> None:
    assert search_state(QueryParams(written), Mode.KEYWORD) == read


def test_a_place_lies_on_its_page() -> None:
    state = SearchState("a", offset=7)
    assert [state.page_with(place).offset for place in (0, 19, 20, 45)] == [0, 0, 20, 40]
