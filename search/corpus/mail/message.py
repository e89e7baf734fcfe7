"""One message: the fuller of its texts is an article; messages in it are articles of their own."""

import email
from dataclasses import dataclass, field
from email.message import Message

from search.corpus.format import Records
from search.corpus.mail.headers import date, decoded, header, recipients, sender
from search.corpus.mail.letter_text import html_text, letter_text, plain_text, without_addresses
from search.corpus.record import BadRecord, Fault, Omission, RawRecord
from search.corpus.web.page_text import checked, page_text
from search.errors import Translatable

_DEPTH_LIMIT = 20
_TEXTS = ("text/plain", "text/html")
_SAME_TEXT = ("text/x-amp-html", "text/watch-html")
# What the library raises on broken messages: one message must not end a mailbox.
_PARSER_ERRORS = (AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


def read_message(data: bytes, line: int = 0) -> Records:
    """The article of a message and those of messages in it; attachments are Omissions.

    ``line`` is where it begins in its file. A message that cannot be read is a Fault.
    """
    try:
        yield from _message(email.message_from_bytes(data), line, _DEPTH_LIMIT)
    except _PARSER_ERRORS as error:
        reason = error.reason if isinstance(error, BadRecord) else f"{error!r}"
        yield Fault(Translatable("the message is too broken to read: {}", reason), line)


@dataclass(slots=True)
class _Parts:
    """The parts of a message, by what becomes of them."""

    plain: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    attachments: list[Message] = field(default_factory=list)


def _message(message: Message, line: int, depth: int) -> Records:
    parts = _Parts()
    _sort(message, parts, depth)
    to = recipients(message)
    title = without_addresses(header(message, "subject"), to)
    text = without_addresses(
        max(map(letter_text, map("\n\n".join, (parts.html, parts.plain))), key=_letters), to
    )
    if text:
        yield RawRecord(
            {
                "id": header(message, "message-id").strip("<> "),
                "title": title,
                "date": date(message),
                "source": sender(message),
                "lang": header(message, "content-language"),
                "url": header(message, "archived-at").strip("<> "),
                "text": text,
            },
            line,
        )
    elif not parts.messages:
        yield Omission(
            "message without text", Translatable("{}: it has no text", title or "no subject"), line
        )
    for part in parts.attachments:
        kind = "picture" if part.get_content_maintype() == "image" else "attachment"
        name = decoded(part.get_filename() or "") or part.get_content_type()
        yield Omission(kind, Translatable("{}: {}", name, title), line)
    for inner in parts.messages:
        yield from _message(inner, line, depth - 1)


def _sort(part: Message, parts: _Parts, depth: int) -> None:
    if depth == 0:
        raise BadRecord(Translatable("more than {} parts inside each other", _DEPTH_LIMIT))
    kind, payload = part.get_content_type(), part.get_payload()
    if isinstance(payload, list):
        inner = [item for item in payload if isinstance(item, Message)]
        if kind == "message/rfc822":
            parts.messages += inner
            return
        for item in inner:
            _sort(item, parts, depth - 1)
    elif part.get_content_maintype() == "multipart":  # its parts cannot be told apart
        parts.plain.append(_text(part))
    elif kind not in _TEXTS or part.get_content_disposition() == "attachment":
        if kind not in _SAME_TEXT:
            parts.attachments.append(part)
    elif kind == "text/html":
        parts.html.append(html_text(checked(_text(part))))
    else:
        parts.plain.append(plain_text(_text(part), flowed=part.get_param("format") == "flowed"))


def _text(part: Message) -> str:
    data = part.get_payload(decode=True)
    return page_text(data, part.get_content_charset() or "") if isinstance(data, bytes) else ""


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))
