"""Keeps the codes of vectors in a file by groups: a search has only the groups that it reads in memory.

groups   one after the other; each has its codes in the order in which FAISS compares them, 32 rows at a time,
         then its rows as int64; the last 32 are filled up
sizes    of each group, the number of its rows, as int64
index    the FAISS index without its groups, as ``faiss.serialize_index`` gives it
length   of the index in bytes, in 8 bytes

FAISS maps such files for indexes that compare rows one by one (``OnDiskInvertedLists``). It maps these groups
as well, where each has room for a multiple of 32 rows.
"""

import os
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from search.local.vector_file import unreadable
from search.protocols import Ints

Codes = npt.NDArray[np.uint8]

_TOGETHER = 32  # rows that FAISS compares at once
_LENGTH = 8


def write(path: Path, index: Any, codes: Codes, groups: Ints) -> None:  # noqa: ANN401 - FAISS has no types
    """Write an index of these codes: ``codes`` has two numbers a byte, a row each, and ``groups`` its group.

    ``index`` is a FAISS index of four-bit codes (``IndexIVFPQFastScan``) that has no row yet. Raises OSError.
    """
    import faiss

    index.ntotal = len(codes)
    order = np.argsort(groups, kind="stable")
    sizes = np.bincount(groups, minlength=index.nlist)
    packer = faiss.downcast_InvertedLists(index.invlists).packer  # type: ignore[attr-defined]
    with path.open("wb") as file:
        for rows in np.split(order, np.cumsum(sizes)[:-1]):
            _write_group(file, packer, codes, rows)
        file.write(sizes.astype(np.int64).tobytes())
        head = faiss.serialize_index(index).tobytes()
        file.write(head + len(head).to_bytes(_LENGTH, "little"))


def open_index(path: Path) -> Any:  # noqa: ANN401
    """The FAISS index in a file that ``write`` wrote, its groups mapped; raises IndexCorrupt."""
    import faiss

    try:
        with path.open("rb") as file:
            file.seek(-_LENGTH, os.SEEK_END)
            start = file.tell() - int.from_bytes(file.read(), "little")
            file.seek(start)
            index: Any = faiss.deserialize_index(np.frombuffer(file.read()[:-_LENGTH], np.uint8))
            file.seek(start - index.nlist * np.dtype(np.int64).itemsize)
            sizes = np.frombuffer(file.read(start - file.tell()), np.int64)
        groups = _mapped_groups(path, index.code_size, sizes)
    except (OSError, ValueError, RuntimeError) as exc:
        raise unreadable(path, str(exc)) from exc
    index.replace_invlists(groups, True)  # noqa: FBT003 - the index owns them
    groups.this.disown()
    return index


def _write_group(file: BinaryIO, packer: Any, codes: Codes, rows: Ints) -> None:  # noqa: ANN401
    import faiss

    capacity = _capacity(len(rows))
    padded = np.zeros((capacity, codes.shape[1]), np.uint8)
    padded[: len(rows)] = codes[rows]
    packed = np.empty_like(padded)
    for start in range(0, capacity, _TOGETHER):
        packer.pack_all(faiss.swig_ptr(padded[start:]), faiss.swig_ptr(packed[start:]))
    file.write(packed.tobytes())
    file.write(np.pad(rows, (0, capacity - len(rows))).astype(np.int64).tobytes())


def _mapped_groups(path: Path, code_size: int, sizes: Ints) -> Any:  # noqa: ANN401
    import faiss

    groups: Any = faiss.OnDiskInvertedLists(len(sizes), code_size, str(path))
    groups.read_only = True
    groups.prefetch_nthread = 0  # else each search starts a thread for each group it reads
    groups.lists.clear()
    offset = 0
    for size in sizes.tolist():
        group = faiss.OnDiskOneList()
        group.size, group.capacity, group.offset = size, _capacity(size), offset
        groups.lists.push_back(group)
        offset += group.capacity * (code_size + np.dtype(np.int64).itemsize)
    groups.totsize = offset
    groups.do_mmap()
    return groups


def _capacity(rows: int) -> int:
    return -(-rows // _TOGETHER) * _TOGETHER
