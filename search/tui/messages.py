"""The messages that screens, widgets and workers send to each other."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from textual.message import Message

from search.errors import SearchError
from search.query.ast import Query
from search.query.filters import Filter
from search.retrieval.advice import Advice
from search.retrieval.timeline import Timeline
from search.tui.services.search_session import Current, Question
from search.types import FacetCounts, Hit


@dataclass
class Typed(Message):
    """The user has edited the query and may type on."""

    text: str


@dataclass
class Edited(Message):
    """The user has edited the query and paused."""

    text: str


@dataclass
class Entered(Message):
    """The user has pressed the key of ``read`` in the box, after every letter that is in it."""


@dataclass
class Previewed(Message):
    """Keywords find articles for the query that the user is typing."""

    question: Question
    current: Current


@dataclass
class Answered(Message):
    """A question has an answer. A keyword answer to a hybrid question comes before the merged one."""

    question: Question
    current: Current


@dataclass
class Advised(Message):
    """There is advice on a question."""

    question: Question
    advice: Advice


@dataclass
class ModelLoaded(Message):
    """The model is loaded, or ``error`` says why it cannot be."""

    error: SearchError | None


@dataclass
class Revised(Message):
    """An answer has one more page, or better snippets; ``before`` is the answer without them."""

    before: Current
    current: Current


@dataclass
class CopiesLoaded(Message):
    """The copies of a hit, as hits."""

    hit: Hit
    copies: tuple[Hit, ...]


@dataclass
class FacetsCounted(Message):
    """The results of an answer are counted by their values, and by their dates whatever days it asks for."""

    current: Current
    counts: FacetCounts
    timeline: Timeline


@dataclass
class Failed(Message):
    """A question cannot be answered."""

    question: Question
    error: SearchError


@dataclass
class Refine(Message):
    """The user wants the query rewritten with a filter; ``rewrite`` adds the filter or takes it away."""

    rewrite: Callable[[Query, Filter, date], str]
    filter: Filter
