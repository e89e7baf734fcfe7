"""EPUB: each chapter with enough text is an article of the book.

The package is read directly: the library ebooklib is under the AGPL, and this project is under MIT.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import unquote, urldefrag
from zipfile import ZipFile

from search.corpus.archives import open_zip, read_member
from search.corpus.documents.dublin_core import first, values
from search.corpus.format import Format, Records
from search.corpus.markup import local_name, text_of
from search.corpus.record import BadRecord, Fault, Omission, RawRecord
from search.corpus.source import Source
from search.corpus.xml_tree import parse_xml, xml_member
from search.errors import Translatable

LEAST_TEXT = 200
"""Characters from which on a part of a book is an article; a cover and a half-title have fewer.

A shorter part is an article where it has a sentence that is no notice of rights.
"""

_SENTENCE = re.compile(r"[^.!?…\n]{40,}[.!?…]")
_IMPRINT = re.compile(r"©|\bISBN\b|\bISSN\b|copyright|droits réservés|dépôt légal", re.IGNORECASE)
_CONTAINER, _ENCRYPTION = "META-INF/container.xml", "META-INF/encryption.xml"
_DOCUMENTS = frozenset(("application/xhtml+xml", "text/html", "application/x-dtbook+xml"))
_CONTENTS = frozenset(("application/x-dtbncx+xml",))
_TYPE = "{http://www.idpf.org/2007/ops}type"
_HEADINGS = ("h1", "h2", "h3")
_NO_DATE = "0101-"  # the year that calibre writes for an unknown one
_LINKED_SHARE = 0.5  # of the text: a part with more of it in links is a table of contents


@dataclass(frozen=True, slots=True)
class _Book:
    """The package of a book: its elements, and the paths of its parts in reading order."""

    package: Any
    chapters: tuple[str, ...]
    contents: tuple[str, ...]


def recognise_epub(source: Source) -> bool:
    """Whether a file is EPUB."""
    return _CONTAINER in source.members


def read_epub(source: Source) -> Records:
    """Read the chapters of a book in their order; a part with little text is an Omission.

    Raises BadRecord where the book is broken, locked or too large.
    """
    with open_zip(source.whole) as archive:
        book = _book(archive)
        _check_open(archive, book)
        fields, titles = _fields(book.package), _titles(archive, book)
        for number, path in enumerate(book.chapters, 1):
            try:
                yield _chapter(_tree(archive, path), number, titles.get(path, _NO_TITLE), fields)
            except BadRecord as error:
                yield Fault(Translatable("part {}: {}", number, error.reason))


class _Title(NamedTuple):
    """The title of a part in the table of contents; ``whole`` is false where it is that of a place in it."""

    text: str
    whole: bool


_NO_TITLE = _Title("", whole=False)


def _chapter(root: Any, number: int, listed: _Title, fields: Mapping[str, object]) -> RawRecord | Omission:  # noqa: ANN401 - an element of lxml, which is untyped
    body = next((element for element in root.iter() if local_name(element) == "body"), root)
    text = text_of(body)
    links = sum(len(text_of(link)) for link in body.iter() if local_name(link) == "a")
    if _is_front_matter(text):
        return Omission(
            "front matter", Translatable("part {} has {} characters: {}", number, len(text), repr(text[:40]))
        )
    if links > _LINKED_SHARE * len(text):
        return Omission("table of contents", Translatable("part {} is a list of links", number))
    heading = _heading(body)
    title = listed.text if listed.whole else heading or listed.text
    if heading and title == heading:
        text = text.removeprefix(heading).lstrip()
    return RawRecord(
        {**fields, "title": title, "text": text, "id": f"{fields['id']}#{number}" if fields["id"] else ""},
        label=Translatable("part {}: ", number),
    )


def _is_front_matter(text: str) -> bool:
    return len(text) < LEAST_TEXT and (not _SENTENCE.search(text) or _IMPRINT.search(text) is not None)


def _heading(body: Any) -> str:  # noqa: ANN401
    headings = (element for element in body.iter() if local_name(element) in _HEADINGS)
    return next((text for element in headings if (text := text_of(element))), "")


def _book(archive: ZipFile) -> _Book:
    container = xml_member(archive, _CONTAINER)
    paths = [element.get("full-path") for element in container.iter() if local_name(element) == "rootfile"]
    if not paths or not paths[0]:
        raise BadRecord("the book does not say where its parts are")
    package = xml_member(archive, paths[0])
    items = [element for element in package.iter() if local_name(element) == "item"]
    files = {item.get("id"): _path(paths[0], item.get("href", "")) for item in items}
    kinds = {item.get("id"): item.get("media-type") for item in items}
    spine = [element.get("idref") for element in package.iter() if local_name(element) == "itemref"]
    contents = [item for item in items if _is_contents(item)]
    return _Book(
        package=package,
        chapters=tuple(dict.fromkeys(files[name] for name in spine if kinds.get(name) in _DOCUMENTS)),
        contents=tuple(dict.fromkeys(_path(paths[0], item.get("href", "")) for item in contents)),
    )


def _is_contents(item: Any) -> bool:  # noqa: ANN401
    return item.get("media-type") in _CONTENTS or "nav" in item.get("properties", "").split()


def _check_open(archive: ZipFile, book: _Book) -> None:
    """Raise BadRecord where the chapters are encrypted; fonts may be."""
    if _ENCRYPTION not in archive.NameToInfo:
        return
    encrypted = {
        unquote(element.get("URI", ""))
        for element in xml_member(archive, _ENCRYPTION).iter()
        if local_name(element) == "cipherreference"
    }
    if not encrypted.isdisjoint(book.chapters):
        raise BadRecord("the book is locked by its seller (DRM), and cannot be read")


def _titles(archive: ZipFile, book: _Book) -> dict[str, _Title]:
    """The titles of chapters by their paths: the first that the tables of contents give."""
    titles: dict[str, _Title] = {}
    for path in book.contents:
        try:
            entries = list(_entries(_tree(archive, path)))
        except BadRecord:  # the chapters have headings too
            continue
        for target, title in entries:
            titles.setdefault(_path(path, target), _Title(title, whole="#" not in target))
    return titles


def _entries(root: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401
    """The addresses and the titles of a table of contents, of either version of EPUB."""
    tables = [element for element in root.iter() if element.get(_TYPE) == "toc"] or [root]
    for element in tables[0].iter():
        name = local_name(element)
        if name == "a" and element.get("href"):
            yield element.get("href"), text_of(element)
        elif name == "navpoint":
            label = next((text_of(child) for child in element if local_name(child) == "navlabel"), "")
            target = next((child.get("src", "") for child in element if local_name(child) == "content"), "")
            yield target, label


def _fields(package: Any) -> dict[str, object]:  # noqa: ANN401
    metadata = next((element for element in package if local_name(element) == "metadata"), package)
    return {
        "id": first(values(metadata, "identifier")),
        "source": first(values(metadata, "title")),
        "author": values(metadata, "creator"),
        "date": first([date for date in values(metadata, "date") if not date.startswith(_NO_DATE)]),
        "lang": first(values(metadata, "language")),
        "keywords": values(metadata, "subject"),
        "publisher": first(values(metadata, "publisher")),
    }


def _path(base: str, href: str) -> str:
    """The path of a member from an address in another one."""
    path = unquote(urldefrag(href).url)
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), path))


def _tree(archive: ZipFile, path: str) -> Any:  # noqa: ANN401
    """A part as XML, or as HTML where it is not well formed."""
    from lxml import etree, html

    data = read_member(archive, path)
    try:
        return parse_xml(iter([data]))
    except BadRecord:
        parser = html.HTMLParser(no_network=True, remove_comments=True, encoding="utf-8")
    try:
        return html.document_fromstring(data, parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise BadRecord(Translatable("{} in it cannot be read: {}", repr(path), error)) from error


EPUB = Format(
    "EPUB",
    recognise_epub,
    read_epub,
    {
        "title": "table of contents, or h1 to h3",
        "source": "dc:title",
        "author": "dc:creator",
        "keywords": "dc:subject",
        "lang": "dc:language",
        "date": "dc:date",
        "id": "dc:identifier",
        "text": "body of each part",
    },
)
