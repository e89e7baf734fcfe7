"""Opens a published generation, and checks its parts against each other."""

from contextlib import ExitStack, closing
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from search.build_types import Manifest
from search.errors import IndexCorrupt, IndexIncompatible, Translatable
from search.indexing.article_store import SqliteStore
from search.indexing.deduplication import Compared, Signatures
from search.keyword.reader import KeywordReader
from search.local import integrity, layout
from search.local.array_file import read_array
from search.local.manifest import read_manifest
from search.local.partial_vectors import PartialVectors, open_vectors, vector_files
from search.local.store_check import changed_row
from search.local.vector_index import FileVectors
from search.protocols import Floats, Ints, when_needed
from search.text import analyzer

_SAMPLED_VECTORS = 64
_LEAST_SELF_SIMILARITY = 0.999


class Generation:
    """An open generation; builders neither change nor remove it until it is closed."""

    def __init__(self, folder: Path) -> None:
        """Open it; raises IndexCorrupt or IndexIncompatible."""
        with ExitStack() as stack:
            stack.enter_context(layout.shared_lock(folder))
            self.manifest: Manifest = read_manifest(folder)
            self._check_analyser(folder)
            self.files = layout.Layout(folder)
            self._check_file(self.files.articles)
            self.store = SqliteStore(self.files.articles)
            stack.callback(self.store.close)
            self._resources = stack.pop_all()

    def _check_analyser(self, folder: Path) -> None:
        if self.manifest.analyser != analyzer.fingerprint():
            raise IndexIncompatible(
                Translatable(
                    "The index in {} was made by another version of the French analyser; "
                    "run: {} (keeps the vectors) or depeche build PATH",
                    folder,
                    layout.repair_command(folder),
                )
            )

    @cached_property
    def keyword(self) -> KeywordReader:
        """The keyword index, opened at first use; raises IndexCorrupt."""
        self._check_file(self.files.keyword)
        keyword = KeywordReader(self.files.keyword, self.store.articles)
        self._resources.callback(keyword.close)
        return keyword

    @cached_property
    def vectors(self) -> FileVectors | PartialVectors:
        """The vector index, opened at first use; raises IndexCorrupt."""
        for path in vector_files(self.files, self.manifest):
            self._check_file(path)
        return open_vectors(self.files, self.manifest)

    @cached_property
    def leaders(self) -> Ints:
        """See ``deduplication.CopyGroups.leaders``; raises IndexCorrupt."""
        leaders: Ints = self._load_array(self.files.leaders)
        return leaders

    @property
    def signatures(self) -> Signatures:
        """See ``deduplication.Signatures``; raises IndexCorrupt."""
        signatures: Signatures = self._load_array(self.files.signatures)
        return signatures

    @property
    def compared(self) -> Compared:
        """See ``deduplication.Compared``; raises IndexCorrupt."""
        compared: Compared = self._load_array(self.files.compared)
        return compared

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return sum(path.stat().st_size for path in self.files.folder.rglob("*") if path.is_file())

    begin = staticmethod(when_needed)

    def missing(self) -> tuple[str, ...]:
        """See ``protocols.OpenIndex.missing``: an open folder lacks nothing."""
        return ()

    def verify(self) -> None:
        """Check all files and their contents; raises IndexCorrupt."""
        self.verify_checksums()
        self.verify_contents()

    def verify_contents(self) -> None:
        """Check that counts, rows, texts and a sample of vectors agree; raises IndexCorrupt."""
        self.verify_store()
        self.verify_indexes()

    def verify_store(self) -> None:
        """Check the articles, and that each row has the text that was encoded; raises IndexCorrupt."""
        self.store.verify()
        if (row := changed_row(self.store)) is not None:
            raise self._damaged(Translatable("row {} no longer holds the text that was encoded", row))

    def verify_indexes(self) -> None:
        """Check the indexes of the articles, and a sample of the vectors; raises IndexCorrupt."""
        self.keyword.verify()
        self._verify_counts()
        self.verify_vectors()

    def close(self) -> None:
        """Release the files."""
        self._resources.close()

    def verify_checksums(self) -> None:
        """Check that no file is missing, changed or added since publication; raises IndexCorrupt."""
        verify_files(self.files, self.manifest)

    def _verify_counts(self) -> None:
        articles, chunks = self.manifest.articles, self.manifest.chunks
        if self.store.counts() != (articles, chunks):
            raise self._damaged(
                Translatable(
                    "the store holds {} articles and chunks, not {}", self.store.counts(), (articles, chunks)
                )
            )
        indexed = self.keyword.articles, self.keyword.passages
        if indexed != (articles, chunks):
            raise self._damaged(
                Translatable(
                    "the keyword index holds {} articles and passages, not {}", indexed, (articles, chunks)
                )
            )
        leaders = self.leaders
        if len(leaders) != articles or not np.array_equal(leaders[leaders], leaders):
            raise self._damaged(Translatable("the groups of copies contradict themselves"))

    def verify_vectors(self) -> None:
        """Check the number of vectors and a sample of them; raises IndexCorrupt."""
        encoded, dimension = np.flatnonzero(self.vectors.encoded), self.vectors.dimension
        expected = self.manifest.chunks, self.manifest.encoded, self.manifest.dimension
        if (self.vectors.rows, len(encoded), dimension) != expected:
            raise self._damaged(Translatable("there are {} vectors, not {}", len(encoded), expected[1]))
        least, most = _LEAST_SELF_SIMILARITY, 1 / _LEAST_SELF_SIMILARITY
        places = np.linspace(0, len(encoded) - 1, min(_SAMPLED_VECTORS, len(encoded)))
        for row in encoded[places.astype(int)].tolist():
            (vector,) = self.vectors.of_rows(np.array([row]))
            squared_length, best = float(vector @ vector), self._best_score(vector)
            if not (least <= squared_length <= best + 1e-4 and best <= most):
                raise self._damaged(
                    Translatable("the vector of row {} is not its own nearest neighbour", row)
                )

    def _best_score(self, vector: Floats) -> float:
        return float(self.vectors.search(vector, 1).scores[0])

    def _check_file(self, path: Path) -> None:
        """Check that a file is as it was published, before it is read; raises IndexCorrupt."""
        if not integrity.matched_recently(path, self.manifest.checksums.get(path.name, "")):
            raise self._damaged(Translatable("{} is not what was published", path))

    def _load_array(self, path: Path) -> Any:  # noqa: ANN401 - the file says which type
        self._check_file(path)
        return read_array(path)

    def _damaged(self, what: Translatable) -> IndexCorrupt:
        return layout.damage_error(self.files.folder, what)


def verify_file(path: Path, manifest: Manifest) -> None:
    """Check one file of a generation against its manifest; raises IndexCorrupt."""
    if not integrity.matches_checksum(path, manifest.checksums.get(path.name, "")):
        raise layout.damage_error(path.parent, Translatable("{} is not what was published", path))


def verify_files(files: layout.Layout, manifest: Manifest) -> None:
    """Check the files of a generation against its manifest; raises IndexCorrupt, which names every fault."""
    expected, present = manifest.checksums, layout.file_names(files)
    faults: list[str] = []
    if differing := present ^ expected.keys():
        faults.append(
            Translatable("{} lacks, or should not hold: {}", files.folder, ", ".join(sorted(differing)))
        )
    for name in sorted(present & expected.keys()):
        if not integrity.matches_checksum(files.folder / name, expected[name]):
            faults.append(Translatable("{} is not what was published", files.folder / name))
    if faults:
        raise layout.damage_error(files.folder, faults[0] if len(faults) == 1 else "; ".join(faults))


def verify_generation(folder: Path) -> Manifest:
    """Check all of a generation, and give its manifest; raises IndexCorrupt, IndexIncompatible."""
    manifest = read_manifest(folder)
    verify_files(layout.Layout(folder), manifest)
    with closing(Generation(folder)) as generation:
        generation.verify_contents()
    return manifest


def verify_current(index: Path) -> Manifest:
    """Check all of the published generation, and CURRENT; give its manifest.

    Raises IndexMissing, IndexCorrupt or IndexIncompatible.
    """
    folder = layout.current(index)
    manifest = verify_generation(folder)
    if not layout.is_current(index, folder):
        fault = Translatable("{} is not what was published", index / "CURRENT")
        raise layout.damage_error(folder, fault)
    return manifest


def open_current(index: Path) -> Generation:
    """Open the published generation; raises IndexMissing, IndexCorrupt or IndexIncompatible.

    A builder may publish another generation and remove this one before it is locked. Then the newer one is
    opened.
    """
    while True:
        published = layout.published_id(index)
        try:
            generation = Generation(layout.current(index))
        except IndexCorrupt:
            if layout.published_id(index) == published:
                raise
            continue
        if layout.published_id(index) == published:
            return generation
        generation.close()
