"""Bytes of regular files, in blocks or lines. Every read has a limit."""

import gzip
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from search.corpus.record import BadRecord
from search.errors import Translatable

FILE_LIMIT = 64 << 20
"""The most bytes, after decompression, of a file that is read whole."""
LINE_LIMIT = 16 << 20
"""The most bytes of one line of a streamed file."""
RATIO_LIMIT = 200
"""The highest compression ratio of a file that is larger than ``FILE_LIMIT`` after decompression."""

_BLOCK = 1 << 18


class Readable(Protocol):
    """What blocks are read from: a file, an unpacked stream or a member of an archive."""

    def read1(self, size: int, /) -> bytes:
        """At most ``size`` bytes, as they arrive; none at the end."""


_LONGEST_START = 4
GZIP = b"\x1f\x8b"
"""The first bytes of a gzip file."""


@contextmanager
def open_source(path: Path) -> Iterator[Iterator[bytes]]:
    """Open a regular file; give the bytes that it has now, decompressed where it begins as a gzip file does.

    Raises OSError, and BadRecord for a pipe, a socket or a device, and for a compression ratio that text
    cannot have.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise BadRecord("not a regular file")
    with path.open("rb") as file:
        packed = file.read(len(GZIP)) == GZIP
        file.seek(0)
        if packed:
            with gzip.open(file, "rb") as stream:
                yield limited_ratio(blocks(stream), file.tell)
        else:
            yield _first_bytes(os.fstat(file.fileno()).st_size, blocks(file))


def blocks(stream: Readable) -> Iterator[bytes]:
    """The bytes of a stream as they arrive: a read error does not lose the bytes before it."""
    while block := stream.read1(_BLOCK):
        yield block


def _first_bytes(size: int, source: Iterator[bytes]) -> Iterator[bytes]:
    """The first ``size`` bytes: a file that grows while it is read would never end."""
    while size > 0 and (block := next(source, b"")):
        yield block[:size]
        size -= len(block)


def limited_ratio(source: Iterator[bytes], packed_size: Callable[[], int]) -> Iterator[bytes]:
    """The same blocks; raises BadRecord when they are too many for text of this packed size."""
    size = 0
    for block in source:
        yield block
        size += len(block)
        if size > FILE_LIMIT and size > RATIO_LIMIT * packed_size():
            raise BadRecord(
                Translatable(
                    "{} decompress to more than {}, which is too much for text; the rest is not read",
                    megabytes(packed_size()),
                    megabytes(size),
                )
            )


def peek(source: Iterator[bytes]) -> bytes:
    """Take the beginning of a source: at least a byte order mark and one byte, if it has them."""
    start = b""
    while len(start) < _LONGEST_START and (block := next(source, b"")):
        start += block
    return start


def read_all(source: Iterable[bytes]) -> bytes:
    """Read a whole source; raises BadRecord when it is larger than ``FILE_LIMIT``."""
    data = bytearray()
    for block in source:
        data += block
        if len(data) > FILE_LIMIT:
            raise BadRecord(Translatable("larger than {}, the limit for such a file", megabytes(FILE_LIMIT)))
    return bytes(data)


def lines(source: Iterable[bytes]) -> Iterator[bytes | None]:
    r"""Split a source at every ``\n``, which is removed; None stands for a line over ``LINE_LIMIT``."""
    line = bytearray()
    for block in source:
        *ends, rest = block.split(b"\n")
        for end in ends:
            yield _limited(bytes(line) + end)
            line.clear()
        if len(line) <= LINE_LIMIT:
            line += rest
    if line:
        yield _limited(bytes(line))


def megabytes(size: int) -> str:
    """A size for a message, in megabytes."""
    return Translatable("{:.3g} MB", size / (1 << 20))


def _limited(line: bytes) -> bytes | None:
    return line if len(line) <= LINE_LIMIT else None
