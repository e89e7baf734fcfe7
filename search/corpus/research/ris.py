"""RIS, in which Zotero and others export references: lines ``AB  - text``, from ``TY`` to ``ER``."""

import re
from collections.abc import Iterator

from search.corpus.encodings import text_lines
from search.corpus.format import Format, Records
from search.corpus.names import natural
from search.corpus.record import BadRecord, Omission, RawRecord
from search.corpus.research.references import as_record
from search.corpus.source import Source
from search.corpus.streams import FILE_LIMIT, megabytes
from search.errors import Translatable

# Some databases put lines about themselves before the first reference.
_FIRST = re.compile(r"(?:[^\n]*\n){0,10}?TY  - ?[A-Z]+[ \t]*\n[A-Z][A-Z0-9]  -")
_TAG = re.compile(r"(?P<tag>[A-Z][A-Z0-9])  -(?: |$)(?P<value>.*)")
_DATE_PART = re.compile(r"\d{1,4}$")
# The first tag that has a value; "Y2" is the day on which somebody read the article.
_TAGS = {
    "title": ("TI", "T1", "ST"),
    "source": ("T2", "JO", "JF", "JA", "BT", "PB"),
    "place": ("CY", "PP"),
    "section": ("SE",),
    "lang": ("LA",),
    "url": ("UR", "LK", "L2"),
    "edition": ("ET",),
}
_FIRST_PAGE, _LAST_PAGE = ("SP",), ("EP",)
_DATES = ("DA", "Y1", "PY")
_AUTHORS, _KEYWORDS, _ABSTRACTS, _NOTES = ("AU", "A1"), ("KW",), ("AB", "N2"), ("N1",)
_TAKEN = {
    "TY",
    "ER",
    *_FIRST_PAGE,
    *_LAST_PAGE,
    *_DATES,
    *_AUTHORS,
    *_KEYWORDS,
    *_ABSTRACTS,
    *_NOTES,
    *sum(_TAGS.values(), ()),
}

Reference = dict[str, list[str]]


def is_ris(source: Source) -> bool:
    """Whether a file begins with a reference in RIS."""
    return bool(_FIRST.match(source.opening.lstrip("\ufeff")))


def read_ris(source: Source) -> Records:
    """Read references as a stream; those without abstract and notes are passed over.

    A line without tag continues the value before it. Raises BadRecord where a line or a reference is too
    long.
    """
    for line, reference in _references(source):
        yield _record(reference, line)


def _references(source: Iterator[bytes]) -> Iterator[tuple[int, Reference]]:
    """Each reference, with the line on which it begins; a new one begins where the end of one is missing."""
    reference: Reference = {}
    last: list[str] = []
    start = size = 0
    for number, line in enumerate(text_lines(source), 1):
        tag = _TAG.match(line)
        name = tag["tag"] if tag else ""
        if name in ("TY", "ER"):
            if reference:
                yield start, reference
            reference, last, start, size = {}, [], number, 0
        if tag and name != "ER":
            last = reference.setdefault(name, [])
            last.append(tag["value"].strip())
        elif last and not tag:
            # A paragraph of a note goes on; pieces are joined when the reference is complete.
            last.append(f"\n{line}")
        size += len(line)
        if size > FILE_LIMIT:
            raise BadRecord(
                Translatable("the reference on line {} is longer than {}", start, megabytes(FILE_LIMIT))
            )
    if reference:
        yield start, reference


def _record(pieces: Reference, line: int) -> RawRecord | Omission:
    reference = {tag: _joined(values) for tag, values in pieces.items()}

    def all_of(*tags: str) -> list[str]:
        return [value for tag in tags for value in reference.get(tag, ()) if value.strip()]

    fields: dict[str, object] = {name: next(iter(all_of(*tags)), "") for name, tags in _TAGS.items()}
    fields["date"] = _date(next(iter(all_of(*_DATES)), ""))
    pages = (next(iter(all_of(*tags)), "") for tags in (_FIRST_PAGE, _LAST_PAGE))
    fields["page"] = "-".join(dict.fromkeys(filter(None, pages)))
    fields["author"] = [natural(name) for name in all_of(*_AUTHORS)]
    fields["keywords"] = all_of(*_KEYWORDS)
    # Numbers of references are those of an export; two exports have the same.
    fields |= {f"RIS {tag}": values for tag, values in reference.items() if tag not in _TAKEN}
    abstract = max(all_of(*_ABSTRACTS), key=len, default="")
    return as_record(fields, abstract, all_of(*_NOTES), line)


def _joined(pieces: list[str]) -> list[str]:
    """The values of one tag: a piece that begins with a line end goes on from the one before it."""
    values: list[list[str]] = []
    for piece in pieces:
        if piece.startswith("\n") and values:
            values[-1].append(piece)
        else:
            values.append([piece])
    return ["".join(parts) for parts in values]


def _date(written: str) -> str:
    """A date without what is blank in it: ``2024/03//`` is ``2024-03``; what is no such date stays."""
    year, *rest = written.split("/")
    parts = [year.strip(), *(part.strip() for part in rest[:2])]
    known = [part for part in parts if part]
    if known and parts[: len(known)] == known and all(map(_DATE_PART.match, known)) and len(known[0]) == 4:
        return "-".join(known)
    return written


RIS = Format(
    "RIS",
    is_ris,
    read_ris,
    {
        "title": "TI",
        "text": "N1, AB",
        "chapo": "AB",
        "date": "DA, PY",
        "source": "T2",
        "place": "CY",
        "section": "SE",
        "page": "SP, EP",
        "author": "AU",
        "keywords": "KW",
        "lang": "LA",
        "url": "UR",
    },
)
