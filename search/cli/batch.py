"""Several answers in one output, each with the name of its query."""

from collections.abc import Iterable

import click

from search import export
from search.cli import output
from search.cli.language import translate
from search.cli.options import report
from search.cli.output import NO_COUNTS, OutputFormat, OutputOptions
from search.cli.text_output import caret_under, write_results, write_title
from search.errors import QueryError
from search.types import Explanation, FacetCounts, Hits


class Batch:
    """Writes one answer after the other.

    ``key`` is the JSON key of the name of each query, ``column`` its CSV column.
    """

    def __init__(self, options: OutputOptions, key: str, column: str) -> None:
        self._options = options
        self._key = key
        if options.format is OutputFormat.CSV:
            click.echo(export.csv_header(column, "query").encode(), nl=False)

    def write(
        self,
        name: str,
        result: Hits,
        explanations: Iterable[Explanation] = (),
        counts: FacetCounts = NO_COUNTS,
    ) -> None:
        """Write an answer; in JSON it is one line, with the explanations and counts if there are any."""
        match self._options.format:
            case OutputFormat.TEXT:
                write_title(_title(name, result))
                write_results(result)
            case OutputFormat.CSV:
                rows = export.csv_rows(result, self._options.offset, name, result.query)
                click.echo(rows.encode(), nl=False)
            case OutputFormat.MARKDOWN:
                results = export.export_hits(result, export.ExportFormat.MARKDOWN, self._options.offset)
                click.echo((export.heading(_title(name, result)) + results).encode(), nl=False)
            case OutputFormat.JSON | OutputFormat.JSONL:
                document = output.hits_document(result, self._options, explanations, counts)
                output.write_json({self._key: name, **document})

    def end(self) -> None:
        """All is written already."""

    def fail(self, name: str, text: str, error: QueryError) -> None:
        """Write the error of a query: in JSON instead of its answer, otherwise on standard error."""
        if self._options.format in (OutputFormat.JSON, OutputFormat.JSONL):
            output.write_json({self._key: name, **output.error_document(text, error)})
        else:
            caret = caret_under(text, error.position, translate(error.suggestion))
            report(f"{name}: {translate(error.message)}\n{caret}")


def _title(name: str, result: Hits) -> str:
    return name if name == result.query else f"{name} · {result.query}"
