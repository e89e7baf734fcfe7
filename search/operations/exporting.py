"""All results of a query as a file, in any format of exports."""

import tempfile
from contextlib import ExitStack
from dataclasses import replace
from typing import IO, TYPE_CHECKING

from msgspec import UNSET

from search.export import Content, Export, Format, format_named
from search.operations.finding import request_of
from search.operations.parameters import ExportParameters
from search.types import Sort

if TYPE_CHECKING:
    from search.index import Index

SUMMARY = "All results of a query as a file."
NAME = "export"


def exported(index: "Index", parameters: ExportParameters) -> tuple[Format, IO[bytes]]:
    """The format, and an open file without a name that holds the whole export, at its beginning.

    It is written before anything is sent, so that an error is an answer and not a file that stops.
    """
    request = replace(request_of(index, parameters), sort=Sort(parameters.sort))
    chosen = format_named(parameters.format)
    content = chosen.content
    if parameters.texts is not UNSET:
        content = Content.WHOLE_TEXTS if parameters.texts else Content.EXCERPTS
    hits = index.engine.all_hits(request)
    notes = index.article_sets().notes(request.query)
    with ExitStack() as on_failure:
        file = on_failure.enter_context(tempfile.TemporaryFile())
        chosen.write(Export(hits, hits.answer, notes, content, parameters.query), file)
        file.seek(0)
        on_failure.pop_all()
    return chosen, file
