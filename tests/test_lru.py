"""The bounded cache: what it keeps, in which order it forgets, and that it keeps no object alive."""

import gc
import weakref
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier, Event

import pytest

from search.lru import LruCache


def test_a_value_is_computed_once_while_it_is_kept() -> None:
    computed: list[str] = []
    cache: LruCache[str, str] = LruCache(2)

    def upper(key: str) -> str:
        computed.append(key)
        return key.upper()

    assert [cache.get(key, partial(upper, key)) for key in "aabab"] == ["A", "A", "B", "A", "B"]
    assert computed == ["a", "b"]


def test_the_value_that_was_asked_for_longest_ago_is_forgotten() -> None:
    cache: LruCache[str, int] = LruCache(2)
    for key in ("a", "b", "a", "c"):
        cache.get(key, lambda: 1)

    assert [cache.get(key, lambda: 2) for key in ("a", "c")] == [1, 1]
    assert cache.get("b", lambda: 2) == 2


def test_values_that_are_not_kept_are_computed_at_once() -> None:
    asked: list[list[str]] = []
    cache: LruCache[str, str] = LruCache(2)

    def upper(keys: list[str]) -> list[str]:
        asked.append(keys)
        return [key.upper() for key in keys]

    for keys in ("ab", "ba", "bcbd", "cd", "", "b"):
        assert cache.get_all(keys, upper) == list(keys.upper())
    assert asked == [["a", "b"], ["c", "d"], ["b"]]


def test_nothing_is_kept_of_a_failure() -> None:
    cache: LruCache[str, int] = LruCache(2)
    with pytest.raises(ZeroDivisionError):
        cache.get("a", lambda: 1 // 0)

    assert cache.get("a", lambda: 2) == 2


def test_a_value_may_be_computed_of_others() -> None:
    cache: LruCache[int, int] = LruCache(8)

    def factorial(number: int) -> int:
        return cache.get(number, lambda: number * factorial(number - 1) if number else 1)

    assert [factorial(number) for number in (5, 4)] == [120, 24]


def test_threads_that_ask_at_once_get_one_value() -> None:
    cache: LruCache[str, object] = LruCache(2)
    together = Barrier(4, timeout=10)

    def compute() -> object:
        together.wait()
        return object()

    with ThreadPoolExecutor(4) as threads:
        values = [thread.result() for thread in [threads.submit(cache.get, "a", compute) for _ in range(4)]]

    assert len(set(map(id, values))) == 1
    assert cache.get("a", object) is values[0]


def test_a_value_that_is_computed_while_all_is_forgotten_is_not_kept() -> None:
    cache: LruCache[str, str] = LruCache(2)
    begun, cleared = Event(), Event()

    def compute() -> str:
        begun.set()
        assert cleared.wait(10)
        return "old"

    with ThreadPoolExecutor(1) as thread:
        answer = thread.submit(cache.get, "a", compute)
        assert begun.wait(10)
        cache.clear()
        cleared.set()

    assert answer.result() == "old"
    assert cache.get("a", lambda: "new") == "new"


def test_an_object_is_freed_with_its_last_user() -> None:
    class Engine:
        def __init__(self) -> None:
            self._answers: LruCache[str, str] = LruCache(2)

        def ask(self, question: str) -> str:
            return self._answers.get(question, lambda: self._answer(question))

        def _answer(self, question: str) -> str:
            return question.upper()

    gc.disable()
    try:
        engine = Engine()
        assert [engine.ask("a"), engine.ask("a")] == ["A", "A"]
        left = weakref.ref(engine)
        del engine
        assert left() is None
    finally:
        gc.enable()
