"""What the parts of the interface tell one another."""

from dataclasses import dataclass

from textual.message import Message

from search.engine import Engine
from search.errors import SearchError
from search.model import SearchResult
from search.query.tree import Query
from search.tui.asking import Question


@dataclass
class Opened(Message):
    """The index is open."""

    engine: Engine


@dataclass
class NotOpened(Message):
    """The index cannot be opened."""

    error: SearchError


@dataclass
class Edited(Message):
    """The query was edited, and typing has paused."""

    text: str


@dataclass
class Answered(Message):
    """A question has an answer, or a first part of it while ``pending``."""

    question: Question
    query: Query
    result: SearchResult

    @property
    def pending(self) -> bool:
        """Whether another answer to the same question follows."""
        return self.result.mode is not self.question.mode


@dataclass
class Failed(Message):
    """A question cannot be answered."""

    question: Question
    error: SearchError


@dataclass
class Retry(Message):
    """The index should be opened again."""
