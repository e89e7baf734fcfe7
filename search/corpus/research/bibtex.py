"""BibTeX and BibLaTeX, in which Zotero and others export references."""

import logging
import re
from collections.abc import Mapping
from itertools import takewhile
from typing import Any

from search.corpus.encodings import read_text
from search.corpus.format import Format, Records
from search.corpus.names import natural
from search.corpus.record import Fault, Omission, RawRecord
from search.corpus.research.latex import without_latex
from search.corpus.research.references import as_record
from search.corpus.source import Source
from search.errors import Translatable
from search.text.published import month_number

# The library logs each broken entry; here it is a value.
logging.getLogger("bibtexparser").addHandler(logging.NullHandler())

_FIRST = re.compile(r"^[ \t]*@[A-Za-z]+[ \t]*\{[^\s,{}]*,\s*[\w-]+[ \t]*=", re.MULTILINE)
_AND = re.compile(r"\s+and\s+")
_NAMES = {
    "title": ("title",),
    "source": ("journaltitle", "journal", "newspaper", "booktitle", "publisher", "organization"),
    "place": ("address", "location"),
    "section": ("section", "chapter"),
    "lang": ("language", "langid"),
    "url": ("url",),
    "edition": ("edition",),
}
_NOTES = ("note", "annote", "annotation", "comment")
_TAKEN = {
    "author",
    "date",
    "year",
    "month",
    "day",
    "keywords",
    "pages",
    "abstract",
    *_NOTES,
    *sum(_NAMES.values(), ()),
}
_NO_LETTER = re.compile(r"[\W\d_]")  # after the first of two months
_ESCAPED = re.compile(r"\\([&%#_$~])")  # signs of LaTeX in an address
_ADDRESSES = frozenset(("url", "doi", "file", "eprint"))


def is_bibtex(source: Source) -> bool:
    """Whether a file begins with an entry of BibTeX, or with a comment and then an entry."""
    return source.opening.lstrip("\ufeff \t\n")[:1] in ("@", "%") and bool(_FIRST.search(source.opening))


def read_bibtex(source: Source) -> Records:
    """Read the entries in their order; those without abstract and notes are passed over.

    An entry that cannot be read is a fault. Raises BadRecord where the file is too large.
    """
    from bibtexparser.entrypoint import parse_string
    from bibtexparser.model import DuplicateBlockKeyBlock, DuplicateFieldKeyBlock, Entry, ParsingFailedBlock

    for block in parse_string(read_text(source)).blocks:
        line = (block.start_line or 0) + 1
        if isinstance(block, Entry):
            yield _record(block.key, block, line)
        elif isinstance(block, DuplicateBlockKeyBlock | DuplicateFieldKeyBlock):
            yield _record("", block.ignore_error_block, line)
        elif isinstance(block, ParsingFailedBlock):
            yield Fault(Translatable("not an entry of BibTeX: {}", block.error), line)


def _record(key: str, entry: Any, line: int) -> RawRecord | Omission:  # noqa: ANN401 - an untyped entry
    written = {field.key.lower(): str(field.value) for field in reversed(entry.fields)}
    texts = {
        name: _ESCAPED.sub(r"\1", value) if name in _ADDRESSES else without_latex(value).strip()
        for name, value in written.items()
    }

    def first(*names: str) -> str:
        return next((texts[name] for name in names if texts.get(name)), "")

    fields: dict[str, object] = {name: first(*names) for name, names in _NAMES.items()}
    fields["id"] = key
    fields["page"] = first("pages").replace("–", "-")
    fields["date"] = first("date") or _date(texts)
    fields["author"] = [_author(name) for name in _AND.split(written.get("author", "")) if name.strip()]
    fields["keywords"] = [
        word.strip() for word in re.split("[,;]", texts.get("keywords", "")) if word.strip()
    ]
    fields |= {f"BibTeX {name}": text for name, text in texts.items() if name not in _TAKEN}
    return as_record(fields, first("abstract"), [texts[name] for name in _NOTES if name in texts], line)


def _author(written: str) -> str:
    """A name as it is spoken; one in braces is that of an organisation, and may have a comma."""
    name = without_latex(written).strip()
    return name if written.strip().startswith("{") and written.strip().endswith("}") else natural(name)


def _date(texts: Mapping[str, str]) -> str:
    """The date of year, month and day; a month is a number or a name."""
    year, month, day = (texts.get(name, "") for name in ("year", "month", "day"))
    number = month if month.isdigit() else str(month_number(_NO_LETTER.split(month)[0]) or "")
    return "-".join(part.zfill(2) for part in takewhile(bool, (year, number, day)))


BIBTEX = Format(
    "BibTeX",
    is_bibtex,
    read_bibtex,
    {
        "title": "title",
        "text": "annote, note, abstract",
        "chapo": "abstract",
        "date": "date, year, month",
        "source": "journal, journaltitle",
        "place": "address, location",
        "page": "pages",
        "author": "author",
        "keywords": "keywords",
        "lang": "language, langid",
        "id": "key",
        "url": "url",
    },
)
