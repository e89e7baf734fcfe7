"""Reads the vectors of older formats, whose rows a build takes over."""

from pathlib import Path

import numpy as np

from search.local.vector_file import unreadable
from search.protocols import Floats, Ints


class FormerVectors:
    """Implements ``vector_file.Vectors`` over the FAISS index of a generation of format 1 to 6."""

    def __init__(self, path: Path) -> None:
        """Open the index; raises IndexCorrupt when it cannot be read."""
        import faiss

        try:
            self._index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        except RuntimeError as exc:
            raise unreadable(path, str(exc)) from exc
        self.rows, self.dimension = self._index.ntotal, self._index.d

    def of_rows(self, rows: Ints) -> Floats:
        """See ``vector_file.Vectors``."""
        vectors: Floats = self._index.reconstruct_batch(np.ascontiguousarray(rows, np.int64))
        return vectors
