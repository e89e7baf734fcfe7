"""How near each sentence of the article on the screen is to the query, found out in a thread."""

from collections.abc import Mapping
from functools import partial

from textual.app import App
from textual.timer import Timer
from textual.worker import get_current_worker

from search.engine import Engine
from search.heat import heat_steps
from search.model import Mode
from search.query.tree import Query
from search.text.sentences import Span
from search.tui.asking import Current
from search.tui.reader import ArticlePane
from search.tui.telling import telling

_REST = 0.25  # seconds an article is on the screen before its sentences are compared to the query
_AT_ONCE = 8  # sentences: some 200 ms of encoding
_GROUP = "heat"


class Warmer:
    """Tells an ``ArticlePane`` its ``Warmed``; the article before is given up when another is shown."""

    def __init__(self, app: App[None]) -> None:
        self._app = app
        self._rest: Timer | None = None

    def warm(self, shown: ArticlePane.Shown, engine: Engine, current: Current) -> None:
        """Compare the sentences once the cursor rests, if the model has answered and there is a query."""
        self._app.workers.cancel_group(self._app, _GROUP)
        if self._rest is not None:
            self._rest.stop()
        if current.request.mode is not Mode.KEYWORD and not current.result.degraded:
            compare = partial(_compare, self._app, shown, engine, current.request.query)
            start = partial(self._app.run_worker, compare, group=_GROUP, exclusive=True, thread=True)
            self._rest = self._app.set_timer(_REST, start)


def _compare(app: App[None], shown: ArticlePane.Shown, engine: Engine, query: Query) -> None:
    """Tell of what is in sight first, then again whenever as many sentences more are compared."""
    worker = get_current_worker()
    found: dict[Span, float] = {}
    with telling(app):
        for span, nearness in engine.heat(query, shown.article, shown.passage):
            if worker.is_cancelled:
                return
            found[span] = nearness
            if len(found) % _AT_ONCE == 0:
                _tell(shown, found)
        _tell(shown, found)


def _tell(shown: ArticlePane.Shown, found: Mapping[Span, float]) -> None:
    steps = zip(found, heat_steps(list(found.values())), strict=True)
    shown.pane.post_message(ArticlePane.Warmed(shown.article, dict(steps)))
