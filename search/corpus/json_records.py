"""JSON: one record a line, or a file that holds one record, a list of records or an object around it."""

import re
from collections.abc import Iterator

import msgspec

from search.corpus.encodings import as_utf8, decode_line, read_text
from search.corpus.first_record import CONTAINERS
from search.corpus.record import FIELDS, BadRecord, Fault, RawRecord
from search.corpus.streams import LINE_LIMIT, lines, megabytes
from search.corpus.values import by_name
from search.errors import Translatable

# Matches one escape at a time. "lone" is half of a surrogate pair: tools that cut strings by UTF-16
# units leave such halves.
_ESCAPE = re.compile(r"\\(?:u[dD][89abAB]\w\w\\u[dD][c-fC-F]\w\w|(?P<lone>u[dD][89a-fA-F]\w\w)|.)", re.DOTALL)


def read_jsonl(source: Iterator[bytes]) -> Iterator[RawRecord | Fault]:
    """Read one record a line, as a stream. Skips blank lines; a bad line gives a Fault with its number."""
    for number, line in enumerate(lines(as_utf8(source)), 1):
        if line is None:
            yield Fault(Translatable("line longer than {}", megabytes(LINE_LIMIT)), number)
        elif text := decode_line(line).strip():
            yield _record(text, number)


def read_json(source: Iterator[bytes]) -> Iterator[RawRecord | Fault]:
    """Read a file of records; raises BadRecord when it is too large or not JSON."""
    for number, item in enumerate(_items(read_text(source)), 1):
        if isinstance(item, dict):
            yield RawRecord(item, label=Translatable("record {}: ", number))
        else:
            yield Fault(Translatable("record {}: not an object", number))


def _record(text: str, number: int) -> RawRecord | Fault:
    try:
        value = _decode(text)
    except BadRecord as error:
        return Fault(error.reason, number)
    return RawRecord(value, number) if isinstance(value, dict) else Fault("not an object", number)


def _items(text: str) -> list[object]:
    try:
        value = _decode(text)
    except BadRecord as error:
        raise BadRecord(
            Translatable("{}; if it holds one record a line, name it .jsonl", error.reason)
        ) from error
    articles = _contained(value) if isinstance(value, dict) else value
    return articles if isinstance(articles, list) else [articles]


def _contained(value: dict[str, object]) -> object:
    """What lies in an object that is no record: ``{"articles": […]}`` or another list of objects."""
    if "articles" in value:
        return value["articles"]
    if rows := _rows_of_pandas(value):
        return rows
    if not by_name(value).keys().isdisjoint(FIELDS["text"]):
        return value
    lists = (value.get(name) for name in CONTAINERS)
    return next((items for items in lists if isinstance(items, list) and items), value)


def _rows_of_pandas(value: dict[str, object]) -> list[object]:
    """The rows of a table that pandas wrote by columns or by names of rows, or with its columns apart.

    Any other object gives none.
    """
    names, rows = value.get("columns"), value.get("data")
    if isinstance(names, list) and isinstance(rows, list):
        return [dict(zip(map(str, names), row, strict=False)) for row in rows if isinstance(row, list)]
    inner = [each for each in value.values() if isinstance(each, dict)]
    if not inner or len(inner) < len(value) or any(each.keys() != inner[0].keys() for each in inner):
        return []
    if not by_name(inner[0]).keys().isdisjoint(FIELDS["text"]):
        return list(inner)
    has_text = len(value) > 1 and not by_name(value).keys().isdisjoint(FIELDS["text"])
    if not has_text and not all(row.isdigit() for row in inner[0]):
        return []
    return [{name: column[row] for name, column in zip(value, inner, strict=True)} for row in inner[0]]


def _decode(text: str) -> object:
    if "\\ud" in text or "\\uD" in text:
        text = _ESCAPE.sub(_without_lone_surrogate, text)
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadRecord(Translatable("not JSON: {}", error)) from error


def _without_lone_surrogate(escape: re.Match[str]) -> str:
    return r"\ufffd" if escape["lone"] else escape[0]
