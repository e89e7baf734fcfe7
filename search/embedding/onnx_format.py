"""Writes a model in the format of ONNX, as far as the graph of queries needs it.

The numbers of the fields are those of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto. The package
``onnx`` would do the same; it is larger than the rest of the encoder.
"""

import struct
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

_IR_VERSION = 10
_TYPES = {np.dtype(np.float32): 1, np.dtype(np.uint8): 2, np.dtype(np.int64): 7}  # TensorProto.DataType
_FLOAT, _INT = 1, 2  # AttributeProto.AttributeType
_INTEGER, _BYTES, _FIXED = 0, 2, 5  # the types of Protocol Buffers on the wire

Attributes = Mapping[str, int | float]


def model(graph: bytes, versions: Mapping[str, int]) -> bytes:
    """A file of a model; ``versions`` are those of the sets of operators, by domain."""
    sets = [_bytes(8, _text(1, domain) + _integer(2, version)) for domain, version in versions.items()]
    return b"".join([_integer(1, _IR_VERSION), _bytes(7, graph), *sets])


def graph(
    nodes: Iterable[bytes], weights: Iterable[bytes], given: Iterable[bytes], results: Iterable[bytes]
) -> bytes:
    """A graph of ``node``s, in an order in which each comes after those that it needs."""
    fields = [(1, nodes), (5, weights), (11, given), (12, results)]
    return _text(2, "graph") + b"".join(_bytes(field, part) for field, parts in fields for part in parts)


def node(
    operator: str, domain: str, inputs: Sequence[str], outputs: Sequence[str], attributes: Attributes
) -> bytes:
    """A node; the name ``""`` stands for an input that is not given."""
    parts = [_text(1, name) for name in inputs] + [_text(2, name) for name in outputs]
    parts += [_text(4, operator), _text(7, domain)]
    parts += [_bytes(5, _attribute(name, value)) for name, value in attributes.items()]
    return b"".join(parts)


def tensor(name: str, values: npt.NDArray[Any]) -> bytes:
    """A constant: float32, uint8 or int64."""
    sizes = b"".join(_integer(1, size) for size in values.shape)
    return sizes + _integer(2, _TYPES[values.dtype]) + _text(8, name) + _bytes(9, values.tobytes())


def floats(name: str, shape: Sequence[int | str]) -> bytes:
    """An input or a result of the graph: float32; a size that is a name is any."""
    sizes = [_integer(1, size) if isinstance(size, int) else _text(2, size) for size in shape]
    dimensions = b"".join(_bytes(1, size) for size in sizes)
    tensor_type = _integer(1, _TYPES[np.dtype(np.float32)]) + _bytes(2, dimensions)
    return _text(1, name) + _bytes(2, _bytes(1, tensor_type))


def _attribute(name: str, value: float) -> bytes:
    if isinstance(value, int):
        return _text(1, name) + _integer(3, value) + _integer(20, _INT)
    return _text(1, name) + _varint(2 << 3 | _FIXED) + struct.pack("<f", value) + _integer(20, _FLOAT)


def _integer(field: int, value: int) -> bytes:
    return _varint(field << 3 | _INTEGER) + _varint(value % (1 << 64))  # a negative number has 64 bits


def _text(field: int, value: str) -> bytes:
    return _bytes(field, value.encode())


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | _BYTES) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    """Seven bits a byte, the lowest first; the highest bit of a byte tells that another follows."""
    encoded = bytearray()
    while value > 127:
        encoded.append(value & 127 | 128)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)
