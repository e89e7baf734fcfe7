"""A published generation on servers, open for searching."""

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
from search.postgres.connections import Servers, connected, place
from search.postgres.keyword_index import PostgresWords
from search.postgres.vector_index import PostgresVectors
from search.protocols import Ints
from search.text import analyzer, chunking
from search.types import Article

_BEGUN = 4  # calls that are waited for at a time
_SAMPLE = 16  # vectors that are looked at by a check
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
_APART = """
SELECT count(*) FROM {id}.passage AS passage LEFT JOIN {id}.article AS article USING (key)
WHERE article.key IS NULL OR ends > length(body) OR starts > ends
"""

_ALL_POSTED = """
SELECT (SELECT coalesce(sum(octet_length(keys)), 0) FROM {id}.posting)
     = (SELECT 4 * coalesce(sum(cardinality(terms)), 0) FROM {id}.words)
   AND (SELECT coalesce(sum(octet_length(in_rows)), 0) FROM {id}.posting)
     = (SELECT 4 * coalesce(sum(cardinality(terms)), 0) FROM {id}.passage_words)
"""


def published(servers: Servers) -> Manifest:
    """The manifest of what is published; raises IndexMissing, IndexIncompatible."""
    ((there,),) = servers.ask("SELECT to_regclass('depeche.published') IS NOT NULL")
    found = servers.ask("SELECT id, manifest FROM depeche.published") if there else []
    if not found:
        raise IndexMissing(
            Translatable(
                "There is no index on {}; make one: depeche build --database … PATH", place(servers.dsn)
            )
        )
    ((_, told),) = found
    made = msgspec.json.decode(told, type=Manifest)
    if made.format != schema.FORMAT:
        raise IndexIncompatible(
            Translatable(
                "The index on {} is of another version; run: depeche build --database … PATH",
                place(servers.dsn),
            )
        )
    if made.analyser != analyzer.fingerprint():
        raise IndexIncompatible(
            Translatable(
                "The index on {} was made by another analysis of French; "
                "run: depeche build --database … PATH",
                place(servers.dsn),
            )
        )
    return made


def published_id(dsn: str) -> str:
    """The id of what is published; ``""`` when there is nothing, or no answer."""
    try:
        with connected(dsn) as coordinator:
            found = coordinator.execute(_PUBLISHED_ID).fetchone()
    except (UsageError, psycopg.errors.UndefinedTable):
        return ""
    return str(found[0]) if found else ""


class PostgresGeneration:
    """A generation on servers; stays there while it is open. ``close`` releases the connections."""

    def __init__(self, dsn: str) -> None:
        """Open what is published; raises IndexMissing, IndexIncompatible, and UsageError for no answer."""
        with ExitStack() as on_failure:
            self._servers = Servers(dsn)
            on_failure.callback(self._servers.close)
            self._opened = ExitStack()
            on_failure.callback(self._opened.close)
            self._begun = self._opened.enter_context(ThreadPoolExecutor(_BEGUN))
            self._holding = self._opened.enter_context(connected(dsn))
            self.manifest = self._held()
            on_failure.pop_all()
        name, rows = schema.checked(self.manifest.id), self.manifest.chunks
        ((first_rows, families),) = self._servers.ask(f"SELECT first_rows, families FROM {name}.extent")
        self.leaders: Ints = np.frombuffer(families, "<i8").astype(np.int64)
        self.store = PostgresStore(
            self._servers, name, np.frombuffer(first_rows, "<i8").astype(np.int64), rows
        )
        self.keyword = PostgresWords(self._servers, name, self.manifest.articles, rows)

    @cached_property
    def vectors(self) -> PostgresVectors:
        """The vectors."""
        made = self.manifest
        return PostgresVectors(self._servers, made.id, made.chunks, made.dimension)

    @property
    def size(self) -> int:
        """Bytes on the shards that answer."""
        query = (
            "SELECT coalesce(sum(pg_total_relation_size(pg_class.oid)), 0)::bigint FROM pg_class "
            "JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE nspname = %s AND relkind = 'r'"
        )
        return sum(int(held) for (held,) in self._servers.ask_shards(query, (self.manifest.id,)))

    def begin(self, call: Callable[[], _Answer]) -> Callable[[], _Answer]:
        """Begin what is mostly waiting for servers; see ``protocols.Begin``."""
        return self._begun.submit(call).result

    def missing(self) -> tuple[str, ...]:
        """What is missing of answers, in words: the shards that do not answer."""
        return self._servers.missing

    def verify(self) -> None:
        """Check that every table has what it should, texts and sampled vectors too; raises IndexCorrupt."""
        faults = self._counted()
        if gone := self.missing():
            raise IndexCorrupt(
                Translatable(
                    "The index on {} cannot be checked: {}", place(self._servers.dsn), " ".join(gone)
                )
            )
        faults += [*self._texts(), *self._sampled()]
        if faults:
            raise IndexCorrupt(
                Translatable(
                    "The index on {} is damaged: {}; run: depeche build --database … PATH",
                    place(self._servers.dsn),
                    "; ".join(faults),
                )
            )

    def close(self) -> None:
        """Release the connections."""
        self._opened.close()
        self._servers.close()

    def _held(self) -> Manifest:
        """What is published, held so that no builder drops it."""
        while True:
            made = published(self._servers)
            self._holding.execute("SELECT pg_advisory_lock_shared(hashtextextended(%s, 0))", (made.id,))
            if published(self._servers).id == made.id:
                return made
            self._holding.execute("SELECT pg_advisory_unlock_all()")

    def _counted(self) -> list[str]:
        faults: list[str] = []
        for table, of in _COUNTS.items():
            query = f"SELECT count(*) FROM {self.manifest.id}.{table}"
            held = sum(count for (count,) in self._servers.ask_shards(query))
            if held != getattr(self.manifest, of):
                faults.append(
                    Translatable("{} has {} records, not {}", table, held, getattr(self.manifest, of))
                )
        if (apart := sum(n for (n,) in self._servers.ask_shards(_APART.format(id=self.manifest.id)))) != 0:
            faults.append(Translatable("{} passages are no part of their article", apart))
        if not all(sound for (sound,) in self._servers.ask_shards(_ALL_POSTED.format(id=self.manifest.id))):
            faults.append(Translatable("a list of who holds a word is not whole"))
        return faults

    def _texts(self) -> list[str]:
        """Each row's text is still the one that was encoded for it."""
        query = (
            'SELECT passage."row", starts, ends, hash, title, body '
            f"FROM {self.manifest.id}.passage AS passage "
            f"JOIN {self.manifest.id}.article AS article USING (key)"
        )
        return [
            Translatable("row {} no longer holds the text that was encoded", row)
            for row, start, end, text_hash, title, body in self._servers.ask_shards(query)
            if chunking.text_hash(chunking.encoded_text(Article("", title, body), start, end)) != text_hash
        ]

    def _sampled(self) -> list[str]:
        rows = np.linspace(0, self.manifest.chunks - 1, _SAMPLE).astype(np.int64)
        lengths = np.square(self.vectors.of_rows(rows)).sum(axis=1)
        return [
            Translatable("the vector of row {} is none", row)
            for row, length in zip(rows.tolist(), lengths.tolist(), strict=True)
            if not 0.98 <= length <= 1.02
        ]
