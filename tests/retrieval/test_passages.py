"""Passages are those of the store, and none is read twice while it is kept."""

from datetime import date

import pytest

from search.local.reader import Generation
from search.query.parser import parse
from search.retrieval.passages import PassageReader
from search.retrieval.request import Request
from search.types import Article
from tests.fakes import engine_of


def _places(generation: Generation) -> tuple[list[int], list[int]]:
    """The article and the row of every passage, the last first."""
    rows = list(range(generation.store.chunk_count))[::-1]
    return [chunk.article for chunk in generation.store.chunks(rows)], rows


def test_a_passage_is_the_part_of_its_article(generation: Generation) -> None:
    keys, rows = _places(generation)
    passages = PassageReader(generation.store).passages(keys, rows)
    for key, row, each in zip(keys, rows, passages, strict=True):
        (chunk,) = generation.store.chunks([row])
        assert [each.article] == generation.store.articles([key])
        assert each.passage.text == each.article.body[each.passage.start : each.passage.end]
        assert (each.passage.start, each.passage.end) == (chunk.start, chunk.end)


def test_what_a_server_does_not_give_is_read_again(
    generation: Generation, monkeypatch: pytest.MonkeyPatch
) -> None:
    (keys, rows), reader = _places(generation), PassageReader(generation.store)
    with monkeypatch.context() as failing:
        failing.setattr(generation.store, "articles", lambda keys: [Article("", "", "") for _ in keys])
        assert {each.article.id for each in reader.passages(keys, rows)} == {""}
    assert [each.article for each in reader.passages(keys, rows)] == generation.store.articles(keys)


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
