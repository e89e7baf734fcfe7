"""How much the packed streams of a PDF unpack to: PDFium sets no limit, and takes memory for all of it."""

import mmap
import re
import zlib
from typing import IO

from search.corpus.record import BadRecord
from search.corpus.streams import megabytes
from search.errors import Translatable

UNPACKED_LIMIT = 32 << 20
"""Bytes to which the streams of a small file may unpack, pictures and fonts left out."""
UNPACKED_RATIO = 30
"""The highest ratio of what the streams unpack to and the size of the file, where that is more."""

_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_DICTIONARY = 2_000  # bytes before a stream in which its dictionary lies
_PACKED_BLOCK, _BLOCK = 1 << 14, 1 << 20
_NOT_READ = (b"/Image", b"/Length1", b"/FontFile")


def check_streams(file: IO[bytes]) -> None:
    """Raise BadRecord where the streams of a PDF, a file on disk, unpack to more than text can be."""
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        limit = max(UNPACKED_LIMIT, UNPACKED_RATIO * len(data))
        unpacked = 0
        for stream in _STREAM.finditer(data):
            dictionary = data[max(0, stream.start() - _DICTIONARY) : stream.start()].rpartition(b"obj")[2]
            if b"/Fl" in dictionary and not any(name in dictionary for name in _NOT_READ):
                unpacked += _unpacked_size(data, stream.end(), limit - unpacked)
            if unpacked > limit:
                raise BadRecord(
                    Translatable(
                        "the PDF unpacks from {} to more than {}, which is too much for text",
                        megabytes(len(data)),
                        megabytes(limit),
                    )
                )


def _unpacked_size(data: mmap.mmap, start: int, most: int) -> int:
    """The size of a packed stream; more than ``most`` where it is longer, less where it is broken."""
    unpacker = zlib.decompressobj()
    size, packed = 0, b"x"
    try:
        while packed and not unpacker.eof and size <= most:
            packed = unpacker.unconsumed_tail
            if not packed:
                packed = data[start : start + _PACKED_BLOCK]
                start += len(packed)
            size += len(unpacker.decompress(packed, _BLOCK))
    except zlib.error:
        return size
    return size
