"""The FAISS adapter: inner products over unit vectors in half precision, one vector a row.

Every row is compared while that takes at most 15 ms on one core. Beyond, the rows are grouped around
centroids (IVF: Jégou, Douze & Schmid, "Product quantization for nearest neighbor search", TPAMI 2011;
nothing is quantised further) and a search looks into the nearest groups: as many as it took, when
the index was written, to find 98.5 % of the best hundred of sample queries. Under a filter every group
is looked into, so that a filter never hides a hit.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from search.errors import IndexCorrupt, Translatable
from search.protocols import Floats, Ints, NearestRows

EXACT_ROWS = 200_000
"""Up to so many rows each is compared; see scripts/benchmark."""
_BATCH = 16_384  # rows added at once
_ROUNDING = 1e-6
_ROWS_A_GROUP = 250
_TRAINED_BY = 64  # rows a group is trained by
_DEPTH = 100
_RECALL = 0.985  # a little more than the .98 that is promised, for queries that were no sample


class Vectors(Protocol):
    """Unit vectors by row, wherever they are."""

    @property
    def rows(self) -> int:
        """How many there are."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def of_rows(self, rows: Ints) -> Floats:
        """The vectors of these rows, in their order: float32, shape ``(len(rows), dimension)``."""


def write(path: Path, vectors: Vectors, queries: Callable[[], Floats]) -> str:
    """Write an index of these vectors, and tell what kind it is; a part of them is in memory at a time.

    ``queries`` gives unit vectors of the same dimension, a sample of what will be searched for. Raises
    OSError.
    """
    import faiss

    if vectors.rows > EXACT_ROWS:
        index, kind = _grouped(vectors, queries())
    else:
        index, kind = _exact(vectors), "exact fp16"
    try:
        faiss.write_index(index, str(path))
    except RuntimeError as exc:
        raise OSError(f"{path} cannot be written: {exc}") from exc
    return kind


def _exact(vectors: Vectors) -> Any:  # noqa: ANN401 - FAISS has no types
    import faiss

    index = faiss.IndexScalarQuantizer(
        vectors.dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
    )
    for batch in _batches(vectors):
        index.add(batch)
    return index


def _grouped(vectors: Vectors, queries: Floats) -> tuple[Any, str]:
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
    index.by_residual = False  # what is kept is the vector, not its distance from the centroid
    chance = np.random.default_rng(vectors.rows)
    sample = chance.choice(vectors.rows, min(vectors.rows, groups * _TRAINED_BY), replace=False)
    index.train(vectors.of_rows(sample))
    for batch in _batches(vectors):
        index.add(batch)
    index.make_direct_map()
    best = _best_of_all(vectors, queries)
    index.nprobe, recall = 1, 0.0
    while recall < _RECALL and index.nprobe < groups:
        index.nprobe = min(groups, index.nprobe + 1 + index.nprobe // 4)
        _, found = index.search(queries, _DEPTH)
        recall = _recall(found, best)
    return index, f"ivf fp16, {index.nprobe} of {groups} groups, recall@{_DEPTH} {recall:.3f}"


def _batches(vectors: Vectors) -> Iterator[Floats]:
    for start in range(0, vectors.rows, _BATCH):
        rows = np.arange(start, min(vectors.rows, start + _BATCH))
        yield np.ascontiguousarray(vectors.of_rows(rows), np.float32)


def _best_of_all(vectors: Vectors, queries: Floats) -> Ints:
    """The nearest rows of each query, none passed over."""
    scores = np.empty((len(queries), 0), np.float32)
    rows = np.empty((len(queries), 0), np.int64)
    start = 0
    for batch in _batches(vectors):
        scores = np.concatenate([scores, queries @ batch.T], axis=1)
        here = np.tile(np.arange(start, start + len(batch)), (len(queries), 1))
        rows = np.concatenate([rows, here], axis=1)
        best = np.argsort(-scores, axis=1, kind="stable")[:, :_DEPTH]
        scores, rows = np.take_along_axis(scores, best, 1), np.take_along_axis(rows, best, 1)
        start += len(batch)
    return rows


def _recall(found: Ints, wanted: Ints) -> float:
    return float(
        np.mean([len(np.intersect1d(*each)) / len(each[1]) for each in zip(found, wanted, strict=True)])
    )


class FaissIndex:
    """Implements ``protocols.VectorIndex`` over a memory-mapped file."""

    def __init__(self, path: Path) -> None:
        """Open the index; raises IndexCorrupt when it cannot be read."""
        import faiss

        try:
            self._index: Any = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        except RuntimeError as exc:
            raise IndexCorrupt(
                Translatable("The vectors in {} cannot be read ({}); run: depeche build PATH", path, exc)
            ) from exc
        self.rows: int = self._index.ntotal
        self.dimension: int = self._index.d

    def search(self, query: Floats, limit: int, rows: Ints | None = None) -> NearestRows:
        """See ``protocols.VectorIndex.search``."""
        wanted = min(limit, self.rows if rows is None else len(rows))
        if not wanted:
            return NearestRows(np.empty(0, np.int64), np.empty(0, np.float32))
        scores, found = self._best(query[None, :], wanted, self._parameters(rows))
        order = np.lexsort((found, -scores))[:wanted]
        return NearestRows(found[order], scores[order])

    def similarity(self, query: Floats, rows: Ints) -> Floats:
        """See ``protocols.VectorIndex.similarity``."""
        found: Floats = self.of_rows(rows) @ query
        return found

    def of_rows(self, rows: Ints) -> Floats:
        """See ``protocols.VectorIndex.of_rows``."""
        self._prepare_thread()
        found: Floats = self._index.reconstruct_batch(np.ascontiguousarray(rows, np.int64))
        return found

    def _prepare_thread(self) -> None:
        """Have one query be one thread's work, unless there are groups: others would only be waited for.

        OpenMP knows it of each thread by itself, so of those that asked nothing before too.
        """
        import faiss

        if not isinstance(self._index, faiss.IndexIVF):
            faiss.omp_set_num_threads(1)

    def _best(self, query: Floats, wanted: int, parameters: Any) -> tuple[Floats, Ints]:  # noqa: ANN401
        """Scores and rows of the best, with all that equal the last of them: FAISS would cut anywhere."""
        self._prepare_thread()
        (scores,), (found,) = self._index.search(query, wanted + 1, params=parameters)
        if found[wanted - 1] < 0:  # the groups looked into did not hold so many
            return self._best(query, wanted, self._parameters(np.arange(self.rows)))
        if scores[wanted] < scores[wanted - 1]:
            return scores[:wanted], found[:wanted]
        least = float(scores[wanted - 1]) - _ROUNDING
        _, scores, found = self._index.range_search(query, least, params=parameters)
        return scores, found

    def _parameters(self, rows: Ints | None) -> Any:  # noqa: ANN401
        """How to search among these rows only; None: as the index was written."""
        import faiss

        if rows is None:
            return None
        chosen = np.zeros(self.rows, bool)
        chosen[rows] = True
        selector = faiss.IDSelectorBitmap(np.packbits(chosen, bitorder="little"))  # type: ignore[call-arg, arg-type]
        if isinstance(self._index, faiss.IndexIVF):
            return faiss.SearchParametersIVF(sel=selector, nprobe=self._index.nlist)  # type: ignore[call-arg]
        return faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
