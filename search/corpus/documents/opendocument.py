"""ODT, the documents of LibreOffice and other programs: one text, one article."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from search.corpus.archives import open_zip, read_member
from search.corpus.documents.dublin_core import first, values
from search.corpus.format import Format, Records
from search.corpus.many_documents import check_one_document
from search.corpus.markup import local_name, text_of
from search.corpus.prose import has_words
from search.corpus.record import BadRecord, Omission, RawRecord
from search.corpus.source import Source
from search.corpus.xml_tree import xml_member
from search.errors import Translatable

_CONTENT, _META, _MANIFEST = "content.xml", "meta.xml", "META-INF/manifest.xml"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = f"{_TEXT}style-name"
_KIND = b"application/vnd.oasis.opendocument.text"
_OPENING = 10  # paragraphs among which the title stands
_PARAGRAPHS = frozenset((f"{_TEXT}p", f"{_TEXT}h"))
# Comments and deleted text; notes come at the end.
_SKIPPED = frozenset(("annotation", "tracked-changes", "note"))


def recognise_opendocument(source: Source) -> bool:
    """Whether a file is ODT: its type stands at the beginning and is not compressed."""
    return _CONTENT in source.members and _KIND in source.head[:200]


def read_opendocument(source: Source) -> Records:
    """Read a document as one article, its notes at the end; pictures and comments are not read.

    The title is the first title or heading, or that of the properties. Raises BadRecord where the file is
    broken, locked, too large, or a list of documents.
    """
    with open_zip(source.whole) as archive:
        names = source.members
        if _MANIFEST in names and b"encryption-data" in read_member(archive, _MANIFEST):
            raise BadRecord("the document is locked with a password; save it without one first")
        root = xml_member(archive, _CONTENT)
        fields = _properties(xml_member(archive, _META)) if _META in names else {}
        pictures = sum(name.startswith("Pictures/") and not name.endswith("/") for name in names)
    _write_out_gaps(root)
    paragraphs = [paragraph for paragraph in _paragraphs(root) if paragraph.text]
    if not any(has_words(paragraph.text) for paragraph in paragraphs):
        raise BadRecord("the document holds no text")
    place = _title_place(paragraphs)
    title = fields.get("title", "") if place is None else paragraphs.pop(place).text
    texts = [paragraph.text for paragraph in paragraphs]
    texts += [text_of(note) for note in root.iter(f"{_TEXT}note-body")]
    text = "\n\n".join(texts)
    check_one_document(text)
    yield RawRecord({**fields, "title": title, "text": text})
    if pictures:
        yield Omission("picture", Translatable("pictures in the document: {}", pictures))


class _Paragraph(NamedTuple):
    text: str
    style: str
    heading: bool


def _write_out_gaps(root: Any) -> None:  # noqa: ANN401 - an element of lxml, which is untyped
    """Put the blanks and line breaks that are elements into the text."""
    for element in root.iter(f"{_TEXT}s", f"{_TEXT}tab"):
        element.text = " "
    for element in root.iter(f"{_TEXT}line-break"):
        element.tag = "br"


def _paragraphs(root: Any) -> Iterator[_Paragraph]:  # noqa: ANN401
    """The paragraphs and headings in order; a frame is part of the paragraph that it stands in."""
    from lxml import etree

    walk = etree.iterwalk(root, events=("start",))
    for _, element in walk:
        if element.tag in _PARAGRAPHS:
            style, heading = element.get(_STYLE, ""), element.tag == f"{_TEXT}h"
            yield _Paragraph(text_of(element, _SKIPPED), style, heading)
            walk.skip_subtree()
        elif local_name(element) in _SKIPPED:
            walk.skip_subtree()


def _title_place(paragraphs: Sequence[_Paragraph]) -> int | None:
    """Where the title stands, else the first heading; None where that is all there is."""
    opening = list(enumerate(paragraphs[:_OPENING]))
    titles = [place for place, paragraph in opening if paragraph.style == "Title"]
    headings = [place for place, paragraph in opening if paragraph.heading]
    return next(iter(titles + headings), None) if len(paragraphs) > 1 else None


def _properties(root: Any) -> dict[str, object]:  # noqa: ANN401
    return {
        "title": first(values(root, "title")),
        "author": first(values(root, "initial-creator", "creator")),
        "keywords": values(root, "keyword"),
        "lang": first(values(root, "language")),
        "subject": first(values(root, "subject")),
        "comments": first(values(root, "description")),
        "date": first(values(root, "creation-date", "date")),
    }


OPENDOCUMENT = Format(
    "ODT",
    recognise_opendocument,
    read_opendocument,
    {
        "title": "the style Title or a heading, or dc:title",
        "author": "meta:initial-creator, dc:creator",
        "keywords": "meta:keyword",
        "lang": "dc:language",
        "date": "meta:creation-date, dc:date",
        "text": "text:p, text:h",
    },
)
