"""``depeche trends``: how many articles of several queries every period has."""

import shutil
import sys
from dataclasses import replace
from typing import Any

import click

from search.cli.answer_options import counting_of, counting_options
from search.cli.counting import engine_for, report_all, write_columns
from search.cli.help_text import LocalizedArgument, LocalizedCommand, epilog
from search.cli.language import decimal, number, plural, translate
from search.cli.options import NOTHING_FOUND, report, today
from search.cli.output import write_json
from search.cli.trend_plot import mark_of, trend_plot
from search.counting.documents import trends_document
from search.counting.periods import PeriodLength
from search.counting.tables import csv_lines, trend_rows
from search.counting.trend_svg import ChartTexts, described, trend_svg
from search.counting.trends import Bounds, Series, Trends, trends
from search.query.options import before, since
from search.text.sanitize import clean, flat, printable

_DRAWN = 8  # series of most articles in a table or a plot
_WIDTHS = 40, 200


@click.command(
    "trends",
    cls=LocalizedCommand,
    short_help="Count the articles of queries over time.",
    epilog=epilog(
        """\
depeche trends grève retraites
depeche trends "grève SNCF" --by week --since 2019-11 --format plot
depeche trends inflation --by-source --relative
depeche trends climat nucléaire --by year --format csv > trends.csv
depeche trends climat --format svg > climat.svg""",
        *(0, 1, 2, 4, 5, 7, 130),
    ),
)
@click.argument("queries", cls=LocalizedArgument, nargs=-1, required=True, metavar="QUERY…")
@click.option(
    "--by",
    "length",
    type=click.Choice([length.value for length in PeriodLength]),
    default=PeriodLength.MONTH.value,
    help="Length of a period; weeks are ISO weeks. Default: month.",
)
@click.option("--relative", is_flag=True, help="Show how many of a thousand articles of the archive.")
@click.option("--by-source", is_flag=True, help="Count each source by itself.")
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["text", "plot", "svg", "csv", "json"]),
    default="text",
    help="Output format. Default: text.",
)
@counting_options
def trends_command(queries: tuple[str, ...], format_name: str, length: str, **options: Any) -> None:  # noqa: ANN401
    """Count the articles of each QUERY in every day, week, month or year.

    Each query is one argument: put quotes around several words. Periods without an article are there too.
    The archive is that of the articles that meet the filters; csv and json always have both numbers.
    """
    counting = counting_of(options)
    bounds = _bounds(options)
    with engine_for(counting) as (engine, asked):
        requests = [asked.asking(query) for query in queries]
        counted = trends(
            engine, requests, asked.archive, PeriodLength(length), bounds, by_source=options["by_source"]
        )
    _write(counted, format_name, relative=options["relative"])
    report_all(counted.degraded)
    _report_undated(counted)
    if not any(series.total for series in counted.series):
        raise click.exceptions.Exit(NOTHING_FOUND)


def _bounds(options: dict[str, Any]) -> Bounds:
    first = since(options["since"], today()).first if options["since"] else None
    last = before(options["before"], today()).last if options["before"] else None
    return Bounds(first, last)


def _write(counted: Trends, format_name: str, *, relative: bool) -> None:
    match format_name:
        case "json":
            write_json(trends_document(counted))
        case "csv":
            for line in csv_lines(trend_rows(counted)):
                click.echo(line.encode(), nl=False)
        case "svg":
            drawn = _main(counted)
            click.echo(
                trend_svg(drawn, _chart_texts(drawn, relative=relative), relative=relative).encode(), nl=False
            )
        case "plot":
            _write_plot(_main(counted), relative=relative)
        case _:
            _write_table(_main(counted), relative=relative)


def _main(counted: Trends) -> Trends:
    """The series of most articles, as many as can be told apart; the others are reported."""
    ordered = sorted(counted.series, key=lambda series: -series.total)[:_DRAWN]
    shown = [series for series in counted.series if series in ordered][:_DRAWN]
    if left := len(counted.series) - len(shown):
        report(
            plural(
                "{} more series is not shown; --format csv has all",
                "{} more series are not shown; --format csv has all",
                left,
            )
        )
    return replace(counted, series=tuple(shown))


def _name(series: Series, counted: Trends) -> str:
    """The query; with sources the source too, or alone where there is one query."""
    if not any(each.source for each in counted.series):
        return series.query
    source = series.source or translate("(unknown)")
    several = len({each.query for each in counted.series}) > 1
    return f"{series.query} · {source}" if several else source


def _write_table(counted: Trends, *, relative: bool) -> None:
    titles = [translate("period"), *(_name(series, counted) for series in counted.series)]
    lines = [
        [_share(value) for value in series.per_mille] if relative else list(map(number, series.counts))
        for series in counted.series
    ]
    rows = [list(row) for row in zip(counted.periods, *lines, strict=True)]
    if not relative:
        rows.append([translate("total"), *(number(series.total) for series in counted.series)])
    write_columns(rows, titles)


def _share(value: float) -> str:
    return f"{decimal(value, 1)} ‰"


def _write_plot(counted: Trends, *, relative: bool) -> None:
    if not counted.periods:
        return
    narrowest, widest = _WIDTHS
    width = max(narrowest, min(widest, shutil.get_terminal_size().columns))
    click.echo(_axis(relative=relative))
    click.echo(trend_plot(counted, width, relative=relative, colourless=not sys.stdout.isatty()))
    for place, series in enumerate(counted.series):
        articles = plural("{} article", "{} articles", series.total)
        click.echo(f"{mark_of(place)} {flat(_name(series, counted))} · {articles}")


def _axis(*, relative: bool) -> str:
    return translate("‰ of the archive" if relative else "numbers of articles")


def _chart_texts(counted: Trends, *, relative: bool) -> ChartTexts:
    names = tuple(_name(series, counted) for series in counted.series)
    axis = _axis(relative=relative)
    span = f"{counted.periods[0]} – {counted.periods[-1]}" if counted.periods else ""
    queries = ", ".join(dict.fromkeys(series.query for series in counted.series))
    description = f"{axis}, {span}. {'; '.join(described(counted.series, names))}."
    return ChartTexts(clean(queries), description, axis, names)


def _report_undated(counted: Trends) -> None:
    """Say how many articles no period has; by source, of all sources together."""
    for query in dict.fromkeys(series.query for series in counted.series):
        own = [series for series in counted.series if series.query == query]
        undated, imprecise = sum(each.undated for each in own), sum(each.imprecise for each in own)
        name = flat(printable(query))
        if undated:
            report(f"{name}: " + plural("{} article without a date", "{} articles without a date", undated))
        if imprecise:
            message = plural(
                "{} article whose date is not precise enough",
                "{} articles whose dates are not precise enough",
                imprecise,
            )
            report(f"{name}: {message}")
