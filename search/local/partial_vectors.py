"""Opens the vectors of a generation; a build may have published it before it had encoded every passage."""

from pathlib import Path

import numpy as np

from search.build_types import Manifest
from search.errors import IndexCorrupt, Translatable
from search.local.array_file import read_array
from search.local.former_vectors import FormerVectors
from search.local.layout import Layout, repair_command
from search.local.vector_codes import VectorCodes
from search.local.vector_file import VectorFile
from search.local.vector_index import FileVectors
from search.protocols import Bools, Floats, Ints, NearestRows


class PartialVectors:
    """Implements ``protocols.VectorIndex``: ``index`` has the vectors of the encoded rows, in their order."""

    def __init__(self, index: FileVectors, encoded: Bools) -> None:
        self.rows, self.dimension = len(encoded), index.dimension
        self.encoded = encoded
        self._index = index
        self._row_of_place = np.flatnonzero(encoded)
        self._place_of_row = np.cumsum(encoded, dtype=np.int64) - 1

    def search(self, query: Floats, limit: int, rows: Ints | None = None) -> NearestRows:
        """See ``protocols.VectorIndex.search``."""
        places = None if rows is None else self._place_of_row[rows[self.encoded[rows]]]
        nearest = self._index.search(query, limit, places)
        return NearestRows(self._row_of_place[nearest.rows], nearest.scores)

    def similarity(self, query: Floats, rows: Ints) -> Floats:
        """See ``protocols.VectorIndex.similarity``."""
        scores: Floats = self.of_rows(rows) @ query
        return scores

    def of_rows(self, rows: Ints) -> Floats:
        """See ``protocols.VectorIndex.of_rows``."""
        vectors = np.zeros((len(rows), self.dimension), np.float32)
        encoded = self.encoded[rows]
        if encoded.any():
            vectors[encoded] = self._index.of_rows(self._place_of_row[rows[encoded]])
        return vectors


def vector_files(files: Layout, manifest: Manifest) -> tuple[Path, ...]:
    """The files of a generation that hold its vectors."""
    every = files.vectors, files.former_vectors, files.codes, files.encoded
    return tuple(path for path in every if path.name in manifest.checksums)


def open_vectors(files: Layout, manifest: Manifest) -> FileVectors | PartialVectors:
    """The vectors of a generation whose files are as they were published; raises IndexCorrupt."""
    former = files.former_vectors.name in manifest.checksums
    codes = VectorCodes(files.codes) if files.codes.name in manifest.checksums else None
    index = FileVectors(FormerVectors(files.former_vectors) if former else VectorFile(files.vectors), codes)
    if manifest.complete:
        return index
    encoded: Bools = read_array(files.encoded)
    right = encoded.dtype == bool and encoded.shape == (manifest.chunks,)
    if not right or np.count_nonzero(encoded) != index.rows:
        command = repair_command(files.folder)
        raise IndexCorrupt(
            Translatable("{} does not tell which passages have a vector; run: {}", files.encoded, command)
        )
    return PartialVectors(index, encoded)
