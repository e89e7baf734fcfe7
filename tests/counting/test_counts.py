"""Counts over the press of the tests, beside slow counts of the articles themselves."""

import pytest

from search.counting.periods import PeriodLength
from search.local.reader import Generation
from search.retrieval.engine import Engine
from search.types import Article
from tests.fakes import engine_of

from .checks import QUERIES, check_concordance, check_stem_counts, check_trends


@pytest.fixture
def engine(generation: Generation) -> Engine:
    return engine_of(generation)


def articles_of(engine: Engine) -> list[Article]:
    store = engine.collection.store
    return store.articles(range(len(store.first_rows)))


def test_stems_are_counted_as_the_texts_have_them(engine: Engine) -> None:
    check_stem_counts(engine, articles_of(engine))


@pytest.mark.parametrize(
    ("length", "pattern"), [(PeriodLength.DAY, "%Y-%m-%d"), (PeriodLength.WEEK, "%G-W%V")]
)
def test_trends_count_every_date(engine: Engine, length: PeriodLength, pattern: str) -> None:
    check_trends(engine, articles_of(engine), length, pattern)


@pytest.mark.parametrize("query", QUERIES)
def test_a_concordance_has_every_occurrence(engine: Engine, query: str) -> None:
    check_concordance(engine, query)
