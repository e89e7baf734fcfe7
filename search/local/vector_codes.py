"""Codes of four bits a number, by which FAISS finds rows that may be nearest to a query.

A code says which of 16 levels is nearest to each number of a vector. FAISS adds up what each level
contributes to the inner product for 32 rows at a time (André, Kermarrec & Le Scouarnec, "Quicker ADC",
TPAMI 2021). Comparing all of 57,000 rows takes .3 ms on one core. The scores are not exact: a caller
compares the exact vectors of more rows than it wants. Codes are written where sample queries find
``_RECALL`` of their best hundred rows by them.

Many rows are grouped around centroids (IVF: Jégou, Douze & Schmid, "Product quantization for nearest neighbor
search", TPAMI 2011), where the best rows of the sample queries lie in few groups; then a search reads only
the nearest ones. A search among some rows reads every group, so that it never hides a row.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from search.local import code_file
from search.local.code_file import Codes
from search.local.vector_file import Vectors, batches
from search.protocols import Floats, Ints, NearestRows

_SAMPLE = 4096  # rows by which the levels are chosen
ONE_GROUP = 200_000
"""The most rows that are never grouped; see scripts/benchmark."""
_ROWS_A_GROUP = 1000
_SAMPLE_A_GROUP = 64
_ROUNDS = 10
_FEW_GROUPS = 1 / 8
"""The most groups that a search may read, as a share of all: reading a group costs more than its rows."""
_DEPTH = 100
_RECALL = 0.99
_ROUNDING = 1e-6
_CODED_TOGETHER = 256  # rows, so that they stay in the processor's cache
_IN_GROUPS = 0.995  # of the best rows of sample queries, in the groups that a search reads
_POSITIVE_LEVELS = (0.1284, 0.3881, 0.6568, 0.9424, 1.256, 1.618, 2.069, 2.733)
"""Half of the 16 levels that represent a normal distribution best (Max, "Quantizing for minimum distortion",
IRE Transactions on Information Theory, 1960, table I)."""
_NORMAL_LEVELS = np.array([*(-level for level in reversed(_POSITIVE_LEVELS)), *_POSITIVE_LEVELS])


def candidates(count: int) -> int:
    """Of how many rows the exact vectors must be compared, to find ``count`` nearest ones."""
    return count + count // 2 + _DEPTH


def write(path: Path, vectors: Vectors, queries: Floats) -> str:
    """Write the codes of these vectors, and give their kind in words; ``""`` where none are written.

    None are written where they do not find enough of the rows that are nearest to the sample ``queries``
    (unit vectors, one a row). Raises OSError.
    """
    import faiss

    faiss.omp_set_num_threads(1)  # of this thread; more take more time together, and save none
    nearest = _nearest_rows(vectors, queries)
    groups, levels = _choose_groups(vectors, queries, nearest.rows), _levels(_sample(vectors, _SAMPLE))
    code_file.write(path, _empty_index(levels, groups), *_coded(vectors, levels, groups))
    index = code_file.open_index(path)
    _, rows = index.search(queries, candidates(_DEPTH))
    recall = _recall(vectors, queries, rows, nearest)
    if recall < _RECALL:
        path.unlink()
        return ""
    read = "" if index.nlist == 1 else f", {index.nprobe} of {index.nlist} groups"
    return f"4-bit codes and fp16{read}, recall@{_DEPTH} {recall:.3f}"


@dataclass(frozen=True, slots=True)
class _Groups:
    """The centroids of groups of rows, and how many groups a search reads."""

    centroids: Floats
    searched: int


def _choose_groups(vectors: Vectors, queries: Floats, nearest: Ints) -> _Groups:
    """Groups of which few have the rows ``nearest`` to the queries, shape ``(queries, _DEPTH)``, or one."""
    import faiss

    dimension = vectors.dimension
    one = _Groups(np.zeros((1, dimension), np.float32), 1)
    if vectors.rows <= ONE_GROUP:
        return one
    count = vectors.rows // _ROWS_A_GROUP
    clusters = faiss.Kmeans(
        dimension, count, niter=_ROUNDS, spherical=True, max_points_per_centroid=_SAMPLE_A_GROUP
    )
    clusters.train(_sample(vectors, count * _SAMPLE_A_GROUP))
    centroids = np.asarray(clusters.centroids, np.float32)
    own = np.argmax(vectors.of_rows(nearest.ravel()) @ centroids.T, axis=1).reshape(nearest.shape)
    order = np.argsort(-queries @ centroids.T, axis=1)
    ranks = np.take_along_axis(np.argsort(order, axis=1), own, axis=1)
    searched = 1 + int(np.quantile(ranks, _IN_GROUPS, method="higher"))
    return _Groups(centroids, searched) if searched <= _FEW_GROUPS * count else one


def _empty_index(levels: Floats, groups: _Groups) -> Any:  # noqa: ANN401 - FAISS has no types
    """A FAISS index of such codes; only indexes of groups can be searched among some rows."""
    import faiss

    count, dimension = groups.centroids.shape
    quantizer = faiss.IndexFlatIP(dimension)
    quantizer.add(groups.centroids)
    index = faiss.IndexIVFPQFastScan(quantizer, dimension, count, dimension, 4, faiss.METRIC_INNER_PRODUCT)
    index.by_residual = False
    index.nprobe = groups.searched
    faiss.copy_array_to_vector(levels.ravel(), index.pq.centroids)
    index.is_trained = True
    return index


def _coded(vectors: Vectors, levels: Floats, groups: _Groups) -> tuple[Codes, Ints]:
    """By row, the code of its vector, two numbers a byte, and its group, which has the nearest centroid.

    FAISS computes the same codes one number after the other, in ten times as long.
    """
    bounds = ((levels[:, 1:] + levels[:, :-1]) / 2).T.astype(np.float32)
    codes = np.empty((vectors.rows, -(-vectors.dimension // 2)), np.uint8)
    group_of_row = np.zeros(vectors.rows, np.int64)
    start = 0
    for batch in batches(vectors):
        part = slice(start, start + len(batch))
        if len(groups.centroids) > 1:
            group_of_row[part] = np.argmax(batch @ groups.centroids.T, axis=1)
        for first in range(0, len(batch), _CODED_TOGETHER):
            block = batch[first : first + _CODED_TOGETHER]
            codes[start + first : start + first + len(block)] = _codes(block, bounds)
        start = part.stop
    return codes, group_of_row


def _codes(vectors: Floats, bounds: Floats) -> Codes:
    """The codes of these vectors: of each number, how many ``bounds`` between levels lie below it."""
    levels = np.zeros((len(vectors), vectors.shape[1] + vectors.shape[1] % 2), np.uint8)
    numbers = levels[:, : vectors.shape[1]]
    for bound in bounds:
        numbers += vectors > bound
    codes: Codes = levels[:, ::2] | levels[:, 1::2] << 4
    return codes


def _sample(vectors: Vectors, size: int) -> Floats:
    """The vectors of so many rows, spread over all."""
    rows = np.unique(np.linspace(0, vectors.rows - 1, size).round().astype(np.int64))
    return vectors.of_rows(rows)


def _levels(sample: Floats) -> Floats:
    """The levels of each number of a vector: float32, shape ``(dimension, 16)``."""
    mean = sample.mean(axis=0, dtype=np.float64)
    deviation = sample.std(axis=0, dtype=np.float64)
    levels: Floats = (mean[:, np.newaxis] + deviation[:, np.newaxis] * _NORMAL_LEVELS).astype(np.float32)
    return levels


def _recall(vectors: Vectors, queries: Floats, rows: Ints, nearest: NearestRows) -> float:
    """The mean share of each query's best hundred scores that its ``rows`` reach.

    Of rows that score the same, as copies do, any count.
    """
    least = nearest.scores.min(axis=1, keepdims=True) - _ROUNDING
    scores = np.stack([vectors.of_rows(own) @ query for own, query in zip(rows, queries, strict=True)])
    return float(np.minimum(np.count_nonzero(scores >= least, axis=1) / _DEPTH, 1).mean())


def _nearest_rows(vectors: Vectors, queries: Floats) -> NearestRows:
    """The best rows of each query, found by comparing all: shape ``(queries, _DEPTH)``, in any order."""
    scores = np.empty((len(queries), 0), np.float32)
    rows = np.empty((len(queries), 0), np.int64)
    start = 0
    for batch in batches(vectors):
        scores = np.concatenate([scores, queries @ batch.T], axis=1)
        batch_rows = np.tile(np.arange(start, start + len(batch)), (len(queries), 1))
        rows = np.concatenate([rows, batch_rows], axis=1)
        best = np.argpartition(-scores, _DEPTH - 1, axis=1)[:, :_DEPTH]
        scores, rows = np.take_along_axis(scores, best, 1), np.take_along_axis(rows, best, 1)
        start += len(batch)
    return NearestRows(rows, scores)


class VectorCodes:
    """Codes in a file that ``write`` wrote; may be used from several threads."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def nearest(self, query: Floats, count: int, rows: Ints | None) -> NearestRows:
        """The ``count`` rows whose codes are nearest; among ``rows`` only, when given.

        Fewer are given only where fewer are searched. The scores are approximate, and the order of equal ones
        is any; equal vectors have equal scores.
        """
        import faiss

        faiss.omp_set_num_threads(1)  # of this thread; more would only wait for each other
        parameters = None if rows is None else self._among(rows)
        (scores,), (nearest,) = self._index.search(query[np.newaxis], count, params=parameters)
        known = nearest >= 0
        if rows is None and not known.all():  # the groups that were read have too few
            return self.nearest(query, count, np.arange(self._index.ntotal))
        return NearestRows(nearest[known], scores[known])

    @cached_property
    def _index(self) -> Any:  # noqa: ANN401
        """Opened when it is first searched."""
        return code_file.open_index(self._path)

    def _among(self, rows: Ints) -> Any:  # noqa: ANN401
        """The FAISS parameters that restrict a search to these rows."""
        import faiss

        mask = np.zeros(self._index.ntotal, bool)
        mask[rows] = True
        selector = faiss.IDSelectorBitmap(np.packbits(mask, bitorder="little"))  # type: ignore[call-arg, arg-type]
        return faiss.SearchParametersIVF(sel=selector, nprobe=self._index.nlist)  # type: ignore[call-arg]
