"""A page of an answer as one text, for standard output."""

from dataclasses import replace
from enum import StrEnum

from search.export.content import Content, Export, Notes
from search.export.documents import hits_document, json_line, json_lines
from search.export.markdown import markdown_list
from search.export.tables import csv_header, csv_rows
from search.types import Hits


class ExportFormat(StrEnum):
    """The format of an exported answer."""

    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    MARKDOWN = "md"


def export_hits(
    result: Hits,
    export_format: ExportFormat,
    offset: int = 0,
    notes: Notes | None = None,
    content: Content = Content.EXCERPTS,
) -> str:
    """Write an answer in a format; ranks begin after ``offset``. Ends in a line feed unless empty.

    ``notes`` are written where they are given. In Markdown a whole text takes the place of the excerpt.
    """
    match export_format:
        case ExportFormat.JSON:
            return json_line(hits_document(result, notes, content))
        case ExportFormat.JSONL:
            return "".join(json_lines(Export(result.hits, result, notes, content)))
        case ExportFormat.CSV:
            rows = csv_rows(result, offset, notes=notes, content=content)
            return csv_header(notes=notes, content=content) + rows
        case ExportFormat.MARKDOWN:
            page = replace(result, offset=offset)
            return "".join(markdown_list(Export(result.hits, page, notes, content)))
