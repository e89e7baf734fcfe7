"""The FAISS adapter: inner products over unit vectors in half precision, one vector a row.

Every row is compared while that takes at most 15 ms on one core. Beyond, the rows are grouped around
centroids (IVF: Jégou, Douze & Schmid, "Product quantization for nearest neighbor search", TPAMI 2011;
nothing is quantised further) and a search looks into the nearest groups: as many as it took, when
the index was written, to find 98.5 % of the best hundred of sample queries. Under a filter every group
is looked into, so that a filter never hides a hit.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from search.errors import IndexCorrupt, Worded
from search.model import Hit
from search.protocols import Floats, Ints

EXACT_ROWS = 200_000
"""Up to so many rows each is compared; see scripts/benchmark."""
_BATCH = 16_384  # rows added at once
_ROUNDING = 1e-6
_ROWS_A_GROUP = 250
_TRAINED_BY = 64  # rows a group is trained by
_DEPTH = 100
_RECALL = 0.985  # a little more than the .98 that is promised, for queries that were no sample


def write(path: Path, vectors: Floats, queries: Callable[[], Floats]) -> str:
    """Write an index of these unit vectors, shape ``(rows, dimension)``, and tell what kind it is.

    ``queries`` gives unit vectors of the same dimension, a sample of what will be searched for. Raises
    OSError.
    """
    import faiss

    index, kind = _exact(vectors), "exact fp16"
    if len(vectors) > EXACT_ROWS:
        index, kind = _grouped(index, vectors, queries())
    try:
        faiss.write_index(index, str(path))
    except RuntimeError as exc:
        raise OSError(f"{path} cannot be written: {exc}") from exc
    return kind


def _exact(vectors: Floats) -> Any:  # noqa: ANN401 - FAISS has no types
    import faiss

    index = faiss.IndexScalarQuantizer(
        vectors.shape[1], faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
    )
    _fill(index, vectors)
    return index


def _grouped(exact: Any, vectors: Floats, queries: Floats) -> tuple[Any, str]:  # noqa: ANN401
    import faiss

    faiss.omp_set_num_threads(os.cpu_count() or 1)
    dimension, groups = vectors.shape[1], len(vectors) // _ROWS_A_GROUP
    centroids = faiss.IndexFlatIP(dimension)
    index = faiss.IndexIVFScalarQuantizer(
        centroids, dimension, groups, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
    )
    index.by_residual = False  # what is kept is the vector, not its distance from the centroid
    chance = np.random.default_rng(len(vectors))
    index.train(vectors[chance.choice(len(vectors), min(len(vectors), groups * _TRAINED_BY), replace=False)])
    _fill(index, vectors)
    index.make_direct_map()
    _, best = exact.search(queries, _DEPTH)
    index.nprobe, recall = 1, 0.0
    while recall < _RECALL and index.nprobe < groups:
        index.nprobe = min(groups, index.nprobe + 1 + index.nprobe // 4)
        _, found = index.search(queries, _DEPTH)
        recall = _recall(found, best)
    return index, f"ivf fp16, {index.nprobe} of {groups} groups, recall@{_DEPTH} {recall:.3f}"


def _fill(index: Any, vectors: Floats) -> None:  # noqa: ANN401
    for start in range(0, len(vectors), _BATCH):
        index.add(np.ascontiguousarray(vectors[start : start + _BATCH], np.float32))


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
                Worded("The vectors in {} cannot be read ({}); run: depeche build PATH", path, exc)
            ) from exc
        if not isinstance(self._index, faiss.IndexIVF):
            faiss.omp_set_num_threads(1)  # one query is one thread's work; others would only be waited for
        self.rows: int = self._index.ntotal
        self.dimension: int = self._index.d

    def search(self, query: Floats, limit: int, rows: Ints | None = None) -> list[Hit]:
        """See ``protocols.VectorIndex.search``."""
        wanted = min(limit, self.rows if rows is None else len(rows))
        if not wanted:
            return []
        scores, found = self._best(query[None, :], wanted, self._parameters(rows))
        order = np.lexsort((found, -scores))[:wanted]
        return [
            Hit(int(found[place]), rank, float(scores[place])) for rank, place in enumerate(order, start=1)
        ]

    def similarity(self, query: Floats, rows: Ints) -> Floats:
        """See ``protocols.VectorIndex.similarity``."""
        found: Floats = self.of_rows(rows) @ query
        return found

    def of_rows(self, rows: Ints) -> Floats:
        """See ``protocols.VectorIndex.of_rows``."""
        found: Floats = self._index.reconstruct_batch(np.ascontiguousarray(rows, np.int64))
        return found

    def _best(self, query: Floats, wanted: int, parameters: Any) -> tuple[Floats, Ints]:  # noqa: ANN401
        """Scores and rows of the best, with all that equal the last of them: FAISS would cut anywhere."""
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
