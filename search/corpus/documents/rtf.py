"""RTF as a document of one text."""

import re

from search.corpus.format import Format, Records
from search.corpus.many_documents import check_one_document
from search.corpus.prose import has_words
from search.corpus.record import BadRecord, RawRecord
from search.corpus.rich_text import rtf_text
from search.corpus.source import Source
from search.corpus.streams import read_all

_INFORMATION = {
    "title": re.compile(r"\{\\title (?P<value>[^{}]{1,1000})\}"),
    "author": re.compile(r"\{\\author (?P<value>[^{}]{1,1000})\}"),
    "keywords": re.compile(r"\{\\keywords (?P<value>[^{}]{1,1000})\}"),
    "subject": re.compile(r"\{\\subject (?P<value>[^{}]{1,1000})\}"),
}
_MADE = re.compile(r"\{\\creatim\\yr(\d{1,4})\\mo(\d{1,2})\\dy(\d{1,2})(?:\\hr(\d{1,2})\\min(\d{1,2}))?")


def recognise_rtf(source: Source) -> bool:
    """Whether a file is RTF."""
    return source.head.startswith(b"{\\rtf")


def read_rtf(source: Source) -> Records:
    """Read a document as one article. Raises BadRecord where the file is broken, empty, or a list."""
    text = rtf_text(read_all(source).decode("cp1252", "replace"))
    if not has_words(text):
        raise BadRecord("the document holds no text")
    check_one_document(text)
    start = source.opening
    matches = {name: pattern.search(start) for name, pattern in _INFORMATION.items()}
    fields = {name: rtf_text(f"{{\\rtf1 {match['value']}}}") for name, match in matches.items() if match}
    yield RawRecord({**fields, **_made(start), "text": "\n\n".join(filter(str.strip, text.split("\n")))})


def _made(start: str) -> dict[str, str]:
    match = _MADE.search(start)
    if not match:
        return {}
    year, month, day, hour, minute = match.groups()
    time = {"time": f"{int(hour):02}:{int(minute):02}"} if hour else {}
    return {"date": f"{int(year):04}-{int(month):02}-{int(day):02}", **time}


RTF = Format(
    "RTF",
    recognise_rtf,
    read_rtf,
    {
        "title": "\\title",
        "author": "\\author",
        "keywords": "\\keywords",
        "date": "\\creatim",
        "time": "\\creatim",
        "text": "text of the document",
    },
)
