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
        self._kept: LruCache[tuple[int, int], ArticlePassage] = LruCache(_KEPT)

    def passages(self, keys: Sequence[int], rows: Sequence[int]) -> list[ArticlePassage]:
        """The passages of these articles and rows, in their order; the latest ones are not read again.

        What a server does not give now is empty, and is not kept.
        """
        passages = self._kept.get_all(list(zip(keys, rows, strict=True)), self._read)
        if not all(each.article.id for each in passages):
            self._kept.clear()
        return passages

    def _read(self, places: Sequence[tuple[int, int]]) -> list[ArticlePassage]:
        articles = self._store.articles([key for key, _ in places])
        chunks = self._store.chunks([row for _, row in places])
        return [
            ArticlePassage(article, Passage(article.body[chunk.start : chunk.end], chunk.start, chunk.end))
            for article, chunk in zip(articles, chunks, strict=True)
        ]
