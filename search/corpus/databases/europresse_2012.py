"""Europresse, the HTML export of about 2012: each document in a cell of a table."""

import re
from dataclasses import asdict
from typing import Any

from search.corpus.databases.europresse_header import parse_header, parse_publication
from search.corpus.databases.fragments import Fragment, read_fragments, written_text
from search.corpus.encodings import read_text
from search.corpus.format import Format, Records
from search.corpus.markup import local_name, text_of
from search.corpus.record import BadRecord, Omission, RawRecord
from search.corpus.source import Source
from search.errors import Translatable

_TITLE = "TitreArticleVisu"
_DOCUMENT = re.compile(r"(?=<span\s+class=[\"']?DocPublicationName\b)", re.IGNORECASE)
_NUMBER = re.compile(r"\b\w+·\d{8}·\S+")
_RIGHTS = re.compile(r"(?:©|\(c\)|copyright\b).{0,200}", re.IGNORECASE)
_LONGEST_NAME = 100  # characters: what is longer is the first paragraph, not an author


def recognise_europresse_2012(source: Source) -> bool:
    """Whether a file is an export of Europresse without ``<article>`` elements."""
    return "DocPublicationName" in source.opening and _TITLE in source.opening


def read_europresse_2012(source: Source) -> Records:
    """Read each document of an export; a document without text is an Omission.

    Raises BadRecord where the file holds no document.
    """
    return read_fragments(_DOCUMENT.split(read_text(source))[1:], _record)


def _record(item: Fragment, label: str) -> RawRecord | Omission:
    publication = parse_publication(written_text(item.first("DocPublicationName")))
    header = parse_header("".join("".join(part.itertext()) for part in item.all("DocHeader")))
    title = item.first(_TITLE)
    if title is None:
        raise BadRecord("it has no title")
    number = _NUMBER.search("\n".join(item.root.itertext()))
    heading, kicker, author = text_of(title), _line_before(title), _author_after(title)
    text = _text_after(title)
    if not text:
        kind = "document without text"
        return Omission(kind, Translatable("{}{} ({})", label, kind, publication["source"]))
    return RawRecord(
        publication
        | asdict(header)
        | {
            "id": number[0] if number else "",
            "title": heading,
            "kicker": kicker,
            "author": author,
            "text": text,
        },
        label=label,
    )


def _line_before(title: Any) -> str:  # noqa: ANN401 - an element of lxml, which is untyped
    """The words between the header and the title: a kicker."""
    lines: list[str] = []
    for element in title.itersiblings(preceding=True):
        if local_name(element) != "br":
            break
        lines.insert(0, element.tail or "")
    return " ".join(" ".join(lines).split())


def _author_after(title: Any) -> str:  # noqa: ANN401
    """Take away the first line under the title where it is short and another line break ends it."""
    for element in title.itersiblings():
        line = " ".join((element.tail or "").split())
        if local_name(element) != "br":
            return ""
        if line:
            following = element.getnext()
            if len(line) > _LONGEST_NAME or following is None or local_name(following) != "br":
                return ""
            element.tail = None
            return line
    return ""


def _text_after(title: Any) -> str:  # noqa: ANN401
    """Take the paragraphs from the title to the number of the document, without the line of the rights."""
    parent = title.getparent()
    parent.text = None
    for earlier in list(title.itersiblings(preceding=True)):
        parent.remove(earlier)
    title.clear(keep_tail=True)
    paragraphs = text_of(parent, ("table",)).split("\n\n")
    end = next((place for place, text in enumerate(paragraphs) if _NUMBER.search(text)), len(paragraphs))
    if end and _RIGHTS.fullmatch(paragraphs[end - 1]):
        end -= 1
    return "\n\n".join(paragraphs[:end])


EUROPRESSE_2012 = Format(
    "Europresse HTML of 2012",
    recognise_europresse_2012,
    read_europresse_2012,
    {
        "id": "Numéro de document",
        "title": "span.TitreArticleVisu",
        "text": "after span.TitreArticleVisu",
        "kicker": "before span.TitreArticleVisu",
        "author": "after span.TitreArticleVisu",
        "source": "span.DocPublicationName",
        "section": "span.DocHeader",
        "date": "span.DocHeader",
        "page": "span.DocHeader",
        "word_count": "span.DocHeader",
        "time": "span.DocHeader",
        "lang": "span.DocHeader",
        "edition": "span.DocPublicationName",
    },
)
