"""How sure an article is depends on the query, the article and the archive alone."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.retrieval.engine import Engine
from search.retrieval.request import Request
from tests.fakes import engine_over
from tests.press import PRESS

from .marks import FILTERS, check_answer, check_marks, requests

COPY = replace(PRESS[0], id="copie", title="Des obus livrés", published="2023-09-13")
filters = st.lists(st.sampled_from(FILTERS), max_size=2).map(" ".join)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with engine_over(tmp_path_factory.mktemp("marks") / "index", (*PRESS, COPY)) as opened:
        yield opened


@given(requests, filters)
def test_the_mark_of_an_article_is_the_same_on_every_page(
    engine: Engine, request_: Request, filtering: str
) -> None:
    check_marks(engine, request_, filtering)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(requests, filters)
def test_so_it_is_where_the_legs_retrieve_few(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, request_: Request, filtering: str
) -> None:
    monkeypatch.setattr("search.retrieval.retriever.DEPTH", 2)
    check_marks(engine, request_, filtering)


@given(requests, filters)
def test_an_answer_is_relevant_where_one_of_its_articles_is(
    engine: Engine, request_: Request, filtering: str
) -> None:
    check_answer(engine, request_, filtering)
