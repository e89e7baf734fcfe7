"""Codes of four bits a number, by which FAISS finds rows that may be nearest to a query.

A code says which of 16 levels is nearest to each number of a vector. FAISS adds up what each level
contributes to the inner product for 32 rows at a time (André, Kermarrec & Le Scouarnec, "Quicker ADC",
TPAMI 2021). Comparing all of 57,000 rows takes .3 ms on one core. The scores are not exact: a caller
compares the exact vectors of more rows than it wants. Codes are written where sample queries find
``_RECALL`` of their best hundred rows by them.
"""

from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from search.errors import IndexCorrupt, Translatable
from search.local.vector_file import Vectors, batches
from search.protocols import Floats, Ints, NearestRows

_SAMPLE = 4096  # rows by which the levels are chosen
_DEPTH = 100
_RECALL = 0.99
_ROUNDING = 1e-6
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
    index = _coded(vectors)
    _, rows = index.search(queries, candidates(_DEPTH))
    recall = _recall(vectors, queries, rows)
    if recall < _RECALL:
        return ""
    try:
        faiss.write_index(index, str(path))
    except RuntimeError as exc:
        raise OSError(f"{path} cannot be written: {exc}") from exc
    return f"4-bit codes and fp16, recall@{_DEPTH} {recall:.3f}"


def _coded(vectors: Vectors) -> Any:  # noqa: ANN401 - FAISS has no types
    """A FAISS index of the codes of these vectors.

    It has a single group: only indexes of groups can be searched among some rows.
    """
    import faiss

    dimension = vectors.dimension
    group = faiss.IndexFlatIP(dimension)
    group.add(np.zeros((1, dimension), np.float32))
    index = faiss.IndexIVFPQFastScan(group, dimension, 1, dimension, 4, faiss.METRIC_INNER_PRODUCT)
    index.by_residual = False
    faiss.copy_array_to_vector(_levels(_sample(vectors)).ravel(), index.pq.centroids)
    index.is_trained = True
    for batch in batches(vectors):
        index.add(batch)
    return index


def _sample(vectors: Vectors) -> Floats:
    """The vectors of rows spread over all."""
    rows = np.unique(np.linspace(0, vectors.rows - 1, _SAMPLE).round().astype(np.int64))
    return vectors.of_rows(rows)


def _levels(sample: Floats) -> Floats:
    """The levels of each number of a vector: float32, shape ``(dimension, 16)``."""
    mean = sample.mean(axis=0, dtype=np.float64)
    deviation = sample.std(axis=0, dtype=np.float64)
    levels: Floats = (mean[:, np.newaxis] + deviation[:, np.newaxis] * _NORMAL_LEVELS).astype(np.float32)
    return levels


def _recall(vectors: Vectors, queries: Floats, rows: Ints) -> float:
    """The mean share of each query's best hundred scores that its ``rows`` reach.

    Of rows that score the same, as copies do, any count.
    """
    least = _least_scores(vectors, queries)[:, np.newaxis] - _ROUNDING
    scores = np.stack([vectors.of_rows(own) @ query for own, query in zip(rows, queries, strict=True)])
    return float(np.minimum(np.count_nonzero(scores >= least, axis=1) / _DEPTH, 1).mean())


def _least_scores(vectors: Vectors, queries: Floats) -> Floats:
    """The score of the hundredth nearest row of each query, found by comparing all."""
    best = np.empty((len(queries), 0), np.float32)
    for batch in batches(vectors):
        best = np.partition(np.concatenate([best, queries @ batch.T], axis=1), -_DEPTH, axis=1)[:, -_DEPTH:]
    least: Floats = best.min(axis=1)
    return least


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
        return NearestRows(nearest[known], scores[known])

    @cached_property
    def _index(self) -> Any:  # noqa: ANN401
        """Opened when it is first searched."""
        import faiss

        try:
            return faiss.read_index(str(self._path))
        except RuntimeError as exc:
            raise IndexCorrupt(
                Translatable(
                    "The vectors in {} cannot be read ({}); run: depeche build PATH", self._path, exc
                )
            ) from exc

    def _among(self, rows: Ints) -> Any:  # noqa: ANN401
        """The FAISS parameters that restrict a search to these rows."""
        import faiss

        mask = np.zeros(self._index.ntotal, bool)
        mask[rows] = True
        selector = faiss.IDSelectorBitmap(np.packbits(mask, bitorder="little"))  # type: ignore[call-arg, arg-type]
        return faiss.SearchParametersIVF(sel=selector, nprobe=1)  # type: ignore[call-arg]
