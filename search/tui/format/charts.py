"""Numbers as bars of characters, readable without colour: pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from search.types import Contribution, Leg

_FULL = "▇"
_STEPS = "▁▂▃▄▅▆▇"
_LONGEST = 8  # cells for the score of the best result, both legs together
_MONTHS = 12
_WORDS = (Leg.KEYWORD, Leg.PASSAGE, Leg.LITERAL)
_MEANING = (Leg.SEMANTIC, Leg.NEIGHBOURS)


@dataclass(frozen=True, slots=True)
class Histogram:
    """A line of columns and a line of years, each under the column where it begins.

    A column stands for ``months`` months.
    """

    columns: str
    years: str
    months: int


def meter(amount: float, most: float, width: int) -> str:
    """A bar for ``amount`` where ``most`` fills ``width`` cells; any amount above 0 is seen."""
    if amount <= 0 or most <= 0:
        return ""
    return _FULL * max(1, min(width, round(width * amount / most)))


def two_part(contributions: Sequence[Contribution], best: float) -> str:
    """What keywords (K) and meaning (S) add to a score, to the scale of the best score.

    What articles near in meaning add is counted to meaning.
    """
    if not contributions:
        return ""
    keyword = sum(part.points for part in contributions if part.leg in _WORDS)
    semantic = sum(part.points for part in contributions if part.leg in _MEANING)
    return f"K{meter(keyword, best, _LONGEST)} S{meter(semantic, best, _LONGEST)}"


def histogram(counts: Sequence[tuple[str, int]], width: int) -> Histogram:
    """Counts by month (``YYYY-MM``), from the first month to the last, in at most ``width`` columns.

    A month without articles is an empty column; months share a column when they are too many.
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
    """Years under their January where there is room, the first one if that does not hide the next."""
    years = range(first // _MONTHS, last // _MONTHS + 1)
    places = [(max(0, year * _MONTHS - first) // share, str(year)) for year in years]
    if len(places) > 1 and places[1][0] <= len(places[0][1]) and first % _MONTHS:
        del places[0]
    line = ""
    for column, year in places:
        if (not line or column > len(line)) and column + len(year) <= width:
            line = line.ljust(column) + year
    return line


def _ordinal(month: str) -> int:
    """Months since the year 0."""
    year, _, number = month.partition("-")
    return int(year) * _MONTHS + int(number) - 1
