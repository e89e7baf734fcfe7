"""Many answers in one output, each under the name of what asked for it."""

from collections.abc import Iterable

import click

from search import export
from search.cli import output
from search.cli.options import say
from search.cli.output import NOT_COUNTED, Counts, Form, View
from search.cli.text_output import pointed, write_results, write_title
from search.errors import QueryError
from search.types import Explanation, Hits


class Batch:
    """Writes answers one after the other; ``key`` is what their name is called in JSON, ``column`` in CSV."""

    def __init__(self, view: View, key: str, column: str) -> None:
        self._view = view
        self._key = key
        if view.form is Form.CSV:
            click.echo(export.csv_header(column, "query").encode(), nl=False)

    def write(
        self,
        name: str,
        result: Hits,
        reasons: Iterable[Explanation] = (),
        counts: Counts = NOT_COUNTED,
    ) -> None:
        """Write an answer: in JSON an object on a line, with the ``reasons`` and ``counts`` there are."""
        match self._view.form:
            case Form.TEXT:
                write_title(_title(name, result))
                write_results(result)
            case Form.CSV:
                rows = export.csv_rows(result, self._view.offset, name, result.query)
                click.echo(rows.encode(), nl=False)
            case Form.MARKDOWN:
                results = export.export(result, export.Form.MARKDOWN, self._view.offset)
                click.echo((export.heading(_title(name, result)) + results).encode(), nl=False)
            case Form.JSON | Form.JSONL:
                output.write_json({self._key: name, **output.answer(result, self._view, reasons, counts)})

    def fail(self, name: str, text: str, error: QueryError) -> None:
        """Tell of a query that could not be understood, in JSON in the place of its answer."""
        if self._view.form in (Form.JSON, Form.JSONL):
            output.write_json({self._key: name, **output.failure(text, error)})
        else:
            say(f"{name}: {error}\n{pointed(text, error.position, error.suggestion)}")


def _title(name: str, result: Hits) -> str:
    return name if name == result.query else f"{name} · {result.query}"
