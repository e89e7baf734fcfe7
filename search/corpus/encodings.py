"""Bytes to text: UTF-8, UTF-16, else the encoding that makes the most French of the bytes."""

import codecs
import re
from collections.abc import Iterator
from itertools import chain

from search.corpus.record import BadRecord
from search.corpus.streams import peek, whole

_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Capitals and "…" are left out: what is one of them in an encoding is often another in the other.
_FRENCH = "àâçèéêëîïôùûüœ’«»"
# UTF-8 is among them for a file cut inside a letter; on a tie, the first.
_CANDIDATES = {name: [letter.encode(name) for letter in _FRENCH] for name in ("cp1252", "mac_roman", "utf-8")}
_DAMAGE = re.compile("[\0-\x08\x0e-\x1f\x7f-\x9f\ufffd]")
_DAMAGE_LIMIT = 0.05
_ZEROS_OF_UTF16 = 0.3


def read_text(source: Iterator[bytes]) -> str:
    r"""Read a source whole, as text with ``\n`` line ends.

    Raises BadRecord when it is too large or in no known encoding.
    """
    return decode(whole(source)).replace("\r\n", "\n").replace("\r", "\n")


def decode(data: bytes) -> str:
    """Decode a whole text; raises BadRecord when it is in no known encoding."""
    encoding = "utf-16" if data.startswith(_UTF16_MARKS) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        text = data.decode(_utf16_order(data) or _most_french(data), errors="replace")
    if len(_DAMAGE.sub("", text)) < (1 - _DAMAGE_LIMIT) * len(text):
        raise BadRecord("no known text encoding; save it as UTF-8")
    return text


def decode_line(line: bytes) -> str:
    """Decode one line of a stream, with U+FFFD for bytes that make no letter."""
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode(_most_french(line), errors="replace")


def as_utf8(source: Iterator[bytes]) -> Iterator[bytes]:
    """Drop a byte order mark, and turn what a UTF-16 mark announces into UTF-8.

    Raises BadRecord where UTF-16 is broken.
    """
    start = peek(source)
    if not start.startswith(_UTF16_MARKS):
        yield start.removeprefix(codecs.BOM_UTF8)
        yield from source
        return
    decoder = codecs.getincrementaldecoder("utf-16")()
    try:
        for block in chain([start], source):
            yield decoder.decode(block).encode()
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise BadRecord(f"not valid UTF-16 ({error.reason}); save it as UTF-8") from error


def _utf16_order(data: bytes) -> str:
    """The encoding of UTF-16 without a mark, in which every other byte of a Latin letter is zero."""
    zeros = data.count(0)
    if zeros < _ZEROS_OF_UTF16 * len(data):
        return ""
    return "utf-16-le" if data[1::2].count(0) * 2 > zeros else "utf-16-be"


def _most_french(data: bytes) -> str:
    return max(_CANDIDATES, key=lambda name: sum(map(data.count, _CANDIDATES[name])))
