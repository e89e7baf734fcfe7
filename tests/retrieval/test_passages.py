"""Passages are those of the store, and none is read twice while it is kept."""

from datetime import date

import pytest

from search.local.reader import Generation
from search.query.parser import parse
from search.retrieval.passages import PassageReader
from search.retrieval.request import Request
from search.types import Article
from tests.fakes import engine_of


def test_a_passage_is_the_part_of_its_article(generation: Generation) -> None:
    rows = list(range(generation.store.chunk_count))[::-1]
    for row, each in zip(rows, PassageReader(generation.store).passages(rows), strict=True):
        (chunk,) = generation.store.chunks([row])
        assert [each.article] == generation.store.articles([chunk.article])
        assert each.passage.text == each.article.body[each.passage.start : each.passage.end]
        assert (each.passage.start, each.passage.end) == (chunk.start, chunk.end)


def test_an_answer_reads_each_article_once(generation: Generation, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    engine, articles = engine_of(generation), generation.store.articles

    def reading(keys: list[int]) -> list[Article]:
        read.extend(keys)
        return articles(keys)

    monkeypatch.setattr(generation.store, "articles", reading)
    for _ in range(2):
        hits = engine.search(Request(parse("munitions pour Moscou", date(2023, 9, 13))))
        shown = [hit.article.id for hit in (*hits.hits, *hits.below)]
        assert sorted(article.id for article in articles(read)) == sorted(shown)
