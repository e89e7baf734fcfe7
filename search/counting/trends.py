"""Trends: how many articles of each answer every period has, absolutely and of the archive."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from search.counting.periods import PeriodLength, period_of, periods_between
from search.retrieval.collection import Collection, Results
from search.retrieval.comparison import per_mille
from search.retrieval.request import Request
from search.retrieval.timeline import Timeline
from search.text.dates import DayRange, partial_date
from search.types import Facet

if TYPE_CHECKING:
    from search.retrieval.engine import Engine


@dataclass(frozen=True, slots=True)
class Series:
    """How many articles an answer has in each period, and how many the archive has there.

    ``source`` is the only one that is counted, ``""`` for all. ``total`` are all articles of the answer;
    ``imprecise`` of them have a date that is less precise than a period, ``undated`` none.
    """

    query: str
    source: str
    counts: tuple[int, ...]
    archive: tuple[int, ...]
    total: int
    imprecise: int
    undated: int

    @property
    def per_mille(self) -> tuple[float, ...]:
        """The counts by thousand articles of the archive; 0 where it has none."""
        return tuple(map(per_mille, self.counts, self.archive))


@dataclass(frozen=True, slots=True)
class Trends:
    """Series over the same periods, which are in order and without a gap.

    ``degraded`` says in words what is missing of an answer.
    """

    length: PeriodLength
    periods: tuple[str, ...]
    series: tuple[Series, ...]
    degraded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bounds:
    """What periods are listed for, from the first to the last; None stands for those of the answers."""

    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class _Counted:
    """The dates of an answer, or of one source in it, and those of the archive that it is part of."""

    query: str
    source: str
    answer: Timeline
    archive: Timeline


def trends(
    engine: "Engine",
    requests: Sequence[Request],
    archive: Request,
    length: PeriodLength,
    bounds: Bounds,
    *,
    by_source: bool = False,
) -> Trends:
    """Count the answers to these requests over time.

    ``archive`` is the request whose results they are compared with: an empty query for all articles. With
    ``by_source`` each answer has a series for each of its sources, those of most articles first; the archive
    is then that of the source. Raises what ``Engine.search`` does.
    """
    answers = [(request.query.raw, engine.results(request)) for request in requests]
    compared = engine.results(archive)
    split = _by_source if by_source else _whole
    counted = [each for query, found in answers for each in split(engine.collection, query, found, compared)]
    listed = _listed([each.answer for each in counted], length, bounds)
    degraded = dict.fromkeys(notice for _, found in answers for notice in found.degraded)
    return Trends(length, listed, tuple(_series(each, listed, length) for each in counted), tuple(degraded))


def _whole(collection: Collection, query: str, answer: Results, compared: Results) -> Iterator[_Counted]:
    timeline = collection.timelines.timeline
    yield _Counted(query, "", timeline(answer.keys), timeline(compared.keys))


def _by_source(collection: Collection, query: str, answer: Results, compared: Results) -> Iterator[_Counted]:
    timeline = collection.timelines.timeline
    for source, _ in collection.counter.counts(Facet.SOURCE, answer.keys):
        of_source = collection.counter.articles_with(Facet.SOURCE, source)
        own, others = (np.intersect1d(of_source, keys) for keys in (answer.keys, compared.keys))
        yield _Counted(query, source, timeline(own), timeline(others))


def _listed(answers: Sequence[Timeline], length: PeriodLength, bounds: Bounds) -> tuple[str, ...]:
    """Every period from the first day to the last, where either is known."""
    days = [day for answer in answers for day, _ in answer.dates if period_of(day, length)]
    first = bounds.first or (partial_date(min(days)).first if days else bounds.last)
    last = bounds.last or (partial_date(max(days)).last if days else bounds.first)
    if first is None or last is None or first > last:
        return ()
    return tuple(periods_between(DayRange(first, last), length))


def _series(counted: _Counted, listed: Sequence[str], length: PeriodLength) -> Series:
    own, archive = (_by_period(timeline, length) for timeline in (counted.answer, counted.archive))
    timeline = counted.answer
    return Series(
        counted.query,
        counted.source,
        tuple(own.get(period, 0) for period in listed),
        tuple(archive.get(period, 0) for period in listed),
        timeline.total,
        sum(count for day, count in timeline.dates if day and not period_of(day, length)),
        timeline.undated,
    )


def _by_period(timeline: Timeline, length: PeriodLength) -> Mapping[str, int]:
    counts: Counter[str] = Counter()
    for day, count in timeline.dates:
        counts[period_of(day, length)] += count
    return counts
