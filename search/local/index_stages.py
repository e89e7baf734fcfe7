"""From the stored articles of a generation to its indexes; what was published of them is taken over."""

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
from search.keyword.inverter import Extent, Posted
from search.local import layout, vector_index
from search.local.article_recovery import text_hashes
from search.local.manifest import FORMAT, read_any_manifest
from search.local.reader import Generation, open_current, verify_file
from search.local.vector_cache import EncodedTexts
from search.protocols import GONE, Encoder, Floats, Ints, Moved, Progress
from search.query.ast import RankingWord, Word
from search.text import analyzer, chunking

T = TypeVar("T")

_QUERIES = 64  # titles that an index of vectors is tried with
_BATCH = 256  # vectors made durable together: what an interruption can cost


@dataclass(frozen=True, slots=True)
class Published:
    """What of a published generation can be used again, if it is sound, and why else it cannot be.

    ``rows`` are its rows by the hash of their text. ``generation`` is None unless articles that are as they
    were would be indexed as they were.
    """

    rows: Mapping[bytes, int]
    vectors: vector_index.FaissIndex | None
    generation: Generation | None
    notice: str

    @property
    def files(self) -> layout.Layout | None:
        """Its files, where articles can be taken over."""
        return None if self.generation is None else self.generation.files

    @property
    def articles(self) -> Path | None:
        """The store that articles can be taken over from."""
        return None if self.files is None else self.files.articles


@dataclass(frozen=True)
class Stored:
    """The stored articles of a staged generation, and where what was published ``before`` is among them."""

    files: layout.Layout
    store: SqliteStore
    before: Published
    moved: Moved

    @cached_property
    def new(self) -> list[int]:
        """The keys of the articles that cannot be taken over."""
        found: list[int] = np.setdiff1d(np.arange(len(self.store.first_rows)), self.moved.keys).tolist()
        return found


@dataclass(frozen=True, slots=True)
class Indexed:
    """What was made: a manifest that does not say yet what was read, and how many texts were encoded."""

    manifest: Manifest
    encoded: int


@contextmanager
def published(index: Path, encoder: Encoder) -> Iterator[Published]:
    """What of the published generation can be used again; it stays open meanwhile.

    Where it is damaged, or of another format or analyser, that is vectors only, of any generation.
    """
    with ExitStack() as stack:
        try:
            generation = stack.enter_context(closing(open_current(index)))
            check_encoder(encoder, generation.manifest)
            cause = _unlike(generation)
            found = None if cause else _whole(generation)
        except IndexMissing:
            found = Published({}, None, None, "")
        except IndexProblem as exc:
            found, cause = None, exc.message
        yield found or _vectors(index, encoder, cause)


def _whole(generation: Generation) -> Published:
    """A generation that articles can be taken over from; raises IndexCorrupt."""
    return Published(_by_hash(generation.store.text_hashes()), generation.vectors, generation, "")


def _vectors(index: Path, encoder: Encoder, cause: str) -> Published:
    """The vectors of the first generation that has them intact; ``cause`` tells why nothing else is used."""
    for folder in layout.candidates(index):
        files = layout.Layout(folder)
        try:
            manifest = read_any_manifest(folder)
            if fits(encoder, manifest):
                for path in (files.articles, files.vectors):
                    verify_file(path, manifest)
                rows, kept = _by_hash(text_hashes(files.articles)), vector_index.FaissIndex(files.vectors)
                return Published(rows, kept, None, Translatable("Every article was indexed anew: {}", cause))
        except IndexCorrupt:
            continue
    return Published({}, None, None, Translatable("Every text was encoded anew: {}", cause))


def _by_hash(hashes: Iterable[bytes]) -> Mapping[bytes, int]:
    return {text_hash: row for row, text_hash in enumerate(hashes)}


def _unlike(generation: Generation) -> str:
    """Why its articles would not be indexed as they were; ``""`` when they would."""
    if generation.manifest.chunking != chunking.parameters():
        return Translatable("passages are cut in another way now")
    try:
        generation.verify_checksums()
    except IndexCorrupt as exc:
        return exc.message
    return ""


def index_stored(stored: Stored, paid: EncodedTexts, encoder: Encoder, progress: Progress) -> Indexed:
    """Make every index of the stored articles; raises EncoderUnavailable, OSError.

    Vectors are kept in ``paid`` from when they are made.
    """
    _index_words(stored, progress)
    _index_families(stored, progress)
    encoded = _encode(stored, paid, encoder, progress)
    kind = _index_vectors(stored, paid, encoder)
    progress(Stage.CHECK, 0, 0)
    return Indexed(_manifest(stored, kind, encoder), encoded)


def _index_words(stored: Stored, progress: Progress) -> None:
    store, new = stored.store, stored.new
    extent = Extent(store.first_rows, store.chunk_count)
    articles = (
        Posted(key, int(store.first_rows[key]), article, [(chunk.start, chunk.end) for chunk in chunks])
        for key, (article, chunks) in zip(new, store.chunked(new), strict=True)
    )
    told = _told(Stage.WORDS, len(new), progress, articles)
    if (before := stored.before.files) is None:
        inverter.write(stored.files.keyword, extent, told)
    else:
        inverter.rewrite(stored.files.keyword, extent, told, before.keyword, stored.moved)


def _index_families(stored: Stored, progress: Progress) -> None:
    store, new, moved = stored.store, stored.new, stored.moved.keys
    articles = (article for article, _ in store.chunked(new))
    made = deduplication.signatures(_told(Stage.COPIES, len(new), progress, articles))
    signatures = np.empty(len(store.first_rows), made.dtype)
    signatures[new] = made
    known = None
    if (before := stored.before.generation) is not None:
        signatures[moved[moved != GONE]] = before.signatures[moved != GONE]
        known = deduplication.still(before.compared, moved)
    families = deduplication.Families(signatures, lambda key: store.articles([key])[0], known)
    np.save(stored.files.families, families.leaders(), allow_pickle=False)
    np.save(stored.files.signatures, signatures, allow_pickle=False)
    np.save(stored.files.compared, families.compared, allow_pickle=False)


def _told(stage: Stage, total: int, progress: Progress, items: Iterable[T]) -> Iterator[T]:
    for done, item in enumerate(items, start=1):
        yield item
        progress(stage, done, total)


def _encode(stored: Stored, paid: EncodedTexts, encoder: Encoder, progress: Progress) -> int:
    """Encode what has no vector yet, texts of like length together; give how many texts that were.

    A batch costs what its longest text does.
    """
    store, known = stored.store, stored.before.rows.keys() | paid.hashes()
    hashes = store.text_hashes()
    wanted = {text_hash: row for row, text_hash in enumerate(hashes) if text_hash not in known}
    rows = np.fromiter(wanted.values(), np.int64, len(wanted))
    by_length = rows[np.argsort(store.lengths()[rows], kind="stable")].tolist()
    progress(Stage.ENCODE, 0, len(rows))
    for start in range(0, len(rows), _BATCH):
        batch = by_length[start : start + _BATCH]
        paid.add([hashes[row] for row in batch], encoder.encode_passages(_texts(store, batch)))
        progress(Stage.ENCODE, start + len(batch), len(rows))
    return len(rows)


def _texts(store: SqliteStore, rows: Sequence[int]) -> list[str]:
    """What is encoded for these rows."""
    chunks = store.chunks(rows)
    articles = store.articles([chunk.article for chunk in chunks])
    return [
        chunking.encoded_text(article, chunk.start, chunk.end)
        for article, chunk in zip(articles, chunks, strict=True)
    ]


def _index_vectors(stored: Stored, paid: EncodedTexts, encoder: Encoder) -> str:
    """Write the vector of every row; tell what kind of index they are in."""
    store = stored.store
    keys = np.unique(np.linspace(0, store.counts()[0] - 1, _QUERIES).astype(np.int64)).tolist()
    titles = (article.title for article in store.articles(keys))
    made = _Made(store.text_hashes(), stored.before, paid, encoder.dimension)
    return vector_index.write(
        stored.files.vectors, made, lambda: np.stack([*map(encoder.encode_query, titles)])
    )


class _Made:
    """The vector of every row: from the published generation where it has one, else as it was paid for."""

    def __init__(
        self, hashes: Sequence[bytes], before: Published, paid: EncodedTexts, dimension: int
    ) -> None:
        self.rows, self.dimension = len(hashes), dimension
        self._hashes, self._before, self._paid = hashes, before.vectors, paid
        self._old = np.fromiter((before.rows.get(text_hash, GONE) for text_hash in hashes), np.int64)

    def of_rows(self, rows: Ints) -> Floats:
        """See ``vectors.Vectors``."""
        found = np.empty((len(rows), self.dimension), np.float32)
        old = self._old[rows]
        new = np.flatnonzero(old == GONE)
        hashes = (self._hashes[row] for row in rows[new].tolist())
        for place, vector in zip(new.tolist(), self._paid.vectors(hashes), strict=True):
            found[place] = vector
        if self._before is not None:
            found[old != GONE] = self._before.of_rows(old[old != GONE])
        return found


def _manifest(stored: Stored, kind: str, encoder: Encoder) -> Manifest:
    articles, chunks = stored.store.counts()
    return Manifest(
        format=FORMAT,
        id=layout.generation_id(stored.files),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        corpus=(),
        articles=articles,
        chunks=chunks,
        rejected=0,
        replaced=0,
        analyser=analyzer.fingerprint(),
        chunking=chunking.parameters(),
        model="",
        vectors=kind,
        encoder=encoder.name,
        dimension=encoder.dimension,
        digest="",
        probe=probe(encoder),
        checksums=layout.checksums(stored.files),
    )


def validate(staging: layout.Layout) -> None:
    """Reopen the staged generation as a reader would and check it whole; raises IndexCorrupt."""
    with closing(Generation(staging.folder)) as generation:
        generation.verify()
        (article,) = generation.store.articles([0])
        scores = generation.keyword.score([RankingWord(Word(article.body))])
        if next(analyzer.tokenise(article.body), None) and not scores.articles[0] > 0:
            raise IndexCorrupt(
                "The new keyword index does not find its own first article; report this as a bug."
            )
