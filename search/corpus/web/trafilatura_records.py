"""What trafilatura writes: records in JSON, and tables without a header."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from search.corpus.encodings import as_utf8
from search.corpus.format import Format
from search.corpus.record import Fault, RawRecord
from search.corpus.source import Source
from search.corpus.tables import read_table
from search.corpus.web.shape import Shape, paragraphs, split

_COLUMNS = "url id fingerprint hostname title image date text comments license pagetype".split()
_ROW = re.compile(r"(?:https?://[^\t\n]+|null)\t[^\t\n]*\t(?:[0-9a-f]{6,16}|null)\t[^\t\n]*\t[^\t\n]*\t")


def _adapted(record: RawRecord) -> RawRecord:
    fields = dict(record.fields)
    address = fields.get("source")
    if isinstance(address, str) and address.startswith("http"):
        fields["url"] = fields.pop("source")
    for name in ("text", "raw_text"):
        fields[name] = paragraphs(fields.get(name))
    for name in ("categories", "tags"):
        fields[name] = split(fields.get(name), ";")
    return replace(record, fields=fields)


def _is_table(source: Source) -> bool:
    return _ROW.match(source.opening) is not None


def _read_table(source: Source) -> Iterator[RawRecord | Fault]:
    header = "\t".join(_COLUMNS) + "\n"
    for record in read_table(chain([header.encode()], as_utf8(source))):
        numbered = replace(record, line=record.line - 1)
        yield _adapted(replace(numbered, aliases=_ALIASES)) if isinstance(numbered, RawRecord) else numbered


_ALIASES = {
    "text": ("text", "raw_text"),
    "chapo": ("excerpt", "description"),
    "source": ("source_hostname", "sitename", "hostname"),
    "section": ("categories",),
    "keywords": ("tags",),
}
_NAMES = (
    frozenset(("hostname", "fingerprint", "license")),
    frozenset(("source_hostname", "excerpt")),
    frozenset(("sitename", "hostname", "description")),
)
TRAFILATURA = Shape("trafilatura", _NAMES, _ALIASES, _adapted)
TRAFILATURA_TABLE = Format(
    "trafilatura CSV", _is_table, _read_table, dict(zip(_COLUMNS, _COLUMNS, strict=True))
)
