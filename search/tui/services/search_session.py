"""From a question to its answers. The caller chooses the thread."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from search.query.article_sets import KnownSets, no_sets, sets_named
from search.query.ast import Query, RankingWord
from search.query.filters import without_periods
from search.query.parser import parse
from search.query.plain import plain_query
from search.retrieval.advice import Advice, advice
from search.retrieval.request import Request
from search.retrieval.timeline import Timeline
from search.text.dates import span_days
from search.types import NO_RESCORING, FacetCounts, Hit, Hits, Mode, Rescoring, Sort

if TYPE_CHECKING:
    from search.retrieval.engine import Engine

PAGE_SIZE = 20
"""How many hits a page of an answer has."""
PREVIEW_SIZE = 12
"""How many hits a preview has: as many as a screen shows."""
_DEFAULT_HALF_LIFE = span_days("6m")  # of recency, where the settings name no other
_POLL = 0.05  # seconds between two looks at whether the answer was cancelled

_Choice = TypeVar("_Choice", Mode, Sort)


@dataclass(frozen=True, slots=True)
class Question:
    """What the user asks; a later question has a higher ``number``."""

    number: int
    text: str
    mode: Mode
    sort: Sort
    rescoring: Rescoring = NO_RESCORING

    def changed(self, setting: str, preferred: Rescoring) -> "Question":
        """The same question with one other setting.

        ``mode`` and ``sort`` take their next value. ``rerank`` and ``recency`` are switched on, as
        ``preferred`` has them, or off.
        """
        match setting:
            case "mode":
                return replace(self, mode=next_choice(list(Mode), self.mode))
            case "sort":
                return replace(self, sort=next_choice(list(Sort), self.sort))
            case "rerank":
                return self.with_rerank_depth(0 if self.rescoring.depth else preferred.depth)
            case _:
                half_life = 0.0 if self.rescoring.half_life else preferred.half_life or _DEFAULT_HALF_LIFE
                return replace(self, rescoring=replace(self.rescoring, half_life=half_life))

    def with_rerank_depth(self, depth: int) -> "Question":
        """The same question; the reranker orders its first ``depth`` hits."""
        return replace(self, rescoring=replace(self.rescoring, depth=depth))


@dataclass(frozen=True, slots=True)
class Current:
    """The answer on the screen: ``hits`` answer ``request``, and ``words`` are marked in them."""

    request: Request
    hits: Hits
    words: tuple[RankingWord, ...]

    @property
    def complete(self) -> bool:
        """Whether all hits were asked for, so that there is no further page."""
        return max(self.request.limit, len(self.hits)) >= self.hits.total

    @property
    def reranked(self) -> bool:
        """Whether the reranker has ordered the first hits."""
        return self.request.rescoring.depth > 0

    def same_results(self, other: "Current") -> bool:
        """Whether both answer one request, whatever they hold of its results and quote of these."""
        return _whole(self.request) == _whole(other.request)

    def awaits_meaning(self, question: Question) -> bool:
        """Whether only keywords have answered the hybrid question so far."""
        return self.request.mode is Mode.KEYWORD and question.mode is Mode.HYBRID

    def awaits_reranking(self, question: Question) -> bool:
        """Whether the question asks for a reranker that has not yet ordered this answer."""
        ranked = question.sort is Sort.RELEVANCE and self.words and self.hits.hits
        return bool(question.rescoring.depth and ranked) and not self.reranked

    def followed_by(self, shown: "Current | None") -> "Current":
        """A reranked answer with the other hits of the shown answer below it; any other answer unchanged."""
        if shown is None or not self.reranked:
            return self
        own = {hit.article.id for hit in self.hits}
        others = tuple(hit for hit in shown.hits if hit.article.id not in own)
        longer = replace(self.hits, hits=self.hits.hits + others)
        limit = max(self.request.limit, shown.request.limit)
        return Current(replace(self.request, limit=limit), longer, self.words)


class SearchSession:
    """Asks an engine; several threads may use it.

    Keyword answers never wait. One thread at a time asks for meaning, and one for the reranker, because
    the first request loads the model. ``sets`` are those of the user, which a question may name.
    """

    def __init__(self, engine: "Engine", sets: KnownSets = no_sets) -> None:
        self._engine = engine
        self._sets = sets
        self._semantic_lock = Lock()
        self._rerank_lock = Lock()
        self._model_loaded = False
        self._previewed: Query | None = None

    @property
    def model_loaded(self) -> bool:
        """Whether meaning has answered once, so that the next answer comes soon."""
        return self._model_loaded

    def load_model(self) -> None:
        """Load the model before a question needs it; raises EncoderUnavailable."""
        with self._semantic_lock:
            self._search(Request(plain_query("dépêche"), Mode.SEMANTIC, limit=1))

    def warm(self) -> None:
        """Prepare for many questions, in the background; call it when the first one is answered."""
        self._engine.warm()

    def preview(self, question: Question) -> Current:
        """The first hits by keywords. ``answers`` need not repeat them for the same query.

        Raises SearchError; QueryError for a query with a mistake.
        """
        request = replace(_keyword_request(self._request(question)), limit=PREVIEW_SIZE)
        self._previewed = request.query
        return self._search(request)

    def answers(self, question: Question, is_cancelled: Callable[[], bool]) -> Iterator[Current]:
        """The answers to a question. A hybrid question is answered by keywords first.

        The keyword answer is left out when it was previewed and the model is loaded. The iterator ends
        early when ``is_cancelled``. Raises SearchError; QueryError for a query with a mistake.
        """
        request = self._request(question)
        keyword = _keyword_request(request)
        if question.mode is not Mode.SEMANTIC and keyword == request:
            yield self._search(request)
            return
        if question.mode is Mode.HYBRID and not (self._model_loaded and self._previewed == request.query):
            yield self._search(keyword)
        if _acquire(self._semantic_lock, is_cancelled):
            try:
                merged = self._search(request)
            finally:
                self._semantic_lock.release()
            yield merged

    def reranked(
        self, question: Question, merged: Current, is_cancelled: Callable[[], bool]
    ) -> Current | None:
        """A merged answer whose first hits the reranker has ordered.

        None when the question does not ask for it, or when it was cancelled before it began. Raises
        EncoderUnavailable.
        """
        if not (merged.awaits_reranking(question) and _acquire(self._rerank_lock, is_cancelled)):
            return None
        depth = question.rescoring.depth
        try:
            return self._search(replace(merged.request, limit=depth, rescoring=question.rescoring))
        finally:
            self._rerank_lock.release()

    def with_next_page(self, current: Current) -> Current:
        """The same answer with the next page added; raises SearchError."""
        page = self._engine.search(replace(current.request, offset=current.request.limit, limit=PAGE_SIZE))
        shown = {hit.article.id for hit in current.hits}
        new = tuple(hit for hit in page if hit.article.id not in shown)
        longer = replace(current.hits, hits=current.hits.hits + new)
        limit = current.request.limit + PAGE_SIZE
        return Current(replace(current.request, limit=limit), longer, current.words)

    def with_nearest_sentences(self, current: Current, is_cancelled: Callable[[], bool]) -> Current | None:
        """The same answer; hits whose passage holds no word of the query quote their nearest sentence.

        None when there are no such hits, or when ``is_cancelled``.
        """
        if current.request.mode is Mode.KEYWORD or current.hits.degraded:
            return None
        pinpointed: list[Hit] = []
        for hit in current.hits:
            if is_cancelled():
                return None
            pinpointed.append(self._engine.pinpoint(current.request.query, hit))
        hits = tuple(pinpointed)
        return replace(current, hits=replace(current.hits, hits=hits)) if hits != current.hits.hits else None

    def copies(self, current: Current, hit: Hit) -> tuple[Hit, ...]:
        """The copies of a hit, as hits; raises SearchError."""
        return self._engine.copies(current.request, hit)

    def count(self, question: Question) -> int:
        """How many articles a question finds; raises SearchError."""
        return self._engine.search(replace(self._request(question), limit=1)).total

    def facet_counts(self, request: Request) -> FacetCounts:
        """How many results each value has or would add to a request; raises SearchError."""
        return self._engine.disjunctive_facets(request)

    def timeline(self, request: Request) -> Timeline:
        """The dates of all results, of whatever days the query asks for; of similar articles none."""
        if not request.query.words and request.query.constraint is None:
            return Timeline()
        return self._engine.timeline(replace(request, query=without_periods(request.query)))

    def advice(self, current: Current) -> Advice:
        """See ``search.retrieval.advice``."""
        return advice(self._engine, current.request, current.hits)

    def _request(self, question: Question) -> Request:
        """The first request for a question, without the reranker, which orders the answer to this one."""
        merged = replace(question.rescoring, depth=0)
        query = parse(question.text, date.today())
        sets = self._sets() if sets_named(query) else None
        return Request(query, question.mode, question.sort, limit=PAGE_SIZE, rescoring=merged, sets=sets)

    def _search(self, request: Request) -> Current:
        hits = self._engine.search(request)
        if request.mode is not Mode.KEYWORD and not hits.degraded:
            self._model_loaded = True
        return Current(request, hits, request.query.words)


def similar_articles(hits: Hits) -> Current:
    """Articles that are similar to another one, as a complete answer to a query without words."""
    complete = replace(hits, total=len(hits))
    return Current(Request(Query(hits.query, (), None, ""), hits.mode), complete, ())


def _acquire(lock: Lock, is_cancelled: Callable[[], bool]) -> bool:
    """Wait for the lock; False when the answer was cancelled before."""
    while not is_cancelled():
        if lock.acquire(timeout=_POLL):
            return True
    return False


def _keyword_request(request: Request) -> Request:
    """The same request in keyword mode. A request without words needs no leg and stays as it is."""
    return replace(request, mode=Mode.KEYWORD) if request.query.words else request


def _whole(request: Request) -> Request:
    """The same request for no page in particular."""
    return replace(request, limit=0, offset=0)


def next_choice(choices: Sequence[_Choice], choice: _Choice) -> _Choice:
    """The choice after this one; after the last one comes the first."""
    return choices[(choices.index(choice) + 1) % len(choices)]
