"""What the parts of the interface tell one another."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from textual.message import Message

from search.errors import SearchError
from search.query.ast import Query
from search.query.filters import Filter
from search.tui.services.search_session import Advice, Counts, Current, Question
from search.types import Hit


@dataclass
class Typed(Message):
    """The query was edited; more keys may follow."""

    text: str


@dataclass
class Edited(Message):
    """The query was edited, and typing has paused."""

    text: str


@dataclass
class Glimpsed(Message):
    """Words alone find something of what is being typed."""

    question: Question
    current: Current


@dataclass
class Answered(Message):
    """A question has an answer; one by words alone is the first part of a hybrid one."""

    question: Question
    current: Current


@dataclass
class Advised(Message):
    """There is advice on what to ask instead of a question."""

    question: Question
    advice: Advice


@dataclass
class Loaded(Message):
    """The model is loaded, or cannot be."""

    error: SearchError | None


@dataclass
class Revised(Message):
    """An answer is one page longer, or some of its articles are quoted by better sentences."""

    before: Current
    current: Current


@dataclass
class Unfolded(Message):
    """The copies of a result, each as a result of its own."""

    result: Hit
    copies: tuple[Hit, ...]


@dataclass
class Counted(Message):
    """The articles of an answer are counted by their values."""

    current: Current
    counts: Counts


@dataclass
class Failed(Message):
    """A question cannot be answered."""

    question: Question
    error: SearchError


@dataclass
class Refine(Message):
    """The query should be rewritten with a filter."""

    rewrite: Callable[[Query, Filter, date], str]
    filter: Filter
