"""DOCX, the documents of Word and other programs: one text, one article.

The XML is read directly: python-docx passes over inserted text and fields, and unpacks every picture.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from zipfile import ZipFile

from search.corpus.archives import open_zip, read_member
from search.corpus.documents.dublin_core import first, values
from search.corpus.format import Format, Records
from search.corpus.many_documents import check_one_document
from search.corpus.markup import local_name
from search.corpus.prose import has_words
from search.corpus.record import BadRecord, Omission, RawRecord
from search.corpus.source import Source
from search.corpus.xml_tree import parse_xml

_DOCUMENT, _STYLES, _PROPERTIES = "word/document.xml", "word/styles.xml", "docProps/core.xml"
_NOTES = ("word/footnotes.xml", "word/endnotes.xml")
_OPENING = 10  # paragraphs among which the title stands
_TITLE_STYLES = ("title", "heading 1")
_NAMESPACE = re.compile(r"\{[^}]*\}")
_SIGNS = {"tab": " ", "br": "\n", "cr": "\n", "nobreakhyphen": "-", "softhyphen": "\u00ad"}
# A fallback repeats a text box.
_SKIPPED = frozenset(("fallback", "del", "movefrom"))


class _Paragraph(NamedTuple):
    text: str
    style: str


def recognise_word(source: Source) -> bool:
    """Whether a file is DOCX."""
    return _DOCUMENT in source.members


def read_word(source: Source) -> Records:
    """Read a document as one article, its notes at the end; pictures are not read.

    The title is the first title or heading, or that of the properties. Raises BadRecord where the file is
    broken, locked, too large, or a list of documents.
    """
    with open_zip(source.whole) as archive:
        names = source.members
        paragraphs = list(_paragraphs(_member(archive, _DOCUMENT), _style_names(archive, names)))
        for name in _NOTES:
            if name in names:
                paragraphs += _notes(_member(archive, name))
        fields = _properties(_member(archive, _PROPERTIES)) if _PROPERTIES in names else {}
        pictures = sum(name.startswith("word/media/") for name in names)
    if not any(has_words(paragraph.text) for paragraph in paragraphs):
        raise BadRecord("the document holds no text")
    place = _title_place(paragraphs)
    title = fields.get("title", "") if place is None else paragraphs.pop(place).text
    text = "\n\n".join(one.text for one in paragraphs)
    check_one_document(text)
    yield RawRecord({**fields, "title": title, "text": text})
    if pictures:
        yield Omission("picture", f"{pictures} pictures in the document")


def _member(archive: ZipFile, name: str) -> Any:  # noqa: ANN401 - an element of lxml, which is untyped
    return parse_xml(iter([read_member(archive, name)]))


def _style_names(archive: ZipFile, names: frozenset[str]) -> Mapping[str, str]:
    """The names of styles in English and lower case, by the ids that paragraphs have."""
    if _STYLES not in names:
        return {}
    styles = {}
    for style in _member(archive, _STYLES).iter():
        if local_name(style) == "style":
            name = next((_attribute(child, "val") for child in style if local_name(child) == "name"), "")
            styles[_attribute(style, "styleId")] = name.lower()
    return styles


def _paragraphs(root: Any, styles: Mapping[str, str]) -> Iterator[_Paragraph]:  # noqa: ANN401
    """The paragraphs that have text, in order, those of tables and text boxes among them."""
    from lxml import etree

    walk = etree.iterwalk(root, events=("start",))
    for _, element in walk:
        name = local_name(element)
        if name in _SKIPPED:
            walk.skip_subtree()
        elif name == "p" and (text := _text(element)):
            style = _style(element)
            yield _Paragraph(text, styles.get(style, style.lower()))


def _style(paragraph: Any) -> str:  # noqa: ANN401
    """The id of the style of a paragraph; ``""`` for the usual one."""
    properties = (child for child in paragraph if local_name(child) == "ppr")
    names = (child for each in properties for child in each if local_name(child) == "pstyle")
    return next((_attribute(name, "val") for name in names), "")


def _text(paragraph: Any) -> str:  # noqa: ANN401
    """The text of a paragraph, without that of paragraphs inside it."""
    from lxml import etree

    parts: list[str] = []
    walk = etree.iterwalk(paragraph, events=("start",))
    for _, element in walk:
        name = local_name(element)
        if name in _SKIPPED or (name == "p" and element is not paragraph):
            walk.skip_subtree()
        elif name == "t":
            parts.append(element.text or "")
        else:
            parts.append(_SIGNS.get(name, ""))
    return "".join(parts).strip()


def _notes(root: Any) -> Iterator[_Paragraph]:  # noqa: ANN401
    """The notes, without the lines that separate them from the text."""
    for note in root:
        if not _attribute(note, "type"):
            yield from _paragraphs(note, {})


def _title_place(paragraphs: list[_Paragraph]) -> int | None:
    """Where the title stands, unless it is all there is."""
    styles = [paragraph.style for paragraph in paragraphs[:_OPENING]]
    found = (styles.index(style) for style in _TITLE_STYLES if style in styles)
    return next(found, None) if len(paragraphs) > 1 else None


def _properties(root: Any) -> dict[str, str]:  # noqa: ANN401
    return {
        "title": first(values(root, "title")),
        "author": first(values(root, "creator")),
        "keywords": first(values(root, "keywords")),
        "section": first(values(root, "category")),
        "lang": first(values(root, "language")),
        "subject": first(values(root, "subject")),
        "comments": first(values(root, "description")),
        "date": first(values(root, "created", "modified")),
    }


def _attribute(element: Any, name: str) -> str:  # noqa: ANN401
    """An attribute by its local name; ``""`` where there is none."""
    return next((str(value) for key, value in element.items() if _NAMESPACE.sub("", key) == name), "")


WORD = Format(
    "DOCX",
    recognise_word,
    read_word,
    {
        "title": "the style Title or Heading 1, or dc:title",
        "author": "dc:creator",
        "keywords": "cp:keywords",
        "section": "cp:category",
        "lang": "dc:language",
        "date": "dcterms:created",
        "text": "w:p",
    },
)
