"""Trends as an SVG image: lines on labelled axes, with a title, a description and a legend."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from search.counting.trends import Series, Trends
from search.text.sanitize import flat

# Okabe and Ito, "Color universal design", 2008: colour-blind readers tell them apart, also by the dashes.
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000")
_DASHES = ("", "8 3", "2 3", "10 3 2 3", "5 5", "12 4", "1 4")
_WIDTH, _HEIGHT = 960, 540
_LEFT, _RIGHT, _TOP, _BOTTOM = 80, 24, 56, 64
_LEGEND_LINE = 22
_X_LABELS = 12
_Y_LABELS = 5
_STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True, slots=True)
class ChartTexts:
    """The words of a chart, in the language of its reader."""

    title: str
    description: str
    y_axis: str
    names: tuple[str, ...]


def trend_svg(trends: Trends, texts: ChartTexts, *, relative: bool) -> str:
    """The image as a document; ``names`` of the texts are those of the series, in order.

    ``relative`` draws the shares by thousand articles of the archive. A series has its own colour and its
    own dashes. Ends in a line feed.
    """
    lines = [series.per_mille if relative else series.counts for series in trends.series]
    top = _round_up(max((max(line, default=0) for line in lines), default=0))
    height = _HEIGHT + _LEGEND_LINE * len(lines)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
        'aria-labelledby="title desc" font-family="sans-serif" font-size="14">',
        f'<title id="title">{_text(texts.title)}</title>',
        f'<desc id="desc">{_text(texts.description)}</desc>',
        f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="{_LEFT}" y="28" font-size="18" font-weight="bold">{_text(texts.title)}</text>',
        *_y_axis(top, texts.y_axis),
        *_x_axis(trends.periods),
        *(_line(place, line, top) for place, line in enumerate(lines)),
        *_legend(texts.names),
        "</svg>\n",
    ]
    return "\n".join(parts)


def described(series: Sequence[Series], names: Sequence[str]) -> Iterator[str]:
    """For each series its name and its total, for who hears the chart."""
    return (f"{name}: {each.total}" for name, each in zip(names, series, strict=True))


def _text(text: str) -> str:
    return escape(flat(text))


def _round_up(most: float) -> float:
    """The smallest round number that is not below the highest value."""
    power = 1.0
    while power * 10 < most:
        power *= 10
    while most and power > most:
        power /= 10
    return next((step * power for step in _STEPS if step * power >= most), 10 * power)


def _x(place: int, count: int) -> float:
    room = _WIDTH - _LEFT - _RIGHT
    return round(_LEFT + room * (place + 0.5) / count, 1)


def _y(value: float, top: float) -> float:
    return round(_HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * value / top, 1)


def _y_axis(top: float, label: str) -> Iterator[str]:
    for number in range(_Y_LABELS + 1):
        value = top * number / _Y_LABELS
        y = _y(value, top)
        yield f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y}" y2="{y}" stroke="#d0d0d0"/>'
        yield f'<text x="{_LEFT - 8}" y="{y + 5}" text-anchor="end">{value:g}</text>'
    yield f'<text x="{_LEFT}" y="48" fill="#404040">{_text(label)}</text>'


def _x_axis(periods: Sequence[str]) -> Iterator[str]:
    every = max(1, -(-len(periods) // _X_LABELS))
    y = _HEIGHT - _BOTTOM + 22
    for place in range(0, len(periods), every):
        x = _x(place, len(periods))
        yield f'<line x1="{x}" x2="{x}" y1="{_HEIGHT - _BOTTOM}" y2="{y - 15}" stroke="#404040"/>'
        yield f'<text x="{x}" y="{y}" text-anchor="middle">{periods[place]}</text>'


def _line(place: int, values: Sequence[float], top: float) -> str:
    points = " ".join(f"{_x(each, len(values))},{_y(value, top)}" for each, value in enumerate(values))
    if len(values) == 1:  # a line of one point is not drawn
        x, y = points.split(",")
        return f'<circle cx="{x}" cy="{y}" r="4" fill="{_COLOURS[place % len(_COLOURS)]}"/>'
    return f'<polyline points="{points}" fill="none" stroke-width="2.5" {_stroke(place)}/>'


def _stroke(place: int) -> str:
    dashes = _DASHES[place % len(_DASHES)]
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'stroke="{_COLOURS[place % len(_COLOURS)]}"{dashed}'


def _legend(names: Sequence[str]) -> Iterator[str]:
    for place, name in enumerate(names):
        y = _HEIGHT - 8 + _LEGEND_LINE * place
        yield f'<line x1="{_LEFT}" x2="{_LEFT + 44}" y1="{y}" y2="{y}" stroke-width="2.5" {_stroke(place)}/>'
        yield f'<text x="{_LEFT + 54}" y="{y + 5}">{_text(name)}</text>'
