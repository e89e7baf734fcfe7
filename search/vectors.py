"""The FAISS adapter: exact inner products over unit vectors, one vector a row."""

from pathlib import Path
from typing import Any

import numpy as np

from search.errors import IndexCorrupt
from search.model import Hit
from search.protocols import Floats, Ints

_ROUNDING = 1e-6


def write(path: Path, vectors: Floats) -> None:
    """Write an index of these unit vectors, shape ``(rows, dimension)``; raises OSError."""
    import faiss

    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(np.ascontiguousarray(vectors, np.float32))
    try:
        faiss.write_index(index, str(path))
    except RuntimeError as exc:
        raise OSError(f"{path} cannot be written: {exc}") from exc


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

        wanted = min(limit, self.rows if rows is None else len(rows))
        if not wanted:
            return []
        parameters: object = None
        if rows is not None:
            parameters = faiss.SearchParameters(sel=faiss.IDSelectorBatch(rows))  # type: ignore[call-arg]
        scores, found = self._best(query[None, :], wanted, parameters)
        order = np.lexsort((found, -scores))[:wanted]
        return [
            Hit(int(found[place]), rank, float(scores[place])) for rank, place in enumerate(order, start=1)
        ]

    def _best(self, query: Floats, wanted: int, parameters: object) -> tuple[Floats, Ints]:
        """Scores and rows of the best, with all that equal the last of them: FAISS would cut anywhere."""
        (scores,), (found,) = self._index.search(query, wanted + 1, params=parameters)
        if scores[wanted] < scores[wanted - 1]:
            return scores[:wanted], found[:wanted]
        least = float(scores[wanted - 1]) - _ROUNDING
        _, scores, found = self._index.range_search(query, least, params=parameters)
        return scores, found

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
