"""What an engine was given goes with the engine, without a pass of the garbage collector.

The interface runs that collector seldom: what lies in a cycle stays in memory beside the next index.
"""

import gc
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from search import index
from search.config import Settings
from search.local.reader import Generation
from search.protocols import Backend, Floats, OpenIndex
from search.query.parser import parse
from search.retrieval.engine import Engine
from search.retrieval.request import Request
from search.retrieval.retriever import SemanticIndex
from search.types import Mode, Rescoring, Sort
from tests.fakes import FakeEncoder
from tests.postgres.cluster import Cluster
from tests.postgres.servers import on_servers
from tests.press import PRESS

TODAY = date(2023, 9, 13)


class Lent:
    """Answers as what it stands for, and can be told from it."""

    def __init__(self, lender: object) -> None:
        self._lender = lender

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - as typed by what it stands for
        return getattr(self._lender, name)


class Longest:
    """Reranks: the longest text first."""

    def score(self, query: str, texts: Sequence[str]) -> Floats:
        return np.array([len(text) for text in texts], np.float32)


@pytest.fixture(autouse=True)
def _without_collector() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()
    gc.collect()


def _search(engine: Engine) -> None:
    query = parse("munitions Russie munit* missil~", TODAY)
    for mode in Mode:
        engine.search(Request(query, mode))


def _rank_by_date(engine: Engine) -> None:
    engine.rank(Request(parse("munitions", TODAY), sort=Sort.DATE, rescoring=Rescoring(half_life=30.0)))


def _rerank(engine: Engine) -> None:
    engine.search(Request(parse("munitions", TODAY), rescoring=Rescoring(depth=3)))


def _count(engine: Engine) -> None:
    engine.facets(Request(parse("munitions", TODAY)))


def _explain(engine: Engine) -> None:
    request = Request(parse("munitions Russie", TODAY))
    engine.explain(request, engine.hit(request, PRESS[0].id))
    engine.similar(PRESS[0].id, 3)
    engine.suggest(request.query)


def _read(engine: Engine) -> None:
    request = Request(parse("munitions Russie", TODAY))
    (hit, *_) = engine.search(request).hits
    engine.pinpoint(request.query, hit)
    assert [*islice(engine.sentence_scores(request.query, hit.article), 3)] != []


USES = [_search, _rank_by_date, _rerank, _count, _explain, _read]
Use = Callable[[Engine], None]


@pytest.mark.parametrize("use", USES)
def test_a_dropped_engine_keeps_nothing_of_what_it_was_given(generation: Generation, use: Use) -> None:
    given: dict[str, Any] = {
        "store": Lent(generation.store),
        "words": Lent(generation.keyword),
        "encoder": Lent(FakeEncoder()),
        "vectors": Lent(generation.vectors),
        "reranker": Longest(),
    }
    engine = _engine_of(given, generation)
    use(engine)
    left = {name: weakref.ref(part) for name, part in (given | {"engine": engine}).items()}
    given.clear()
    del engine

    assert [name for name, part in left.items() if part() is not None] == []


def _engine_of(given: dict[str, Any], generation: Generation) -> Engine:
    encoder, vectors, reranker = given["encoder"], given["vectors"], given["reranker"]
    return Engine(
        given["store"],
        given["words"],
        lambda: SemanticIndex(encoder, vectors),
        "g",
        lambda: reranker,
        generation.leaders,
    )


@pytest.mark.parametrize("use", USES)
def test_a_dropped_index_keeps_nothing(press_index: Path, monkeypatch: pytest.MonkeyPatch, use: Use) -> None:
    left = _left_of(Settings(index=str(press_index), rerank="mine"), monkeypatch, use)
    assert [name for name, part in left.items() if part() is not None] == []


def test_a_dropped_index_on_servers_keeps_nothing(servers: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    with on_servers(servers, PRESS):
        pass
    left = _left_of(Settings(database=servers.coordinator.dsn), monkeypatch, _search)
    assert [name for name, part in left.items() if part() is not None] == []


def _left_of(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, use: Use
) -> Mapping[str, Callable[[], object]]:
    """What each part of an index is by name, None if it is gone, after its library was used and dropped."""
    monkeypatch.setattr(index, "load_encoder", lambda _: FakeEncoder())
    monkeypatch.setattr(index, "load_reranker", lambda _: Longest())
    opened = _noted(monkeypatch)
    opened_index = index.open_index(settings)
    use(opened_index.engine)
    (generation,) = opened
    words = generation.keyword
    parts = {
        "generation": generation,
        "store": generation.store,
        "words": words,
        "patterns": words._lexicon if settings.database else words._patterns,
        "vectors": generation.vectors,
    }
    left = {name: weakref.ref(part) for name, part in parts.items()}
    opened.clear()
    return left


def _noted(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The generations that are opened from now on."""
    opened: list[Any] = []
    backend = index.backend

    def noting(settings: Settings) -> Backend:
        chosen = backend(settings)
        open_generation = chosen.open

        def noted() -> OpenIndex:
            opened.append(open_generation())
            return cast(OpenIndex, opened[-1])

        monkeypatch.setattr(chosen, "open", noted)
        return chosen

    monkeypatch.setattr(index, "backend", noting)
    return opened
