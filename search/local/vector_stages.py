"""Makes the vectors that the rows of a store lack, newest articles first, and writes those that are there."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from search.indexing.article_store import SqliteStore
from search.indexing.batch_order import spread_batches
from search.local import vector_index
from search.local.layout import Layout
from search.local.vector_cache import VectorCache
from search.protocols import GONE, Bools, Encoder, Floats, Ints, VectorIndex
from search.text import chunking
from search.types import Article

_SAMPLE_QUERIES = 64  # titles by which the codes of vectors are tried
_BATCH = 256  # vectors that are written together; an interruption loses at most one batch
_SPAN = 4096  # texts of articles next to each other in time, sorted into batches by their lengths


@dataclass(frozen=True, slots=True)
class PublishedVectors:
    """Vectors that are published: ``rows`` tells by the hash of a text where ``index`` has its vector."""

    rows: Mapping[bytes, int]
    index: VectorIndex | None

    @classmethod
    def of(cls, hashes: Sequence[bytes], index: VectorIndex) -> "PublishedVectors":
        """From the hash of the text of every row; rows that are not encoded are left out."""
        rows = np.flatnonzero(index.encoded).tolist()
        return cls({hashes[row]: row for row in rows}, index)


@dataclass(frozen=True)
class StoreVectors:
    """The vectors of the rows of ``store``: what was published, what is in ``cache``, and what is missing."""

    store: SqliteStore
    published: PublishedVectors
    cache: VectorCache
    encoder: Encoder

    def encoded(self) -> Bools:
        """By row, whether its vector is there."""
        made = self.published.rows.keys() | self.cache.hashes()
        return np.fromiter((text_hash in made for text_hash in self._hashes), bool, len(self._hashes))

    def encode(self, rows: Sequence[int]) -> None:
        """Encode the texts of these rows, and put their vectors into the cache.

        Raises EncoderUnavailable, OSError.
        """
        chunks = self.store.chunks(rows)
        articles = self._articles([chunk.article for chunk in chunks])
        texts = [
            chunking.encoded_text(article, chunk.start, chunk.end)
            for article, chunk in zip(articles, chunks, strict=True)
        ]
        self.cache.add([self._hashes[row] for row in rows], self.encoder.encode_passages(texts))

    def missing(self) -> list[list[int]]:
        """The rows to encode, in batches: each text once, the texts of the newest articles first.

        The longest text of a batch decides its cost, so texts of similar length are encoded together.
        """
        rows = np.flatnonzero(~self.encoded()).tolist()
        by_hash = {self._hashes[row]: row for row in rows}
        return [*self._batches(np.fromiter(by_hash.values(), np.int64, len(by_hash)))]

    def write(self, files: Layout) -> tuple[str, int]:
        """Write the vectors that are there; give the kind of index, and how many rows are encoded.

        Raises OSError.
        """
        encoded = self.encoded()
        if not encoded.all():
            np.save(files.encoded, encoded, allow_pickle=False)
        vectors = _RowVectors(self._hashes, encoded, self)
        kind = vector_index.write(files.vectors, files.codes, vectors, self._sample_queries)
        return kind, vectors.rows

    def _articles(self, keys: Sequence[int]) -> list[Article]:
        """The articles with these keys; the passages of one are in several batches that follow each other."""
        recent = self._recent
        if missing := sorted(set(keys) - recent.keys()):
            if len(recent) >= _SPAN:
                recent.clear()
                missing = sorted(set(keys))
            recent.update(zip(missing, self.store.articles(missing), strict=True))
        return [recent[key] for key in keys]

    @cached_property
    def _recent(self) -> dict[int, Article]:
        """The articles that were encoded last, by key."""
        return {}

    @cached_property
    def _hashes(self) -> list[bytes]:
        return self.store.text_hashes()

    def _batches(self, rows: Ints) -> Iterator[list[int]]:
        newest = self.store.newest_first()
        age = np.empty_like(newest)
        age[newest] = np.arange(len(newest))
        article = np.searchsorted(self.store.first_rows, rows, side="right") - 1
        newest_first = rows[np.argsort(age[article], kind="stable")]
        lengths = self.store.lengths()
        for start in range(0, len(rows), _SPAN):
            span = np.sort(newest_first[start : start + _SPAN])
            by_length = span[np.argsort(lengths[span], kind="stable")].tolist()
            yield from spread_batches(by_length, _BATCH)

    def _sample_queries(self) -> Floats:
        keys = np.unique(np.linspace(0, len(self.store.first_rows) - 1, _SAMPLE_QUERIES).astype(np.int64))
        articles = self.store.articles(keys.tolist())
        return np.stack([self.encoder.encode_query(article.title) for article in articles])


class _RowVectors:
    """Implements ``vector_file.Vectors`` for the encoded rows, from what is published and from the cache."""

    def __init__(self, hashes: Sequence[bytes], encoded: Bools, vectors: StoreVectors) -> None:
        self._hashes = [hashes[row] for row in np.flatnonzero(encoded).tolist()]
        self.rows, self.dimension = len(self._hashes), vectors.encoder.dimension
        self._published, self._cache = vectors.published.index, vectors.cache
        old_rows = (vectors.published.rows.get(text_hash, GONE) for text_hash in self._hashes)
        self._old_rows = np.fromiter(old_rows, np.int64, self.rows)

    def of_rows(self, rows: Ints) -> Floats:
        """See ``vector_file.Vectors``."""
        vectors = np.empty((len(rows), self.dimension), np.float32)
        old_rows = self._old_rows[rows]
        new = np.flatnonzero(old_rows == GONE)
        hashes = (self._hashes[row] for row in rows[new].tolist())
        for place, vector in zip(new.tolist(), self._cache.vectors(hashes), strict=True):
            # As it is published: a generation must not depend on when a vector was.
            vectors[place] = vector.astype(np.float16)
        if self._published is not None:
            vectors[old_rows != GONE] = self._published.of_rows(old_rows[old_rows != GONE])
        return vectors
