"""Comparisons over time, counted again from the articles themselves."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.local.reader import Generation
from search.query.parser import parse
from search.retrieval.comparison import ComparedPeriod, Comparison, DatedAnswer, compare
from search.retrieval.request import Request
from search.retrieval.timeline import Timeline
from search.text.periods import TimeUnit
from search.types import Copies, Mode
from tests.fakes import engine_of, no_encoder
from tests.press import PRESS

from .requests import request_of

ONE = Request(parse("munitions", date(2026, 11, 30)))
COUNTS = st.dictionaries(st.dates(date(1900, 1, 1), date(1905, 1, 1)).map(str), st.integers(1, 99))


def dated(counts: dict[str, int]) -> DatedAnswer:
    return DatedAnswer(ONE, Timeline(tuple(sorted(counts.items()))), None, None)


def test_every_period_between_the_first_and_the_last_article_is_compared() -> None:
    archive = Timeline((("2018-05", 9), ("2019-01-04", 50), ("2019-03-01", 8), ("2020", 7)))
    comparison = Comparison((dated({"2019-01-04": 5, "2019": 3}), dated({"2019-03": 2, "": 4})), archive)
    assert comparison.periods(TimeUnit.MONTH) == (
        ComparedPeriod("2019-01", (5, 0), 50),
        ComparedPeriod("2019-02", (0, 0), 0),
        ComparedPeriod("2019-03", (0, 2), 8),
    )
    assert comparison.periods(TimeUnit.YEAR) == (ComparedPeriod("2019", (8, 2), 58),)
    shares = [period.per_mille for period in comparison.periods(TimeUnit.MONTH)]
    assert shares == [(100.0, 0.0), (0.0, 0.0), (0.0, 250.0)]


def test_nothing_found_has_no_periods() -> None:
    comparison = Comparison((dated({}), dated({"": 3})), Timeline((("2019", 4),)))
    assert [comparison.periods(unit) for unit in TimeUnit] == [(), (), ()]


@given(COUNTS, COUNTS, st.sampled_from(TimeUnit))
def test_the_periods_add_up_to_each_answer(
    one: dict[str, int], other: dict[str, int], unit: TimeUnit
) -> None:
    comparison = Comparison((dated(one), dated(other)), Timeline())
    compared = comparison.periods(unit)
    assert [sum(period.counts[place] for period in compared) for place in (0, 1)] == [
        *(sum(one.values()), sum(other.values())),
    ]
    assert [period.period for period in compared] == sorted({period.period for period in compared})


@pytest.mark.parametrize("mode", Mode)
def test_two_sources_are_compared_as_they_are_counted_apart(generation: Generation, mode: Mode) -> None:
    engine = engine_of(generation)
    texts = ('munitions source:"Agence Nord"', 'munitions source:"Gazette du Soir"')
    comparison = compare(engine, [request_of(text, mode) for text in texts])
    for text, answer in zip(texts, comparison.answers, strict=True):
        found = [hit.article for hit in engine.search(request_of(text, mode))]
        known = sorted(article.published for article in found if article.published)
        assert answer.timeline.dates == tuple(sorted(Counter(a.published[:10] for a in found).items()))
        assert (answer.first and answer.first.published, answer.last and answer.last.published) == (
            *(known[0], known[-1]),
        )
    assert comparison.archive.total == len(PRESS)


def test_copies_are_folded_in_the_archive_as_in_the_answers(generation: Generation) -> None:
    comparison = compare(engine_of(generation), [Request(parse("munitions", date(2026, 11, 30)))])
    folded = engine_of(generation).timeline(Request(parse("", date(2026, 11, 30)), copies=Copies.FOLDED))
    assert comparison.archive == folded


def test_without_meaning_it_is_said(generation: Generation) -> None:
    (answer,) = compare(engine_of(generation, no_encoder), [request_of("munitions")]).answers
    assert answer.degraded == ("Answered by keywords only: no model here; try another",)
    (undated,) = compare(engine_of(generation), [request_of("inconnu", Mode.KEYWORD)]).answers
    assert (undated.first, undated.last, undated.timeline.total) == (None, None, 0)
