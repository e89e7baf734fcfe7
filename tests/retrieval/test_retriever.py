from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from time import sleep
from typing import TypeVar

import numpy as np

from search.local.reader import Generation
from search.protocols import Floats
from search.query.parser import parse
from search.query.plain import plain_query
from search.retrieval.retriever import Retriever, SemanticIndex
from search.types import Mode
from tests.fakes import FakeEncoder

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

    def meaning() -> SemanticIndex:
        if not loaded:
            sleep(0.01)
            loaded.append(SemanticIndex(JealousEncoder(), generation.vectors))
        return loaded[-1]

    legs = Retriever(generation.store, generation.keyword, meaning)
    words = [f"mot{number}" for number in range(20)]
    with ThreadPoolExecutor(8) as pool:
        aims = [pool.submit(legs.aim, word) for word in words]
        sentences = [pool.submit(legs.sentence, word) for word in words]
        likes = [pool.submit(legs.like, key, np.array([key])) for key in range(4)]

    alone = FakeEncoder()
    assert len(loaded) == 1
    assert [aim.result().vector.tolist() for aim in aims] == [
        alone.encode_query(word).tolist() for word in words
    ]
    assert [found.result().tolist() for found in sentences] == [
        alone.encode_few([word])[0].tolist() for word in words
    ]
    assert [found.result().allowed[key] for key, found in enumerate(likes)] == [False] * 4


def test_a_question_is_asked_once_and_a_text_encoded_once(generation: Generation) -> None:
    encoder = FakeEncoder()
    asked: list[str] = []

    def meaning() -> SemanticIndex:
        asked.append("")
        return SemanticIndex(encoder, generation.vectors)

    legs = Retriever(generation.store, generation.keyword, meaning)
    first = legs.ask(plain_query("obus"), Mode.HYBRID)
    assert legs.ask(plain_query("obus"), Mode.HYBRID) is first
    assert legs.ask(plain_query("obus"), Mode.SEMANTIC).aim is first.aim
    assert len(asked) == 1


def test_a_sentence_is_encoded_once(generation: Generation) -> None:
    encoder = FakeEncoder()
    asked: list[str] = []

    class Noting(FakeEncoder):
        def encode_few(self, texts: Sequence[str]) -> Floats:
            asked.extend(texts)
            return super().encode_few(texts)

    legs = Retriever(
        generation.store, generation.keyword, lambda: SemanticIndex(Noting(), generation.vectors)
    )
    found = [legs.sentence(text).tolist() for text in ("Un.", "Deux.", "Un.")]
    assert found == encoder.encode_few(["Un.", "Deux.", "Un."]).tolist()
    assert asked == ["Un.", "Deux."]


def test_legs_that_are_asked_at_once_find_the_same(generation: Generation) -> None:
    begun: list[str] = []

    def meaning() -> SemanticIndex:
        begun.append("meaning")
        return SemanticIndex(FakeEncoder(), generation.vectors)

    with ThreadPoolExecutor(4) as pool:

        def begin(call: Callable[[], Answer]) -> Callable[[], Answer]:
            begun.append("call")
            return pool.submit(call).result

        at_once = Retriever(generation.store, generation.keyword, meaning, begin)
        one_by_one = Retriever(generation.store, generation.keyword, meaning)
        for mode in Mode:
            for typed in ("munitions train", "munitions since:2023", "since:2023", "xyzzy"):
                begun.clear()
                query = parse(typed, date(2026, 11, 23))
                found, wanted = at_once.ask(query, mode), one_by_one.ask(query, mode)
                assert begun[: 2 if query.words else 1] == ["call"] * (2 if query.words else 1)
                assert (found.nearest.tolist(), found.holding.tolist(), found.near.tolist(), found.best) == (
                    wanted.nearest.tolist(),
                    wanted.holding.tolist(),
                    wanted.near.tolist(),
                    wanted.best,
                )
                assert found.allowed.tolist() == wanted.allowed.tolist()
