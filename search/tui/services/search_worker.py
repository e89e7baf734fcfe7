"""Worker threads that answer questions, so that the screen keeps reacting to keys."""

import gc
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from textual._styles_cache import StylesCache  # private: nothing public empties this cache
from textual.strip import Strip
from textual.widget import Widget
from textual.worker import get_current_worker

from search.errors import SearchError
from search.query.article_sets import KnownSets, no_sets
from search.tui.messages import (
    Advised,
    Answered,
    CopiesLoaded,
    FacetsCounted,
    Failed,
    ModelLoaded,
    Previewed,
    Revised,
)
from search.tui.services.search_session import Current, Question, SearchSession
from search.types import Hit, Mode

if TYPE_CHECKING:
    from search.retrieval.engine import Engine

_GC_THRESHOLDS = 20_000, 20, 20  # objects before a young collection, then collections before an older one
_GC_INTERVAL = 30.0  # seconds between two full collections of some 40 ms, while the user asks


class SearchWorker:
    """Answers questions in threads and posts the answers to a widget. A new question cancels the last one.

    ``question`` is the last question. Messages about an earlier question are stale. Previews arrive in
    order; they are stale only when a question was set after them.
    """

    def __init__(self, listener: Widget, first: Question) -> None:
        self._listener = listener
        self._session: SearchSession | None = None
        self._extended: Current | None = None
        self._previewing = False
        self._next_preview: Question | None = None
        self._set_number = 0
        self._collected_number = 0
        self.question = first

    @property
    def ready(self) -> bool:
        """Whether there is an engine to ask."""
        return self._session is not None

    @property
    def model_loading(self) -> bool:
        """Whether a semantic answer has to wait for the model."""
        return self._session is not None and not self._session.model_loaded

    def use(self, engine: "Engine", sets: KnownSets = no_sets) -> None:
        """Ask this engine from now on; ``sets`` are those of the user."""
        if self._session is None:
            self._listener.set_interval(_GC_INTERVAL, self._collect_garbage)
        self._session = SearchSession(engine, sets)

    def set_question(self, question: Question) -> None:
        """Make this the last question, with the next number, and cancel the one before."""
        self._number(question)
        self._set_number = self.question.number

    def preview(self, question: Question) -> None:
        """Make this the last question while the user types it; posts ``Previewed`` if keywords find hits.

        One preview runs at a time. Only the latest question waits for it; those in between are dropped.
        """
        self._number(question)
        if question.mode is not Mode.SEMANTIC and question.text.strip():
            self._next_preview = self.question
            self._start_preview()

    def is_stale(self, message: Answered | Advised | Failed | Previewed) -> bool:
        """Whether the user has asked something else since, so that this must not be shown."""
        if isinstance(message, Previewed):
            return message.question.number <= self._set_number
        return message.question.number != self.question.number

    def answer(self) -> None:
        """Answer the last question; posts ``Answered`` or ``Failed``.

        ``Answered`` is posted once for each of the keyword answer, the merged one and the reranked one.
        ``Failed`` also says that the reranker is missing; it is not asked again then. ``Revised`` may follow.
        """
        if self._session is not None:
            self._start(partial(self._answer, self._session, self.question), "search")

    def count(self, text: str) -> int:
        """How many articles this text finds as the last question asks; may be called from any thread.

        0 without an engine. Raises SearchError.
        """
        return 0 if self._session is None else self._session.count(replace(self.question, text=text))

    def load_next_page(self, current: Current) -> None:
        """Add the next page to an answer, once for each answer; posts ``Revised``."""
        if self._session is None or current.complete or current is self._extended:
            return
        self._extended = current
        self._start(partial(self._load_next_page, self._session, self.question, current), "next page")

    def load_copies(self, current: Current, hit: Hit) -> None:
        """Score the copies of a hit and choose their snippets; posts ``CopiesLoaded``."""
        if self._session is not None:
            self._start(partial(self._load_copies, self._session, self.question, current, hit), "copies")

    def count_facets(self, current: Current) -> None:
        """Count the results of an answer by their values; posts ``FacetsCounted``."""
        if self._session is not None:
            self._start(partial(self._count_facets, self._session, self.question, current), "facets")

    def load_model(self) -> None:
        """Load the model; posts ``ModelLoaded``."""
        if self._session is not None:
            self._start(partial(self._load_model, self._session), "load")

    def _collect_garbage(self) -> None:
        """Free what the questions since the last collection have left in memory.

        Textual keeps a style for each place of a letter in each article that was shown, 16,384 of 1 kB, and
        the lines of 1,024 widgets that are gone.
        """
        if self._collected_number != self.question.number:
            self._collected_number = self.question.number
            Strip.render_ansi.cache_clear()
            StylesCache.get_inner_outer.cache_clear()
            gc.collect()

    def _number(self, question: Question) -> None:
        self.question = replace(question, number=self.question.number + 1)
        self._next_preview = None
        self._listener.workers.cancel_group(self._listener, "search")

    def _start_preview(self) -> None:
        if self._session is None or self._next_preview is None or self._previewing:
            return
        question, self._next_preview, self._previewing = self._next_preview, None, True
        self._start(partial(self._preview, self._session, question), "preview")

    def _start(self, work: Callable[[], None], group: str) -> None:
        self._listener.run_worker(work, thread=True, exclusive=True, group=group)

    def _preview(self, session: SearchSession, question: Question) -> None:
        with suppress(SearchError):  # the question is asked again after a pause, and the error is shown then
            current = session.preview(question)
            if current.hits.hits:
                self._listener.post_message(Previewed(question, current))
        self._listener.call_later(self._end_preview)

    def _end_preview(self) -> None:
        self._previewing = False
        self._start_preview()

    def _answer(self, session: SearchSession, question: Question) -> None:
        worker = get_current_worker()
        try:
            for current in session.answers(question, lambda: worker.is_cancelled):
                self._listener.post_message(Answered(question, current))
                if current.request.mode is question.mode and not worker.is_cancelled:
                    advised = Advised(question, session.advice(current))
                    self._listener.post_message(advised)
                    self._quote_nearest(session, self._rerank(session, question, current, advised))
                    if question.mode is not Mode.KEYWORD:
                        session.warm()
        except SearchError as error:
            self._listener.post_message(Failed(question, error))

    def _rerank(
        self, session: SearchSession, question: Question, merged: Current, advised: Advised
    ) -> Current:
        """Post the reranked answer and return it; return the merged one where there is none."""
        worker = get_current_worker()
        try:
            current = session.reranked(question, merged, lambda: worker.is_cancelled)
        except SearchError as error:
            self._listener.post_message(Failed(question, error))
            self._listener.call_later(self._stop_reranking, question)
            return merged
        if current is None:
            return merged
        self._listener.post_message(Answered(question, current))
        self._listener.post_message(Advised(question, advised.advice))
        return current

    def _stop_reranking(self, failed: Question) -> None:
        if failed.number == self.question.number:  # otherwise the user did not see the error
            self.question = self.question.with_rerank_depth(0)

    def _quote_nearest(self, session: SearchSession, current: Current) -> None:
        worker = get_current_worker()
        revised = session.with_nearest_sentences(current, lambda: worker.is_cancelled)
        if revised is not None:
            self._listener.post_message(Revised(current, revised))

    def _load_model(self, session: SearchSession) -> None:
        failure: SearchError | None = None
        try:
            session.load_model()
        except SearchError as error:
            failure = error
        _tune_garbage_collector()
        if session is self._session:
            self._listener.post_message(ModelLoaded(failure))

    def _load_next_page(self, session: SearchSession, question: Question, current: Current) -> None:
        try:
            self._listener.post_message(Revised(current, session.with_next_page(current)))
        except SearchError as error:
            self._listener.post_message(Failed(question, error))

    def _load_copies(self, session: SearchSession, question: Question, current: Current, hit: Hit) -> None:
        try:
            self._listener.post_message(CopiesLoaded(hit, session.copies(current, hit)))
        except SearchError as error:
            self._listener.post_message(Failed(question, error))

    def _count_facets(self, session: SearchSession, question: Question, current: Current) -> None:
        worker = get_current_worker()
        try:
            counts, timeline = session.facet_counts(current.request), session.timeline(current.request)
            if not worker.is_cancelled:  # another index may be searched by now
                self._listener.post_message(FacetsCounted(current, counts, timeline))
        except SearchError as error:
            self._listener.post_message(Failed(question, error))


def _tune_garbage_collector() -> None:
    """Take the loaded program out of garbage collection: one pass over it delayed a key by 60 ms."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_GC_THRESHOLDS)
