"""Commands on the article at hand: find similar ones, open it elsewhere, copy it."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.app import App

from search.tui.i18n import Texts
from search.tui.screens.reader import ReaderScreen
from search.tui.screens.search import SearchScreen
from search.tui.services.article_actions import copy_citation, copy_text, open_in_browser, open_in_editor
from search.tui.services.index_manager import IndexManager
from search.tui.services.marking import Marking
from search.tui.services.notices import report_errors
from search.types import Article, Hit, Hits

if TYPE_CHECKING:
    from search.retrieval.engine import Engine

_SIMILAR_LIMIT = 30
_ACTIONS: dict[str, Callable[[App[Any], Texts, Article], None]] = {
    "open": open_in_browser,
    "edit": open_in_editor,
    "copy": copy_text,
    "cite": copy_citation,
}


class ArticleCommands:
    """Runs commands by name on the article that the user reads, otherwise on the selected one."""

    def __init__(
        self,
        app: App[Any],
        texts: Texts,
        index_manager: IndexManager,
        search_screen: SearchScreen,
        marking: Marking,
    ) -> None:
        self._app = app
        self._texts = texts
        self._index_manager = index_manager
        self._search_screen = search_screen
        self._marking = marking

    @property
    def at_hand(self) -> Hit | None:
        """The hit that the user reads; otherwise the selected one."""
        readers = [screen for screen in self._app.screen_stack if isinstance(screen, ReaderScreen)]
        return readers[-1].hit if readers else self._search_screen.panes.selected

    @property
    def chosen_or_at_hand(self) -> tuple[Hit, ...]:
        """The chosen hits while the list is shown; otherwise the hit at hand, if there is one."""
        reading = any(isinstance(screen, ReaderScreen) for screen in self._app.screen_stack)
        if not reading and (chosen := self._search_screen.panes.chosen):
            return chosen
        return () if (hit := self.at_hand) is None else (hit,)

    def require_hit(self, command: str) -> Hit | None:
        """The hit at hand; when there is none, tell the user what the command is for and what to do first."""
        if (hit := self.at_hand) is None:
            self._search_screen.explain_missing_article(command)
        return hit

    def run(self, name: str) -> None:
        """Run ``similar``, ``read``, ``open``, ``edit``, ``copy`` or ``cite``."""
        if (hit := self.require_hit(name)) is None:
            return
        if name == "similar":
            self._search_similar(hit)
        elif name == "read":
            self._marking.toggle_read([one.article for one in self.chosen_or_at_hand])
        else:
            _ACTIONS[name](self._app, self._texts, hit.article)
            self._marking.mark_read([hit.article])

    def _search_similar(self, hit: Hit) -> None:
        if (index := self._index_manager.index) is not None:
            number = self._search_screen.question.number
            find = partial(self._find_similar, index.engine, hit.article.id, number)
            self._app.run_worker(find, thread=True, exclusive=True, group="similar")

    def _find_similar(self, engine: "Engine", article_id: str, number: int) -> None:
        with report_errors(self._app):
            hits = engine.similar(article_id, _SIMILAR_LIMIT)
            self._app.call_from_thread(self._show_similar, hits, number)

    def _show_similar(self, hits: Hits, number: int) -> None:
        """Show similar articles, unless the user has asked something else since the question ``number``."""
        if number != self._search_screen.question.number:
            return
        if isinstance(self._app.screen, ReaderScreen):
            self._app.screen.dismiss()
        self._search_screen.show_similar(hits)
