"""Files of messages: one in .eml, many in .mbox."""

import re
from codecs import BOM_UTF8
from collections.abc import Iterator

from search.corpus.format import Records
from search.corpus.mail.message import read_message
from search.corpus.record import Fault
from search.corpus.source import Source
from search.corpus.streams import FILE_LIMIT, lines, megabytes, read_all
from search.errors import Translatable

_HEADER = re.compile(rb"(?P<name>[!-9;-~]{1,80}):|[ \t]")
_FIRST = re.compile(rb"[!-9;-~]{1,80}:|From \S")
_NEEDED = frozenset((b"from",))
_TELLING = frozenset((b"date", b"message-id", b"mime-version", b"received", b"subject", b"to"))
_LINES_LIMIT = 500
# "From lettre@exemple.fr Sat Mar  2 07:00:00 2024": an hour and a year, in any order.
_ENVELOPE = re.compile(rb"From \S{1,300}\s(?=[^\n]{0,100}\b\d{1,2}:\d\d)(?=[^\n]{0,100}\b(?:19|20)\d\d\b)")
_QUOTED = re.compile(rb">+From ")


def is_message(source: Source) -> bool:
    """Whether a file begins with the headers of a message; the name allows broken ones."""
    first = _start(source.head).partition(b"\n")[0]
    return _has_headers(source.head) or (source.extension == ".eml" and _FIRST.match(first) is not None)


def is_mailbox(source: Source) -> bool:
    """Whether a file begins with the line before a message, and then its headers."""
    first, _, rest = source.head.partition(b"\n")
    return _ENVELOPE.match(first) is not None and _has_headers(rest)


def read_single(source: Iterator[bytes]) -> Records:
    """Read a file that holds one message; raises BadRecord when it is too large."""
    yield from read_message(_start(read_all(source)))


def read_mailbox(source: Iterator[bytes]) -> Records:
    """Read the messages of a mailbox as a stream; a message that is too large is a Fault."""
    message, size, start, blank = bytearray(), 0, 1, True
    for number, line in enumerate(lines(source), 1):
        text = b"" if line is None else line
        if blank and _ENVELOPE.match(text):
            yield from _finished(message, size, start)
            message, size, start = bytearray(), 0, number
        else:
            size += len(text) + 1 if line is not None else FILE_LIMIT + 1
            if size <= FILE_LIMIT:
                message += (text[1:] if _QUOTED.match(text) else text) + b"\n"
        blank = not text.strip()
    yield from _finished(message, size, start)


def _finished(message: bytearray, size: int, line: int) -> Records:
    if size > FILE_LIMIT:
        yield Fault(Translatable("the message is larger than {}, the limit", megabytes(FILE_LIMIT)), line)
    elif message.strip():
        yield from read_message(bytes(message), line)


def _start(data: bytes) -> bytes:
    return data.removeprefix(BOM_UTF8).lstrip(b"\r\n")


def _has_headers(head: bytes) -> bool:
    names: set[bytes] = set()
    for line in _start(head).split(b"\n", _LINES_LIMIT)[:_LINES_LIMIT]:
        if not line.strip():
            break
        match = _HEADER.match(line)
        if not match:
            return False
        names.add((match["name"] or b"").lower())
    return names >= _NEEDED and not names.isdisjoint(_TELLING)
