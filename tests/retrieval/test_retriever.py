from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from time import sleep
from typing import TypeVar

import numpy as np
import pytest

from search.errors import EncoderUnavailable
from search.local.reader import Generation
from search.protocols import Floats, Ints, NearestRows
from search.query.parser import parse
from search.query.plain import plain_query
from search.retrieval.engine import Engine
from search.retrieval.retriever import RetrievedSet, Retriever, SemanticIndex
from search.retrieval.rows import ArticleRows
from search.types import Mode
from tests.fakes import FakeEncoder, InMemory

Answer = TypeVar("Answer")


@dataclass
class JealousEncoder(FakeEncoder):
    """Fails when it is used by two threads at once."""

    busy: Lock = field(default_factory=Lock)

    def encode_query(self, text: str) -> Floats:
        with self._alone():
            return super().encode_query(text)

    def encode_few(self, texts: Sequence[str]) -> Floats:
        with self._alone():
            return super().encode_few(texts)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        assert self.busy.acquire(blocking=False)
        sleep(0.001)
        yield
        self.busy.release()


def test_one_thread_at_a_time_loads_and_uses_the_encoder(generation: Generation) -> None:
    loaded: list[SemanticIndex] = []

    def semantic() -> SemanticIndex:
        if not loaded:
            sleep(0.01)
            loaded.append(SemanticIndex(JealousEncoder(), generation.vectors))
        return loaded[-1]

    retriever = Retriever(generation.store, generation.keyword, semantic)
    words = [f"mot{number}" for number in range(20)]
    with ThreadPoolExecutor(8) as pool:
        queries = [pool.submit(retriever.query_vector, word) for word in words]
        sentences = [pool.submit(retriever.sentence_vector, word) for word in words]
        similar = [pool.submit(retriever.similar, key, np.array([key])) for key in range(4)]

    alone = FakeEncoder()
    assert len(loaded) == 1
    assert [query.result().vector.tolist() for query in queries] == [
        alone.encode_query(word).tolist() for word in words
    ]
    assert [sentence.result().tolist() for sentence in sentences] == [
        alone.encode_few([word])[0].tolist() for word in words
    ]
    assert [retrieved.result().allowed[key] for key, retrieved in enumerate(similar)] == [False] * 4


def test_a_query_is_retrieved_once_and_encoded_once(generation: Generation) -> None:
    encoder = FakeEncoder()
    asked: list[str] = []

    def semantic() -> SemanticIndex:
        asked.append("")
        return SemanticIndex(encoder, generation.vectors)

    retriever = Retriever(generation.store, generation.keyword, semantic)
    first = retriever.retrieve(plain_query("obus"), Mode.HYBRID)
    assert retriever.retrieve(plain_query("obus"), Mode.HYBRID) is first
    assert retriever.retrieve(plain_query("obus"), Mode.SEMANTIC).query_vector is first.query_vector
    assert first.query_vector is not None
    assert len(asked) == 1


def test_a_sentence_is_encoded_once(generation: Generation) -> None:
    encoder = FakeEncoder()
    asked: list[str] = []

    class Noting(FakeEncoder):
        def encode_few(self, texts: Sequence[str]) -> Floats:
            asked.extend(texts)
            return super().encode_few(texts)

    retriever = Retriever(
        generation.store, generation.keyword, lambda: SemanticIndex(Noting(), generation.vectors)
    )
    vectors = [retriever.sentence_vector(text).tolist() for text in ("Un.", "Deux.", "Un.")]
    assert vectors == encoder.encode_few(["Un.", "Deux.", "Un."]).tolist()
    assert asked == ["Un.", "Deux."]


def test_the_vectors_of_the_candidates_are_fetched_once_for_the_whole_search(generation: Generation) -> None:
    index = SemanticIndex(FakeEncoder(), generation.vectors)
    retriever = Retriever(generation.store, generation.keyword, lambda: index)
    retrieved = retriever.retrieve(plain_query("obus"), Mode.HYBRID)
    semantic = retrieved.signals.semantic
    assert semantic is not None
    assert semantic.candidates is not None
    rows = [row for key in retrieved.candidates.tolist() for row in retriever.rows.of(key)]
    assert semantic.candidates.rows.tolist() == rows
    assert semantic.candidates.vectors.tolist() == generation.vectors.of_rows(np.array(rows)).tolist()


@pytest.mark.parametrize(
    ("sizes", "nearness", "nearest", "limits"),
    [
        ([1, 40, 1, 1, 1], [1.0, *[0.9] * 40, 0.5, 0.7, 0.6], [1, 3, 4], [12, 48]),
        ([1] * 20, [1.0, *[0.9 - number / 100 for number in range(19)]], [1, 2, 3], [12]),
    ],
)
def test_more_rows_are_fetched_until_there_are_enough_articles(
    generation: Generation,
    monkeypatch: pytest.MonkeyPatch,
    sizes: list[int],
    nearness: list[float],
    nearest: list[int],
    limits: list[int],
) -> None:
    """An article of many passages must not crowd out the others."""
    asked: list[int] = []

    class Index(InMemory):
        def search(self, query: Floats, limit: int, rows: Ints | None = None) -> NearestRows:
            asked.append(limit)
            return super().search(query, limit, rows)

    monkeypatch.setattr("search.retrieval.retriever.DEPTH", 3)
    index = Index(np.array([[near, (1 - near**2) ** 0.5] for near in nearness], np.float32))
    retriever = Retriever(generation.store, generation.keyword, lambda: SemanticIndex(FakeEncoder(), index))
    retriever.rows = ArticleRows.starting(np.cumsum([0, *sizes[:-1]]), sum(sizes))
    assert retriever.similar(0, np.array([0])).nearest.tolist() == nearest
    assert asked == limits


def test_legs_asked_at_once_retrieve_the_same_as_one_by_one(generation: Generation) -> None:
    begun: list[str] = []

    def semantic() -> SemanticIndex:
        begun.append("semantic")
        return SemanticIndex(FakeEncoder(), generation.vectors)

    with ThreadPoolExecutor(4) as pool:

        def begin(call: Callable[[], Answer]) -> Callable[[], Answer]:
            begun.append("call")
            return pool.submit(call).result

        at_once = Retriever(generation.store, generation.keyword, semantic, begin)
        one_by_one = Retriever(generation.store, generation.keyword, semantic)
        for mode in Mode:
            for typed in ("munitions train", "munitions since:2023", "since:2023", "xyzzy"):
                begun.clear()
                query = parse(typed, date(2026, 11, 23))
                retrieved, expected = at_once.retrieve(query, mode), one_by_one.retrieve(query, mode)
                assert begun[: 2 if query.words else 1] == ["call"] * (2 if query.words else 1)
                assert _figures(retrieved) == _figures(expected)


def _figures(retrieved: RetrievedSet) -> tuple[object, ...]:
    return (
        retrieved.nearest.tolist(),
        retrieved.matching.tolist(),
        retrieved.nearness.tolist(),
        retrieved.best_confidence,
        retrieved.allowed.tolist(),
    )


@pytest.mark.parametrize(
    ("text", "centre", "best_share"),
    [("qui livre des munitions ?", 0.2, 1.0), ("livre des munitions", 0.0, 0.5)],
)
def test_a_question_is_compared_without_what_all_passages_share(
    generation: Generation, text: str, centre: float, best_share: float
) -> None:
    vectors = generation.vectors.of_rows(np.arange(generation.store.chunk_count))
    query = FakeEncoder().encode_query(text)
    aim = query - np.float32(centre) * vectors.mean(axis=0)
    by_row = vectors @ (aim / np.linalg.norm(aim))
    first = generation.store.first_rows
    counts = np.diff(first, append=len(by_row))
    best, mean = np.maximum.reduceat(by_row, first), np.add.reduceat(by_row, first) / counts

    semantic = SemanticIndex(FakeEncoder(), generation.vectors)
    retriever = Retriever(generation.store, generation.keyword, lambda: semantic)
    retrieved = retriever.retrieve(plain_query(text), Mode.HYBRID)
    keys = np.arange(len(first))
    leg = retrieved.signals.legs(keys)[-1]
    expected = best_share * best + (1 - best_share) * mean
    assert leg.scores.tolist() == pytest.approx(expected.tolist(), abs=1e-6)
    assert (leg.mean, leg.deviation) == pytest.approx((expected.mean(), expected.std()), abs=1e-6)
    assert retrieved.nearest.tolist() == np.argsort(-best, kind="stable").tolist()
    assert retrieved.signals.semantic is not None
    sure = retrieved.signals.semantic.best(keys)
    assert sure.tolist() == pytest.approx(np.maximum.reduceat(vectors @ query, first).tolist(), abs=1e-6)


def test_an_engine_lets_its_encoder_prepare_and_needs_none(generation: Generation) -> None:
    def missing() -> SemanticIndex:
        raise EncoderUnavailable("no model")

    encoder = FakeEncoder()
    for semantic in (lambda: SemanticIndex(encoder, generation.vectors), missing):
        Engine(generation.store, generation.keyword, semantic, "generation").warm()

    assert encoder.warmed
