"""MHTML: a page that a browser saved as one file, in the form of a message with its pictures."""

import email
import re
from collections.abc import Iterator
from dataclasses import replace
from email.errors import MessageError
from email.message import Message

from search.corpus.format import Records
from search.corpus.pages import page_record
from search.corpus.record import BadRecord
from search.corpus.source import Source
from search.corpus.streams import read_all
from search.corpus.web.page_text import page_text
from search.errors import Translatable

_HEADERS = re.compile(rb"\s*(?:[!-9;-~]{1,60}:[^\n]*\n(?:[ \t][^\n]*\n)*)+")
# What Chromium and other browsers write: "From: <Saved by Blink>".
_SAVED = re.compile(
    rb"^(?:snapshot-content-location:|from:[ \t]*\"?<?saved by )", re.IGNORECASE | re.MULTILINE
)


def is_mhtml(source: Source) -> bool:
    """Whether a file is a page that a browser saved, and no letter."""
    headers = _HEADERS.match(source.head)
    return headers is not None and _SAVED.search(headers[0]) is not None


def read_mhtml(source: Iterator[bytes]) -> Records:
    """Read the page; its address is the one from which it was saved.

    Pictures and frames belong to the page. Raises BadRecord where there is no article.
    """
    try:
        page = _page(email.message_from_bytes(read_all(source)))
    except (MessageError, LookupError, RecursionError, TypeError) as error:
        raise BadRecord(Translatable("the page is too broken to read ({})", repr(error))) from error
    data = page.get_payload(decode=True)
    record = page_record(
        page_text(data if isinstance(data, bytes) else b"", page.get_content_charset() or "")
    )
    address = str(page.get("content-location", "")).strip()
    url = record.fields.get("url") or (address if address.startswith("http") else "")
    yield replace(record, fields={**record.fields, "url": url})


def _page(message: Message) -> Message:
    for part in message.walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            return part
    raise BadRecord("the file holds no page")
