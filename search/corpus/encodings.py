"""Bytes to text: UTF-8, UTF-16, or the encoding that gives the most French letters."""

import codecs
import re
from collections.abc import Iterator
from itertools import chain

from search.corpus.record import BadRecord
from search.corpus.streams import LINE_LIMIT, lines, megabytes, peek, read_all
from search.errors import Translatable

_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Capitals and "…" are not in the list: the same byte is often one of them in each encoding.
_FRENCH = "àâçèéêëîïôùûüœ’«»"
# UTF-8 is in the list for a file that ends inside a letter. The first encoding wins a tie.
_CANDIDATES = {name: [letter.encode(name) for letter in _FRENCH] for name in ("cp1252", "mac_roman", "utf-8")}
# ISO 8859-15 has no character of its own where Windows has its quotes, "œ" where it has "½", and "€" for "¤".
_OF_WINDOWS = re.compile(rb"[\x80-\x9f]")
_OF_LATIN_9 = re.compile(rb"[A-Za-z]\xbd|(?<![\d\s])\xbd(?=[a-z])|\d ?\xa4|(?:^|\s)\xbd(?=[iu])")
_DAMAGE = re.compile("[\0-\x08\x0e-\x1f\x7f-\x9f\ufffd]")
_DAMAGE_LIMIT = 0.05
_UTF16_ZERO_SHARE = 0.3


def read_text(source: Iterator[bytes]) -> str:
    r"""Read a whole source as text with ``\n`` line ends.

    Raises BadRecord when it is too large or its encoding is unknown.
    """
    return decode(read_all(source)).replace("\r\n", "\n").replace("\r", "\n")


def decode(data: bytes) -> str:
    """Decode a whole text; raises BadRecord when its encoding is unknown."""
    encoding = "utf-16" if data.startswith(_UTF16_MARKS) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        text = data.decode(_utf16_without_mark(data) or _likeliest_encoding(data), errors="replace")
    if len(_DAMAGE.sub("", text)) < (1 - _DAMAGE_LIMIT) * len(text):
        raise BadRecord("the text encoding is unknown; save the file as UTF-8")
    return text


def decode_start(data: bytes) -> str:
    """Decode the beginning of a text, which may end inside a letter; what is not text becomes U+FFFD."""
    if data.startswith(_UTF16_MARKS):
        return data.decode("utf-16", errors="replace")
    try:
        return codecs.getincrementaldecoder("utf-8-sig")().decode(data)
    except UnicodeDecodeError:
        return data.decode(_utf16_without_mark(data) or _likeliest_encoding(data), errors="replace")


def decode_line(line: bytes) -> str:
    """Decode one line of a stream; bytes that are not text become U+FFFD."""
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode(_likeliest_encoding(line), errors="replace")


def text_lines(source: Iterator[bytes]) -> Iterator[str]:
    """The lines of a stream as text, without their ends; raises BadRecord at a line that is too long."""
    for number, line in enumerate(lines(as_utf8(source)), 1):
        if line is None:
            raise BadRecord(
                Translatable("line {} is longer than {}; the rest is not read", number, megabytes(LINE_LIMIT))
            )
        yield decode_line(line).rstrip("\r")


def as_utf8(source: Iterator[bytes]) -> Iterator[bytes]:
    r"""Remove a byte order mark; convert UTF-16 to UTF-8, and line ends that are ``\r`` alone to ``\n``.

    Raises BadRecord where the UTF-16 is broken.
    """
    decoded = _from_utf16(source)
    start = next(decoded, b"")
    of_old_macs = b"\r" in start[:-1] and b"\n" not in start
    for block in chain([start], decoded):
        yield block.replace(b"\r", b"\n") if of_old_macs else block


def _from_utf16(source: Iterator[bytes]) -> Iterator[bytes]:
    start = peek(source)
    encoding = "utf-16" if start.startswith(_UTF16_MARKS) else _utf16_without_mark(start)
    if not encoding:
        yield start.removeprefix(codecs.BOM_UTF8)
        yield from source
        return
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for block in chain([start], source):
            yield decoder.decode(block).encode()
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise BadRecord(
            Translatable("not valid UTF-16 ({}); save the file as UTF-8", error.reason)
        ) from error


def _utf16_without_mark(data: bytes) -> str:
    """Recognise UTF-16 without a mark by its zero bytes: every second byte of a Latin letter; else ``""``."""
    zeros = data.count(0)
    if zeros < _UTF16_ZERO_SHARE * len(data):
        return ""
    return "utf-16-le" if data[1::2].count(0) * 2 > zeros else "utf-16-be"


def _likeliest_encoding(data: bytes) -> str:
    likeliest = max(_CANDIDATES, key=lambda name: sum(map(data.count, _CANDIDATES[name])))
    if likeliest == "cp1252" and _OF_LATIN_9.search(data) and not _OF_WINDOWS.search(data):
        return "iso8859-15"
    return likeliest
