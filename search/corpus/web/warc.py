"""WARC: what a crawler fetched, record by record. The pages are read; all other records are Omissions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from io import BufferedReader, RawIOBase
from typing import BinaryIO

from search.corpus.format import Records
from search.corpus.pages import page_record
from search.corpus.record import BadRecord, Fault, Omission, RawRecord
from search.corpus.source import Source
from search.corpus.streams import FILE_LIMIT, megabytes
from search.corpus.web.http_message import HttpResponse, parse_headers, parse_response
from search.corpus.web.page_text import page_text
from search.errors import Translatable

_VERSION = b"WARC/"
_LINE_LIMIT = 65_536
_BLOCK = 1 << 18
_OK = 200
_HTML = ("text/html", "application/xhtml+xml")
_KINDS = {"image": "picture", "audio": "sound", "video": "video", "font": "font"}
_NO_PAGES = {
    "warcinfo": "it describes the crawl",
    "request": "it is what the crawler asked",
    "metadata": "it describes another record",
    "revisit": "the page is the same as at an earlier visit",
    "conversion": "it was made from another record",
    "continuation": "it is the rest of another record",
}


def is_warc(source: Source) -> bool:
    """Whether a file begins as WARC does."""
    return source.head.startswith(_VERSION)


def read_warc(source: Iterator[bytes]) -> Records:
    """Read the pages of a crawl as a stream; their address is the one that was fetched.

    A record that cannot be read is a Fault, and reading goes on at the next one.
    """
    for record in _records(source):
        if isinstance(record, Fault):
            yield record
            continue
        try:
            yield _read(record)
        except BadRecord as error:
            yield Fault(Translatable("{}{}", record.label, error.reason))


@dataclass(frozen=True, slots=True)
class _Record:
    """One record: its headers under names in lower case, and its block."""

    headers: Mapping[str, str]
    block: bytes

    @property
    def type(self) -> str:
        return self.headers.get("warc-type", "").lower()

    @property
    def address(self) -> str:
        return self.headers.get("warc-target-uri", "").strip("<> ")

    @property
    def label(self) -> str:
        return f"{self.address}: " if self.address else ""


def _read(record: _Record) -> RawRecord | Omission:
    """The page of a record; raises BadRecord."""
    if reason := _NO_PAGES.get(record.type):
        return Omission(f"WARC {record.type}", Translatable("{}{}", record.label, reason))
    response = _response(record)
    if response.status != _OK:
        return Omission(f"HTTP {response.status}", Translatable("{}the server gave no page", record.label))
    media, _, parameters = response.headers.get("content-type", "").partition(";")
    kind = media.strip().lower()
    content = response.content() if kind in _HTML or not kind else b""
    if kind not in _HTML and b"<html" not in content[:_LINE_LIMIT].lower():
        kind = _KINDS.get(kind.partition("/")[0], kind) or "no type"
        return Omission(kind, Translatable("{}not a page", record.label))
    charset = parameters.lower().partition("charset=")[2].partition(";")[0]
    page = page_record(page_text(content, charset))
    return replace(page, fields={**page.fields, "url": record.address}, label=record.label)


def _response(record: _Record) -> HttpResponse:
    """What the server answered; a page that was saved without its answer has only a type."""
    if record.type == "response" and record.address.startswith(("http:", "https:")):
        return parse_response(record.block)
    if record.type in ("response", "resource"):
        media = {"content-type": record.headers.get("content-type", "")}
        return HttpResponse(_OK, media, record.block)
    raise BadRecord(Translatable("unknown type of record {}", repr(record.type)))


def _records(source: Iterator[bytes]) -> Iterator[_Record | Fault]:
    stream = BufferedReader(_Stream(source), _BLOCK)
    while _next_version(stream):
        try:
            headers = parse_headers(stream)
        except BadRecord as error:
            yield Fault(error.reason)
            continue
        size = headers.get("content-length", "")
        if not (size.isascii() and size.isdecimal() and len(size) < 16):
            yield Fault(
                Translatable("a record without a length ({})", headers.get("warc-target-uri", "no address"))
            )
            continue
        block = stream.read(min(int(size), FILE_LIMIT))
        record = _Record(headers, block)
        if len(block) < min(int(size), FILE_LIMIT):
            yield Fault(Translatable("{}the file ends inside the record", record.label))
        elif _skipped(stream, int(size) - len(block)):
            yield Fault(
                Translatable("{}larger than {}, the limit for a page", record.label, megabytes(FILE_LIMIT))
            )
        else:
            yield record


def _next_version(stream: BinaryIO) -> bool:
    """Go behind the line with which the next record begins; False at the end."""
    at_line = True
    while line := stream.readline(_LINE_LIMIT):
        if at_line and line.startswith(_VERSION):
            return True
        at_line = line.endswith(b"\n")
    return False


def _skipped(stream: BinaryIO, size: int) -> bool:
    """Go over so many bytes; whether there were any."""
    left = size
    while left > 0 and (block := stream.read(min(left, _BLOCK))):
        left -= len(block)
    return size > 0


class _Stream(RawIOBase):
    """The blocks of a source as a raw stream."""

    def __init__(self, source: Iterator[bytes]) -> None:
        self._source = source
        self._block = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self._block:
            self._block = memoryview(next(self._source, b""))
        size = min(len(buffer), len(self._block))
        buffer[:size] = self._block[:size]
        self._block = self._block[size:]
        return size
