"""Opening a published generation, and checking every part of it against the others."""

from collections.abc import Sequence
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from search import vectors
from search.duplicates import Compared, Signatures
from search.errors import IndexCorrupt, IndexIncompatible, Worded
from search.generation import layout
from search.keyword.index import WhooshIndex
from search.model import Manifest, Scorer
from search.protocols import Encoder, Ints
from search.store import SqliteStore
from search.text import chunking, french

PROBE_QUERY = "munitions livrées à la Russie"
PROBE_PASSAGE = "Le train a quitté Pyongyang dimanche soir, selon des sources gouvernementales."
_SAME_SPACE = 0.995
"""Cosine from which two vectors of one text come from one model, whatever the precision."""
_SAMPLE = 64
_OWN = 0.999


class Generation:
    """One generation, held open: it stays the same, and there, whatever is published meanwhile."""

    def __init__(self, folder: Path, scorer: Scorer = Scorer.ARRAYS) -> None:
        """Open it; raises IndexCorrupt or IndexIncompatible."""
        with ExitStack() as files:
            files.enter_context(layout.held(folder))
            self.manifest: Manifest = layout.read_manifest(folder)
            self._check_analyser(folder)
            self.files = layout.Layout(folder)
            self.store = SqliteStore(self.files.articles)
            files.callback(self.store.close)
            self.keyword = WhooshIndex(self.files.keyword, scorer)
            files.callback(self.keyword.close)
            self._opened = files.pop_all()

    def _check_analyser(self, folder: Path) -> None:
        if self.manifest.analyser != french.fingerprint():
            raise IndexIncompatible(
                Worded(
                    "The index in {} was made by another version of the French analyser; "
                    "run: depeche build PATH",
                    folder,
                )
            )

    @cached_property
    def vectors(self) -> vectors.FaissIndex:
        """The vectors, opened at first use; raises IndexCorrupt."""
        return vectors.FaissIndex(self.files.vectors)

    @cached_property
    def families(self) -> Ints:
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

    def check_encoder(self, encoder: Encoder) -> None:
        """Refuse an encoder whose queries do not lie in this index's space; raises IndexIncompatible."""
        if (encoder.name, encoder.dimension) == (self.manifest.encoder, self.manifest.dimension):
            probe = np.array(self.manifest.probe[0], np.float32)
            if float(probe @ encoder.encode_query(PROBE_QUERY)) >= _SAME_SPACE:
                return
        raise IndexIncompatible(
            Worded(
                "The index was encoded by {}, queries would be by {}; "
                "search with --model {}, or run: depeche build PATH",
                self.manifest.encoder,
                encoder.name,
                self.manifest.model or Worded("left out"),
            )
        )

    def verify_file(self, name: str) -> None:
        """Check one file against the manifest's checksum; raises IndexCorrupt."""
        path = self.files.folder / name
        if not path.is_file() or layout.checksum(path) != self.manifest.checksums.get(name):
            raise self._corrupt(Worded("{} is not what was published", path))

    def verify(self) -> None:
        """Check checksums, counts, rows in step and sampled vectors; raises IndexCorrupt."""
        self.verify_checksums()
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
        found = layout.files(self.files)
        wanted = self.manifest.checksums.keys()
        if strays := found ^ wanted:
            raise self._corrupt(
                Worded("{} lacks, or should not hold: {}", self.files.folder, ", ".join(sorted(strays)))
            )
        for name in sorted(wanted):
            self.verify_file(name)

    def _verify_counts(self) -> None:
        articles, chunks = self.manifest.articles, self.manifest.chunks
        if self.store.counts() != (articles, chunks):
            raise self._corrupt(
                Worded(
                    "the store holds {} articles and chunks, not {}", self.store.counts(), (articles, chunks)
                )
            )
        if (held := (self.keyword.articles, self.keyword.passages)) != (articles, chunks):
            raise self._corrupt(
                Worded("the keyword index holds {} articles and passages, not {}", held, (articles, chunks))
            )
        leaders = self.families
        if len(leaders) != articles or not np.array_equal(leaders[leaders], leaders):
            raise self._corrupt(Worded("the families of copies contradict themselves"))
        if (self.vectors.rows, self.vectors.dimension) != (chunks, self.manifest.dimension):
            raise self._corrupt(Worded("there are {} vectors, not {}", self.vectors.rows, chunks))

    def _verify_texts(self) -> None:
        """Each row's text is still the one that was encoded for it."""
        rows = zip(self.store.passages(), self.store.text_hashes(), strict=True)
        for row, ((article, chunk), text_hash) in enumerate(rows):
            encoded = chunking.encoded_text(article, chunk.start, chunk.end)
            if chunking.text_hash(encoded) != text_hash:
                raise self._corrupt(Worded("row {} no longer holds the text that was encoded", row))

    def _verify_vectors(self) -> None:
        for row in np.linspace(0, self.manifest.chunks - 1, _SAMPLE).astype(int).tolist():
            (vector,) = self.vectors.of_rows(np.array([row]))
            length = float(vector @ vector)
            if not _OWN <= length <= self.vectors.search(vector, 1)[0].score + 1e-4 <= 1 / _OWN:
                raise self._corrupt(Worded("the vector of row {} is not its own nearest neighbour", row))

    def _loaded(self, path: Path) -> Any:  # noqa: ANN401 - of whatever type was saved
        try:
            with path.open("rb") as file:  # np.load opens archives, and pickles, too
                return np.lib.format.read_array(file, allow_pickle=False)
        except (OSError, ValueError) as exc:
            raise self._corrupt(Worded("{} cannot be read ({})", path, exc)) from exc

    def _corrupt(self, what: Worded) -> IndexCorrupt:
        return IndexCorrupt(Worded("The index is damaged: {}; run: depeche build PATH", what))


def probe(encoder: Encoder) -> tuple[tuple[float, ...], ...]:
    """The vectors by which an encoder is known again: of a fixed query and a fixed passage."""
    query: Sequence[float] = encoder.encode_query(PROBE_QUERY).tolist()
    passage: Sequence[float] = encoder.encode_few([PROBE_PASSAGE])[0].tolist()
    return tuple(query), tuple(passage)


def open_current(index: Path, scorer: Scorer = Scorer.ARRAYS) -> Generation:
    """Open the published generation; raises IndexMissing, IndexCorrupt or IndexIncompatible.

    It may be collected before it is held; then another was published, which is opened in its place.
    """
    while True:
        named = layout.published(index)
        try:
            generation = Generation(layout.current(index), scorer)
        except IndexCorrupt:
            if layout.published(index) == named:
                raise
            continue
        if layout.published(index) == named:
            return generation
        generation.close()
