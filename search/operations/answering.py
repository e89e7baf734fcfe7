"""Answers questions of many clients at once, by one open index."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct

from search.cores import usable_cores
from search.export import json_line
from search.lru import LruCache
from search.operations.answer import Answer
from search.operations.catalogue import Operation
from search.operations.current_index import CurrentIndex

if TYPE_CHECKING:
    from search.index import Index

_Result = TypeVar("_Result")
_Question = tuple[str, date, str, Struct]
_KEPT = 512
_LARGEST_KEPT = 100_000  # bytes


class Answering:
    """Asks the index in threads, of which there are as many as cores: more would only take turns.

    A question that is being answered is not asked twice, and the answers to the last questions are kept as
    long as their generation is the published one and the day lasts (dates may be relative). For one event
    loop; ``close`` waits for the threads.
    """

    def __init__(self, current: CurrentIndex) -> None:
        self.settings = current.settings
        self._current = current
        self._threads = ThreadPoolExecutor(usable_cores(), "search")
        self._answers: LruCache[_Question, asyncio.Task[bytes]] = LruCache(_KEPT)

    async def run(self, ask: Callable[["Index"], _Result]) -> _Result:
        """What a function makes of the newest generation, in a thread; raises what it and opening raise."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, lambda: ask(self._current.get()))

    async def answer(self, operation: Operation, parameters: Struct) -> bytes:
        """The JSON document of an answer, in UTF-8; raises SearchError."""
        question = (await self._generation(), date.today(), operation.name, parameters)
        answer = self._answers.get(
            question, lambda: asyncio.create_task(self._computed(question, operation, parameters))
        )
        return await asyncio.shield(answer)  # others may wait for it when one client leaves

    async def _generation(self) -> str:
        if self._current.is_fresh:
            return self._current.get().manifest.id
        return await self.run(lambda index: index.manifest.id)

    async def _computed(self, question: _Question, operation: Operation, parameters: Struct) -> bytes:
        is_kept = False
        try:
            body, is_repeatable = await self.run(lambda index: _encoded(operation.ask(index, parameters)))
            is_kept = is_repeatable and len(body) <= _LARGEST_KEPT
        finally:
            if not is_kept:
                self._answers.discard(question)
        return body

    def close(self) -> None:
        """Wait for the threads; nothing can be asked afterwards."""
        self._threads.shutdown(cancel_futures=True)


def _encoded(answer: Answer) -> tuple[bytes, bool]:
    return json_line(answer.document).encode(), answer.is_repeatable
