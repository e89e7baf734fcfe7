"""Answers compared over time: how many articles each has in every period, absolutely and of the archive."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from search.query.ast import Query
from search.retrieval.request import Request
from search.retrieval.timeline import Timeline
from search.text.dates import DayRange
from search.text.periods import TimeUnit, periods
from search.types import Article, Sort

if TYPE_CHECKING:
    from search.retrieval.engine import Engine

PER_MILLE = 1000
"""Articles that shares of the archive are counted by."""


@dataclass(frozen=True, slots=True)
class DatedAnswer:
    """All results of a request by their dates, with the earliest and the latest of those that have one.

    Both are None where no result has a date. ``degraded`` says in words what part of the answer is missing.
    """

    request: Request
    timeline: Timeline
    first: Article | None
    last: Article | None
    degraded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ComparedPeriod:
    """How many articles each answer has in a period, in the order of the answers, and how many there are."""

    period: str
    counts: tuple[int, ...]
    archive: int

    @property
    def per_mille(self) -> tuple[float, ...]:
        """The counts by thousand articles of the archive; 0 where it has none."""
        return tuple(per_mille(count, self.archive) for count in self.counts)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Answers over time, and the archive that they are part of."""

    answers: tuple[DatedAnswer, ...]
    archive: Timeline

    @property
    def union(self) -> Timeline:
        """The dates of all answers; an article of several of them counts several times."""
        counts: Counter[str] = Counter()
        for answer in self.answers:
            counts.update(dict(answer.timeline.dates))
        return Timeline(tuple(sorted(counts.items())))

    def days(self, unit: TimeUnit) -> DayRange | None:
        """The days from the first period of an article to the last; None without any."""
        return self.union.span(unit)

    def periods(self, unit: TimeUnit) -> tuple[ComparedPeriod, ...]:
        """Every period from the first article of an answer to the last, those without articles too."""
        days = self.days(unit)
        counts = [dict(answer.timeline.counts(unit)) for answer in self.answers]
        archive = dict(self.archive.counts(unit))
        return tuple(
            ComparedPeriod(period, tuple(each.get(period, 0) for each in counts), archive.get(period, 0))
            for period in (periods(unit, days) if days else ())
        )


def compare(engine: "Engine", requests: Sequence[Request]) -> Comparison:
    """The answers to these requests over time, all copies folded or listed as the first one asks.

    Raises what ``Engine.search`` does.
    """
    archive = Request(Query("", (), None, ""), copies=requests[0].copies)
    return Comparison(tuple(_dated(engine, each) for each in requests), engine.timeline(archive))


def per_mille(count: int, total: int) -> float:
    """How many of a thousand; 0 of none."""
    return PER_MILLE * count / total if total else 0.0


def _dated(engine: "Engine", request: Request) -> DatedAnswer:
    oldest, newest = (
        engine.search(replace(request, sort=sort, limit=1, offset=0)) for sort in (Sort.OLDEST, Sort.DATE)
    )
    first, last = (
        next((hit.article for hit in hits if hit.article.published), None) for hits in (oldest, newest)
    )
    return DatedAnswer(request, engine.timeline(request), first, last, newest.degraded)
