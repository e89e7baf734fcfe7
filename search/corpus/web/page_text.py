"""The text of a page: UTF-8 where it is, else the encoding that the server or the page names."""

import codecs
import re

from search.corpus.encodings import decode
from search.corpus.record import BadRecord
from search.errors import Translatable

_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_META = re.compile(rb"""<meta[^>]{0,200}?charset\s{0,5}=\s{0,5}["']?\s{0,5}([\w.:-]{1,40})""", re.IGNORECASE)
_META_WITHIN = 4096
_KNOWN = re.compile(
    r"(?:iso-?8859-?\d{1,2}|(?:windows|cp)-?\d{3,4}|latin-?\d|mac-?roman|macintosh|utf-?16(?:[lb]e)?"
    r"|big5|euc-(?:jp|kr)|gb(?:18030|2312|k)|koi8-[ru]|shift-?jis)",
    re.ASCII,
)
# As browsers do: a page that says Latin-1 means the encoding of Windows, which has more characters.
_WINDOWS = re.compile(r"(?:iso-?8859-?1|latin-?1)", re.ASCII)
# The parser needs seconds for 100,000 tags, and time quadratic in the attributes of one tag.
_TAGS_LIMIT = 100_000
_CROWDED_TAG = re.compile(
    r"""<[a-z][^\s>]*+(?:\s++(?:[^\s>"']++|"[^"]*+"|'[^']*+')++){2000}""", re.IGNORECASE
)


def page_text(data: bytes, charset: str = "") -> str:
    r"""Decode a page; ``charset`` is what its server says. Line ends become ``\n``.

    Raises BadRecord when the encoding is unknown.
    """
    return _decoded(data, charset).replace("\r\n", "\n").replace("\r", "\n")


def checked(html: str) -> str:
    """The same page; raises BadRecord where parsers would take too long for it."""
    if html.count("<") > _TAGS_LIMIT:
        raise BadRecord(Translatable("the page has more than {} tags, which is the limit", _TAGS_LIMIT))
    if _CROWDED_TAG.search(html):
        raise BadRecord("the page is too broken to read (a tag with thousands of attributes)")
    return html


def _decoded(data: bytes, charset: str) -> str:
    if not data.startswith(_MARKS):
        try:
            return data.decode()
        except UnicodeDecodeError:
            pass
        meta = _META.search(data[:_META_WITHIN])
        for name in (charset, meta[1].decode("ascii", "replace") if meta else ""):
            if encoding := _encoding(name):
                return data.decode(encoding, errors="replace")
    return decode(data)


def _encoding(label: str) -> str:
    """The encoding that a page or its server means; ``""`` for one that says nothing of use."""
    name = label.strip(" \"'").lower().replace("_", "-")
    if _WINDOWS.fullmatch(name):
        return "cp1252"
    try:
        return codecs.lookup(name).name if _KNOWN.fullmatch(name) else ""
    except LookupError:
        return ""
