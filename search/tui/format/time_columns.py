"""The columns of a histogram over time: which periods each has, how they are drawn, and their labels."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from search.retrieval.timeline import Timeline
from search.text.dates import DayRange
from search.text.periods import TimeUnit, period_count, period_days, periods
from search.tui.format.dates import month_label
from search.tui.i18n import Texts

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


@dataclass(frozen=True, slots=True)
class Label:
    """A text that begins below a cell."""

    cell: int
    text: str


def finest_unit(timeline: Timeline, most: int) -> TimeUnit:
    """The finest unit that divides the articles into at most so many periods.

    A unit that is finer than the dates of most articles is not taken.
    """
    for unit in (TimeUnit.DAY, TimeUnit.MONTH):
        counts = timeline.counts(unit)
        precise = sum(count for _, count in counts)
        if precise and precise >= timeline.imprecise(unit):
            days = period_days(counts[0][0], counts[-1][0])
            if period_count(unit, days) <= most:
                return unit
    return TimeUnit.YEAR


def columns_of(
    timeline: Timeline, unit: TimeUnit, most: int, days: DayRange | None = None
) -> tuple[Column, ...]:
    """At most so many columns, in order, with every period of these days; without days, of all articles.

    Several periods share a column where there are more of them than columns.
    """
    counts = dict(timeline.counts(unit))
    if days is None and counts:
        days = period_days(min(counts), max(counts))
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


def labels(columns: Sequence[Column], width: int, texts: Texts) -> tuple[Label, ...]:
    """The labels below the columns, in order: round years first, then every period where there is room."""
    if not columns:
        return ()
    starts = [span.start for span in spans(len(columns), width)]
    placed: list[Label] = []
    for names in _label_levels([column.first for column in columns], texts):
        offered = [Label(start, name) for start, name in zip(starts, names, strict=True) if name]
        placed += _fitting(offered, placed, width)
    return tuple(sorted(placed, key=lambda label: label.cell))


def label_line(placed: Sequence[Label], width: int) -> str:
    """The labels in one line."""
    line = ""
    for label in placed:
        line = line.ljust(label.cell) + label.text
    return line.ljust(width)


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


def _label_levels(firsts: Sequence[str], texts: Texts) -> Iterator[list[str]]:
    """By column its label or ``""``, for one level of labels after the other."""
    unit = len(firsts[0])
    years = _where_it_changes([first[: TimeUnit.YEAR.precision] for first in firsts])
    months = _where_it_changes([first[: TimeUnit.MONTH.precision] for first in firsts])
    several_years, several_months = sum(map(bool, years)) > 1, sum(map(bool, months)) > 1
    if unit == TimeUnit.YEAR.precision or several_years:
        for step in (100, 50, 10, 5, 1):
            yield [year if year and int(year) % step == 0 else "" for year in years]
    if unit == TimeUnit.MONTH.precision or (unit > TimeUnit.MONTH.precision and several_months):
        for step in (1,) if several_years else (6, 3, 1):  # "juil. 2020" would read as a date
            yield [
                month_label(month, texts) if month and int(month[-2:]) % step == 1 % step else ""
                for month in months
            ]
    if unit == TimeUnit.DAY.precision:
        numbers = [int(first[-2:]) for first in firsts]
        for step in (10, 5, 1):
            yield [str(number) if number % step == 0 else "" for number in numbers]


def _where_it_changes(names: Sequence[str]) -> list[str]:
    return [name if name != before else "" for before, name in pairwise(["", *names])]


def _fitting(offered: Sequence[Label], placed: Sequence[Label], width: int) -> list[Label]:
    """These labels where no other begins, if all have room; the first may give way to the next."""
    taken = {label.cell for label in placed}
    new = [label for label in offered if label.cell not in taken and label.cell + len(label.text) <= width]
    for candidates in (new, new[1:]):
        line = sorted([*placed, *candidates], key=lambda label: label.cell)
        if all(before.cell + len(before.text) < after.cell for before, after in pairwise(line)):
            return list(candidates)
    return []
