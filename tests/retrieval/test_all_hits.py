"""All the hits of a request, streamed, are those of its pages one after another."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

import pytest

from search.errors import UsageError
from search.local.reader import Generation
from search.retrieval.engine import Engine
from search.retrieval.hit_stream import HitStream
from search.retrieval.rescoring import RankedArticle
from search.retrieval.retriever import RetrievedSet
from search.types import Copies, Hit, Mode, Sort
from tests.fakes import engine_of

from .all_hits import check_all_hits
from .requests import request_of

QUERIES = ("munitions Russie", "grève", "date:2023", "munit* OU train", "xyzzy", "")


@pytest.fixture
def engine(generation: Generation) -> Engine:
    return engine_of(generation)


@pytest.mark.parametrize("typed", QUERIES)
@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("copies", Copies)
def test_the_stream_has_the_hits_of_all_pages_in_order(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, typed: str, mode: Mode, sort: Sort, copies: Copies
) -> None:
    monkeypatch.setattr("search.retrieval.retriever.DEPTH", 2)  # most results are beyond the candidates
    monkeypatch.setattr("search.retrieval.engine.PAGE_SIZE", 3)
    check_all_hits(engine, replace(request_of(typed, mode, sort), copies=copies), 4)


def test_the_answer_is_known_before_a_hit_is_read(engine: Engine) -> None:
    request = request_of("munitions Russie", Mode.KEYWORD)
    stream, expected = engine.all_hits(request), engine.search(request)
    assert stream.answer == replace(expected, hits=(), took_ms=stream.answer.took_ms)
    assert stream.total == expected.total == 6
    assert next(stream) == expected.hits[0]
    assert list(stream) == list(expected.hits[1:])


def test_pages_are_built_when_they_are_asked_for(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.retrieval.engine.PAGE_SIZE", 2)
    built: list[int] = []
    build = engine._builder.hits

    def counted(retrieved: RetrievedSet, articles: Sequence[RankedArticle]) -> tuple[Hit, ...]:
        built.append(len(articles))
        return build(retrieved, articles)

    monkeypatch.setattr(engine._builder, "hits", counted)
    stream = engine.all_hits(request_of("munitions Russie", Mode.KEYWORD))
    built.clear()
    assert len(list(islice(stream, 3))) == 3
    assert built == [2, 2]


def test_a_server_that_fails_meanwhile_is_an_error_and_no_gap(engine: Engine) -> None:
    gone: list[str] = []

    def pages() -> Iterator[tuple[Hit, ...]]:
        yield from ((hit,) for hit in first)
        gone.append("The server x does not answer.")
        yield ()

    answer = engine.search(request_of("munitions Russie"))
    first = answer.hits[:2]
    stream = HitStream(answer, pages(), (), lambda: tuple(gone))
    assert [next(stream), next(stream)] == list(first)
    with pytest.raises(UsageError, match="server x does not answer"):
        next(stream)
