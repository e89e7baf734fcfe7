"""A worker thread that scores how near each sentence of the shown article is to the query."""

from collections.abc import Mapping
from functools import partial
from time import monotonic, sleep
from typing import TYPE_CHECKING

from textual.app import App
from textual.timer import Timer
from textual.worker import get_current_worker

from search.query.ast import Query
from search.retrieval.sentence_scores import similarity_levels
from search.text.sentences import Span
from search.tui.services.notices import report_errors
from search.tui.services.search_session import Current
from search.tui.widgets.article_pane import ArticlePane
from search.types import Mode

if TYPE_CHECKING:
    from search.retrieval.engine import Engine

_DELAY = 0.25  # seconds that an article is on the screen before its sentences are scored
_TYPING_PAUSE = 0.4  # seconds after a key in which scoring leaves the processor to the query
_POLL = 0.05  # seconds between two looks at whether the user still types
_BATCH = 8  # sentences: some 200 ms of encoding
_GROUP = "sentence scores"


class SentenceScoreWorker:
    """Posts ``SentencesScored`` to an ``ArticlePane``. Another article cancels the work on the last one."""

    def __init__(self, app: App[None]) -> None:
        self._app = app
        self._timer: Timer | None = None
        self._paused_until = 0.0

    def pause(self) -> None:
        """Pause scoring for a moment because the user types."""
        self._paused_until = monotonic() + _TYPING_PAUSE

    def score(self, shown: ArticlePane.Shown, engine: "Engine", current: Current) -> None:
        """Score the article once it has been on the screen for a moment.

        Nothing is scored when the answer is by keywords only: then there is no model, or no wish for one.
        """
        self._app.workers.cancel_group(self._app, _GROUP)
        if self._timer is not None:
            self._timer.stop()
        if current.request.mode is not Mode.KEYWORD and not current.hits.degraded:
            score = partial(self._score, shown, engine, current.request.query)
            start = partial(self._app.run_worker, score, group=_GROUP, exclusive=True, thread=True)
            self._timer = self._app.set_timer(_DELAY, start)

    def _score(self, shown: ArticlePane.Shown, engine: "Engine", query: Query) -> None:
        """Score the visible sentences first, and post the scores so far after each batch."""
        worker = get_current_worker()
        similarities: dict[Span, float] = {}
        with report_errors(self._app):
            for span, similarity in engine.sentence_scores(query, shown.article, shown.passage):
                similarities[span] = similarity
                if len(similarities) % _BATCH == 0:
                    _post(shown, similarities)
                while monotonic() < self._paused_until and not worker.is_cancelled:
                    sleep(_POLL)
                if worker.is_cancelled:
                    return
            _post(shown, similarities)


def _post(shown: ArticlePane.Shown, similarities: Mapping[Span, float]) -> None:
    levels = zip(similarities, similarity_levels(list(similarities.values())), strict=True)
    shown.pane.post_message(ArticlePane.SentencesScored(shown.article, dict(levels)))
