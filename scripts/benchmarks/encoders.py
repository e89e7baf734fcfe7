"""Dépêche's encoders as contestants, without an index; see ``trial``."""

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.exchange import Exchange, Passages, Question
from benchmarks.trial import Contestant
from search.embedding import load_encoder
from search.index import limit_threads

BATCH = 64
"""Passages that a question stands for."""


class _NoIndex:
    @staticmethod
    def build(passages: Passages, folder: Path) -> None:
        """See ``trial.Contestant``."""


class Queries(_NoIndex):
    """The encoder of queries."""

    def __init__(self, exchange: Exchange, folder: Path) -> None:
        limit_threads()
        self._encoder = load_encoder(None)

    def ask(self, question: Question) -> Sequence[int]:
        """See ``trial.Contestant``: no passages."""
        self._encoder.encode_query(question.text)
        return []


class WarmQueries(Queries):
    """The same in a process that prepares for many queries; versions without that do not prepare."""

    def __init__(self, exchange: Exchange, folder: Path) -> None:
        super().__init__(exchange, folder)
        before = set(threading.enumerate())
        getattr(self._encoder, "warm", lambda: None)()
        for thread in set(threading.enumerate()) - before:  # it warms in the background
            thread.join()


class Batches(_NoIndex):
    """The encoder of passages; the id of a question is the row of the first of ``BATCH`` passages."""

    def __init__(self, exchange: Exchange, folder: Path) -> None:
        self._texts = exchange.passages().texts
        self._encoder = load_encoder(None)

    def ask(self, question: Question) -> Sequence[int]:
        """See ``trial.Contestant``: no passages."""
        first = int(question.id)
        self._encoder.encode_passages(self._texts[first : first + BATCH])
        return []


CONTESTANTS: Mapping[str, type[Contestant]] = {
    "depeche queries": Queries,
    "depeche warm queries": WarmQueries,
    "depeche passages": Batches,
}
