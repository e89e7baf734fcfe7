"""Corpora of TXM: one text a file, and a table ``metadata.csv`` beside them with a row for each text."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from search.corpus.encodings import read_text
from search.corpus.format import Format, Records
from search.corpus.markup import local_name, text_of
from search.corpus.record import BadRecord, Fault, Omission, RawRecord
from search.corpus.source import Source
from search.corpus.tables import read_table
from search.corpus.xml_tree import parse_xml
from search.errors import Translatable

_TABLES = ("metadata.csv", "metadata.tsv")
_TEXTS = (".txt", ".xml")
_AS_IN_HTML = {"head": "h1", "form": "span", "lb": "br"}  # the names of TEI for what HTML has too
_HIDDEN = frozenset(("teiheader", "ana"))  # "ana" is the annotation of a word
_GAP_BEFORE = re.compile(r"\s+(?=[,.)\]…])")
_GAP_AFTER = re.compile(r"(?<=\w['’])\s+(?=\w)")


def is_metadata(source: Source) -> bool:
    """Whether a file is the table of the texts beside it."""
    return source.name in _TABLES and _table_beside(source) is not None


def read_metadata(source: Source) -> Records:
    """Pass over the table itself, whose rows belong to the texts; a row without a text is a fault."""
    yield Omission("metadata", "a table of the texts beside it; each text has the fields of its row")
    texts = _ids_of_files(source.neighbours())
    for record in read_table(source):
        if isinstance(record, Fault):
            yield record
        elif (name := _id(record)) and _comparable(name) not in texts:
            yield Fault(Translatable("no text for this row: there is no {}.txt beside it", name), record.line)


def is_text(source: Source) -> bool:
    """Whether a file is a text of a corpus: a table beside it describes the files of its folder."""
    return source.extension in _TEXTS and _table_beside(source) is not None


def read_text_of_corpus(source: Source) -> Records:
    """Read one text, with the fields that its row in the table gives it.

    A text without a row has no fields, and an Omission says so. Raises BadRecord where it cannot be read.
    """
    row = (_table_beside(source) or {}).get(_comparable(source.name))
    text = _text(source)
    if row is None:
        yield Omission("metadata", "the table has no row for this text; it is read without fields")
        yield RawRecord({"text": text})
    else:
        columns = {name: value for name, value in row.fields.items() if name != _id_column(row)}
        yield RawRecord({**columns, "id": _id(row), "text": text})


def _table_beside(source: Source) -> Mapping[str, RawRecord] | None:
    """The rows of the table of a folder by the file they describe; None where it describes no file of it."""
    names = source.neighbours()
    table = min((name for name in names if name.lower() in _TABLES), default=None)
    if table is None:
        return None
    try:
        rows = _rows(source.beside(table) or b"")
    except (BadRecord, OSError):
        return None
    return rows if any(name in rows for name in _ids_of_files(names)) else None


@lru_cache(maxsize=2)
def _rows(table: bytes) -> Mapping[str, RawRecord]:
    """The rows of a table by the file they describe; every text of a corpus asks for them."""
    records = (record for record in read_table(iter([table])) if isinstance(record, RawRecord))
    return {_comparable(_id(record)): record for record in records}


@lru_cache(maxsize=2)
def _ids_of_files(names: frozenset[str]) -> frozenset[str]:
    return frozenset(_comparable(name) for name in names if _stem(name) != name.lower())


def _id(row: RawRecord) -> str:
    """The name of a text, mostly without extension."""
    name = str(row.fields.get(_id_column(row), "")).strip()
    return name[: len(_stem(name))]


def _id_column(row: RawRecord) -> str:
    """The column ``id``, else the first, as TXM has it; pandas puts the number of the row first."""
    return next((name for name in row.fields if name.lower() == "id"), next(iter(row.fields), ""))


def _comparable(name: str) -> str:
    return _stem(name).casefold()


def _stem(name: str) -> str:
    """A name in lower case, without the extension of a text."""
    lower = name.lower().removesuffix(".gz")
    return next((lower.removesuffix(end) for end in _TEXTS if lower.endswith(end)), lower)


def _text(source: Source) -> str:
    return read_text(source) if source.extension == ".txt" else _text_of_xml(source)


def _text_of_xml(source: Iterator[bytes]) -> str:
    """The text of TEI; where each word is an element, punctuation follows its word again."""
    root = parse_xml(source)
    has_words = False
    for element in root.iter():
        has_words = has_words or local_name(element) == "w"
        element.tag = _AS_IN_HTML.get(local_name(element), element.tag)
    text = text_of(root, _HIDDEN)
    return _GAP_AFTER.sub("", _GAP_BEFORE.sub("", text)) if has_words else text


TXM_METADATA = Format("TXM metadata", is_metadata, read_metadata)
TXM = Format("TXM", is_text, read_text_of_corpus)
