"""Nexis, saved as HTML: each document between comments, each line in a block of its own."""

import re
from typing import Any

from search.corpus.databases.fragments import Fragment, read_fragments
from search.corpus.databases.nexis_labels import ELEMENTS, record_of_lines
from search.corpus.encodings import read_text
from search.corpus.format import Format, Records
from search.corpus.markup import text_of
from search.corpus.record import Omission, RawRecord
from search.corpus.source import Source

_DOCUMENT = re.compile(r"<DOCFULL>\s*-->", re.IGNORECASE)
_END = re.compile(r"<!--(?:(?!-->)[^<])*</DOCFULL>", re.IGNORECASE)
_COUNTER = re.compile(r"\s*(?:\d+ \w+ \d+ DOCUMENTS?|Dokument \d+ von \d+|Return to List)\s*", re.IGNORECASE)
_LABEL = re.compile(r"\s*([A-ZÀ-ÞŒ][A-ZÀ-ÞŒ' /-]{1,40}):\s*$")
_HEAD = 3  # the paper, the date and the title


def recognise_nexis_html(source: Source) -> bool:
    """Whether a file is HTML of Nexis."""
    return _DOCUMENT.search(source.opening) is not None


def read_nexis_html(source: Source) -> Records:
    """Read each document; one without text is an Omission. Raises BadRecord where the file holds none."""
    documents = _DOCUMENT.split(read_text(source))[1:]
    return read_fragments([_END.split(html, maxsplit=1)[0] for html in documents], _record)


def _record(item: Fragment, label: str) -> RawRecord | Omission:
    labelled: dict[str, str] = {}
    head: list[str] = []
    body: list[str] = []
    for block in item.root.iter("div"):
        if block.find("div") is not None:
            continue
        text = text_of(block)
        name = _label(block)
        if name:
            labelled[name] = text[text.find(":") + 1 :].strip()
        elif text and not _COUNTER.fullmatch(text):
            (body if labelled or len(head) == _HEAD else head).append(text)
    return record_of_lines(label, head, labelled, body)


def _label(block: Any) -> str:  # noqa: ANN401 - an element of lxml, which is untyped
    """The label at the beginning of a block, in capitals and an element of its own; else ``""``."""
    first = next((span for span in block.iter("span") if "".join(span.itertext()).strip()), None)
    match = _LABEL.match("".join(first.itertext())) if first is not None else None
    return match[1] if match else ""


NEXIS_HTML = Format(
    "Nexis HTML",
    recognise_nexis_html,
    read_nexis_html,
    {
        **ELEMENTS,
        "title": "third line",
        "source": "first line",
        "date": "second line",
        "time": "second line",
        "edition": "second line",
        "text": "lines without a label",
    },
)
