"""``depeche show`` and ``depeche similar``: one article, and the articles similar to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from search.cli import output
from search.cli.find import FORMATS, stop_if_nothing_found
from search.cli.help_text import LocalizedArgument, LocalizedCommand, epilog
from search.cli.options import (
    NOTHING_FOUND,
    chosen_settings,
    format_option,
    index_options,
    limit_option,
    model_option,
    report,
    sort_option,
    stop,
)
from search.cli.output import OutputFormat, OutputOptions
from search.errors import UsageError
from search.text.sanitize import printable


@click.command(
    cls=LocalizedCommand,
    short_help="Print a whole article.",
    epilog=epilog("depeche show sha-a7a3f93c0dfbec29", 0, 1, 2, 4, 5),
)
@click.argument("article_id", cls=LocalizedArgument, metavar="ID")
@index_options
@format_option
def show(article_id: str, format_name: str, **options: str | None) -> None:
    """Print the whole article with this ID; find and similar print the IDs."""
    from search.index import open_index

    with open_index(chosen_settings(options)) as index, _unknown_id_stops():
        article = index.article(printable(article_id))
    output.write_article(article, OutputFormat(format_name))


@click.command(
    cls=LocalizedCommand,
    short_help="List articles similar in meaning to an article.",
    epilog=epilog("depeche similar sha-a7a3f93c0dfbec29 -n 5", 0, 1, 2, 4, 5, 7, 130),
)
@click.argument("article_id", cls=LocalizedArgument, metavar="ID")
@index_options
@model_option
@limit_option
@sort_option
@click.option("--format", "format_name", type=FORMATS, default="text", help="Output format. Default: text.")
def similar(article_id: str, sort: str, format_name: str, **options: Any) -> None:  # noqa: ANN401
    """List the articles most similar in meaning to the article with this ID."""
    settings, article_id = chosen_settings(options), printable(article_id)
    from search.index import open_index

    with open_index(settings) as index:
        with _unknown_id_stops():
            index.article(article_id)
        result = index.similar(article_id, settings.limit, sort)
    for notice in result.degraded:
        report(notice)
    output.write_hits(result, OutputOptions(OutputFormat(format_name)))
    stop_if_nothing_found(result)


@contextmanager
def _unknown_id_stops() -> Iterator[None]:
    """An id that is not in the index counts as nothing found, not as a wrong option."""
    try:
        yield
    except UsageError as exc:
        stop(exc.message, NOTHING_FOUND)
