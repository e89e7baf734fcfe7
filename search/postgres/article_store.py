"""Reads the articles and chunks of a generation from the servers."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat
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


_CACHED_ARTICLES = 256
_PAGE = 32  # articles whose texts come with their passages, as who asks for one asks for the other
_WITH_PASSAGES = f"""
SELECT key, ordinals, starts, ends, {ARTICLE_COLUMNS}
FROM unnest(%s::int[], %s::int[], %s::int[]) AS asked (key, first, next) JOIN {{id}}.article USING (key),
LATERAL (
    SELECT array_agg(ordinal ORDER BY "row") AS ordinals, array_agg(passage.starts ORDER BY "row") AS starts,
        array_agg(passage.ends ORDER BY "row") AS ends
    FROM {{id}}.passage AS passage WHERE "row" >= first AND "row" < next
) AS passages
"""


@dataclass(frozen=True, slots=True)
class _Stored:
    """An article and its chunks, in order."""

    article: Article
    chunks: list[Chunk]


class PostgresStore:
    """Implements ``protocols.ArticleStore`` over the shards; several threads may use it.

    Texts of a shard that does not answer are ``""``.
    """

    def __init__(self, servers: Servers, generation: str, first_rows: Ints, rows: int) -> None:
        self._servers = servers
        self._id = checked_id(generation)
        self._first_rows = first_rows
        self._rows = rows
        self._next_rows = np.append(first_rows[1:], rows)
        self._dates: LruCache[tuple[str, ...], list[str]] = LruCache(1)
        self._stored: LruCache[int, _Stored | None] = LruCache(_CACHED_ARTICLES)

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
        if len(keys) <= _PAGE:
            stored = self._with_passages(keys)
            return [Article("", "", "") if each is None else each.article for each in stored]
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
        if len(rows) <= _PAGE:
            keys = (np.searchsorted(self._first_rows, rows, "right") - 1).tolist()
            stored = self._with_passages(keys)
            places = (np.asarray(rows, np.int64) - self._first_rows[keys]).tolist()
            return [
                Chunk(0, 0, 0, 0) if each is None else each.chunks[place]
                for each, place in zip(stored, places, strict=True)
            ]
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

    def _with_passages(self, keys: Sequence[int]) -> list[_Stored | None]:
        """These articles, in their order, None for those of a shard that does not answer; it is not kept."""
        if self._servers.missing:
            return self._load(keys)
        stored = self._stored.get_all(list(map(int, keys)), self._load)
        if None in stored:
            self._stored.clear()
        return stored

    def _load(self, keys: Sequence[int]) -> list[_Stored | None]:
        """Raises IndexCorrupt when all shards answer and articles or passages are missing."""
        if not keys:
            return []
        rows = self._first_rows[keys].tolist(), self._next_rows[keys].tolist()
        loaded = {}
        for key, ordinals, starts, ends, *article in self._query(_WITH_PASSAGES, (list(keys), *rows)):
            chunks = map(Chunk, repeat(key), ordinals or (), starts or (), ends or ())
            loaded[key] = _Stored(Article(*article), list(chunks))
        counts = [len(loaded[key].chunks) if key in loaded else -1 for key in keys]
        if counts != (self._next_rows[keys] - self._first_rows[keys]).tolist():
            self._check_complete()
        return list(map(loaded.get, keys))

    def _records(self, columns: str, table: str, column: str, numbers: Sequence[int]) -> dict[int, Any]:
        """The records with these numbers, by number, without that column.

        Raises IndexCorrupt when all shards answer and records are missing.
        """
        if not numbers:
            return {}
        as_ints = list(map(int, numbers))
        query = f"SELECT {columns} FROM {{id}}.{table} WHERE {column} = ANY (%s)"
        records = self._query(query, (as_ints,))
        if len(records) < len(set(as_ints)):
            self._check_complete()
        return {number: rest for number, *rest in records}

    def _check_complete(self) -> None:
        """Called when records are missing; raises IndexCorrupt when all shards answer."""
        if not self._servers.missing:
            raise IndexCorrupt(
                Translatable(
                    "{} on the servers lacks articles; run: depeche build --database … PATH", self._id
                )
            )

    def _query(self, query: str, parameters: Sequence[object] = ()) -> list[Any]:
        return self._servers.query_shards(query.format(id=self._id), parameters)
