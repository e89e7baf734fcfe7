"""How near each sentence of the article on the screen is to the query, found out in a thread."""

from functools import partial

from textual.app import App
from textual.timer import Timer
from textual.worker import get_current_worker

from search.engine import Engine
from search.heat import heat_steps
from search.model import Article, Mode
from search.query.tree import Query
from search.text.sentences import Span
from search.tui.asking import Current
from search.tui.reader import ArticlePane
from search.tui.telling import telling

_REST = 0.25  # seconds an article is on the screen before its sentences are compared to the query
_GROUP = "heat"


class Warmer:
    """Tells an ``ArticlePane`` its ``Warmed``; the article before is given up when another is shown."""

    def __init__(self, app: App[None]) -> None:
        self._app = app
        self._rest: Timer | None = None

    def warm(self, pane: ArticlePane, article: Article, engine: Engine, current: Current) -> None:
        """Compare the sentences once the cursor rests, if the model has answered and there is a query."""
        self._app.workers.cancel_group(self._app, _GROUP)
        if self._rest is not None:
            self._rest.stop()
        if current.request.mode is not Mode.KEYWORD and not current.result.degraded:
            compare = partial(_compare, self._app, pane, article, engine, current.request.query)
            start = partial(self._app.run_worker, compare, group=_GROUP, exclusive=True, thread=True)
            self._rest = self._app.set_timer(_REST, start)


def _compare(app: App[None], pane: ArticlePane, article: Article, engine: Engine, query: Query) -> None:
    worker = get_current_worker()
    found: list[tuple[Span, float]] = []
    with telling(app):
        for sentence in engine.heat(query, article):
            if worker.is_cancelled:
                return
            found.append(sentence)
        steps = heat_steps([nearness for _, nearness in found])
        heat = {span: step for (span, _), step in zip(found, steps, strict=True)}
        pane.post_message(ArticlePane.Warmed(article, heat))
