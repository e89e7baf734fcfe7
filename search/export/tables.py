"""Tables: CSV, safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from search.export.content import Content, Export, Notes, added
from search.export.documents import article_document
from search.text.sanitize import spreadsheet_cell
from search.types import Hit, Hits

_COLUMNS = (
    *("rank", "id", "title", "date", "source", "section", "url", "author", "page", "place"),
    *("kicker", "standfirst", "keywords", "edition", "word_count"),
    *("score", "passage", "snippet", "copies", "copy_of"),
)


def csv_table(export: Export) -> Iterator[str]:
    """The header, then a row for each hit."""
    yield csv_header(notes=export.notes, content=export.content)
    for rank, hit in enumerate(export.hits, start=export.answer.offset + 1):
        yield _csv([_row(rank, hit, (), export.notes, export.content)])


def csv_rows(
    result: Hits, offset: int, *before: str, notes: Notes | None = None, content: Content = Content.EXCERPTS
) -> str:
    """The hits as rows of CSV. Each row begins with the cells ``before``; ranks begin after ``offset``.

    It ends with the note where ``notes`` are given, and with the whole text where that is asked for.
    """
    ranked = enumerate(result.hits, start=offset + 1)
    return _csv(_row(rank, hit, before, notes, content) for rank, hit in ranked)


def csv_header(*before: str, notes: Notes | None = None, content: Content = Content.EXCERPTS) -> str:
    """The header of the rows; ``before`` names the first cells."""
    note = [] if notes is None else ["note"]
    return _csv([[*before, *_COLUMNS, *note, *(["text"] if content is Content.WHOLE_TEXTS else [])]])


def _row(rank: int, hit: Hit, before: Sequence[str], notes: Notes | None, content: Content) -> Sequence[str]:
    return (
        *map(spreadsheet_cell, before),
        str(rank),
        *map(spreadsheet_cell, map(str, article_document(hit.article).values())),
        f"{hit.score:.6f}",
        spreadsheet_cell(hit.passage.text),
        spreadsheet_cell(hit.snippet.text),
        str(len(hit.copies)),
        spreadsheet_cell(hit.copy_of),
        *map(spreadsheet_cell, added(hit.article, notes, content).values()),
    )


def _csv(rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
