"""Tables: CSV, safe to open in a spreadsheet."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

from search.export.content import Content, Export, Notes, added
from search.export.documents import article_document
from search.text.sanitize import clean
from search.types import Hit, Hits

_COLUMNS = (
    *("rank", "id", "title", "date", "source", "section", "url", "author", "page", "place"),
    *("kicker", "standfirst", "keywords", "edition", "word_count"),
    *("score", "passage", "snippet", "copies", "copy_of"),
)
# A formula can begin a cell, or follow a semicolon or line end: a spreadsheet that separates cells by
# semicolons, as in France, does not see our quotation marks. The last four signs are full-width forms.
_SIGN = "[=+\\-@＝＋－＠]"
_FORMULA = re.compile(rf"(^(?=\s*{_SIGN})|[\n;](?=[^\S\n]*{_SIGN}))")


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
        *map(_cell, before),
        str(rank),
        *map(_cell, map(str, article_document(hit.article).values())),
        f"{hit.score:.6f}",
        _cell(hit.passage.text),
        _cell(hit.snippet.text),
        str(len(hit.copies)),
        _cell(hit.copy_of),
        *map(_cell, added(hit.article, notes, content).values()),
    )


def _csv(rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _cell(text: str) -> str:
    """The text, with a ``'`` before each sign that a spreadsheet could read as the start of a formula."""
    return _FORMULA.sub(r"\1'", clean(text))
