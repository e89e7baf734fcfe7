"""Reads the articles and chunks of a generation from the servers."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from search.errors import IndexCorrupt, Translatable
from search.indexing.article_store import ARTICLE_COLUMNS
from search.lru import LruCache
from search.postgres.connections import Servers
from search.postgres.schema import checked_id
from search.protocols import Ints
from search.types import Article, Chunk, Facet

_FACETS = {
    Facet.SOURCE: "source",
    Facet.SECTION: "section",
    Facet.AUTHOR: "author",
    Facet.PLACE: "place",
    Facet.KEYWORD: "keywords",
    Facet.YEAR: "substr(published, 1, 4)",
    Facet.MONTH: "CASE WHEN length(published) >= 7 THEN substr(published, 1, 7) ELSE '' END",
}


class PostgresStore:
    """Implements ``protocols.ArticleStore`` over the shards; several threads may use it.

    Texts of a shard that does not answer are ``""``.
    """

    def __init__(self, servers: Servers, generation: str, first_rows: Ints, rows: int) -> None:
        self._servers = servers
        self._id = checked_id(generation)
        self._first_rows = first_rows
        self._rows = rows
        self._dates: LruCache[tuple[str, ...], list[str]] = LruCache(1)

    @property
    def first_rows(self) -> Ints:
        """See ``protocols.ArticleStore.first_rows``."""
        return self._first_rows

    @property
    def chunk_count(self) -> int:
        """See ``protocols.ArticleStore.chunk_count``."""
        return self._rows

    def articles(self, keys: Sequence[int]) -> list[Article]:
        """See ``protocols.ArticleStore.articles``."""
        by_key = self._records(f"key, {ARTICLE_COLUMNS}", "article", "key", keys)
        return [Article(*by_key.get(key, ("", "", ""))) for key in keys]

    def ids(self, keys: Sequence[int]) -> list[str]:
        """See ``protocols.ArticleStore.ids``."""
        by_key = self._records("key, id", "article", "key", keys)
        return [by_key[key][0] if key in by_key else "" for key in keys]

    def titles(self, keys: Sequence[int]) -> list[str]:
        """See ``protocols.ArticleStore.titles``."""
        by_key = self._records("key, title", "article", "key", keys)
        return [by_key[key][0] if key in by_key else "" for key in keys]

    def files(self) -> list[tuple[str, str]]:
        """See ``protocols.ArticleStore.files``."""
        by_key = self._records("key, id, file", "article", "key", range(len(self._first_rows)))
        return [tuple(by_key.get(key, ("", ""))) for key in range(len(self._first_rows))]

    def chunks(self, rows: Sequence[int]) -> list[Chunk]:
        """See ``protocols.ArticleStore.chunks``."""
        by_row = self._records('"row", key, ordinal, starts, ends', "passage", '"row"', rows)
        return [Chunk(*by_row.get(row, (0, 0, 0, 0))) for row in rows]

    def key(self, article_id: str) -> int | None:
        """See ``protocols.ArticleStore.key``."""
        records = self._query("SELECT key FROM {id}.article WHERE id = %s", (article_id,))
        return records[0][0] if records else None

    def keys(self, article_ids: frozenset[str]) -> list[int]:
        """See ``protocols.ArticleStore.keys``."""
        query = "SELECT key FROM {id}.article WHERE id = ANY (%s)"
        return sorted(key for (key,) in self._query(query, (list(article_ids),)))

    def values(self, facet: Facet) -> list[str]:
        """See ``protocols.ArticleStore.values``."""
        return self._by_article(_FACETS[facet])

    def published(self) -> list[str]:
        """See ``protocols.ArticleStore.published``."""
        return [*self._dates.get(self._servers.missing, lambda: self._by_article("published"))]

    def newest_first(self) -> Ints:
        """See ``protocols.ArticleStore.newest_first``."""
        dates = self.published()
        return np.array(sorted(range(len(dates)), key=dates.__getitem__, reverse=True), np.int64)

    def oldest_first(self) -> Ints:
        """See ``protocols.ArticleStore.oldest_first``."""
        dates = self.published()
        return np.array(sorted(range(len(dates)), key=lambda key: (not dates[key], dates[key])), np.int64)

    def _by_article(self, expression: str) -> list[str]:
        """By article key, the value of an SQL expression."""
        by_article = [""] * len(self._first_rows)
        query = f"SELECT array_agg(key), array_agg({expression}) FROM {{id}}.article"
        for keys, values in self._query(query):
            for key, value in zip(keys or (), values or (), strict=True):
                by_article[key] = value
        return by_article

    def _records(self, columns: str, table: str, column: str, numbers: Sequence[int]) -> dict[int, Any]:
        """The records with these numbers, by number, without that column.

        Raises IndexCorrupt when all shards answer and records are missing.
        """
        if not numbers:
            return {}
        as_ints = list(map(int, numbers))
        query = f"SELECT {columns} FROM {{id}}.{table} WHERE {column} = ANY (%s)"
        records = self._query(query, (as_ints,))
        if len(records) < len(set(as_ints)) and not self._servers.missing:
            raise IndexCorrupt(
                Translatable(
                    "{} on the servers lacks articles; run: depeche build --database … PATH", self._id
                )
            )
        return {number: rest for number, *rest in records}

    def _query(self, query: str, parameters: Sequence[object] = ()) -> list[Any]:
        return self._servers.query_shards(query.format(id=self._id), parameters)
