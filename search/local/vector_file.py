"""Keeps unit vectors in a numpy file, in half precision, one a row."""

import os
import weakref
from collections.abc import Iterator
from itertools import repeat
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from search.errors import IndexCorrupt, Translatable
from search.protocols import Floats, Ints

Halves = npt.NDArray[np.float16]

_BATCH = 16_384  # rows written or read at once
_MAPPED = 128 * 2**20
"""The most bytes of a file that is mapped; of a larger one, rows are read one by one.

The system maps large parts of a file around a row that is read. So scattered rows soon make the whole file
count as memory of the process (759 of 768 MB after 20 queries). A row of such a file costs a microsecond.
"""


class Vectors(Protocol):
    """Unit vectors by row, in memory or in files."""

    @property
    def rows(self) -> int:
        """Number of vectors."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def of_rows(self, rows: Ints) -> Floats:
        """The vectors of these rows, in their order: float32, shape ``(len(rows), dimension)``."""


def write(path: Path, vectors: Vectors) -> None:
    """Write these vectors; only a part of them is in memory at a time. Raises OSError."""
    header = {"descr": "<f2", "fortran_order": False, "shape": (vectors.rows, vectors.dimension)}
    with path.open("wb") as file:
        np.lib.format.write_array_header_1_0(file, header)
        for batch in batches(vectors):
            file.write(batch.astype(np.float16).tobytes())


def batches(vectors: Vectors) -> Iterator[Floats]:
    """All vectors, in the order of their rows, some at a time."""
    for start in range(0, vectors.rows, _BATCH):
        rows = np.arange(start, min(vectors.rows, start + _BATCH))
        yield np.ascontiguousarray(vectors.of_rows(rows), np.float32)


class VectorFile:
    """Implements ``Vectors`` over a file that ``write`` wrote; may be used from several threads."""

    def __init__(self, path: Path) -> None:
        """Open the file; raises IndexCorrupt when it cannot be read."""
        try:
            mapped = np.lib.format.open_memmap(path, mode="r")
            self._descriptor = os.open(path, os.O_RDONLY)
        except (OSError, ValueError) as exc:
            raise unreadable(path, str(exc)) from exc
        weakref.finalize(self, os.close, self._descriptor)
        if mapped.ndim != 2 or mapped.dtype != np.float16 or not mapped.flags.c_contiguous:
            raise unreadable(path, f"{mapped.dtype} {mapped.shape}")
        self.rows, self.dimension = mapped.shape
        self._offset = mapped.offset
        self._mapped: Halves | None = np.asarray(mapped) if mapped.nbytes <= _MAPPED else None

    def of_rows(self, rows: Ints) -> Floats:
        """See ``Vectors``."""
        return single_precision(self._read(rows) if self._mapped is None else self._mapped[rows])

    def _read(self, rows: Ints) -> Halves:
        """Read each run of rows that follow each other at once."""
        width = self.dimension * np.dtype(np.float16).itemsize
        first = np.flatnonzero(np.diff(rows, prepend=-2) != 1)
        sizes = np.diff(first, append=len(rows)) * width
        offsets = self._offset + rows[first] * width
        runs = map(os.pread, repeat(self._descriptor), sizes.tolist(), offsets.tolist())
        return np.frombuffer(b"".join(runs), np.float16).reshape(len(rows), self.dimension)


def single_precision(halves: Halves) -> Floats:
    """The same finite numbers, in single precision.

    It moves the bits of all numbers at once, and 2^112 corrects their exponents, whose bias is 15 in half
    and 127 in single precision (IEEE 754). ``astype`` converts one number after the other (numpy 2.4), and
    takes six times as long.
    """
    bits = halves.view(np.int16).astype(np.int32)  # the sign fills the upper half
    bits <<= 13
    bits &= np.int32(-0x70002000)  # 0x8fffe000: the sign, and 15 bits of exponent and fraction
    numbers: Floats = bits.view(np.float32)
    numbers *= np.float32(2.0**112)
    return numbers


def unreadable(path: Path, reason: str) -> IndexCorrupt:
    """The error for a file of vectors that cannot be read."""
    return IndexCorrupt(
        Translatable("The vectors in {} cannot be read ({}); run: depeche build PATH", path, reason)
    )
