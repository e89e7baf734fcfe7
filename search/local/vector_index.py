"""Finds the nearest vectors: exactly among few rows, by codes and then exactly among many."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from search.local import vector_codes, vector_file
from search.local.vector_codes import VectorCodes
from search.local.vector_file import VectorFile, Vectors
from search.protocols import Bools, Floats, Ints, NearestRows

EXACT_ROWS = 4096
"""So many rows are compared one by one, in some .4 ms; see scripts/benchmark."""
_BATCH = 512  # rows that are compared at once, so that they stay in the processor's cache
_WIDER = 4


def write(path: Path, codes: Path, vectors: Vectors, queries: Callable[[], Floats]) -> str:
    """Write these vectors, and their codes where a search needs any; give the kind of index in words.

    Only a part of the vectors is in memory at a time. ``queries`` gives the vectors of sample queries: unit
    vectors of the same dimension, one a row. Raises OSError.
    """
    vector_file.write(path, vectors)
    if vectors.rows <= EXACT_ROWS:
        return "exact fp16"
    return vector_codes.write(codes, VectorFile(path), queries()) or "exact fp16"


class FileVectors:
    """Implements ``protocols.VectorIndex`` over files, in which every row has a vector."""

    def __init__(self, vectors: Vectors, codes: VectorCodes | None) -> None:
        self._vectors, self._codes = vectors, codes
        self.rows, self.dimension = vectors.rows, vectors.dimension
        self.encoded: Bools = np.broadcast_to(np.True_, self.rows)

    def search(self, query: Floats, limit: int, rows: Ints | None = None) -> NearestRows:
        """See ``protocols.VectorIndex.search``."""
        searched = self.rows if rows is None else len(rows)
        count = min(limit, searched)
        if self._codes is None or searched <= max(EXACT_ROWS, vector_codes.candidates(count)):
            return self._nearest(query, count, np.arange(self.rows) if rows is None else rows)
        return self._nearest_by_codes(self._codes, query, count, rows)

    def similarity(self, query: Floats, rows: Ints) -> Floats:
        """See ``protocols.VectorIndex.similarity``."""
        scores: Floats = self.of_rows(rows) @ query
        return scores

    def of_rows(self, rows: Ints) -> Floats:
        """See ``protocols.VectorIndex.of_rows``."""
        return self._vectors.of_rows(rows)

    def _nearest_by_codes(
        self, codes: VectorCodes, query: Floats, count: int, rows: Ints | None
    ) -> NearestRows:
        """The ``count`` nearest rows, by the exact vectors of those whose codes are near."""
        if not count:
            return self._nearest(query, 0, np.empty(0, np.int64))
        wanted = vector_codes.candidates(count)
        while True:
            near = codes.nearest(query, wanted, rows)
            nearest = self._nearest(query, count, near.rows)
            if len(near.rows) < wanted or not _cuts_ties(near, nearest):
                return nearest
            wanted *= _WIDER

    def _nearest(self, query: Floats, count: int, rows: Ints) -> NearestRows:
        """The ``count`` nearest of these rows, all of which are compared."""
        scores = np.empty(len(rows), np.float32)
        for start in range(0, len(rows), _BATCH):
            vectors = self._vectors.of_rows(rows[start : start + _BATCH])
            # A matrix product may round the scores of equal vectors in different ways.
            np.vecdot(vectors, query, out=scores[start : start + _BATCH])
        if 0 < count < len(rows):
            kept = np.flatnonzero(scores >= np.partition(scores, -count)[-count])
            rows, scores = rows[kept], scores[kept]
        order = np.lexsort((rows, -scores))[:count]
        return NearestRows(rows[order], scores[order])


def _cuts_ties(near: NearestRows, nearest: NearestRows) -> bool:
    """Whether rows equal to the last of the ``nearest`` may have been left out of those ``near`` by codes.

    They have the same code, and so the same approximate score.
    """
    last = near.scores[near.rows == nearest.rows[-1]]
    return bool(last[0] == near.scores.min())
