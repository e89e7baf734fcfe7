"""Stores named arrays of numbers in one file that can be memory-mapped.

The file has the arrays, then a directory in JSON, then the length of the directory in 8 bytes. Each array
starts at a multiple of 64 bytes.
"""

import os
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import msgspec
import numpy as np
import numpy.typing as npt

from search.errors import IndexCorrupt, Translatable

Array = npt.NDArray[Any]

_ALIGNMENT = 64
_LENGTH = 8
_BLOCK = 1 << 20
_MAPPED = 128 * 2**20
"""The most bytes of a file of which slices are mapped; of a larger one they are read.

What is mapped counts as memory of the process, with a large part of the file around it.
"""
_KINDS = {kind.str: kind for kind in map(np.dtype, ("u1", "<u2", "<u4", "<u8", "<i4"))}


class _Entry(msgspec.Struct, frozen=True):
    """The place of an array in the file, in bytes, its type and its shape."""

    start: int
    kind: str
    shape: list[int]


class Writer:
    """Writes arrays to a new file, one after the other."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._end = 0
        self._directory: dict[str, _Entry] = {}
        path.touch(exist_ok=False)

    def add(self, name: str, numbers: Array) -> None:
        """Write an array in the smallest type that fits its numbers; none may be negative."""
        self.allocate(name, int(numbers.max(initial=0)), numbers.shape)[...] = numbers

    def allocate(self, name: str, largest: int, shape: tuple[int, ...]) -> Array:
        """Reserve space for an array of numbers up to ``largest``; the caller fills it in."""
        kind = np.min_scalar_type(largest)
        start = -(-self._end // _ALIGNMENT) * _ALIGNMENT
        self._directory[name] = _Entry(start, kind.str, list(shape))
        self._end = start + kind.itemsize * int(np.prod(shape))
        with self._path.open("ab") as stream:
            while missing := self._end - stream.tell():
                stream.write(
                    bytes(min(missing, _BLOCK))
                )  # not a hole, which a full disk could not fill later
        if self._end == start:
            return np.empty(shape, kind)
        return np.memmap(self._path, kind, "r+", start, shape)

    def finish(self) -> None:
        """Write the directory; the file cannot be read before."""
        directory = msgspec.json.encode(self._directory)
        with self._path.open("ab") as stream:
            stream.write(directory + len(directory).to_bytes(_LENGTH, "little"))


class Slices(Protocol):
    """An array of which parts can be had."""

    def __getitem__(self, part: slice, /) -> Array:
        """The numbers from a start up to an end, both given, not to be changed."""


def open_arrays(path: Path) -> dict[str, Array]:
    """The arrays of a file by name, as read-only views of one memory map; raises IndexCorrupt."""
    with _errors_as_corrupt(path):
        whole = np.memmap(path, np.uint8, "r").view(np.ndarray)
        return {name: _view(whole, entry) for name, entry in _directory(whole).items()}


def open_slices(path: Path, arrays: Mapping[str, Array]) -> Mapping[str, Slices]:
    """The ``arrays`` of this file by name, for parts of them; raises IndexCorrupt.

    Parts of a large file are read at each time, so that they are not kept in memory.
    """
    with _errors_as_corrupt(path):
        if path.stat().st_size <= _MAPPED:
            return arrays
        file = _OpenFile(path)
        directory = _directory(np.memmap(path, np.uint8, "r").view(np.ndarray))
        return {name: _ReadSlices(file, entry) for name, entry in directory.items()}


class _OpenFile:
    """A file that is open as long as this object lives."""

    def __init__(self, path: Path) -> None:
        self.descriptor = os.open(path, os.O_RDONLY)
        weakref.finalize(self, os.close, self.descriptor)


class _ReadSlices:
    """Implements ``Slices`` for an array of one dimension."""

    def __init__(self, file: _OpenFile, entry: _Entry) -> None:
        self._file, self._start, self._kind = file, entry.start, _KINDS[entry.kind]

    def __getitem__(self, part: slice, /) -> Array:
        size = self._kind.itemsize
        start = self._start + part.start * size
        content = os.pread(self._file.descriptor, (part.stop - part.start) * size, start)
        return np.frombuffer(content, self._kind)


def _directory(whole: Array) -> dict[str, _Entry]:
    length = int.from_bytes(whole[-_LENGTH:].tobytes(), "little")
    return msgspec.json.decode(whole[-_LENGTH - length : -_LENGTH].tobytes(), type=dict[str, _Entry])


def _view(whole: Array, entry: _Entry) -> Array:
    kind = _KINDS[entry.kind]
    size = kind.itemsize * int(np.prod(entry.shape))
    view: Array = whole[entry.start : entry.start + size].view(kind).reshape(entry.shape)
    return view


@contextmanager
def _errors_as_corrupt(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, KeyError, msgspec.MsgspecError) as exc:
        raise IndexCorrupt(
            Translatable("The keyword index {} cannot be read ({}); run: depeche build PATH", path, exc)
        ) from exc
