"""Passages with their articles: expansion and hits ask for the same ones, and so does the next answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from search.lru import LruCache
from search.protocols import ArticleStore
from search.types import Article, Passage

_KEPT = 64  # passages: those of the latest answers to a query that is being typed


@dataclass(frozen=True, slots=True)
class ArticlePassage:
    """A passage and the article that holds it."""

    article: Article
    passage: Passage


class PassageReader:
    """Reads passages of one store; may be used from several threads."""

    def __init__(self, store: ArticleStore) -> None:
        self._store = store
        self._kept: LruCache[int, ArticlePassage] = LruCache(_KEPT)

    def passages(self, rows: Sequence[int]) -> list[ArticlePassage]:
        """The passages of these rows, in their order; the latest ones are not read again."""
        return self._kept.get_all(rows, self._read)

    def _read(self, rows: Sequence[int]) -> list[ArticlePassage]:
        chunks = self._store.chunks(rows)
        articles = self._store.articles([chunk.article for chunk in chunks])
        return [
            ArticlePassage(article, Passage(article.body[chunk.start : chunk.end], chunk.start, chunk.end))
            for article, chunk in zip(articles, chunks, strict=True)
        ]
