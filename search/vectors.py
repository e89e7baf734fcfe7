"""The FAISS adapter: exact inner products over unit vectors, one vector a row."""

from pathlib import Path
from typing import Any

import numpy as np

from search.errors import IndexCorrupt
from search.model import Hit
from search.protocols import Floats, Ints


def write(path: Path, vectors: Floats) -> None:
    """Write an index of these unit vectors, shape ``(rows, dimension)``."""
    import faiss

    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(np.ascontiguousarray(vectors, np.float32))
    faiss.write_index(index, str(path))


class FaissIndex:
    """Implements ``protocols.VectorIndex`` over a memory-mapped file."""

    def __init__(self, path: Path) -> None:
        """Open the index; raises IndexCorrupt when it cannot be read."""
        import faiss

        try:
            self._index: Any = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        except RuntimeError as exc:
            raise IndexCorrupt(
                f"The vectors in {path} cannot be read ({exc}); run: depeche build PATH"
            ) from exc
        self.rows: int = self._index.ntotal
        self.dimension: int = self._index.d

    def search(self, query: Floats, limit: int, rows: Ints | None = None) -> list[Hit]:
        """See ``protocols.VectorIndex.search``."""
        import faiss

        searched = self.rows if rows is None else len(rows)
        if not min(limit, searched):
            return []
        parameters: Any = None
        if rows is not None:
            parameters = faiss.SearchParameters(sel=faiss.IDSelectorBatch(rows))  # type: ignore[call-arg]
        scores, found = self._index.search(query[None, :], min(limit, searched), params=parameters)
        order = np.lexsort((found[0], -scores[0]))
        return [
            Hit(int(found[0][place]), rank, float(scores[0][place]))
            for rank, place in enumerate(order, start=1)
        ]

    def similarity(self, query: Floats) -> Floats:
        """See ``protocols.VectorIndex.similarity``."""
        found: Floats = self.vectors() @ query
        return found

    def of_rows(self, rows: Ints) -> Floats:
        """See ``protocols.VectorIndex.of_rows``."""
        found: Floats = self.vectors()[rows]
        return found

    def vectors(self) -> Floats:
        """Every vector, by row: a read-only view, valid as long as this object."""
        import faiss

        flat = faiss.rev_swig_ptr(self._index.get_xb(), self.rows * self.dimension)
        view: Floats = flat.reshape(self.rows, self.dimension)
        view.flags.writeable = False
        return view
