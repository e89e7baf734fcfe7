"""From a question to its answers, in whatever thread asks."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock
from typing import TypeVar

from search.errors import EncoderUnavailable
from search.query.ast import Query, RankingWord
from search.query.parser import parse
from search.query.plain import plain_query
from search.query.relaxation import Relaxation, relaxations
from search.retrieval.engine import Engine
from search.retrieval.request import Request
from search.retrieval.rescoring import NO_RESCORING, Rescoring
from search.text.dates import span_days
from search.types import FacetCounts, Hit, Hits, Mode, Sort

PAGE = 20
"""How many articles an answer lists at first, and how many more each time."""
GLIMPSE = 12
"""How many are listed while the question is being typed: what a screen shows of them."""
_HALF_LIFE = span_days("6m")  # of recency, where no other is preferred
_PATIENCE = 0.05  # seconds between two looks at whether the answer is still wanted

_Choice = TypeVar("_Choice", Mode, Sort)

Counts = FacetCounts


@dataclass(frozen=True, slots=True)
class Question:
    """What the user asks; a higher ``number`` is a later question."""

    number: int
    text: str
    mode: Mode
    sort: Sort
    rescoring: Rescoring = NO_RESCORING

    def changed(self, how: str, preferred: Rescoring) -> "Question":
        """The same asked otherwise: in the next ``mode`` or ``sort``, or with or without one of the others.

        These are ``rerank`` and ``recency``, as they are preferred.
        """
        match how:
            case "mode":
                return replace(self, mode=_following(list(Mode), self.mode))
            case "sort":
                return replace(self, sort=_following(list(Sort), self.sort))
            case "rerank":
                return self.reranking(0 if self.rescoring.depth else preferred.depth)
            case _:
                half_life = 0.0 if self.rescoring.half_life else preferred.half_life or _HALF_LIFE
                return replace(self, rescoring=replace(self.rescoring, half_life=half_life))

    def reranking(self, depth: int) -> "Question":
        """The same, so many articles put in order by the reranker."""
        return replace(self, rescoring=replace(self.rescoring, depth=depth))


@dataclass(frozen=True, slots=True)
class Current:
    """An answer as it is shown: ``result`` answers ``request``, and ``words`` are marked in it."""

    request: Request
    result: Hits
    words: tuple[RankingWord, ...]

    @property
    def whole(self) -> bool:
        """Whether every article found has been asked for."""
        return max(self.request.limit, len(self.result.hits)) >= self.result.total

    @property
    def reranked(self) -> bool:
        """Whether the reranker has put the first articles in order."""
        return self.request.rescoring.depth > 0

    def awaits_reranking(self, question: Question) -> bool:
        """Whether the reranker has yet to read what this answers to a question."""
        ranked = question.sort is Sort.RELEVANCE and self.words and self.result.hits
        return bool(question.rescoring.depth and ranked) and not self.reranked

    def followed_by(self, shown: "Current | None") -> "Current":
        """A reranked answer with what is shown of the merged one below it; another as it is."""
        if shown is None or not self.reranked:
            return self
        own = {result.article.id for result in self.result.hits}
        others = tuple(result for result in shown.result.hits if result.article.id not in own)
        longer = replace(self.result, hits=self.result.hits + others)
        limit = max(self.request.limit, shown.request.limit)
        return Current(replace(self.request, limit=limit), longer, self.words)


@dataclass(frozen=True, slots=True)
class Way:
    """Another question with ``total`` answers; ``relaxation`` is None where only the mode is another."""

    text: str
    mode: Mode
    total: int
    relaxation: Relaxation | None = None


@dataclass(frozen=True, slots=True)
class Advice:
    """What may have been meant, and for an answer without articles the ways out."""

    suggestion: str | None
    ways: tuple[Way, ...]


class Asker:
    """Asks an engine from several threads.

    Words are answered at once; meaning and the reranker by one thread at a time each, because the first one
    loads the model.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._meaning = Lock()
        self._reading = Lock()
        self._loaded = False
        self._glimpsed: Query | None = None

    @property
    def loaded(self) -> bool:
        """Whether meaning has answered before, so that it will answer soon."""
        return self._loaded

    def load(self) -> None:
        """Have the model loaded before it is needed; raises EncoderUnavailable."""
        with self._meaning:
            self._ask(Request(plain_query("dépêche"), Mode.SEMANTIC, limit=1))

    def glimpse(self, question: Question) -> Current:
        """The beginning of the answer by words alone; ``answers`` then leaves out what it adds little to.

        Raises SearchError, QueryError for what cannot be understood.
        """
        request = replace(_by_words(_request(question)), limit=GLIMPSE)
        self._glimpsed = request.query
        return self._ask(request)

    def answers(self, question: Question, given_up: Callable[[], bool]) -> Iterator[Current]:
        """The answer to a question; a hybrid one is answered by its words first.

        Not so when those were glimpsed and meaning answers soon. Stops early when ``given_up``. Raises
        SearchError, QueryError for what cannot be understood.
        """
        request = _request(question)
        by_words = _by_words(request)
        if question.mode is not Mode.SEMANTIC and by_words == request:
            yield self._ask(request)
            return
        if question.mode is Mode.HYBRID and not (self._loaded and self._glimpsed == request.query):
            yield self._ask(by_words)
        if _takes_turn(self._meaning, given_up):
            try:
                merged = self._ask(request)
            finally:
                self._meaning.release()
            yield merged

    def reranked(self, question: Question, merged: Current, given_up: Callable[[], bool]) -> Current | None:
        """A merged answer, its first articles put in order by the reranker.

        None where that is not asked for, or given up before it began. Raises EncoderUnavailable.
        """
        if not (merged.awaits_reranking(question) and _takes_turn(self._reading, given_up)):
            return None
        depth = question.rescoring.depth
        try:
            return self._ask(replace(merged.request, limit=depth, rescoring=question.rescoring))
        finally:
            self._reading.release()

    def more(self, current: Current) -> Current:
        """The same answer, longer by the next page; raises SearchError."""
        page = self._engine.search(replace(current.request, offset=current.request.limit, limit=PAGE))
        shown = {result.article.id for result in current.result.hits}
        new = tuple(result for result in page.hits if result.article.id not in shown)
        longer = replace(current.result, hits=current.result.hits + new)
        return Current(replace(current.request, limit=current.request.limit + PAGE), longer, current.words)

    def pinpointed(self, current: Current, given_up: Callable[[], bool]) -> Current | None:
        """The same answer, with sentences found by meaning where passages hold no word.

        None when there are no such passages, or when ``given_up``.
        """
        if current.request.mode is Mode.KEYWORD or current.result.degraded:
            return None
        found: list[Hit] = []
        for result in current.result.hits:
            if given_up():
                return None
            found.append(self._engine.pinpoint(current.request.query, result))
        results = tuple(found)
        changed = results != current.result.hits
        return replace(current, result=replace(current.result, hits=results)) if changed else None

    def copies(self, current: Current, result: Hit) -> tuple[Hit, ...]:
        """The copies of one of an answer's results, as results; raises SearchError."""
        return self._engine.copies(current.request, result)

    def counts(self, request: Request) -> Counts:
        """How many of all the articles of an answer have each value."""
        return self._engine.facets(request)

    def advice(self, current: Current) -> Advice:
        """What to ask instead; ways out only when nothing was found, and only those that find something."""
        suggestion = self._engine.suggest(current.request.query)
        ways = () if current.result.shown else filter(None, map(self._counted, _ways(current.request)))
        return Advice(suggestion, tuple(ways))

    def _counted(self, way: Way) -> Way | None:
        """A way with the number of its answers, unless it has none."""
        request = Request(parse(way.text, date.today()), way.mode, limit=1)
        try:
            total = self._engine.search(request).total
        except EncoderUnavailable:  # what cannot be asked is no way out
            return None
        return replace(way, total=total) if total else None

    def _ask(self, request: Request) -> Current:
        result = self._engine.search(request)
        self._loaded = self._loaded or (request.mode is not Mode.KEYWORD and not result.degraded)
        return Current(request, result, request.query.words)


def _takes_turn(lock: Lock, given_up: Callable[[], bool]) -> bool:
    """Wait for the lock; tell whether it was taken before the answer was given up."""
    while not given_up():
        if lock.acquire(timeout=_PATIENCE):
            return True
    return False


def _request(question: Question) -> Request:
    """What is asked of the engine first: the reranker reads what that finds."""
    merged = replace(question.rescoring, depth=0)
    query = parse(question.text, date.today())
    return Request(query, question.mode, question.sort, limit=PAGE, rescoring=merged)


def _by_words(request: Request) -> Request:
    """The request to the keyword leg alone; one without words needs no leg and stays as it is."""
    return replace(request, mode=Mode.KEYWORD) if request.query.words else request


def _following(choices: Sequence[_Choice], choice: _Choice) -> _Choice:
    return choices[(choices.index(choice) + 1) % len(choices)]


def _ways(request: Request) -> Iterator[Way]:
    for relaxation in relaxations(request.query):
        yield Way(relaxation.query.raw, request.mode, 0, relaxation)
    if request.query.words and request.mode is not Mode.SEMANTIC:
        yield Way(request.query.raw, Mode.SEMANTIC, 0)


def likeness(result: Hits) -> Current:
    """The articles like another, which no words asked for, as an answer that is whole."""
    listed = replace(result, total=len(result.hits))
    return Current(Request(Query(result.query, (), None, ""), result.mode), listed, ())
