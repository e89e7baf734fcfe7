"""What a search says of how sure an article is, whatever page, order or filter it is asked for."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import strategies as st

from search.query.parser import parse
from search.retrieval.engine import Engine
from search.retrieval.relevance import is_sure, relevant
from search.retrieval.request import Request
from search.types import Copies, Mode, Sort

from ..strategies import FUSIONS

TODAY = date(2023, 9, 13)
_WORDS = [
    "munitions",
    "Russie",
    "train",
    "marathon",
    "Moscou",
    "grève",
    "Kim",
    "2023",
    "inconnu",
    "punitions",
]
FILTERS = ["source:nord", "-source:nord", "rubrique:monde", "depuis:2023-09", "avant:2023", "-marathon"]

queries = st.tuples(
    st.lists(st.sampled_from(_WORDS), min_size=1, max_size=4, unique=True).map(" ".join),
    st.sampled_from(["", ", ", " ? "]),
).map("".join)
requests = st.builds(
    Request,
    queries.map(lambda text: parse(text, TODAY)),
    st.sampled_from(Mode),
    st.sampled_from(Sort),
    limit=st.integers(1, 8),
    offset=st.integers(0, 6),
    fusion=FUSIONS,
    copies=st.sampled_from(Copies),
)


def filtered(request: Request, text: str) -> Request:
    """The same request with filters typed after its query."""
    return replace(request, query=parse(f"{request.query.raw} {text}", TODAY))


def check_marks(engine: Engine, request: Request, filters: str) -> None:
    """Assert that the hits of a page are as sure as each is by itself, without a filter."""
    plain = Request(request.query, request.mode)
    for hit in engine.search(filtered(request, filters)).shown:
        alone = engine.hit(plain, hit.article.id)
        assert hit.confidence == pytest.approx(alone.confidence, abs=1e-6)
        assert is_sure(hit) is is_sure(alone)


def check_answer(engine: Engine, request: Request, filters: str) -> None:
    """Assert that the answer is relevant, on each of its pages, where one of its articles is sure.

    A copy counts, folded or not.
    """
    asked = filtered(request, filters)
    whole = engine.search(replace(asked, limit=100, offset=0, copies=Copies.LISTED))
    assert relevant(engine.search(asked)) is any(map(is_sure, whole.shown))
