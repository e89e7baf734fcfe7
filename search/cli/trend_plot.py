"""Trends as a plot in the terminal."""

from collections.abc import Sequence

from search.cli.language import decimal
from search.counting.trends import Trends

_MARKS = "●×○+■*△#"
_COLOURS = (12, 9, 10, 13, 11, 14, 7, 8)
_LABEL_WIDTH = 14  # cells of an axis that a period takes
_HEIGHT = 18
_TICKS = 4


def mark_of(place: int) -> str:
    """The sign that a series is drawn with."""
    return _MARKS[place % len(_MARKS)]


def trend_plot(trends: Trends, width: int, *, relative: bool, colourless: bool) -> str:
    """The series as lines of signs, in so many cells; each has its own sign. Ends in no line feed."""
    import plotext

    lines = [series.per_mille if relative else series.counts for series in trends.series]
    figure = plotext.figure
    figure.clear()
    figure.theme("colorless" if colourless else "default")
    figure.canvas("default")
    figure.plot_size(width, _HEIGHT)
    for place, line in enumerate(lines):
        signal = figure.signal(list(range(len(line))), list(line), marker=mark_of(place))
        figure.draw(signal.lines())
    _label(figure, trends.periods, lines, width)
    text: str = figure.build().string(colorless=colourless)
    return "\n".join(row.rstrip() for row in text.rstrip("\n").split("\n"))


def _label(figure: object, periods: Sequence[str], lines: Sequence[Sequence[float]], width: int) -> None:
    every = max(1, -(-len(periods) * _LABEL_WIDTH // width))
    places = list(range(0, len(periods), every))
    figure.ruler("x").ticks(places, [periods[place] for place in places])  # type: ignore[attr-defined]
    most = max((max(line, default=0) for line in lines), default=0) or 1
    digits = 0 if most >= _TICKS else 1
    heights = [most * number / _TICKS for number in range(_TICKS + 1)]
    ruler = figure.ruler("y")  # type: ignore[attr-defined]
    ruler.lim(0, most)
    ruler.ticks(heights, [decimal(height, digits) for height in heights])
