"""Answers for programs, on standard output: JSON, JSON lines, CSV and Markdown, in UTF-8."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import click

from search import export
from search.cli.text_output import NO_REASONS, write_article_page, write_counts, write_page
from search.errors import QueryError
from search.types import Article, Explanation, FacetCounts, Hits

NO_COUNTS: FacetCounts = {}


class OutputFormat(StrEnum):
    """The format of an answer on standard output."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    MARKDOWN = "md"


@dataclass(frozen=True, slots=True)
class OutputOptions:
    """How an answer is written.

    Ranks begin after ``offset``. ``explain`` adds how each result got its score, ``facets`` the counts of
    all results by the values of each facet.
    """

    format: OutputFormat
    offset: int = 0
    explain: bool = False
    facets: bool = False

    @property
    def is_explained_text(self) -> bool:
        """Whether a reader is told why each result was found."""
        return self.explain and self.format is OutputFormat.TEXT


def write_hits(
    result: Hits,
    options: OutputOptions,
    explanations: Iterable[Explanation] = (),
    counts: FacetCounts = NO_COUNTS,
    notes: export.Notes | None = None,
    reasons: Mapping[str, str] = NO_REASONS,
) -> None:
    """Write an answer, and the counts of all its results if there are any.

    ``explanations`` belong to the hits in order; only JSON with ``explain`` reads them. ``notes`` are the
    user's, where the answer is that of a dossier; text leaves them out. ``reasons`` are sentences for a
    reader, by the ids of articles; only text has them.
    """
    match options.format:
        case OutputFormat.TEXT:
            write_page(result, options.offset, explain=options.explain, reasons=reasons)
            write_counts(counts)
        case OutputFormat.JSON:
            write_json(hits_document(result, options, explanations, counts, notes))
        case other:
            text = export.export_hits(result, export.ExportFormat(other), options.offset, notes)
            click.echo(text.encode(), nl=False)


def write_article(article: Article, output_format: OutputFormat) -> None:
    """Write a whole article."""
    if output_format is OutputFormat.JSON:
        rest = {"lang": article.lang, "file": article.file, "text": article.body}
        write_json(export.article_document(article) | rest)
    else:
        write_article_page(article)


def write_json(value: object) -> None:
    """Write a value as one line of JSON."""
    click.echo(export.json_line(value).encode(), nl=False)


def hits_document(
    result: Hits,
    options: OutputOptions,
    explanations: Iterable[Explanation] = (),
    counts: FacetCounts = NO_COUNTS,
    notes: export.Notes | None = None,
) -> dict[str, Any]:
    """The JSON object of an answer, with ``facets`` where its results were counted."""
    if options.explain:
        document = export.explained_document(result, explanations, notes)
    else:
        document = export.hits_document(result, notes)
    return document | {"facets": export.facets_document(counts)} if counts else document


def error_document(query: str, error: QueryError) -> dict[str, Any]:
    """The JSON object that replaces the answer to a query with an error."""
    details = {"message": str(error), "position": error.position, "suggestion": str(error.suggestion)}
    return {"query": query, "error": details}
