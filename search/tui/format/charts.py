"""Charts made of characters, which need no colour."""

from collections.abc import Sequence
from dataclasses import dataclass

from search.types import Contribution, Leg

_FULL = "▇"
_STEPS = "▁▂▃▄▅▆▇"
_BAR_CELLS = 5
_LINE, _HALF_LINE = "━", "╸"
_MONTHS = 12
KEYWORD_LEGS = (Leg.KEYWORD, Leg.PASSAGE, Leg.COVERAGE, Leg.EXPANSION, Leg.LITERAL)
SEMANTIC_LEGS = (Leg.SEMANTIC, Leg.NEIGHBOURS, Leg.FEEDBACK)


@dataclass(frozen=True, slots=True)
class Histogram:
    """A line of columns and a line of years, each year under its first column.

    A column stands for ``months`` months.
    """

    columns: str
    years: str
    months: int


def meter(amount: float, most: float, width: int) -> str:
    """A bar for ``amount``; ``most`` fills ``width`` cells. An amount above 0 fills at least one."""
    if amount <= 0 or most <= 0:
        return ""
    return _FULL * max(1, min(width, round(width * amount / most)))


def score_bars(contributions: Sequence[Contribution], best: float, signs: Sequence[str]) -> str:
    """A bar for the keyword legs and one for the semantic legs, to the scale of the best score.

    ``signs`` stand before the bars. All bars are equally wide, so that those of a list stand in columns.
    Articles that are near in meaning count as a semantic leg.
    """
    if not contributions:
        return ""
    sums = (
        sum(part.points for part in contributions if part.leg in legs)
        for legs in (KEYWORD_LEGS, SEMANTIC_LEGS)
    )
    return " ".join(sign + _bar(amount, best) for sign, amount in zip(signs, sums, strict=True))


def _bar(amount: float, most: float) -> str:
    """A thin bar in steps of half a cell; an amount above 0 fills at least one step."""
    if amount <= 0 or most <= 0:
        return " " * _BAR_CELLS
    cells, half = divmod(max(1, min(2 * _BAR_CELLS, round(2 * _BAR_CELLS * amount / most))), 2)
    return (_LINE * cells + _HALF_LINE * half).ljust(_BAR_CELLS)


def histogram(counts: Sequence[tuple[str, int]], width: int) -> Histogram:
    """Counts by month (``YYYY-MM``), from the first month to the last, in at most ``width`` columns.

    A month without articles is an empty column. Several months share a column when there is not enough
    room for all.
    """
    by_month = {_ordinal(month): count for month, count in counts if "-" in month}
    if not by_month or width < 1:
        return Histogram("", "", 1)
    first, last = min(by_month), max(by_month)
    share = -(-(last - first + 1) // width)
    columns = [
        sum(by_month.get(month, 0) for month in range(start, start + share))
        for start in range(first, last + 1, share)
    ]
    most = max(columns)
    return Histogram(
        "".join(_column(count, most) for count in columns), _years(first, last, share, width), share
    )


def _column(count: int, most: int) -> str:
    return _STEPS[round((len(_STEPS) - 1) * count / most)] if count else " "


def _years(first: int, last: int, share: int, width: int) -> str:
    """Years under their January where there is room; the first year unless it would hide the next."""
    years = range(first // _MONTHS, last // _MONTHS + 1)
    labels = [(max(0, year * _MONTHS - first) // share, str(year)) for year in years]
    if len(labels) > 1 and labels[1][0] <= len(labels[0][1]) and first % _MONTHS:
        del labels[0]
    line = ""
    for column, year in labels:
        if (not line or column > len(line)) and column + len(year) <= width:
            line = line.ljust(column) + year
    return line


def _ordinal(month: str) -> int:
    """The number of months since the year 0."""
    year, _, number = month.partition("-")
    return int(year) * _MONTHS + int(number) - 1
