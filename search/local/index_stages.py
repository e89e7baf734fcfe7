"""Builds the indexes of a generation from its stored articles, and copies what has not changed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import numpy as np

from search.build_types import Manifest, Stage
from search.errors import IndexCorrupt, IndexMissing, IndexProblem, Translatable
from search.indexing import deduplication
from search.indexing.article_store import SqliteStore
from search.indexing.encoder_check import check_encoder, fits, probe
from search.keyword import inverter
from search.keyword.inverter import ArticleToIndex, Extent
from search.local import layout, vector_index
from search.local.article_recovery import text_hashes
from search.local.manifest import FORMAT, read_any_manifest
from search.local.reader import Generation, open_current, verify_file
from search.local.vector_cache import VectorCache
from search.protocols import GONE, Encoder, Floats, Ints, Moved, Progress
from search.query.ast import RankingWord, Word
from search.text import analyzer, chunking

T = TypeVar("T")

_SAMPLE_QUERIES = 64  # titles by which the vector index chooses how many groups to search
_BATCH = 256  # vectors that are written together; an interruption loses at most one batch


@dataclass(frozen=True, slots=True)
class PreviousIndex:
    """The parts of the published index that a build can reuse.

    ``rows`` are the rows that have a vector in ``vectors``, by the hash of their text. ``generation`` has the
    articles that can be copied. It is None when none can be copied; then ``notice`` says why, or is ``""``
    when nothing was published yet.
    """

    rows: Mapping[bytes, int]
    vectors: vector_index.FaissIndex | None
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


@dataclass(frozen=True, slots=True)
class IndexingResult:
    """How many texts were encoded, and a manifest that lacks the facts about the corpus."""

    manifest: Manifest
    encoded: int


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
            previous = PreviousIndex({}, None, None, "")
        except IndexProblem as exc:
            previous, reason = None, exc.message
        yield previous or _vectors_only(index, encoder, reason)


def _with_articles(generation: Generation) -> PreviousIndex:
    """A generation whose articles can be copied; raises IndexCorrupt."""
    rows = _rows_by_hash(generation.store.text_hashes())
    return PreviousIndex(rows, generation.vectors, generation, "")


def _vectors_only(index: Path, encoder: Encoder, reason: str) -> PreviousIndex:
    """The vectors of the first generation that has them intact; ``reason`` says why no article is copied."""
    for folder in layout.candidates(index):
        files = layout.Layout(folder)
        try:
            manifest = read_any_manifest(folder)
            if fits(encoder, manifest):
                for path in (files.articles, files.vectors):
                    verify_file(path, manifest)
                rows, vectors = (
                    _rows_by_hash(text_hashes(files.articles)),
                    vector_index.FaissIndex(files.vectors),
                )
                notice = Translatable("Every article was indexed again: {}", reason)
                return PreviousIndex(rows, vectors, None, notice)
        except IndexCorrupt:
            continue
    return PreviousIndex({}, None, None, Translatable("Every text was encoded again: {}", reason))


def _rows_by_hash(hashes: Iterable[bytes]) -> Mapping[bytes, int]:
    return {text_hash: row for row, text_hash in enumerate(hashes)}


def _reason_not_to_copy(generation: Generation) -> str:
    """Why an unchanged article must be indexed again; ``""`` when it can be copied."""
    if generation.manifest.chunking != chunking.parameters():
        return Translatable("passages are cut in another way now")
    try:
        generation.verify_checksums()
    except IndexCorrupt as exc:
        return exc.message
    return ""


def build_indexes(
    staged: StagedArticles, cache: VectorCache, encoder: Encoder, progress: Progress
) -> IndexingResult:
    """Write every index of the staged articles; raises EncoderUnavailable, OSError.

    New vectors go into ``cache`` as soon as they are made.
    """
    _write_keyword_index(staged, progress)
    _write_copy_groups(staged, progress)
    encoded = _encode_new_texts(staged, cache, encoder, progress)
    index_kind = _write_vector_index(staged, cache, encoder)
    progress(Stage.CHECK, 0, 0)
    return IndexingResult(_manifest(staged, index_kind, encoder), encoded)


def _write_keyword_index(staged: StagedArticles, progress: Progress) -> None:
    store, keys = staged.store, staged.new_keys
    extent = Extent(store.first_rows, store.chunk_count)
    articles = (
        ArticleToIndex(
            key, int(store.first_rows[key]), article, [(chunk.start, chunk.end) for chunk in chunks]
        )
        for key, (article, chunks) in zip(keys, store.articles_with_chunks(keys), strict=True)
    )
    reported = _with_progress(Stage.WORDS, len(keys), progress, articles)
    if (published := staged.previous.files) is None:
        inverter.write(staged.files.keyword, extent, reported)
    else:
        inverter.update(staged.files.keyword, extent, reported, published.keyword, staged.moved)


def _write_copy_groups(staged: StagedArticles, progress: Progress) -> None:
    store, keys, moved_keys = staged.store, staged.new_keys, staged.moved.keys
    articles = (article for article, _ in store.articles_with_chunks(keys))
    new_signatures = deduplication.signatures(_with_progress(Stage.COPIES, len(keys), progress, articles))
    signatures = np.empty(len(store.first_rows), new_signatures.dtype)
    signatures[keys] = new_signatures
    compared = None
    if (generation := staged.previous.generation) is not None:
        signatures[moved_keys[moved_keys != GONE]] = generation.signatures[moved_keys != GONE]
        compared = deduplication.with_moved_keys(generation.compared, moved_keys)
    groups = deduplication.CopyGroups(signatures, lambda key: store.articles([key])[0], compared)
    np.save(staged.files.leaders, groups.leaders(), allow_pickle=False)
    np.save(staged.files.signatures, signatures, allow_pickle=False)
    np.save(staged.files.compared, groups.compared, allow_pickle=False)


def _with_progress(stage: Stage, total: int, progress: Progress, items: Iterable[T]) -> Iterator[T]:
    """The same items; reports each to ``progress`` when it is done."""
    for done, item in enumerate(items, start=1):
        yield item
        progress(stage, done, total)


def _encode_new_texts(
    staged: StagedArticles, cache: VectorCache, encoder: Encoder, progress: Progress
) -> int:
    """Encode the texts that have no vector yet; give their number.

    The longest text of a batch decides its cost, so texts of similar length are encoded together.
    """
    store, encoded = staged.store, staged.previous.rows.keys() | cache.hashes()
    hashes = store.text_hashes()
    row_of_hash = {text_hash: row for row, text_hash in enumerate(hashes) if text_hash not in encoded}
    rows = np.fromiter(row_of_hash.values(), np.int64, len(row_of_hash))
    by_length = rows[np.argsort(store.lengths()[rows], kind="stable")].tolist()
    progress(Stage.ENCODE, 0, len(rows))
    for start in range(0, len(rows), _BATCH):
        batch = by_length[start : start + _BATCH]
        cache.add([hashes[row] for row in batch], encoder.encode_passages(_encoded_texts(store, batch)))
        progress(Stage.ENCODE, start + len(batch), len(rows))
    return len(rows)


def _encoded_texts(store: SqliteStore, rows: Sequence[int]) -> list[str]:
    """The texts that are encoded for these rows, in their order."""
    chunks = store.chunks(rows)
    articles = store.articles([chunk.article for chunk in chunks])
    return [
        chunking.encoded_text(article, chunk.start, chunk.end)
        for article, chunk in zip(articles, chunks, strict=True)
    ]


def _write_vector_index(staged: StagedArticles, cache: VectorCache, encoder: Encoder) -> str:
    """Write the vector of every row; give the kind of index."""
    store = staged.store
    keys = np.unique(np.linspace(0, store.counts()[0] - 1, _SAMPLE_QUERIES).astype(np.int64)).tolist()
    titles = (article.title for article in store.articles(keys))
    vectors = _RowVectors(store.text_hashes(), staged.previous, cache, encoder.dimension)
    return vector_index.write(
        staged.files.vectors, vectors, lambda: np.stack([*map(encoder.encode_query, titles)])
    )


class _RowVectors:
    """Implements ``vector_index.Vectors``: vectors of the previous index, else of the cache."""

    def __init__(
        self, hashes: Sequence[bytes], previous: PreviousIndex, cache: VectorCache, dimension: int
    ) -> None:
        self.rows, self.dimension = len(hashes), dimension
        self._hashes, self._previous, self._cache = hashes, previous.vectors, cache
        self._old_rows = np.fromiter(
            (previous.rows.get(text_hash, GONE) for text_hash in hashes), np.int64, len(hashes)
        )

    def of_rows(self, rows: Ints) -> Floats:
        """See ``vector_index.Vectors``."""
        vectors = np.empty((len(rows), self.dimension), np.float32)
        old_rows = self._old_rows[rows]
        new = np.flatnonzero(old_rows == GONE)
        hashes = (self._hashes[row] for row in rows[new].tolist())
        for index, vector in zip(new.tolist(), self._cache.vectors(hashes), strict=True):
            vectors[index] = vector
        if self._previous is not None:
            vectors[old_rows != GONE] = self._previous.of_rows(old_rows[old_rows != GONE])
        return vectors


def _manifest(staged: StagedArticles, index_kind: str, encoder: Encoder) -> Manifest:
    articles, chunks = staged.store.counts()
    return Manifest(
        format=FORMAT,
        id=layout.generation_id(staged.files),
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
        vectors=index_kind,
        encoder=encoder.name,
        dimension=encoder.dimension,
        digest="",
        probe=probe(encoder),
        checksums=layout.checksums(staged.files),
    )


def validate(staging: layout.Layout) -> None:
    """Open the staged generation as a reader would, and check all of it; raises IndexCorrupt."""
    with closing(Generation(staging.folder)) as generation:
        generation.verify()
        (article,) = generation.store.articles([0])
        scores = generation.keyword.score([RankingWord(Word(article.body))])
        if next(analyzer.tokenise(article.body), None) and not scores.articles[0] > 0:
            raise IndexCorrupt(
                "The new keyword index does not find its own first article; report this as a bug."
            )
