"""Bytes of a file: opened only if regular, read in blocks, cut into lines, never without a limit."""

import gzip
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BufferedIOBase
from pathlib import Path

from search.corpus.record import BadRecord

FILE_LIMIT = 64 << 20
"""Bytes, once decompressed, of a file that must be read whole."""
LINE_LIMIT = 16 << 20
"""Bytes of one line of a file that is streamed."""
RATIO_LIMIT = 200
"""Bytes that each byte of a compressed file may stand for, when it is larger than ``FILE_LIMIT`` unpacked."""

_BLOCK = 1 << 18
_LONGEST_START = 4


@contextmanager
def opened(path: Path) -> Iterator[Iterator[bytes]]:
    """Open a regular file and give its bytes as it was then, decompressed if its name ends in ``.gz``.

    Raises OSError, and BadRecord for a pipe, a socket or a device, which are not opened, and where a
    compressed file holds so much that it can be no text.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise BadRecord("not a regular file")
    with path.open("rb") as file:
        if path.suffix.lower() == ".gz":
            with gzip.open(file, "rb") as stream:
                yield _unpacked(blocks(stream), file)
        else:
            yield _first(os.fstat(file.fileno()).st_size, blocks(file))


def blocks(stream: BufferedIOBase) -> Iterator[bytes]:
    """Give the bytes of a stream as they come, so that what precedes a read error is not lost."""
    while block := stream.read1(_BLOCK):
        yield block


def _first(size: int, source: Iterator[bytes]) -> Iterator[bytes]:
    """So many bytes: a file that grows as it is read, a list of rejected records say, would never end."""
    while size > 0 and (block := next(source, b"")):
        yield block[:size]
        size -= len(block)


def _unpacked(source: Iterator[bytes], packed: BufferedIOBase) -> Iterator[bytes]:
    size = 0
    for block in source:
        yield block
        size += len(block)
        if size > FILE_LIMIT and size > RATIO_LIMIT * packed.tell():
            raise BadRecord(
                f"{megabytes(packed.tell())} of it unpack to more than {megabytes(size)}, "
                "which is too much for text; the rest is not read"
            )


def peek(source: Iterator[bytes]) -> bytes:
    """Take the beginning of a source: a byte order mark and one byte at least, if it has them."""
    start = b""
    while len(start) < _LONGEST_START and (block := next(source, b"")):
        start += block
    return start


def whole(source: Iterable[bytes]) -> bytes:
    """Join a source; raises BadRecord when it is larger than ``FILE_LIMIT``."""
    data = bytearray()
    for block in source:
        data += block
        if len(data) > FILE_LIMIT:
            raise BadRecord(f"larger than {megabytes(FILE_LIMIT)}, the most that is read of such a file")
    return bytes(data)


def lines(source: Iterable[bytes]) -> Iterator[bytes | None]:
    r"""Cut a source at every ``\n``, which is left out; None stands for a line over ``LINE_LIMIT``."""
    begun = bytearray()
    for block in source:
        *ends, rest = block.split(b"\n")
        for end in ends:
            yield _limited(bytes(begun) + end)
            begun.clear()
        if len(begun) <= LINE_LIMIT:
            begun += rest
    if begun:
        yield _limited(bytes(begun))


def megabytes(size: int) -> str:
    """Say a size in words."""
    return f"{size / (1 << 20):.3g} MB"


def _limited(line: bytes) -> bytes | None:
    return line if len(line) <= LINE_LIMIT else None
