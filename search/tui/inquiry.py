"""Questions put to an engine in threads, for a screen that goes on listening to keys."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from textual.widget import Widget
from textual.worker import get_current_worker

from search.engine import Engine
from search.errors import SearchError
from search.model import Mode, Sort
from search.tui.asking import Asker, Current, Question
from search.tui.messages import Advised, Answered, Counted, Failed, Lengthened, Loaded


class Inquiry:
    """Asks on behalf of a widget, which is told by messages; a new question gives up the one before.

    ``question`` is the last one put; what is told of an earlier one is stale.
    """

    def __init__(self, listener: Widget) -> None:
        self._listener = listener
        self._asker: Asker | None = None
        self._lengthened: Current | None = None
        self.question = Question(0, "", Mode.HYBRID, Sort.RELEVANCE)

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
        self._asker = Asker(engine)

    def prepare(self, question: Question) -> None:
        """Make this the last question, with the next number, and give up the one before."""
        self.question = replace(question, number=self.question.number + 1)
        self._listener.workers.cancel_group(self._listener, "search")

    def put(self) -> None:
        """Have the last question answered: ``Answered``, twice when words come first, or ``Failed``."""
        if self._asker is not None:
            self._start(partial(self._answer, self._asker, self.question), "search")

    def lengthen(self, current: Current) -> None:
        """Have an answer made one page longer, unless it is whole or that was asked: ``Lengthened``."""
        if self._asker is None or current.whole or current is self._lengthened:
            return
        self._lengthened = current
        self._start(partial(self._add_page, self._asker, self.question, current), "more")

    def count(self, current: Current) -> None:
        """Have the articles of an answer counted by their values: ``Counted``."""
        if self._asker is not None:
            self._start(partial(self._count, self._asker, self.question, current), "count")

    def load(self) -> None:
        """Have the model loaded: ``Loaded``."""
        if self._asker is not None:
            self._start(partial(self._load, self._asker), "load")

    def _start(self, work: Callable[[], None], group: str) -> None:
        self._listener.run_worker(work, thread=True, exclusive=True, group=group)

    def _answer(self, asker: Asker, question: Question) -> None:
        worker = get_current_worker()
        try:
            for current in asker.answers(question, lambda: worker.is_cancelled):
                self._listener.post_message(Answered(question, current))
                if current.request.mode is question.mode and not worker.is_cancelled:
                    self._listener.post_message(Advised(question, asker.advice(current)))
        except SearchError as error:
            self._listener.post_message(Failed(question, error))

    def _load(self, asker: Asker) -> None:
        failure: SearchError | None = None
        try:
            asker.load()
        except SearchError as error:
            failure = error
        if asker is self._asker:
            self._listener.post_message(Loaded(failure))

    def _add_page(self, asker: Asker, question: Question, current: Current) -> None:
        try:
            self._listener.post_message(Lengthened(current, asker.more(current)))
        except SearchError as error:
            self._listener.post_message(Failed(question, error))

    def _count(self, asker: Asker, question: Question, current: Current) -> None:
        try:
            self._listener.post_message(Counted(current, asker.counts(current.request)))
        except SearchError as error:
            self._listener.post_message(Failed(question, error))
