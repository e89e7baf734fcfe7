"""Answers of HTTP as a crawl keeps them: status, headers, and a body that may be in chunks and packed."""

import http.client
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BufferedIOBase, BytesIO
from typing import IO, cast

from search.corpus.record import BadRecord
from search.corpus.streams import FILE_LIMIT, GZIP, megabytes
from search.errors import Translatable

_STATUS = re.compile(rb"HTTP/\d(?:\.\d)? +(\d{3})\b")
_UNPACKED_BLOCK = 1 << 16
_LINE_LIMIT = 65_536
_GZIP = (GZIP, 16 + zlib.MAX_WBITS)
_ZLIB = (b"\x78", zlib.MAX_WBITS)


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """An answer; ``body`` is as it was sent."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def content(self) -> bytes:
        """The body out of its chunks, unpacked.

        Raises BadRecord where it is larger than ``FILE_LIMIT``, broken, or packed in another way.
        """
        data = self.body
        if self.headers.get("transfer-encoding", "").strip().lower() == "chunked":
            data = _joined(data)
        for packing in reversed(self.headers.get("content-encoding", "").lower().split(",")):
            data = _unpacked(data, packing.strip())
        return data


def parse_headers(stream: IO[bytes]) -> dict[str, str]:
    """The headers up to a blank line, under names in lower case; raises BadRecord where there are none."""
    try:
        message = http.client.parse_headers(cast(BufferedIOBase, stream))
    except (http.client.HTTPException, ValueError) as error:
        raise BadRecord(Translatable("the headers cannot be read: {}", repr(error))) from error
    return {name.lower(): _value(str(value)) for name, value in message.items()}


def _value(text: str) -> str:
    """A header that was read byte by byte as Latin-1; crawlers write UTF-8."""
    try:
        return text.strip().encode("latin-1").decode()
    except UnicodeError:
        return text.strip()


def parse_response(data: bytes) -> HttpResponse:
    """An answer from its bytes; raises BadRecord where it is none."""
    stream = BytesIO(data)
    status = _STATUS.match(stream.readline(_LINE_LIMIT))
    if not status:
        raise BadRecord("not an HTTP response")
    headers = parse_headers(stream)
    return HttpResponse(int(status[1]), headers, stream.read())


def _joined(data: bytes) -> bytes:
    """A body out of its chunks; as it is where it has none, for some crawlers take them out."""
    joined, position = bytearray(), 0
    while position < len(data):
        end = data.find(b"\r\n", position, position + _LINE_LIMIT)
        size = data[position : max(end, position)].partition(b";")[0].strip()
        if not re.fullmatch(rb"[0-9a-fA-F]{1,8}", size):
            return bytes(joined) or data
        if int(size, 16) == 0:
            break
        joined += data[end + 2 : end + 2 + int(size, 16)]
        position = end + 4 + int(size, 16)
    return bytes(joined)


def _unpacked(data: bytes, packing: str) -> bytes:
    if packing in ("", "identity"):
        return data
    if packing in ("gzip", "x-gzip"):
        return _inflated(data, _GZIP[1]) if data.startswith(_GZIP[0]) else data
    if packing == "deflate":
        return _inflated(data, _ZLIB[1] if data.startswith(_ZLIB[0]) else -zlib.MAX_WBITS)
    if data.lstrip()[:1] == b"<":  # the crawler unpacked it and kept the header
        return data
    if packing == "br":
        return _unpacked_brotli(data)
    raise BadRecord(Translatable("the page is packed with {}, which is not read", repr(packing)))


def _unpacked_brotli(data: bytes) -> bytes:
    """Unpack a body in Brotli (RFC 7932); of one that was cut short, what is there."""
    import brotli

    unpacker, content, packed = brotli.Decompressor(), bytearray(), data
    try:
        while block := unpacker.process(packed, output_buffer_limit=_UNPACKED_BLOCK):
            content += block
            packed = b""  # the rest of the data is in the unpacker
            if len(content) > FILE_LIMIT:
                raise BadRecord(Translatable("the page unpacks to more than {}", megabytes(FILE_LIMIT)))
    except brotli.error as error:
        raise BadRecord(Translatable("the page cannot be unpacked: {}", error)) from error
    return bytes(content)


def _inflated(data: bytes, bits: int) -> bytes:
    """Unpack a body; of one that was cut short, what is there."""
    unpacker = zlib.decompressobj(bits)
    try:
        content = unpacker.decompress(data, FILE_LIMIT)
    except zlib.error as error:
        if data.lstrip()[:1] == b"<":
            return data
        raise BadRecord(Translatable("the page cannot be unpacked: {}", error)) from error
    if unpacker.unconsumed_tail:
        raise BadRecord(Translatable("the page unpacks to more than {}", megabytes(FILE_LIMIT)))
    return content
