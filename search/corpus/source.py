"""The bytes of one file: its beginning, by which formats are recognised, and the whole of it."""

import re
import weakref
import zipfile
from collections.abc import Iterator
from functools import cached_property
from itertools import chain
from tempfile import SpooledTemporaryFile
from typing import IO

from search.corpus.encodings import decode_start
from search.corpus.first_record import first_names
from search.corpus.record import BadRecord
from search.corpus.streams import FILE_LIMIT, megabytes
from search.corpus.surroundings import Nothing, Surroundings
from search.errors import Translatable

HEAD_SIZE = 1 << 16
"""Bytes of a file by which its format is recognised."""
ARCHIVE_LIMIT = 4 << 30
"""The most bytes of a file that is copied so that it can be read from its end."""

_ZIP = b"PK\x03\x04"
_TAR, _TAR_OFFSET = b"ustar", 257
_ROOT = re.compile(r"<(?![?!])(?:[\w.-]+:)?(?P<name>[\w.-]+)")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_ALONE = Nothing()


class Source(Iterator[bytes]):
    """The bytes of one file, decompressed, as blocks that are read once.

    ``name`` is the file's name without folder, in lower case and without ``.gz``. ``head`` are its first
    ``HEAD_SIZE`` bytes; they are not taken from the blocks. ``beside`` and ``neighbours`` tell of the files
    around it, as ``Surroundings`` does.
    """

    def __init__(self, name: str, blocks: Iterator[bytes], around: Surroundings = _ALONE) -> None:
        self.name = name.lower().removesuffix(".gz")
        self.beside = around.beside
        self.neighbours = around.neighbours
        first = bytearray()
        while len(first) < HEAD_SIZE and (block := next(blocks, b"")):
            first += block
        self.head = bytes(first[:HEAD_SIZE])
        self._blocks = chain([bytes(first)] if first else [], blocks)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return next(self._blocks)

    @property
    def extension(self) -> str:
        """The end of the name from its last dot on, as ``.html``; ``""`` without a dot."""
        stem, dot, extension = self.name.rpartition(".")
        return dot + extension if stem and dot else ""

    @cached_property
    def opening(self) -> str:
        r"""The beginning as text with ``\n`` line ends; bytes that are not text become U+FFFD.

        ``""`` for an archive: the text of its first member would stand for all of them.
        """
        if self.is_zip or self.is_tar:
            return ""
        return decode_start(self.head).replace("\r\n", "\n").replace("\r", "\n")

    @cached_property
    def root(self) -> str:
        """The local name of the first element of XML or HTML, in lower case; ``""`` for anything else."""
        text = _COMMENT.sub("", self.opening).lstrip("\ufeff \t\n")
        match = _ROOT.search(text) if text.startswith("<") else None
        return match["name"].lower() if match else ""

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of the first record of JSON or of a table, in lower case, as ``title.rendered``.

        Any other file gives names that mean nothing.
        """
        return first_names(self.opening)

    @property
    def is_zip(self) -> bool:
        """Whether a file begins as a ZIP file does."""
        return self.head.startswith(_ZIP)

    @property
    def is_tar(self) -> bool:
        """Whether a file begins as a tar file does."""
        return self.head.startswith(_TAR, _TAR_OFFSET)

    @cached_property
    def members(self) -> frozenset[str]:
        """The names in a ZIP file; empty for anything else, and where it is broken."""
        if not self.is_zip:
            return frozenset()
        try:
            with zipfile.ZipFile(self.whole) as archive:
                return frozenset(archive.namelist())
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
            return frozenset()

    @cached_property
    def whole(self) -> IO[bytes]:
        """All bytes as one file that can be read in any order; the blocks are used up.

        Raises BadRecord where they are more than ``ARCHIVE_LIMIT``.
        """
        copy: IO[bytes] = SpooledTemporaryFile(max_size=FILE_LIMIT)  # noqa: SIM115 - closed with the source
        weakref.finalize(self, copy.close)
        for block in self:
            copy.write(block)
            if copy.tell() > ARCHIVE_LIMIT:
                raise BadRecord(
                    Translatable("larger than {}, the limit for such a file", megabytes(ARCHIVE_LIMIT))
                )
        copy.seek(0)
        return copy
