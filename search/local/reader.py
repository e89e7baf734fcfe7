"""Opening a published generation, and checking every part of it against the others."""

from contextlib import ExitStack, closing
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from search.build_types import Manifest
from search.errors import IndexCorrupt, IndexIncompatible, Translatable
from search.indexing.article_store import SqliteStore
from search.indexing.deduplication import Compared, Signatures
from search.keyword.reader import WhooshIndex
from search.local import integrity, layout, vector_index
from search.local.manifest import read_manifest
from search.protocols import Ints, when_needed
from search.text import analyzer, chunking

_SAMPLE = 64
_OWN = 0.999


class Generation:
    """One generation, held open: it stays the same, and there, whatever is published meanwhile."""

    def __init__(self, folder: Path) -> None:
        """Open it; raises IndexCorrupt or IndexIncompatible."""
        with ExitStack() as files:
            files.enter_context(layout.held(folder))
            self.manifest: Manifest = read_manifest(folder)
            self._check_analyser(folder)
            self.files = layout.Layout(folder)
            self._trust(self.files.articles)
            self.store = SqliteStore(self.files.articles)
            files.callback(self.store.close)
            self._opened = files.pop_all()

    def _check_analyser(self, folder: Path) -> None:
        if self.manifest.analyser != analyzer.fingerprint():
            raise IndexIncompatible(
                Translatable(
                    "The index in {} was made by another version of the French analyser; "
                    "run: {} (keeps the vectors) or depeche build PATH",
                    folder,
                    layout.repairing(folder),
                )
            )

    @cached_property
    def keyword(self) -> WhooshIndex:
        """The keyword index, opened at first use; raises IndexCorrupt."""
        self._trust(self.files.keyword)
        found = WhooshIndex(self.files.keyword)
        self._opened.callback(found.close)
        return found

    @cached_property
    def vectors(self) -> vector_index.FaissIndex:
        """The vectors, opened at first use; raises IndexCorrupt."""
        self._trust(self.files.vectors)
        return vector_index.FaissIndex(self.files.vectors)

    @cached_property
    def leaders(self) -> Ints:
        """See ``duplicates.Families.leaders``; raises IndexCorrupt."""
        found: Ints = self._loaded(self.files.families)
        return found

    @property
    def signatures(self) -> Signatures:
        """See ``duplicates.Signatures``; raises IndexCorrupt."""
        found: Signatures = self._loaded(self.files.signatures)
        return found

    @property
    def compared(self) -> Compared:
        """See ``duplicates.Compared``; raises IndexCorrupt."""
        found: Compared = self._loaded(self.files.compared)
        return found

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return sum(path.stat().st_size for path in self.files.folder.rglob("*") if path.is_file())

    begin = staticmethod(when_needed)

    def missing(self) -> tuple[str, ...]:
        """What of it cannot be searched now: nothing, once it is open."""
        return ()

    def verify(self) -> None:
        """Check checksums, counts, rows in step and sampled vectors; raises IndexCorrupt."""
        self.verify_checksums()
        self.verify_contents()

    def verify_contents(self) -> None:
        """Check that counts, rows, texts and sampled vectors agree; raises IndexCorrupt."""
        self.store.verify()
        self.keyword.verify()
        self._verify_counts()
        self._verify_texts()
        self._verify_vectors()

    def close(self) -> None:
        """Release the files."""
        self._opened.close()

    def verify_checksums(self) -> None:
        """Check that every file is there and as it was published, and no other; raises IndexCorrupt."""
        verify_files(self.files, self.manifest)

    def _verify_counts(self) -> None:
        articles, chunks = self.manifest.articles, self.manifest.chunks
        if self.store.counts() != (articles, chunks):
            raise self._corrupt(
                Translatable(
                    "the store holds {} articles and chunks, not {}", self.store.counts(), (articles, chunks)
                )
            )
        if (held := (self.keyword.articles, self.keyword.passages)) != (articles, chunks):
            raise self._corrupt(
                Translatable(
                    "the keyword index holds {} articles and passages, not {}", held, (articles, chunks)
                )
            )
        leaders = self.leaders
        if len(leaders) != articles or not np.array_equal(leaders[leaders], leaders):
            raise self._corrupt(Translatable("the families of copies contradict themselves"))
        if (self.vectors.rows, self.vectors.dimension) != (chunks, self.manifest.dimension):
            raise self._corrupt(Translatable("there are {} vectors, not {}", self.vectors.rows, chunks))

    def _verify_texts(self) -> None:
        """Each row's text is still the one that was encoded for it."""
        rows = zip(self.store.passages(), self.store.text_hashes(), strict=True)
        for row, ((article, chunk), text_hash) in enumerate(rows):
            encoded = chunking.encoded_text(article, chunk.start, chunk.end)
            if chunking.text_hash(encoded) != text_hash:
                raise self._corrupt(Translatable("row {} no longer holds the text that was encoded", row))

    def _verify_vectors(self) -> None:
        for row in np.linspace(0, self.manifest.chunks - 1, _SAMPLE).astype(int).tolist():
            (vector,) = self.vectors.of_rows(np.array([row]))
            length = float(vector @ vector)
            if not _OWN <= length <= self.vectors.search(vector, 1).scores[0] + 1e-4 <= 1 / _OWN:
                raise self._corrupt(
                    Translatable("the vector of row {} is not its own nearest neighbour", row)
                )

    def _trust(self, path: Path) -> None:
        """See that a file is as it was published before anything is read from it; raises IndexCorrupt."""
        if not integrity.had(path, self.manifest.checksums.get(path.name, "")):
            raise self._corrupt(Translatable("{} is not what was published", path))

    def _loaded(self, path: Path) -> Any:  # noqa: ANN401 - of whatever type was saved
        self._trust(path)
        try:
            with path.open("rb") as file:  # np.load opens archives, and pickles, too
                return np.lib.format.read_array(file, allow_pickle=False)
        except (OSError, ValueError) as exc:
            raise self._corrupt(Translatable("{} cannot be read ({})", path, exc)) from exc

    def _corrupt(self, what: Translatable) -> IndexCorrupt:
        return _damaged(self.files, what)


def _damaged(files: layout.Layout, what: str) -> IndexCorrupt:
    return IndexCorrupt(
        Translatable("The index is damaged: {}; run: {}", what, layout.repairing(files.folder))
    )


def verify_file(path: Path, manifest: Manifest) -> None:
    """Check one file of a generation against its manifest; raises IndexCorrupt."""
    if not integrity.has(path, manifest.checksums.get(path.name, "")):
        raise _damaged(layout.Layout(path.parent), Translatable("{} is not what was published", path))


def verify_files(files: layout.Layout, manifest: Manifest) -> None:
    """Check the files of a generation against its manifest; raises IndexCorrupt, which tells every fault."""
    wanted, there = manifest.checksums, layout.files(files)
    faults: list[str] = []
    if strays := there ^ wanted.keys():
        faults.append(
            Translatable("{} lacks, or should not hold: {}", files.folder, ", ".join(sorted(strays)))
        )
    for name in sorted(there & wanted.keys()):
        if not integrity.has(files.folder / name, wanted[name]):
            faults.append(Translatable("{} is not what was published", files.folder / name))
    if faults:
        raise _damaged(files, faults[0] if len(faults) == 1 else "; ".join(faults))


def verify_generation(folder: Path) -> Manifest:
    """Check a generation whole; raises IndexCorrupt, IndexIncompatible."""
    manifest = read_manifest(folder)
    verify_files(layout.Layout(folder), manifest)
    with closing(Generation(folder)) as generation:
        generation.verify_contents()
    return manifest


def verify_current(index: Path) -> Manifest:
    """Check the published generation whole; raises IndexMissing, IndexCorrupt or IndexIncompatible."""
    folder = layout.current(index)
    manifest = verify_generation(folder)
    if not layout.selected(index, folder):
        raise _damaged(layout.Layout(folder), Translatable("{} is not what was published", index / "CURRENT"))
    return manifest


def open_current(index: Path) -> Generation:
    """Open the published generation; raises IndexMissing, IndexCorrupt or IndexIncompatible.

    It may be collected before it is held; then another was published, which is opened in its place.
    """
    while True:
        named = layout.published(index)
        try:
            generation = Generation(layout.current(index))
        except IndexCorrupt:
            if layout.published(index) == named:
                raise
            continue
        if layout.published(index) == named:
            return generation
        generation.close()
