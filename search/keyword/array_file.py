"""Named arrays of numbers in one file, which is memory-mapped: the arrays, a directory, its length.

Each array starts at a multiple of 64 bytes. The directory is JSON; the last 8 bytes are its length.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from search.errors import IndexCorrupt, Translatable

Array = npt.NDArray[Any]

_ALIGNMENT = 64
_LENGTH = 8
_BLOCK = 1 << 20
_KINDS = {kind.str: kind for kind in map(np.dtype, ("u1", "<u2", "<u4", "<u8", "<i4"))}


class _Entry(msgspec.Struct, frozen=True):
    """Where an array lies in the file, in bytes, and what it is."""

    start: int
    kind: str
    shape: list[int]


class Writer:
    """Adds arrays to a new file, one after the other."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._end = 0
        self._directory: dict[str, _Entry] = {}
        path.touch(exist_ok=False)

    def add(self, name: str, numbers: Array) -> None:
        """Write an array in the smallest type that holds its numbers, none of which is negative."""
        self.space(name, int(numbers.max(initial=0)), numbers.shape)[...] = numbers

    def space(self, name: str, largest: int, shape: tuple[int, ...]) -> Array:
        """Room for an array of numbers up to ``largest``, to be filled in."""
        kind = np.min_scalar_type(largest)
        start = -(-self._end // _ALIGNMENT) * _ALIGNMENT
        self._directory[name] = _Entry(start, kind.str, list(shape))
        self._end = start + kind.itemsize * int(np.prod(shape))
        with self._path.open("ab") as stream:
            while missing := self._end - stream.tell():
                stream.write(bytes(min(missing, _BLOCK)))  # a hole could not be filled on a full disk
        if self._end == start:
            return np.empty(shape, kind)
        return np.memmap(self._path, kind, "r+", start, shape)

    def finish(self) -> None:
        """Write the directory, which makes the file one that can be read."""
        directory = msgspec.json.encode(self._directory)
        with self._path.open("ab") as stream:
            stream.write(directory + len(directory).to_bytes(_LENGTH, "little"))


def opened(path: Path) -> dict[str, Array]:
    """The arrays of a file by name: views of one map, read-only; raises IndexCorrupt."""
    with _translated(path):
        whole = np.memmap(path, np.uint8, "r").view(np.ndarray)
        length = int.from_bytes(whole[-_LENGTH:].tobytes(), "little")
        directory = msgspec.json.decode(whole[-_LENGTH - length : -_LENGTH].tobytes(), type=dict[str, _Entry])
        return {name: _view(whole, entry) for name, entry in directory.items()}


def _view(whole: Array, entry: _Entry) -> Array:
    kind = _KINDS[entry.kind]
    size = kind.itemsize * int(np.prod(entry.shape))
    view: Array = whole[entry.start : entry.start + size].view(kind).reshape(entry.shape)
    return view


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, KeyError, msgspec.MsgspecError) as exc:
        raise IndexCorrupt(
            Translatable("The keyword index {} cannot be read ({}); run: depeche build PATH", path, exc)
        ) from exc
