"""Answers for programs, on standard output: JSON, JSON lines, CSV and Markdown, in UTF-8."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import click

from search import export
from search.cli.text_output import write_article_page, write_counts, write_page
from search.errors import QueryError
from search.types import Article, Explanation, Facet, Hits

Counts = Mapping[Facet, tuple[tuple[str, int], ...]]
NOT_COUNTED: Counts = {}


class Form(StrEnum):
    """How an answer is written."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    MARKDOWN = "md"


@dataclass(frozen=True, slots=True)
class View:
    """How an answer is shown: ranks begin after ``offset``; ``explain`` tells why results are found.

    ``facets`` tells what all the articles found are counted by.
    """

    form: Form
    offset: int = 0
    explain: bool = False
    facets: bool = False


def write(
    result: Hits,
    view: View,
    reasons: Iterable[Explanation] = (),
    counts: Counts = NOT_COUNTED,
) -> None:
    """Write an answer, and the counts of all its articles where there are any.

    ``reasons`` are those of its results, taken only where they are told.
    """
    match view.form:
        case Form.TEXT:
            write_page(result, view.offset, explain=view.explain)
            write_counts(counts)
        case Form.JSON:
            write_json(answer(result, view, reasons, counts))
        case form:
            click.echo(export.export(result, export.Form(form), view.offset).encode(), nl=False)


def write_article(article: Article, form: Form) -> None:
    """Write one article whole."""
    if form is Form.JSON:
        whole = {"lang": article.lang, "place": article.place, "text": article.body}
        write_json(export.described(article) | whole)
    else:
        write_article_page(article)


def write_json(value: object) -> None:
    """Write a value as one line of JSON."""
    click.echo(export.json_line(value).encode(), nl=False)


def answer(
    result: Hits,
    view: View,
    reasons: Iterable[Explanation] = (),
    counts: Counts = NOT_COUNTED,
) -> dict[str, Any]:
    """An answer in its JSON form, with ``facets`` where its articles were counted."""
    told = export.explained(result, reasons) if view.explain else export.answer(result)
    return told | {"facets": export.counted(counts)} if counts else told


def failure(text: str, error: QueryError) -> dict[str, Any]:
    """What stands in the place of an answer to a query that could not be understood."""
    told = {"message": str(error), "position": error.position, "suggestion": error.suggestion}
    return {"query": text, "error": told}
