"""How near each sentence of the article on the screen is to the query, found out in a thread."""

from collections.abc import Mapping
from functools import partial
from time import monotonic, sleep

from textual.app import App
from textual.timer import Timer
from textual.worker import get_current_worker

from search.query.ast import Query
from search.retrieval.engine import Engine
from search.retrieval.sentence_scores import similarity_levels
from search.text.sentences import Span
from search.tui.services.error_messages import telling
from search.tui.services.search_session import Current
from search.tui.widgets.article_view import ArticlePane
from search.types import Mode

_REST = 0.25  # seconds an article is on the screen before its sentences are compared to the query
_HUSH = 0.4  # seconds after a key in which sentences leave the processor to the query
_LOOK = 0.05  # seconds between two looks at whether the user still types
_AT_ONCE = 8  # sentences: some 200 ms of encoding
_GROUP = "heat"


class Warmer:
    """Tells an ``ArticlePane`` its ``Warmed``; the article before is given up when another is shown."""

    def __init__(self, app: App[None]) -> None:
        self._app = app
        self._rest: Timer | None = None
        self._quiet_until = 0.0

    def hush(self) -> None:
        """Wait with comparing: the user types."""
        self._quiet_until = monotonic() + _HUSH

    def warm(self, shown: ArticlePane.Shown, engine: Engine, current: Current) -> None:
        """Compare the sentences once the cursor rests, if the model has answered and there is a query."""
        self._app.workers.cancel_group(self._app, _GROUP)
        if self._rest is not None:
            self._rest.stop()
        if current.request.mode is not Mode.KEYWORD and not current.result.degraded:
            compare = partial(self._compare, shown, engine, current.request.query)
            start = partial(self._app.run_worker, compare, group=_GROUP, exclusive=True, thread=True)
            self._rest = self._app.set_timer(_REST, start)

    def _compare(self, shown: ArticlePane.Shown, engine: Engine, query: Query) -> None:
        """Tell of what is in sight first, then again whenever as many sentences more are compared."""
        worker = get_current_worker()
        found: dict[Span, float] = {}
        with telling(self._app):
            for span, sentence_similarities in engine.sentence_scores(query, shown.article, shown.passage):
                found[span] = sentence_similarities
                if len(found) % _AT_ONCE == 0:
                    _tell(shown, found)
                while monotonic() < self._quiet_until and not worker.is_cancelled:
                    sleep(_LOOK)
                if worker.is_cancelled:
                    return
            _tell(shown, found)


def _tell(shown: ArticlePane.Shown, found: Mapping[Span, float]) -> None:
    steps = zip(found, similarity_levels(list(found.values())), strict=True)
    shown.pane.post_message(ArticlePane.Warmed(shown.article, dict(steps)))
