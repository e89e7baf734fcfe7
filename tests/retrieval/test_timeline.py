"""The dates of results, counted again from the articles themselves."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.local.reader import Generation
from search.query.ast import Query
from search.query.filters import filter_of_days, with_filter
from search.retrieval.engine import Engine
from search.retrieval.request import Request
from search.retrieval.timeline import Timeline
from search.text.dates import partial_date
from search.text.periods import TimeUnit, period_days
from search.types import Copies, Mode
from tests.fakes import engine_of
from tests.press import PRESS

from .requests import request_of

DATES = st.one_of(
    st.just(""),
    st.dates(date(1776, 1, 1), date(2030, 12, 31)).flatmap(
        lambda day: st.sampled_from([str(day), str(day)[:7], str(day)[:4]])
    ),
)


@pytest.fixture
def engine(generation: Generation) -> Engine:
    return engine_of(generation)


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("text", ["munitions Russie", "munitions date:2023-09", "-Ukraine", "inconnu"])
def test_the_dates_are_those_of_the_results(engine: Engine, text: str, mode: Mode) -> None:
    request = request_of(text, mode)
    published = Counter(hit.article.published[:10] for hit in engine.search(request))
    assert engine.timeline(request).dates == tuple(sorted(published.items()))


def test_copies_count_as_the_facets_count_them(engine: Engine) -> None:
    for copies in Copies:
        request = Request(request_of("munitions").query, copies=copies)
        timeline = engine.timeline(request)
        assert timeline.total == engine.search(request).total


def test_an_empty_query_stands_for_the_archive(engine: Engine) -> None:
    whole = engine.timeline(Request(Query("", (), None, ""), copies=Copies.LISTED))
    assert whole.dates == tuple(sorted(Counter(article.published[:10] for article in PRESS).items()))
    assert (whole.total, whole.undated) == (len(PRESS), sum(not article.published for article in PRESS))


def test_articles_count_for_each_unit_that_their_date_is_precise_enough_for() -> None:
    timeline = Timeline(
        (("", 4), ("2019", 1), ("2019-12", 2), ("2019-12-31", 3), ("2020-01-01", 5), ("2020-01-02", 6))
    )
    assert timeline.counts(TimeUnit.YEAR) == (("2019", 6), ("2020", 11))
    assert timeline.counts(TimeUnit.MONTH) == (("2019-12", 5), ("2020-01", 11))
    assert timeline.counts(TimeUnit.DAY) == (("2019-12-31", 3), ("2020-01-01", 5), ("2020-01-02", 6))
    assert [timeline.imprecise(unit) for unit in TimeUnit] == [0, 1, 3]
    assert timeline.within(period_days("2019-12", "2020-01-01")).dates == (
        *(("2019-12", 2), ("2019-12-31", 3), ("2020-01-01", 5)),
    )


@given(st.dictionaries(DATES, st.integers(1, 99)), st.sampled_from(TimeUnit))
def test_every_article_is_counted_once_by_each_unit(counts: dict[str, int], unit: TimeUnit) -> None:
    timeline = Timeline(tuple(sorted(counts.items())))
    counted = timeline.counts(unit)
    assert list(counted) == sorted(counted)
    assert timeline.total == sum(count for _, count in counted) + timeline.imprecise(unit) + timeline.undated


@given(st.dictionaries(DATES, st.integers(1, 99)), DATES.filter(bool), DATES.filter(bool))
def test_what_lies_within_days_begins_and_ends_there(counts: dict[str, int], one: str, other: str) -> None:
    timeline = Timeline(tuple(sorted(counts.items())))
    days = period_days(*sorted([one, other], key=lambda day: partial_date(day).first))
    expected = [
        (day, count)
        for day, count in timeline.dates
        if day and days.first <= partial_date(day).first and partial_date(day).last <= days.last
    ]
    assert list(timeline.within(days).dates) == expected


@pytest.mark.parametrize("unit", TimeUnit)
def test_the_filter_of_a_period_selects_what_was_counted(engine: Engine, unit: TimeUnit) -> None:
    """Articles of which less is known than the period may be of it, so that the filter selects them too."""
    request = request_of("munitions Russie", Mode.KEYWORD)
    timeline = engine.timeline(request)
    for period, count in timeline.counts(unit):
        filtered = with_filter(request.query, filter_of_days(period_days(period, period)))
        vague = sum(
            amount for day, amount in timeline.dates if 0 < len(day) < len(period) and period.startswith(day)
        )
        assert engine.search(Request(filtered, Mode.KEYWORD, copies=Copies.LISTED)).total == count + vague
