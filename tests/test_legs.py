from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from time import sleep

import numpy as np

from search.generation.reading import Generation
from search.legs import Legs, Meaning
from search.model import Mode
from search.protocols import Floats
from search.query.plain import plain_query

from .fakes import FakeEncoder


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
    loaded: list[Meaning] = []

    def meaning() -> Meaning:
        if not loaded:
            sleep(0.01)
            loaded.append(Meaning(JealousEncoder(), generation.vectors))
        return loaded[-1]

    legs = Legs(generation.store, generation.keyword, meaning)
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

    def meaning() -> Meaning:
        asked.append("")
        return Meaning(encoder, generation.vectors)

    legs = Legs(generation.store, generation.keyword, meaning)
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

    legs = Legs(generation.store, generation.keyword, lambda: Meaning(Noting(), generation.vectors))
    found = [legs.sentence(text).tolist() for text in ("Un.", "Deux.", "Un.")]
    assert found == encoder.encode_few(["Un.", "Deux.", "Un."]).tolist()
    assert asked == ["Un.", "Deux."]
