"""The columns of a histogram over time: which periods each has, and how they are drawn."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from search.retrieval.timeline import Timeline
from search.text.dates import DayRange
from search.text.periods import TimeUnit, period_count, period_days, periods

_SHARES = {  # how many periods share a column where there is no room for one each
    TimeUnit.YEAR: (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000),
    TimeUnit.MONTH: (1, 2, 3, 6, 12),
    TimeUnit.DAY: (1, 2, 3, 5, 7, 10, 15, 31),
}
_BLOCKS = " ▁▂▃▄▅▆▇█"
_EIGHTHS = len(_BLOCKS) - 1
_WITH_GAP = 3  # cells from which columns are drawn apart from each other, and all equally wide


@dataclass(frozen=True, slots=True)
class Column:
    """The articles of one period, or of ``share`` ones from ``first`` to ``last``."""

    first: str
    last: str
    count: int

    share: int = 1

    @property
    def days(self) -> DayRange:
        """The days of its periods."""
        return period_days(self.first, self.last)

    def overlaps(self, other: "Column") -> bool:
        """Whether two columns have a day in common."""
        return self.days.first <= other.days.last and other.days.first <= self.days.last


def finest_unit(timeline: Timeline, most: int) -> TimeUnit:
    """The finest unit that divides the articles into at most so many periods.

    A unit that is finer than the dates of most articles is not taken.
    """
    for unit in (TimeUnit.DAY, TimeUnit.MONTH):
        days = timeline.span(unit)
        if days is not None and period_count(unit, days) <= most:
            imprecise = timeline.imprecise(unit)
            if imprecise <= timeline.total - timeline.undated - imprecise:
                return unit
    return TimeUnit.YEAR


def columns_of(
    timeline: Timeline, unit: TimeUnit, most: int, days: DayRange | None = None
) -> tuple[Column, ...]:
    """At most so many columns, in order, with every period of these days; without days, of all articles.

    Several periods share a column where there are more of them than columns.
    """
    counts = dict(timeline.counts(unit))
    days = days or timeline.span(unit)
    if days is None or most < 1:
        return ()
    names = list(periods(unit, days))
    return tuple(
        Column(group[0], group[-1], sum(counts.get(name, 0) for name in group), len(group))
        for group in _shared(names, unit, most)
    )


def spans(columns: int, width: int) -> tuple[range, ...]:
    """The cells of each of so many columns, which together take the whole width."""
    edges = [width * number // columns for number in range(columns + 1)]
    return tuple(range(start, end) for start, end in pairwise(edges))


def bars(amounts: Sequence[float], most: float, width: int, height: int) -> list[str]:
    """Lines of blocks, the top one first; ``most`` fills the height, and an amount above 0 shows."""
    if not amounts:
        return [" " * width] * height
    cells = spans(len(amounts), width)
    narrowest = min(map(len, cells))
    wide = narrowest - 1 if narrowest >= _WITH_GAP else 0
    heights = [_eighths(amount, most, height) for amount in amounts]
    return [
        "".join(
            (_BLOCKS[max(0, min(_EIGHTHS, filled - _EIGHTHS * line))] * (wide or len(span))).ljust(len(span))
            for filled, span in zip(heights, cells, strict=True)
        )
        for line in reversed(range(height))
    ]


def _eighths(amount: float, most: float, height: int) -> int:
    if amount <= 0 or most <= 0:
        return 0
    return max(1, min(height * _EIGHTHS, round(height * _EIGHTHS * amount / most)))


def _shared(names: Sequence[str], unit: TimeUnit, most: int) -> Iterator[Sequence[str]]:
    """The periods in groups. Years begin with round ones, and months with quarters."""
    for share in _SHARES[unit]:
        edges = _edges(names, unit, share)
        if len(edges) - 1 <= most:
            break
    else:
        share = -(-len(names) // most)
        edges = [*range(0, len(names), share), len(names)]
    for start, end in pairwise(edges):
        yield names[start:end]


def _edges(names: Sequence[str], unit: TimeUnit, share: int) -> list[int]:
    """Where groups of so many periods begin, and the end."""
    match unit:
        case TimeUnit.YEAR:
            before = int(names[0])
        case TimeUnit.MONTH:
            before = int(names[0][-2:]) - 1
        case TimeUnit.DAY:
            before = 0
    return [0, *range(share - before % share, len(names), share), len(names)]
