"""Counts the articles of an archive by their dates."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from search.protocols import ArticleStore, Ints
from search.retrieval.timeline import Timeline

_DAY = len("2023-09-11")


class TimelineCounter:
    """Counts articles of one store by their dates."""

    def __init__(self, store: ArticleStore) -> None:
        self._store = store

    def timeline(self, keys: Ints) -> Timeline:
        """The dates of these articles."""
        days, codes = self._coded
        counts = np.bincount(codes[keys], minlength=len(days)).tolist()
        return Timeline(tuple((day, count) for day, count in zip(days, counts, strict=True) if count))

    @cached_property
    def _coded(self) -> tuple[Sequence[str], Ints]:
        """Every date in order, and by article key the place of its own."""
        by_article = [published[:_DAY] for published in self._store.published()]
        days = sorted(set(by_article))
        code_of = {day: code for code, day in enumerate(days)}
        return days, np.array([code_of[day] for day in by_article], np.int64)
