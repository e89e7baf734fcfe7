"""XML as a tree, without DTD, without network, and within libxml2's own limits of depth and size."""

import codecs
import html
import re
from collections.abc import Iterable, Iterator
from html.entities import html5
from typing import Any
from zipfile import ZipFile

from search.corpus.archives import read_member
from search.corpus.encodings import decode
from search.corpus.record import BadRecord
from search.corpus.streams import read_all
from search.errors import Translatable

_DECLARATION_SIZE = 200
_DECLARED = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)")
_DECLARATION = re.compile(r"\s*<\?xml\s[^>]*>")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# Atomic groups: what stands before the document type is read in one way only.
_DOCUMENT_TYPE = re.compile(
    r"(?>(?>\s+|<!--.*?-->|<\?.*?\?>)*)<!DOCTYPE[^\[>]*(?>\[(?P<subset>.*?)\]\s*)?>", re.DOTALL
)
_ENTITY = re.compile(r"<!ENTITY\s+(?P<name>[\w.-]+)\s+(?P<value>\"[^\"%]*\"|'[^'%]*')\s*>")
_REFERENCE = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<(?![^\W\d]|[/!?:])"
    r"|&(?:#(?P<number>\d{1,7}|x[0-9a-fA-F]{1,6});|(?P<name>[A-Za-z_][\w.-]{0,60});)?",
    re.DOTALL,
)
_SINGLE_BYTE = re.compile(r"iso8859-\d+$|cp\d+$|mac-")
# Text of Windows is often declared as ISO-8859, which has controls where Windows has quotes and the euro.
_OF_WINDOWS = re.compile("[\x80-\x9f]")
_OF_XML = frozenset(("amp", "lt", "gt", "quot", "apos"))


def parse_xml(source: Iterator[bytes]) -> Any:  # noqa: ANN401 - an element of lxml, which is untyped
    """The root element of an XML file; raises BadRecord where it is too large or not XML.

    Entities of the file itself and those of HTML are characters. Nothing is fetched.
    """
    root, error = recovered_xml(source)
    if error:
        raise BadRecord(error)
    return root


def xml_member(archive: ZipFile, name: str) -> Any:  # noqa: ANN401
    """The root element of an XML file in a ZIP file; raises BadRecord where it is broken or missing."""
    return parse_xml(iter([read_member(archive, name)]))


def recovered_xml(source: Iterator[bytes]) -> tuple[Any, str]:
    """The root element as far as a file is sound, and its first error, ``""`` where there is none.

    Raises BadRecord where it is too large, or holds no element.
    """
    from lxml import etree

    text = xml_text(read_all(source)).encode()
    try:
        return etree.fromstring(text, _parser(recover=False)), ""
    except (etree.XMLSyntaxError, ValueError) as error:
        reason = Translatable("not XML: {}", error)
    try:
        root = etree.fromstring(text, _parser(recover=True))
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        raise BadRecord(reason)
    return root, reason


def _parser(*, recover: bool) -> Any:  # noqa: ANN401
    from lxml import etree

    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities="internal",
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        recover=recover,
    )


def xml_text(data: bytes) -> str:
    """The text of an XML file, ready for a parser; raises BadRecord when its encoding is unknown.

    The declaration goes, and of the document type only the entities stay that are defined in the file. Names
    of characters of HTML become characters. Other loose ampersands, a loose ``<``, and characters that XML
    forbids do not stop the parser.
    """
    text = _FORBIDDEN.sub("", _decoded(data)).lstrip("\ufeff \t\r\n")
    text = text[match.end() :] if (match := _DECLARATION.match(text)) else text
    entities: dict[str, str] = {}
    if match := _DOCUMENT_TYPE.match(text):
        entities = {one["name"]: one[0] for one in _ENTITY.finditer(match["subset"] or "")}
        text = text[match.end() :]
    text = _with_known_references(text, entities.keys())
    kept = "".join(_with_known_references(entity, entities.keys()) for entity in entities.values())
    return f"<!DOCTYPE x [{kept}]>{text}" if kept else text


def _decoded(data: bytes) -> str:
    """Bytes as text: a file may declare another encoding than it has.

    Text of another encoding is hardly ever valid UTF-8, so UTF-8 is tried first.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        declared = _DECLARED.match(data.lstrip()[:_DECLARATION_SIZE])
    try:
        name = codecs.lookup(declared[1].decode()).name if declared else ""
        text = data.decode(name) if _SINGLE_BYTE.match(name) else ""
    except (LookupError, UnicodeDecodeError):
        text = ""
    return text if text and not _OF_WINDOWS.search(text) else decode(data)


def _with_known_references(text: str, entities: Iterable[str]) -> str:
    """Replace each reference that a parser of XML would not know; CDATA stays as it is."""
    known = _OF_XML.union(entities)

    def known_to_xml(reference: re.Match[str]) -> str:
        written, name, number = reference[0], reference["name"], reference["number"]
        if written.startswith("<!") or (name and name in known):
            return written
        if number:
            return html.escape(_FORBIDDEN.sub("", html.unescape(written)))
        return html.escape(html5.get(f"{name};", written))

    return _REFERENCE.sub(known_to_xml, text)
