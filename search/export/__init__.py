"""Answers for other programs and for readers: one module a format.

``formats`` lists the formats. Each writes an ``Export``, whose hits may be a stream, to a binary stream.
``export_hits`` writes one page of an answer as a text.
"""

from search.export.answers import ExportFormat, export_hits
from search.export.citation import citation, edition_label, listed, metadata_line, page_label, snippet_prefix
from search.export.content import Content, Export, Notes
from search.export.documents import (
    article_document,
    explained_document,
    facets_document,
    hits_document,
    json_line,
)
from search.export.file import check_absent, export_file
from search.export.formats import Format, format_named, format_of_file, formats
from search.export.markdown import heading
from search.export.tables import csv_header, csv_rows

__all__ = [
    "Content",
    "Export",
    "ExportFormat",
    "Format",
    "Notes",
    "article_document",
    "check_absent",
    "citation",
    "csv_header",
    "csv_rows",
    "edition_label",
    "explained_document",
    "export_file",
    "export_hits",
    "facets_document",
    "format_named",
    "format_of_file",
    "formats",
    "heading",
    "hits_document",
    "json_line",
    "listed",
    "metadata_line",
    "page_label",
    "snippet_prefix",
]
