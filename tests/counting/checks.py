"""Checks of counts that hold on every backend; each compares with the articles themselves."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from search.counting.concordance import ConcordanceLine, ConcordanceOrder, Context, concordance, lines_of
from search.counting.cooccurrence import SENTENCE, Cooccurrents, cooccurrents
from search.counting.keyness import Terms, terms
from search.counting.periods import PeriodLength
from search.counting.trends import Bounds, Trends, trends
from search.query.ast import Query
from search.retrieval.engine import Engine
from search.retrieval.request import Request
from search.types import Article, Copies, Mode
from tests.retrieval.requests import request_of

from .slow import by_period, stem_counts

EVERY = Request(Query("", (), None, ""), copies=Copies.LISTED)
QUERIES = (
    "munitions Russie",
    '"obus d’artillerie"',
    "munit* since:2023",
    "source:nord munitions",
    "train OU prix",
)
Counts = tuple[Trends, list[ConcordanceLine], Terms, Cooccurrents]


def check_stem_counts(engine: Engine, articles: Sequence[Article]) -> None:
    """The stems of any articles, by key, are those of their bodies."""
    size = len(articles)
    for mask in (np.ones(size, bool), np.arange(size) % 3 == 1, np.zeros(size, bool)):
        own = [article for article, chosen in zip(articles, mask.tolist(), strict=True) if chosen]
        assert dict(engine.collection.keyword.stem_counts(mask)) == dict(stem_counts(own))


def check_trends(engine: Engine, articles: Sequence[Article], length: PeriodLength, pattern: str) -> None:
    """A period has as many articles as the archive has dates in it, and no period is left out."""
    counted = trends(engine, [EVERY, request_of("munitions")], EVERY, length, Bounds())
    every, some = counted.series
    listed = {period: count for period, count in zip(counted.periods, every.counts, strict=True) if count}
    assert listed == dict(by_period(articles, pattern))
    assert sum(every.counts) + every.undated + every.imprecise == every.total == len(articles)
    assert every.archive == every.counts
    hits = [hit.article for hit in engine.search(request_of("munitions"))]
    own = by_period(hits, pattern)
    assert some.counts == tuple(own[period] for period in counted.periods)


def check_concordance(engine: Engine, query: str) -> None:
    """The lines are those of every article of the answer, in its order, and each can be cited."""
    request = request_of(query)
    context = Context()
    hits = engine.search(request)
    expected = [line for hit in hits for line in lines_of(hit.article, request.query.words, context)]
    lines = list(concordance(engine, request, ConcordanceOrder.RELEVANCE, context))
    assert lines == expected
    by_id = {hit.article.id: hit.article for hit in hits}
    for line in lines:
        text = by_id[line.article_id].title if line.in_title else by_id[line.article_id].body
        assert " ".join(text[line.start : line.end].split()) == line.keyword
    for order in ConcordanceOrder:
        ordered = list(concordance(engine, request, order, context))
        assert Counter(ordered) == Counter(lines)


def every_count(engine: Engine, query: str) -> Counts:
    """All counts of a query, to compare backends by."""
    request = replace(request_of(query, Mode.KEYWORD), copies=Copies.FOLDED)
    return (
        trends(engine, [request], EVERY, PeriodLength.WEEK, Bounds(), by_source=True),
        list(concordance(engine, request, ConcordanceOrder.LEFT, Context(3))),
        terms(engine, request, EVERY, minimum=1),
        cooccurrents(engine, request, SENTENCE, minimum=1),
    )
