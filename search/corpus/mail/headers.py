"""Headers of a message as text: encoded words, raw bytes, names and addresses."""

import binascii
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parseaddr, parsedate

from search.corpus.encodings import decode_line
from search.corpus.prose import clean_line

_RECIPIENTS = frozenset(
    ("to", "cc", "bcc", "delivered-to", "envelope-to", "x-original-to", "x-envelope-to", "x-forwarded-to")
)
_ADDRESSES_LIMIT = 100
_HEADER_LIMIT = 10_000  # characters


def header(message: Message, name: str) -> str:
    """The text of a header on one line; ``""`` where there is none."""
    return decoded(_raw_header(message, name))


def decoded(raw: str) -> str:
    """A header with its encoded words as text, on one line."""
    try:
        parts = decode_header(raw)
    except (HeaderParseError, binascii.Error, ValueError):
        return clean_line(raw)
    return clean_line("".join(_part(text, charset) for text, charset in parts))


def date(message: Message) -> str:
    """The date of a message in its own time zone; as it is written where the library cannot read it."""
    raw = header(message, "date")
    parsed = parsedate(raw)
    return "{:04}-{:02}-{:02}T{:02}:{:02}".format(*parsed) if parsed else raw


def sender(message: Message) -> str:
    """The name of the sender; without one, the domain of the address."""
    name, address = parseaddr(_raw_header(message, "from"))
    return decoded(name).strip(" \"'") or address.rpartition("@")[2]


def recipients(message: Message) -> frozenset[str]:
    """The addresses to which a message was sent, in lower case."""
    raw = [_raw(value) for name, value in message.raw_items() if name.lower() in _RECIPIENTS]
    addresses = (address.lower() for _, address in getaddresses(raw) if "@" in address)
    return frozenset(list(addresses)[:_ADDRESSES_LIMIT])


def _raw_header(message: Message, name: str) -> str:
    """A header as it is written; its bytes that are not ASCII are read as UTF-8, or as Windows does."""
    for known, value in message.raw_items():
        if known.lower() == name:
            return _raw(value)
    return ""


def _raw(value: object) -> str:
    text = str(value)[:_HEADER_LIMIT]
    if text.isascii():
        return text
    return decode_line(text.encode("utf-8", "surrogateescape"))


def _part(text: bytes | str, charset: str | None) -> str:
    if isinstance(text, str):
        return text
    try:
        # The library packs text that is not encoded in this way.
        return text.decode(charset or "raw-unicode-escape", errors="replace")
    except LookupError:
        return decode_line(text)
