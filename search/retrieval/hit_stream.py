"""All the hits of a request, one after the other, in memory a page at a time."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Self

from search.errors import Translatable, UsageError
from search.types import Hit, Hits

PAGE_SIZE = 200
"""Hits that are built together: their articles are read at once."""


class HitStream(Iterator[Hit]):
    """An iterator over all the hits of an answer, in order; it can be read once.

    ``answer`` is all of the answer but its hits: the query, the total, what is missing. ``len`` is the number
    of all hits, whatever was read. Reading raises UsageError when a server begins or ceases to answer in the
    meantime, as a part of the articles would be missing without a word.
    """

    def __init__(
        self,
        answer: Hits,
        pages: Iterable[tuple[Hit, ...]],
        missing_before: tuple[str, ...] = (),
        missing: Callable[[], tuple[str, ...]] = tuple,
    ) -> None:
        """``missing`` says what cannot be read now, ``missing_before`` what could not when it was matched."""
        self.answer = answer
        self.total = answer.total
        self._missing, self._missing_before = missing, missing_before
        self._hits = chain.from_iterable(map(self._checked, pages))

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Hit:
        return next(self._hits)

    def __len__(self) -> int:
        return self.total

    def _checked(self, page: tuple[Hit, ...]) -> tuple[Hit, ...]:
        now = self._missing()
        if now == self._missing_before:
            return page
        raise UsageError(
            Translatable("The servers changed while the results were read: {}; try again.", " ".join(now))
        )
