"""Nexis and Nexis Uni, exported as DOCX: a bookmark before each document, and others for its parts."""

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from search.corpus.archives import ZIP_ERRORS, open_zip
from search.corpus.databases.nexis_labels import names_field, record, without_date
from search.corpus.format import Format, Records
from search.corpus.markup import local_name
from search.corpus.record import BadRecord, Omission, RawRecord
from search.corpus.source import HEAD_SIZE, Source
from search.errors import Translatable

_DOCUMENT_XML = "word/document.xml"
_SIGNS = (b"Job Number", b"End of Document", b'w:name="Bookmark_1"', b'w:name="Classification"')
_DOCUMENT = re.compile(r"Bookmark_\d+$")
_PART = re.compile(r"(Body|Classification|Graphic|Correction|Notes)(?:_\d+)?$")
_PARTS = {
    **dict.fromkeys(("Body", "Text", "Texte", "Corps", "Corps du texte", "Textkörper", "Cuerpo"), "Body"),
    **dict.fromkeys(("Classification", "Klassifizierung", "Clasificación"), "Classification"),
    "Graphic": "Graphic",
}
_END = frozenset(("End of Document", "Fin du document", "Ende des Dokuments", "Fin del documento"))
_LIST = re.compile(
    r"\d+\. |(?:Client/Matter|Search Terms|Search Type|Narrowed by|Content Type|User Name|Date and Time"
    r"|Job Number): |Documents? \(\d+\)"
)
_LABEL = re.compile(r"([^\W\d_][\w /-]{1,40})\u00a0?:([ \u00a0])(.*)", re.DOTALL)
_LABEL_GAP = "\u00a0"  # after every label of Nexis, and after hardly any colon of a text
_FULL_TEXT = "FULL TEXT"
# What docx raises on broken parts; lxml raises SyntaxError on broken XML.
_PARSER_ERRORS = (*ZIP_ERRORS, AttributeError, TypeError, LookupError, SyntaxError)


@dataclass(frozen=True, slots=True)
class _Paragraph:
    text: str
    bookmarks: tuple[str, ...]


def recognise_nexis_docx(source: Source) -> bool:
    """Whether a file is a Word document that begins as those of Nexis do."""
    if _DOCUMENT_XML not in source.members:
        return False
    try:
        with zipfile.ZipFile(source.whole) as archive, archive.open(_DOCUMENT_XML) as content:
            start = content.read(HEAD_SIZE)
    except (*ZIP_ERRORS, OSError):
        return False
    return any(sign in start for sign in _SIGNS)


def read_nexis_docx(source: Source) -> Records:
    """Read each document; the list of titles before them is no part of any.

    A document without text is an Omission. Raises BadRecord where the file is broken or holds none.
    """
    documents = list(_documents(_paragraphs(source)))
    if not documents:
        raise BadRecord("no document of Nexis in it")
    for number, paragraphs in enumerate(documents, 1):
        yield _record(paragraphs, Translatable("document {}: ", number))


def _paragraphs(source: Source) -> list[_Paragraph]:
    import docx
    from docx.opc.exceptions import OpcError
    from docx.oxml.ns import qn
    from docx.text.paragraph import Paragraph

    with open_zip(source.whole):  # checks its sizes
        pass
    source.whole.seek(0)
    try:
        document = docx.Document(source.whole)
        elements = document.element.body.iter(qn("w:p"))  # also those in tables
        return [
            _Paragraph(Paragraph(each, document).text.strip(), tuple(_bookmarks(each))) for each in elements
        ]
    except (*_PARSER_ERRORS, OpcError) as error:
        raise BadRecord(Translatable("the Word document is too broken to read ({})", error)) from error


def _bookmarks(paragraph: Any) -> Iterator[str]:  # noqa: ANN401 - an element of lxml, which is untyped
    for element in paragraph.iter():
        if local_name(element) == "bookmarkstart":
            yield from (value for name, value in element.attrib.items() if name.endswith("}name"))


def _documents(paragraphs: Sequence[_Paragraph]) -> Iterator[list[_Paragraph]]:
    """The paragraphs of each document: from its bookmark on, or from the end of the list of titles on."""
    starts = [place for place, each in enumerate(paragraphs) if any(map(_DOCUMENT.match, each.bookmarks))]
    if not starts:
        ends = [place for place, each in enumerate(paragraphs) if each.text in _END]
        starts = [_after_list(paragraphs[: ends[0]]), *(place + 1 for place in ends[:-1])] if ends else []
    for start, end in pairwise([*starts, len(paragraphs)]):
        document = list(paragraphs[start:end])
        last = next((place for place, each in enumerate(document) if each.text in _END), len(document))
        yield document[:last]


def _after_list(paragraphs: Sequence[_Paragraph]) -> int:
    listed = [place for place, each in enumerate(paragraphs) if _LIST.match(each.text)]
    return listed[-1] + 1 if listed else 0


def _record(paragraphs: Sequence[_Paragraph], label: str) -> RawRecord | Omission:
    parts: dict[str, list[str]] = {}
    part = "Head"
    for paragraph in paragraphs:
        if (name := _part(paragraph)) and name != part:
            part = name
        elif paragraph.text:
            match = _LABEL.match(paragraph.text)
            if part == "Body" and match and match[2] == _LABEL_GAP:
                part = "Classification"
            parts.setdefault(part, []).append(paragraph.text)
    head, labelled = _labelled(parts.pop("Head", []))
    _, classification = _labelled(parts.pop("Classification", []))
    abstract, text = _abstract(parts.pop("Body", []))
    date, others = without_date(head)
    title, source, *more = [*others, "", ""]
    labelled["Head"] = " ".join(more).strip()
    rest = {name: "\n\n".join(texts) for name, texts in parts.items()}
    return record(label, title, source, date, {"Abstract": abstract} | rest | classification | labelled, text)


def _part(paragraph: _Paragraph) -> str:
    """The part that begins with a paragraph which names it, and has a bookmark or stands alone."""
    names = [match[1] for bookmark in paragraph.bookmarks if (match := _PART.match(bookmark))]
    if names:
        return names[0]
    return _PARTS.get(paragraph.text, "")


def _labelled(texts: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """The lines without a label, and the values of those that have one."""
    lines: list[str] = []
    labelled: dict[str, str] = {}
    for text in texts:
        match = _LABEL.match(text)
        if match and (match[2] == _LABEL_GAP or names_field(match[1]) or labelled):
            labelled[match[1]] = match[3].strip()
        else:
            lines.append(text)
    return lines, labelled


def _abstract(body: Sequence[str]) -> tuple[str, str]:
    """The summary that some papers set before the text, and the text."""
    if _FULL_TEXT in body and body[0] == "ABSTRACT":
        place = list(body).index(_FULL_TEXT)
        return "\n\n".join(body[1:place]), "\n\n".join(body[place + 1 :])
    return "", "\n\n".join(body)


NEXIS_DOCX = Format(
    "Nexis DOCX",
    recognise_nexis_docx,
    read_nexis_docx,
    {
        "title": "first line",
        "source": "second line",
        "date": "third line",
        "time": "third line",
        "edition": "third line",
        "text": "Body",
        "author": "Byline",
        "section": "Section",
        "page": "Section",
        "chapo": "Highlight, ABSTRACT",
        "word_count": "Length",
        "keywords": "Subject",
        "lang": "Language",
        "place": "Dateline",
    },
)
