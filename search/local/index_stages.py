"""Builds the indexes of a generation from its stored articles, and copies what has not changed."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import numpy as np

from search.build_types import Manifest, Progress, Stage
from search.errors import IndexCorrupt, IndexMissing, IndexProblem, Translatable
from search.indexing import deduplication
from search.indexing.article_store import SqliteStore
from search.indexing.deduplication import Signatures
from search.indexing.encoder_check import check_encoder, fits, probe
from search.keyword import inverter
from search.keyword.block_inverter import InvertedBlock
from search.keyword.inverter import Extent
from search.local import layout
from search.local.analysis_pool import AnalysisPool
from search.local.article_recovery import text_hashes
from search.local.manifest import FORMAT, read_any_manifest
from search.local.partial_vectors import open_vectors, vector_files
from search.local.reader import Generation, open_current, verify_file
from search.local.vector_stages import PublishedVectors, StoreVectors
from search.protocols import GONE, Encoder, Moved
from search.query.ast import RankingWord, Word
from search.text import analyzer, chunking

_NO_VECTORS = PublishedVectors({}, None)


@dataclass(frozen=True, slots=True)
class PreviousIndex:
    """The parts of the published index that a build can reuse.

    ``generation`` has the articles that can be copied. It is None when none can be copied; then ``notice``
    says why, or is ``""`` when nothing was published yet.
    """

    vectors: PublishedVectors
    generation: Generation | None
    notice: str

    @property
    def files(self) -> layout.Layout | None:
        """The files of ``generation``."""
        return None if self.generation is None else self.generation.files

    @property
    def articles(self) -> Path | None:
        """The article store of ``generation``."""
        return None if self.files is None else self.files.articles


@dataclass(frozen=True)
class StagedArticles:
    """The articles in the store of a staged generation.

    ``moved`` tells where the articles and rows of the ``previous`` index are in this store.
    """

    files: layout.Layout
    store: SqliteStore
    previous: PreviousIndex
    moved: Moved

    @cached_property
    def new_keys(self) -> list[int]:
        """The keys of the articles that are not copied from the previous index, ascending."""
        keys: list[int] = np.setdiff1d(np.arange(len(self.store.first_rows)), self.moved.keys).tolist()
        return keys


@contextmanager
def open_previous(index: Path, encoder: Encoder) -> Iterator[PreviousIndex]:
    """The reusable parts of the published index; they stay open until the end of the block.

    If the published generation is damaged or has another format or analyser, only vectors are reused. They
    may come from any generation.
    """
    with ExitStack() as stack:
        try:
            generation = stack.enter_context(closing(open_current(index)))
            check_encoder(encoder, generation.manifest)
            reason = _reason_not_to_copy(generation)
            previous = None if reason else _with_articles(generation)
        except IndexMissing:
            previous = PreviousIndex(_NO_VECTORS, None, "")
        except IndexProblem as exc:
            previous, reason = None, exc.message
        yield previous or _vectors_only(index, encoder, reason)


def _with_articles(generation: Generation) -> PreviousIndex:
    """A generation whose articles can be copied; raises IndexCorrupt."""
    vectors = PublishedVectors.of(generation.store.text_hashes(), generation.vectors)
    return PreviousIndex(vectors, generation, "")


def _vectors_only(index: Path, encoder: Encoder, reason: str) -> PreviousIndex:
    """The vectors of the first generation that has them intact; ``reason`` says why no article is copied."""
    for folder in layout.candidates(index):
        files = layout.Layout(folder)
        try:
            manifest = read_any_manifest(folder)
            if fits(encoder, manifest):
                for path in (files.articles, *vector_files(files, manifest)):
                    verify_file(path, manifest)
                vectors = open_vectors(files, manifest)
                notice = Translatable("Every article was indexed again: {}", reason)
                return PreviousIndex(PublishedVectors.of(text_hashes(files.articles), vectors), None, notice)
        except IndexCorrupt:
            continue
    return PreviousIndex(_NO_VECTORS, None, Translatable("Every text was encoded again: {}", reason))


def _reason_not_to_copy(generation: Generation) -> str:
    """Why an unchanged article must be indexed again; ``""`` when it can be copied."""
    if generation.manifest.chunking != chunking.parameters():
        return Translatable("passages are cut in another way now")
    try:
        generation.verify_checksums()
    except IndexCorrupt as exc:
        return exc.message
    return ""


def write_words(staged: StagedArticles, pool: AnalysisPool, progress: Progress) -> None:
    """Write every index of the staged articles but that of their vectors; raises OSError.

    The ``pool`` then checks the store.
    """
    signatures = _write_keyword_index(staged, pool, progress)
    _write_copy_groups(staged, signatures, progress)


def _write_keyword_index(staged: StagedArticles, pool: AnalysisPool, progress: Progress) -> Signatures:
    """Write the words of the new articles, and give the signatures of their copies."""
    store, keys = staged.store, staged.new_keys
    signatures = [deduplication.signatures(())]

    def inverted() -> Iterator[InvertedBlock]:
        done = 0
        for block_keys, block in pool.analysed_blocks(store, keys):
            signatures.append(block.signatures)
            yield block.inverted
            progress(Stage.WORDS, done := done + len(block_keys), len(keys))
        pool.begin_check()

    extent = Extent(store.first_rows, store.chunk_count)
    if (published := staged.previous.files) is None:
        inverter.write(staged.files.keyword, extent, inverted())
    else:
        inverter.update(staged.files.keyword, extent, inverted(), published.keyword, staged.moved)
    return np.concatenate(signatures)


def _write_copy_groups(staged: StagedArticles, new_signatures: Signatures, progress: Progress) -> None:
    store, keys, moved_keys = staged.store, staged.new_keys, staged.moved.keys
    signatures = np.empty(len(store.first_rows), new_signatures.dtype)
    signatures[keys] = new_signatures
    compared = None
    if (generation := staged.previous.generation) is not None:
        signatures[moved_keys[moved_keys != GONE]] = generation.signatures[moved_keys != GONE]
        compared = deduplication.with_moved_keys(generation.compared, moved_keys)
    groups = deduplication.CopyGroups(signatures, lambda key: store.articles([key])[0], compared)
    progress(Stage.COPIES, 0, len(keys))
    np.save(staged.files.leaders, groups.leaders(), allow_pickle=False)
    np.save(staged.files.signatures, signatures, allow_pickle=False)
    np.save(staged.files.compared, groups.compared, allow_pickle=False)
    progress(Stage.COPIES, len(keys), len(keys))


def write_vectors(files: layout.Layout, vectors: StoreVectors) -> Manifest:
    """Write the vectors that are there; give a manifest that lacks the facts about the corpus.

    All other files of the staged generation are written before. Raises EncoderUnavailable, OSError.
    """
    kind, encoded = vectors.write(files)
    articles, chunks = vectors.store.counts()
    encoder = vectors.encoder
    return Manifest(
        format=FORMAT,
        id=layout.generation_id(files),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        corpus=(),
        articles=articles,
        chunks=chunks,
        rejected=0,
        replaced=0,
        passed_over={},
        lost_fields={},
        analyser=analyzer.fingerprint(),
        chunking=chunking.parameters(),
        model="",
        vectors=kind,
        encoded=encoded,
        encoder=encoder.name,
        dimension=encoder.dimension,
        digest="",
        probe=probe(encoder),
        checksums=layout.checksums(files, {}),
    )


def validate_vectors(staging: layout.Layout) -> None:
    """Open a staged generation that shares its words with the published one, and check the rest.

    Raises IndexCorrupt.
    """
    with closing(Generation(staging.folder)) as generation:
        generation.verify_checksums()
        generation.verify_vectors()


def validate(staging: layout.Layout, pool: AnalysisPool) -> None:
    """Open the staged generation as a reader would, and check all of it; raises IndexCorrupt.

    The ``pool`` may have checked the store.
    """
    with closing(Generation(staging.folder)) as generation:
        generation.verify_checksums()
        if not pool.found_sound():
            generation.verify_store()
        generation.verify_indexes()
        (article,) = generation.store.articles([0])
        scores = generation.keyword.score([RankingWord(Word(article.body))])
        if next(analyzer.tokenise(article.body), None) and not scores.articles[0] > 0:
            raise IndexCorrupt(
                "The new keyword index does not find its own first article; report this as a bug."
            )
