"""Finds the nearest vectors with FAISS; vectors have length 1 and are stored in half precision, one a row.

A small index compares the query with every row, which takes at most 15 ms on one core. In a larger index the
rows are grouped around centroids (IVF: Jégou, Douze & Schmid, "Product quantization for nearest neighbor
search", TPAMI 2011, without further quantisation), and a search reads only the nearest groups. Their number
is chosen when the index is written: sample queries must find 98.5 % of their best hundred rows. A search with
a filter reads every group, so that the filter never hides a hit.
"""

import os
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from struct import Struct
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from search.errors import IndexCorrupt, Translatable
from search.protocols import Bools, Floats, Ints, NearestRows

EXACT_ROWS = 200_000
"""The most rows of an index that compares every row; see scripts/benchmark."""
_BATCH = 16_384  # rows added at once
_ROUNDING = 1e-6
_ROWS_A_GROUP = 250
_TRAINING_ROWS_A_GROUP = 64
# How the file of a flat index begins (faiss, impl/index_write.cpp).
_HEADER = Struct("<4siq")  # kind, dimension, rows
_FLAT = b"IxSQ"
_DEPTH = 100
_RECALL = 0.985  # on the sample; more than the .98 that is promised for all queries


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


def write(path: Path, vectors: Vectors, queries: Callable[[], Floats]) -> str:
    """Write an index of these vectors, and give its kind in words.

    Only a part of the vectors is in memory at a time. ``queries`` gives the vectors of sample queries: unit
    vectors of the same dimension, one a row. Raises OSError.
    """
    import faiss

    if vectors.rows > EXACT_ROWS:
        index, kind = _ivf_index(vectors, queries())
    else:
        index, kind = _flat_index(vectors), "exact fp16"
    try:
        faiss.write_index(index, str(path))
    except RuntimeError as exc:
        raise OSError(f"{path} cannot be written: {exc}") from exc
    return kind


def _flat_index(vectors: Vectors) -> Any:  # noqa: ANN401 - FAISS has no types
    import faiss

    index = faiss.IndexScalarQuantizer(
        vectors.dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
    )
    for batch in _batches(vectors):
        index.add(batch)
    return index


def _ivf_index(vectors: Vectors, queries: Floats) -> tuple[Any, str]:
    import faiss

    faiss.omp_set_num_threads(os.cpu_count() or 1)
    groups = vectors.rows // _ROWS_A_GROUP
    index = faiss.IndexIVFScalarQuantizer(
        faiss.IndexFlatIP(vectors.dimension),
        vectors.dimension,
        groups,
        faiss.ScalarQuantizer.QT_fp16,
        faiss.METRIC_INNER_PRODUCT,
    )
    index.by_residual = False  # store the vector itself, not its distance from the centroid
    generator = np.random.default_rng(vectors.rows)
    sample_size = min(vectors.rows, groups * _TRAINING_ROWS_A_GROUP)
    index.train(vectors.of_rows(generator.choice(vectors.rows, sample_size, replace=False)))
    for batch in _batches(vectors):
        index.add(batch)
    index.make_direct_map()
    recall = _choose_searched_groups(index, _nearest_rows(vectors, queries), queries)
    return index, f"ivf fp16, {index.nprobe} of {groups} groups, recall@{_DEPTH} {recall:.3f}"


def _choose_searched_groups(index: Any, nearest: Ints, queries: Floats) -> float:  # noqa: ANN401
    """Set how many groups a search reads; give the recall of the queries, whose best rows are ``nearest``."""
    index.nprobe, recall = 1, 0.0
    while recall < _RECALL and index.nprobe < index.nlist:
        index.nprobe = min(index.nlist, index.nprobe + 1 + index.nprobe // 4)
        _, rows = index.search(queries, _DEPTH)
        recall = _recall(rows, nearest)
    return recall


def _batches(vectors: Vectors) -> Iterator[Floats]:
    for start in range(0, vectors.rows, _BATCH):
        rows = np.arange(start, min(vectors.rows, start + _BATCH))
        yield np.ascontiguousarray(vectors.of_rows(rows), np.float32)


def _nearest_rows(vectors: Vectors, queries: Floats) -> Ints:
    """The best rows of each query, found by comparing all: shape ``(queries, _DEPTH)``, the best first."""
    scores = np.empty((len(queries), 0), np.float32)
    rows = np.empty((len(queries), 0), np.int64)
    start = 0
    for batch in _batches(vectors):
        scores = np.concatenate([scores, queries @ batch.T], axis=1)
        batch_rows = np.tile(np.arange(start, start + len(batch)), (len(queries), 1))
        rows = np.concatenate([rows, batch_rows], axis=1)
        best = np.argsort(-scores, axis=1, kind="stable")[:, :_DEPTH]
        scores, rows = np.take_along_axis(scores, best, 1), np.take_along_axis(rows, best, 1)
        start += len(batch)
    return rows


def _recall(rows: Ints, nearest: Ints) -> float:
    """The mean share of each query's nearest rows that are among its ``rows``."""
    shares = [len(np.intersect1d(*each)) / len(each[1]) for each in zip(rows, nearest, strict=True)]
    return float(np.mean(shares))


class FaissIndex:
    """Implements ``protocols.VectorIndex`` over a memory-mapped file, in which every row has a vector."""

    def __init__(self, path: Path) -> None:
        """Open the index; raises IndexCorrupt when it cannot be read."""
        self._path = path
        self._flat = _flat_vectors(path)
        index: Any = self._index if self._flat is None else None
        self.rows, self.dimension = (index.ntotal, index.d) if self._flat is None else self._flat.shape
        self.encoded: Bools = np.broadcast_to(np.True_, self.rows)

    def search(self, query: Floats, limit: int, rows: Ints | None = None) -> NearestRows:
        """See ``protocols.VectorIndex.search``."""
        count = min(limit, self.rows if rows is None else len(rows))
        if not count:
            return NearestRows(np.empty(0, np.int64), np.empty(0, np.float32))
        scores, nearest = self._with_ties(query[None, :], count, self._parameters(rows))
        order = np.lexsort((nearest, -scores))[:count]
        return NearestRows(nearest[order], scores[order])

    def similarity(self, query: Floats, rows: Ints) -> Floats:
        """See ``protocols.VectorIndex.similarity``."""
        scores: Floats = self.of_rows(rows) @ query
        return scores

    def of_rows(self, rows: Ints) -> Floats:
        """See ``protocols.VectorIndex.of_rows``."""
        if self._flat is not None:
            return self._flat[rows].astype(np.float32)
        vectors: Floats = self._index.reconstruct_batch(np.ascontiguousarray(rows, np.int64))
        return vectors

    @cached_property
    def _index(self) -> Any:  # noqa: ANN401
        """Opened when it is first searched: a search by words alone only reads vectors of a flat index."""
        import faiss

        try:
            return faiss.read_index(str(self._path), faiss.IO_FLAG_MMAP_IFC)
        except RuntimeError as exc:
            raise IndexCorrupt(
                Translatable(
                    "The vectors in {} cannot be read ({}); run: depeche build PATH", self._path, exc
                )
            ) from exc

    def _limit_threads(self) -> None:
        """Use one thread for a query of a flat index: more threads would only wait for each other.

        OpenMP has this setting per calling thread, so every call sets it.
        """
        import faiss

        if not isinstance(self._index, faiss.IndexIVF):
            faiss.omp_set_num_threads(1)

    def _with_ties(self, query: Floats, count: int, parameters: Any) -> tuple[Floats, Ints]:  # noqa: ANN401
        """Scores and rows of the best ``count``, and of all rows that score the same as the last of them.

        FAISS alone would give any of the rows with equal scores.
        """
        self._limit_threads()
        (scores,), (rows,) = self._index.search(query, count + 1, params=parameters)
        if rows[count - 1] < 0:  # the groups that were searched have fewer rows
            return self._with_ties(query, count, self._parameters(np.arange(self.rows)))
        if scores[count] < scores[count - 1]:
            return scores[:count], rows[:count]
        least = float(scores[count - 1]) - _ROUNDING
        _, scores, rows = self._index.range_search(query, least, params=parameters)
        return scores, rows

    def _parameters(self, rows: Ints | None) -> Any:  # noqa: ANN401
        """The FAISS parameters that restrict a search to these rows; None for no restriction."""
        import faiss

        if rows is None:
            return None
        mask = np.zeros(self.rows, bool)
        mask[rows] = True
        selector = faiss.IDSelectorBitmap(np.packbits(mask, bitorder="little"))  # type: ignore[call-arg, arg-type]
        if isinstance(self._index, faiss.IndexIVF):
            return faiss.SearchParametersIVF(sel=selector, nprobe=self._index.nlist)  # type: ignore[call-arg]
        return faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]


def _flat_vectors(path: Path) -> npt.NDArray[np.float16] | None:
    """The vectors of a flat index in half precision, by row, a view of its file; None for another index.

    They are the end of the file, after their size in bytes. numpy reads them without FAISS, and in half the
    time of ``reconstruct_batch``.
    """
    try:
        with path.open("rb") as file:
            header = file.read(_HEADER.size)
    except OSError:
        return None  # FAISS says what is wrong
    if len(header) < _HEADER.size:
        return None
    kind, dimension, rows = _HEADER.unpack(header)
    if kind != _FLAT or rows < 1 or dimension < 1:
        return None
    size = rows * dimension * np.dtype(np.float16).itemsize  # indexes of format 1 have single precision
    offset = path.stat().st_size - size
    if offset < _HEADER.size + 8 or np.memmap(path, "<u8", "r", offset - 8, 1)[0] != size:
        return None
    return np.memmap(path, np.float16, "r", offset, (rows, dimension))
