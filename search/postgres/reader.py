"""Opens a published generation on servers for searching."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import cached_property
from typing import TypeVar

import msgspec
import numpy as np
import psycopg

from search.build_types import Manifest
from search.errors import IndexCorrupt, IndexIncompatible, IndexMissing, Translatable, UsageError
from search.postgres import schema
from search.postgres.article_store import PostgresStore
from search.postgres.connections import Servers, connect, location
from search.postgres.keyword_index import PostgresKeywordIndex
from search.postgres.published_articles import published_facts
from search.postgres.vector_index import PostgresVectorIndex
from search.protocols import Ints
from search.text import analyzer, chunking
from search.types import Article

_CONCURRENT_CALLS = 4
_SAMPLED_VECTORS = 16
_Answer = TypeVar("_Answer")
_PUBLISHED_ID = "SELECT id FROM depeche.published"
_COUNTS = {
    "article": "articles",
    "words": "articles",
    "written": "articles",
    "passage": "chunks",
    "passage_words": "chunks",
    "vector": "chunks",
}
_MISPLACED_PASSAGES = """
SELECT count(*) FROM {id}.passage AS passage LEFT JOIN {id}.article AS article USING (key)
WHERE article.key IS NULL OR ends > length(body) OR starts > ends
"""
_POSTINGS_ARE_COMPLETE = """
SELECT (SELECT coalesce(sum(octet_length(keys)), 0) FROM {id}.posting)
     = (SELECT 4 * coalesce(sum(cardinality(terms)), 0) FROM {id}.words)
   AND (SELECT coalesce(sum(octet_length(in_rows)), 0) FROM {id}.posting)
     = (SELECT 4 * coalesce(sum(cardinality(terms)), 0) FROM {id}.passage_words)
"""


class _Format(msgspec.Struct):
    """The part of a manifest by which its version is known."""

    format: int


def published_manifest(servers: Servers) -> Manifest:
    """The manifest of the published generation; raises IndexMissing, IndexIncompatible."""
    ((exists,),) = servers.query_coordinator("SELECT to_regclass('depeche.published') IS NOT NULL")
    records = servers.query_coordinator("SELECT id, manifest FROM depeche.published") if exists else []
    if not records:
        raise IndexMissing(
            Translatable(
                "There is no index on {}; make one: depeche build --database … PATH", location(servers.dsn)
            )
        )
    ((_, encoded),) = records
    if msgspec.json.decode(encoded, type=_Format).format != schema.FORMAT:
        raise IndexIncompatible(
            Translatable(
                "The index on {} is of another version; run: depeche build --database … PATH",
                location(servers.dsn),
            )
        )
    manifest = msgspec.json.decode(encoded, type=Manifest)
    if manifest.analyser != analyzer.fingerprint():
        raise IndexIncompatible(
            Translatable(
                "The index on {} was made by another version of the French analyser; "
                "run: depeche build --database … PATH",
                location(servers.dsn),
            )
        )
    return manifest


def published_id(dsn: str) -> str:
    """The id of the published generation; ``""`` when there is none, or the server does not answer."""
    try:
        with connect(dsn) as coordinator:
            record = coordinator.execute(_PUBLISHED_ID).fetchone()
    except (UsageError, psycopg.errors.UndefinedTable):
        return ""
    return str(record[0]) if record else ""


def published_model(dsn: str) -> str:
    """The name of the model of the published generation; ``""`` when there is none."""
    try:
        with connect(dsn) as coordinator:
            return published_facts(coordinator).model
    except psycopg.errors.UndefinedTable:
        return ""


class PostgresGeneration:
    """Implements ``protocols.OpenIndex``; builders do not drop the generation until ``close``."""

    def __init__(self, dsn: str) -> None:
        """Open the published generation; raises IndexMissing, IndexIncompatible.

        Raises UsageError when the coordinator does not answer.
        """
        with ExitStack() as on_failure:
            self._servers = Servers(dsn)
            on_failure.callback(self._servers.close)
            self._resources = ExitStack()
            on_failure.callback(self._resources.close)
            self._threads = self._resources.enter_context(ThreadPoolExecutor(_CONCURRENT_CALLS))
            self._locking_connection = self._resources.enter_context(connect(dsn))
            self.manifest = self._lock_published()
            on_failure.pop_all()
        name, rows = schema.checked_id(self.manifest.id), self.manifest.chunks
        query = f"SELECT first_rows, families FROM {name}.extent"
        ((first_rows, leaders),) = self._servers.query_coordinator(query)
        self.leaders: Ints = np.frombuffer(leaders, "<i8").astype(np.int64)
        self.store = PostgresStore(
            self._servers, name, np.frombuffer(first_rows, "<i8").astype(np.int64), rows
        )
        texts = self.store.articles
        self.keyword = PostgresKeywordIndex(self._servers, name, self.manifest.articles, rows, texts)

    @cached_property
    def vectors(self) -> PostgresVectorIndex:
        """The vector index."""
        manifest = self.manifest
        return PostgresVectorIndex(self._servers, manifest.id, manifest.chunks, manifest.dimension)

    @property
    def size(self) -> int:
        """Bytes on the shards that answer."""
        query = (
            "SELECT coalesce(sum(pg_total_relation_size(pg_class.oid)), 0)::bigint FROM pg_class "
            "JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE nspname = %s AND relkind = 'r'"
        )
        return sum(int(size) for (size,) in self._servers.query_shards(query, (self.manifest.id,)))

    def begin(self, call: Callable[[], _Answer]) -> Callable[[], _Answer]:
        """See ``protocols.Begin``: a call mostly waits for servers, so it runs in a thread."""
        return self._threads.submit(call).result

    def missing(self) -> tuple[str, ...]:
        """One message for each shard that does not answer."""
        return self._servers.missing

    def verify(self) -> None:
        """Check that every table is complete, with all texts and a sample of vectors; raises IndexCorrupt."""
        faults = self._table_faults()
        if missing := self.missing():
            raise IndexCorrupt(
                Translatable(
                    "The index on {} cannot be checked: {}", location(self._servers.dsn), " ".join(missing)
                )
            )
        faults += [*self._text_faults(), *self._vector_faults()]
        if faults:
            raise IndexCorrupt(
                Translatable(
                    "The index on {} is damaged: {}; run: depeche build --database … PATH",
                    location(self._servers.dsn),
                    "; ".join(faults),
                )
            )

    def close(self) -> None:
        """Close the connections."""
        self._resources.close()
        self._servers.close()

    def _lock_published(self) -> Manifest:
        """Lock the published generation, so that no builder drops it; give its manifest."""
        while True:
            manifest = published_manifest(self._servers)
            lock = "SELECT pg_advisory_lock_shared(hashtextextended(%s, 0))"
            self._locking_connection.execute(lock, (manifest.id,))
            if published_manifest(self._servers).id == manifest.id:
                return manifest
            self._locking_connection.execute("SELECT pg_advisory_unlock_all()")

    def _table_faults(self) -> list[str]:
        generation, faults = self.manifest.id, list[str]()
        for table, field in _COUNTS.items():
            query = f"SELECT count(*) FROM {generation}.{table}"
            count = sum(count for (count,) in self._servers.query_shards(query))
            expected = getattr(self.manifest, field)
            if count != expected:
                faults.append(Translatable("{} has {} records, not {}", table, count, expected))
        misplaced = self._servers.query_shards(_MISPLACED_PASSAGES.format(id=generation))
        if passages := sum(count for (count,) in misplaced):
            faults.append(Translatable("{} passages are no part of their article", passages))
        complete = self._servers.query_shards(_POSTINGS_ARE_COMPLETE.format(id=generation))
        if not all(is_complete for (is_complete,) in complete):
            faults.append(Translatable("the list of the articles with a word is incomplete"))
        return faults

    def _text_faults(self) -> list[str]:
        """The rows that do not have the text any more that was encoded for them."""
        query = (
            'SELECT passage."row", starts, ends, hash, title, body '
            f"FROM {self.manifest.id}.passage AS passage "
            f"JOIN {self.manifest.id}.article AS article USING (key)"
        )
        return [
            Translatable("row {} no longer holds the text that was encoded", row)
            for row, start, end, text_hash, title, body in self._servers.query_shards(query)
            if chunking.text_hash(chunking.encoded_text(Article("", title, body), start, end)) != text_hash
        ]

    def _vector_faults(self) -> list[str]:
        rows = np.linspace(0, self.manifest.chunks - 1, _SAMPLED_VECTORS).astype(np.int64)
        squared_lengths = np.square(self.vectors.of_rows(rows)).sum(axis=1)
        return [
            Translatable("the vector of row {} does not have length 1", row)
            for row, squared_length in zip(rows.tolist(), squared_lengths.tolist(), strict=True)
            if not 0.98 <= squared_length <= 1.02
        ]
