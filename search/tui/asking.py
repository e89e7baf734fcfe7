"""From a question to its answers, in whatever thread asks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from threading import Lock

from search.engine import Engine, Request
from search.model import Mode, SearchResult, Sort
from search.query.parser import parse
from search.query.tree import Query

PAGE = 50
"""How many articles an answer lists."""
_PATIENCE = 0.05  # seconds between two looks at whether the answer is still wanted


@dataclass(frozen=True, slots=True)
class Question:
    """What the user asks; a higher ``number`` is a later question."""

    number: int
    text: str
    mode: Mode
    sort: Sort


class Asker:
    """Asks an engine from several threads.

    Words are answered at once; meaning by one thread at a time, because the first one loads the model.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._meaning = Lock()

    def answers(
        self, question: Question, given_up: Callable[[], bool]
    ) -> Iterator[tuple[Query, SearchResult]]:
        """The question understood, and its answer; a hybrid one is answered by its words first.

        Stops early when ``given_up``. Raises SearchError, QueryError for what cannot be understood.
        """
        query = parse(question.text, date.today())
        if question.mode is Mode.KEYWORD or not query.words:
            yield query, self._ask(question, query, question.mode)
            return
        if question.mode is Mode.HYBRID:
            yield query, self._ask(question, query, Mode.KEYWORD)
        if self._takes_turn(given_up):
            try:
                yield query, self._ask(question, query, question.mode)
            finally:
                self._meaning.release()

    def _ask(self, question: Question, query: Query, mode: Mode) -> SearchResult:
        return self._engine.search(Request(query, mode, question.sort, limit=PAGE))

    def _takes_turn(self, given_up: Callable[[], bool]) -> bool:
        """Wait for the lock; tell whether it was taken before the answer was given up."""
        while not given_up():
            if self._meaning.acquire(timeout=_PATIENCE):
                return True
        return False
