"""Questions put to an engine in threads, for a screen that goes on listening to keys."""

import gc
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial

from textual.widget import Widget
from textual.worker import get_current_worker

from search.errors import SearchError
from search.retrieval.engine import Engine
from search.tui.messages import Advised, Answered, Counted, Failed, Glimpsed, Loaded, Revised, Unfolded
from search.tui.services.search_session import Asker, Current, Question
from search.types import Hit, Mode

_YOUNG, _YOUNG_A_MIDDLE, _MIDDLE_A_FULL = 20_000, 20, 20  # objects, then collections, before the next one
_TIDIED = 30.0  # seconds between two full collections, while questions are asked: one takes some 40 ms


class Inquiry:
    """Asks on behalf of a widget, which is told by messages; a new question gives up the one before.

    ``question`` is the last one. What is told of another is stale, but for glimpses, which come in order:
    they are while nothing was prepared since.
    """

    def __init__(self, listener: Widget, first: Question) -> None:
        self._listener = listener
        self._asker: Asker | None = None
        self._lengthened: Current | None = None
        self._glimpsing = False
        self._typed: Question | None = None
        self._prepared = 0
        self._tidied = 0
        self.question = first

    @property
    def ready(self) -> bool:
        """Whether there is an engine to ask."""
        return self._asker is not None

    @property
    def loading(self) -> bool:
        """Whether meaning waits for the model."""
        return self._asker is not None and not self._asker.loaded

    def use(self, engine: Engine) -> None:
        """Ask this engine from now on."""
        if self._asker is None:
            self._listener.set_interval(_TIDIED, self._tidy)
        self._asker = Asker(engine)

    def prepare(self, question: Question) -> None:
        """Make this the last question, with the next number, and give up the one before."""
        self._follow(question)
        self._prepared = self.question.number

    def glimpse(self, question: Question) -> None:
        """Likewise, while it is typed; have its words answered, when they find something: ``Glimpsed``.

        One at a time: while one is answered the last one waits, and those between are never asked.
        """
        self._follow(question)
        if question.mode is not Mode.SEMANTIC and question.text.strip():
            self._typed = self.question
            self._glimpse_typed()

    def stale(self, told: Answered | Advised | Failed | Glimpsed) -> bool:
        """Whether this must not be shown any more."""
        if isinstance(told, Glimpsed):
            return told.question.number <= self._prepared
        return told.question.number != self.question.number

    def put(self) -> None:
        """Have the last question answered: ``Answered``, twice when words come first, or ``Failed``.

        Where it is to be reranked, ``Answered`` once more; a reranker that cannot be had is told of by
        ``Failed``, and asked no more. ``Revised`` may follow.
        """
        if self._asker is not None:
            self._start(partial(self._answer, self._asker, self.question), "search")

    def lengthen(self, current: Current) -> None:
        """Have an answer made one page longer, unless it is whole or that was asked: ``Revised``."""
        if self._asker is None or current.whole or current is self._lengthened:
            return
        self._lengthened = current
        self._start(partial(self._add_page, self._asker, self.question, current), "more")

    def unfold(self, current: Current, result: Hit) -> None:
        """Have the copies of a result weighed and quoted: ``Unfolded``."""
        if self._asker is not None:
            self._start(partial(self._unfold, self._asker, self.question, current, result), "unfold")

    def count(self, current: Current) -> None:
        """Have the articles of an answer counted by their values: ``Counted``."""
        if self._asker is not None:
            self._start(partial(self._count, self._asker, self.question, current), "count")

    def load(self) -> None:
        """Have the model loaded: ``Loaded``."""
        if self._asker is not None:
            self._start(partial(self._load, self._asker), "load")

    def _tidy(self) -> None:
        """Collect what the questions asked since the last time have left behind."""
        if self._tidied != self.question.number:
            self._tidied = self.question.number
            gc.collect()

    def _follow(self, question: Question) -> None:
        self.question = replace(question, number=self.question.number + 1)
        self._typed = None
        self._listener.workers.cancel_group(self._listener, "search")

    def _glimpse_typed(self) -> None:
        if self._asker is None or self._typed is None or self._glimpsing:
            return
        question, self._typed, self._glimpsing = self._typed, None, True
        self._start(partial(self._glimpse, self._asker, question), "glimpse")

    def _start(self, work: Callable[[], None], group: str) -> None:
        self._listener.run_worker(work, thread=True, exclusive=True, group=group)

    def _glimpse(self, asker: Asker, question: Question) -> None:
        with suppress(SearchError):  # it is asked again when typing pauses, and told of then
            current = asker.glimpse(question)
            if current.result.hits:
                self._listener.post_message(Glimpsed(question, current))
        self._listener.call_later(self._end_glimpse)

    def _end_glimpse(self) -> None:
        self._glimpsing = False
        self._glimpse_typed()

    def _answer(self, asker: Asker, question: Question) -> None:
        worker = get_current_worker()
        try:
            for current in asker.answers(question, lambda: worker.is_cancelled):
                self._listener.post_message(Answered(question, current))
                if current.request.mode is question.mode and not worker.is_cancelled:
                    advised = Advised(question, asker.advice(current))
                    self._listener.post_message(advised)
                    self._pinpoint(asker, self._reranked(asker, question, current, advised))
        except SearchError as error:
            self._listener.post_message(Failed(question, error))

    def _reranked(self, asker: Asker, question: Question, merged: Current, advised: Advised) -> Current:
        """The answer that is shown in the end: reranked, or as it was merged."""
        worker = get_current_worker()
        try:
            current = asker.reranked(question, merged, lambda: worker.is_cancelled)
        except SearchError as error:
            self._listener.post_message(Failed(question, error))
            self._listener.call_later(self._rerank_no_more, question)
            return merged
        if current is None:
            return merged
        self._listener.post_message(Answered(question, current))
        self._listener.post_message(Advised(question, advised.advice))
        return current

    def _rerank_no_more(self, failed: Question) -> None:
        if failed.number == self.question.number:  # else the user was not told
            self.question = self.question.reranking(0)

    def _pinpoint(self, asker: Asker, current: Current) -> None:
        worker = get_current_worker()
        if (found := asker.pinpointed(current, lambda: worker.is_cancelled)) is not None:
            self._listener.post_message(Revised(current, found))

    def _load(self, asker: Asker) -> None:
        failure: SearchError | None = None
        try:
            asker.load()
        except SearchError as error:
            failure = error
        _settle()
        if asker is self._asker:
            self._listener.post_message(Loaded(failure))

    def _add_page(self, asker: Asker, question: Question, current: Current) -> None:
        try:
            self._listener.post_message(Revised(current, asker.more(current)))
        except SearchError as error:
            self._listener.post_message(Failed(question, error))

    def _unfold(self, asker: Asker, question: Question, current: Current, result: Hit) -> None:
        try:
            self._listener.post_message(Unfolded(result, asker.copies(current, result)))
        except SearchError as error:
            self._listener.post_message(Failed(question, error))

    def _count(self, asker: Asker, question: Question, current: Current) -> None:
        try:
            self._listener.post_message(Counted(current, asker.counts(current.request)))
        except SearchError as error:
            self._listener.post_message(Failed(question, error))


def _settle() -> None:
    """Spare the garbage collector what is there to stay: looking through it held a key up for 60 ms."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _YOUNG_A_MIDDLE, _MIDDLE_A_FULL)
