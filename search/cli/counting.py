"""What the commands that count share: the open index, notices, and rows in columns."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from search.cli.answer_options import Counting
from search.cli.find import reporting_notices, stop_at
from search.cli.options import report
from search.errors import QueryError
from search.text.sanitize import flat

if TYPE_CHECKING:
    from search.query.article_sets import ArticleSets
    from search.retrieval.engine import Engine


@contextmanager
def engine_for(counting: Counting) -> Iterator[tuple["Engine", Counting]]:
    """The engine of the index, and what is asked with the sets of the user; errors of a query end it."""
    from search.index import open_index

    with open_index(counting.settings) as index, reporting_notices(index.article_sets()) as sets:
        known: ArticleSets = sets
        try:
            yield index.engine, replace(counting, request=replace(counting.request, sets=known))
        except QueryError as exc:
            stop_at("", exc)


def report_all(notices: Sequence[str]) -> None:
    """Report what is missing of an answer."""
    for notice in notices:
        report(notice)


def write_columns(rows: Sequence[Sequence[str]], titles: Sequence[str]) -> None:
    """Write a table: the first column to the left, the others to the right, two spaces between them."""
    from rich.cells import cell_len, set_cell_size

    shown = [[flat(cell) for cell in row] for row in (titles, *rows)]
    widths = [max(map(cell_len, column)) for column in zip(*shown, strict=True)]
    for first, *others in shown:
        cells = [set_cell_size(first, widths[0])]
        cells += [
            " " * (width - cell_len(cell)) + cell for cell, width in zip(others, widths[1:], strict=True)
        ]
        click.echo("  ".join(cells).rstrip())
