"""The articles of a generation and their chunks, wherever they are kept."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from search.errors import IndexCorrupt, Translatable
from search.lru import LruCache
from search.postgres.connections import Servers
from search.postgres.schema import checked
from search.protocols import Ints
from search.types import Article, Chunk, Facet

_ARTICLE = "id, title, body, published, source, section, url, lang, place"
_FACETS = {
    Facet.SOURCE: "source",
    Facet.SECTION: "section",
    Facet.YEAR: "substr(published, 1, 4)",
    Facet.MONTH: "CASE WHEN length(published) >= 7 THEN substr(published, 1, 7) ELSE '' END",
}


class PostgresStore:
    """Implements ``protocols.ArticleStore`` over the shards; may be used from several threads.

    What a shard keeps that does not answer is ``""``.
    """

    def __init__(self, servers: Servers, generation: str, first_rows: Ints, rows: int) -> None:
        self._servers = servers
        self._id = checked(generation)
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
        found = self._by_number(f"key, {_ARTICLE}", "article", "key", keys)
        return [Article(*found.get(key, ("", "", ""))) for key in keys]

    def ids(self, keys: Sequence[int]) -> list[str]:
        """See ``protocols.ArticleStore.ids``."""
        found = self._by_number("key, id", "article", "key", keys)
        return [found[key][0] if key in found else "" for key in keys]

    def chunks(self, rows: Sequence[int]) -> list[Chunk]:
        """See ``protocols.ArticleStore.chunks``."""
        found = self._by_number('"row", key, ordinal, starts, ends', "passage", '"row"', rows)
        return [Chunk(*found.get(row, (0, 0, 0, 0))) for row in rows]

    def key(self, article_id: str) -> int | None:
        """See ``protocols.ArticleStore.key``."""
        found = self._ask("SELECT key FROM {id}.article WHERE id = %s", (article_id,))
        return found[0][0] if found else None

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

    def _by_article(self, what: str) -> list[str]:
        found = [""] * len(self._first_rows)
        for keys, values in self._ask(f"SELECT array_agg(key), array_agg({what}) FROM {{id}}.article"):
            for key, value in zip(keys or (), values or (), strict=True):
                found[key] = value
        return found

    def _by_number(self, columns: str, table: str, column: str, numbers: Sequence[int]) -> dict[int, Any]:
        """By key or row, the other columns of these records; raises IndexCorrupt when a server lacks some."""
        if not numbers:
            return {}
        asked = list(map(int, numbers))
        records = self._ask(f"SELECT {columns} FROM {{id}}.{table} WHERE {column} = ANY (%s)", (asked,))
        if len(records) < len(set(asked)) and not self._servers.missing:
            raise IndexCorrupt(
                Translatable(
                    "{} on the servers lacks articles; run: depeche build --database … PATH", self._id
                )
            )
        return {number: rest for number, *rest in records}

    def _ask(self, query: str, parameters: Sequence[object] = ()) -> list[Any]:
        return self._servers.ask_shards(query.format(id=self._id), parameters)
