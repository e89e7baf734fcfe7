"""Nexis, exported as plain text: lines of 78 letters, blocks between blank lines."""

import re

from search.corpus.databases.nexis_labels import ELEMENTS, is_label, names_field, record_of_lines
from search.corpus.encodings import read_text
from search.corpus.format import Format, Records
from search.corpus.record import BadRecord, Omission, RawRecord
from search.corpus.source import Source
from search.errors import Translatable

_COUNTER = re.compile(
    r"^[ \t]*(?:(?:FOCUS - )?\d+ (?:of|OF|de|sur|von|van) \d+ DOCUMENTS?"
    r"|Do[ck]ument \d+ (?:von|de|sur) \d+)[ \t]*$",
    re.MULTILINE,
)
_END = re.compile(r"^[ \t]*-+ ?End of Request ?-+[ \t]*$", re.MULTILINE)
_BLANK = re.compile(r"\n(?:[ \t\f]*\n)+")
_LABEL = re.compile(r"([A-ZÀ-ÞŒ][A-ZÀ-ÞŒ' /-]{1,40}): ?(.*)", re.DOTALL)


def recognise_nexis_txt(source: Source) -> bool:
    """Whether a file is text with the counters of Nexis, as ``1 of 10 DOCUMENTS``."""
    return not source.root and _COUNTER.search(source.opening) is not None


def read_nexis_txt(source: Source) -> Records:
    """Read each document; the page about the search before them is no part of any.

    A document without text is an Omission. Raises BadRecord where the file holds none.
    """
    documents = _COUNTER.split(_END.split(read_text(source), maxsplit=1)[0])[1:]
    if not documents:
        raise BadRecord("no document of Nexis in it")
    for number, text in enumerate(documents, 1):
        yield _record(text, Translatable("document {}: ", number))


def _record(document: str, label: str) -> RawRecord | Omission:
    """Unlabelled blocks before the first label are the head, those after it the text.

    Labels of no field of ours stand below the text: over it, ``UPDATE:`` is the beginning of a title. There,
    unknown ones count too.
    """
    labelled: dict[str, str] = {}
    head: list[str] = []
    body: list[str] = []
    below = False
    for block in filter(None, map(_one_line, _BLANK.split(document))):
        match = _LABEL.match(block)
        if match and (below or names_field(match[1]) or (is_label(match[1]) and (body or "-" in match[1]))):
            labelled[match[1]] = match[2].strip()
            below = bool(body)
        else:
            (body if labelled else head).append(block)
    return record_of_lines(label, head, labelled, body)


def _one_line(block: str) -> str:
    return " ".join(block.split())


NEXIS_TXT = Format(
    "Nexis text",
    recognise_nexis_txt,
    read_nexis_txt,
    {
        **ELEMENTS,
        "title": "third block",
        "source": "first block",
        "date": "second block",
        "time": "second block",
        "edition": "second block",
        "text": "blocks without a label",
    },
)
