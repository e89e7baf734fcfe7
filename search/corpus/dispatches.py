"""Plain dispatches: a text, with an optional first line such as ``date 2023-09 Séoul, Corée du Sud –``."""

import codecs
import re
from collections.abc import Iterator
from itertools import chain

from search.corpus.encodings import read_text
from search.corpus.json_records import read_jsonl
from search.corpus.many_documents import check_one_document
from search.corpus.record import Fault, RawRecord
from search.corpus.source import Source
from search.corpus.streams import peek

_HEADER = re.compile(
    r"\s*date\s+(?P<date>\d{4}(?:-\d{1,2}){0,2})"
    r"(?:[^\S\n]++(?P<place>\S(?:[^\n]{0,200}?\S)??))??[^\S\n]*+[–—-](?!\S)",
    re.IGNORECASE,
)


def is_dispatch(source: Source) -> bool:
    """Whether a file is a plain text by its name, or begins as a dispatch whatever its name."""
    return source.extension == ".txt" or _HEADER.match(source.opening.lstrip("\ufeff")) is not None


def read_dispatch(source: Iterator[bytes]) -> Iterator[RawRecord]:
    """Read a file that holds one dispatch; raises BadRecord when it is too large or not text."""
    text = read_text(source)
    check_one_document(text)
    header = _HEADER.match(text)
    if not header:
        yield RawRecord({"text": text})
        return
    yield RawRecord({"date": header["date"], "place": header["place"], "text": text[header.end() :]})


def read_piped(source: Iterator[bytes]) -> Iterator[RawRecord | Fault]:
    """Read standard input: JSON lines when it begins with ``{``, otherwise one dispatch."""
    start = peek(source)
    is_jsonl = start.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"{")
    reader = read_jsonl if is_jsonl else read_dispatch
    yield from reader(chain([start], source))
