"""The text of a page: UTF-8 where it is, else the encoding that the server or the page names."""

import codecs
import re

from search.corpus.encodings import decode

_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_META = re.compile(rb"""<meta[^>]{0,200}?charset\s{0,5}=\s{0,5}["']?\s{0,5}([\w.:-]{1,40})""", re.IGNORECASE)
_META_WITHIN = 4096
_KNOWN = re.compile(
    r"(?:iso-?8859-?\d{1,2}|(?:windows|cp)-?125\d|latin-?\d|mac-?roman|macintosh|utf-?16(?:[lb]e)?)", re.ASCII
)
# As browsers do: a page that says Latin-1 means the encoding of Windows, which has more characters.
_WINDOWS = re.compile(r"(?:iso-?8859-?1|latin-?1)", re.ASCII)


def page_text(data: bytes, charset: str = "") -> str:
    r"""Decode a page; ``charset`` is what its server says. Line ends become ``\n``.

    Raises BadRecord when the encoding is unknown.
    """
    return _decoded(data, charset).replace("\r\n", "\n").replace("\r", "\n")


def _decoded(data: bytes, charset: str) -> str:
    if not data.startswith(_MARKS):
        try:
            return data.decode()
        except UnicodeDecodeError:
            pass
        meta = _META.search(data[:_META_WITHIN])
        for name in (charset, meta[1].decode("ascii", "replace") if meta else ""):
            name = name.strip(" \"'").lower().replace("_", "-")
            if _WINDOWS.fullmatch(name):
                name = "cp1252"
            if _KNOWN.fullmatch(name):
                return data.decode(name.replace("windows-", "cp"), errors="replace")
    return decode(data)
