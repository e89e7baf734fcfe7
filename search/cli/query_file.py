"""Files of queries: JSON lines, a table with a header, or one query a line."""

import re
from collections.abc import Iterable, Iterator

from search.corpus.encodings import as_utf8, decode
from search.corpus.record import BadRecord, Fault
from search.corpus.tables import read_table
from search.corpus.values import by_name, one_text
from search.errors import Translatable, UsageError
from search.retrieval.evaluation import JudgedQuery, read_queries

_TEXT = ("query", "text")
_CELL = re.compile(r'[,;\t]|"')


def read_query_file(lines: Iterable[bytes], place: str) -> list[JudgedQuery]:
    """Read queries with their ids, in any usual encoding; the line number is the id of a query without one.

    JSON lines hold ``id`` and ``text``. The header of a table names a column ``query`` or ``text``, and
    perhaps ``id``. Any other file has one query a line; blank lines are skipped. Raises UsageError with the
    line of the error; ``place`` is the name of the file in it.
    """
    try:
        data = b"".join(as_utf8(iter([b"".join(lines)])))
        if data.lstrip().startswith(b"{"):
            return read_queries(data.split(b"\n"), place)
        header = decode(data.partition(b"\n")[0]).lower()
        if set(_TEXT).intersection(map(str.strip, _CELL.split(header))):
            return list(_rows(data, place))
        texts = enumerate(map(str.strip, decode(data).split("\n")), start=1)
    except BadRecord as exc:
        raise UsageError(Translatable("{} cannot be read: {}", place, exc)) from exc
    return [JudgedQuery(str(line), text) for line, text in texts if text]


def _rows(data: bytes, place: str) -> Iterator[JudgedQuery]:
    for row in read_table(iter([data])):
        if isinstance(row, Fault):
            raise UsageError(Translatable("{}, line {}: {}", place, row.line, row.reason))
        cells = by_name(row.fields)
        texts = (one_text(cells.get(name)).strip() for name in _TEXT)
        if text := next(filter(None, texts), ""):
            yield JudgedQuery(one_text(cells.get("id")).strip() or str(row.line), text)
