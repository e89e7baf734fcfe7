"""The dialogs that the user opens above the search screen."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.screen import Screen

from search.errors import QueryError
from search.query.article_sets import text_renaming_dossier
from search.query.parser import parse
from search.text.sanitize import flat
from search.tui.article_commands import ArticleCommands
from search.tui.help_places import explained_places
from search.tui.i18n import Texts
from search.tui.screens.advanced_form import AdvancedFormScreen
from search.tui.screens.comparison import ChosenSearch, ComparisonScreen
from search.tui.screens.counts import CountsScreen
from search.tui.screens.dossier_choice import DossierChoiceScreen
from search.tui.screens.dossiers import DossiersScreen
from search.tui.screens.explanation import ExplanationScreen, explain_hit
from search.tui.screens.export import Exportable, ExportScreen, Streamed, exportables
from search.tui.screens.help import HelpScreen
from search.tui.screens.history import HistoryScreen
from search.tui.screens.index import index_screen
from search.tui.screens.saved_searches import SavedSearchesScreen
from search.tui.screens.search import SearchScreen
from search.tui.services.comparer import ComparedTexts, Comparer
from search.tui.services.counter import AnswerCounter
from search.tui.services.index_manager import IndexManager
from search.tui.services.marking import Marking
from search.tui.services.notices import report_errors
from search.tui.services.user_data import UserData
from search.types import Mode
from search.user.dossiers import Dossier
from search.user.history import HistoryEntry
from search.user.saved_searches import SavedSearch

if TYPE_CHECKING:
    from search.retrieval.engine import Engine


class Dialogs:
    """Opens dialogs by name. A dialog that has nothing to work on tells the user what is missing."""

    def __init__(
        self,
        app: App[Any],
        texts: Texts,
        user_data: UserData,
        index_manager: IndexManager,
        search_screen: SearchScreen,
        article_commands: ArticleCommands,
        marking: Marking,
        chosen_keys: Mapping[str, str],
    ) -> None:
        self._app = app
        self._texts = texts
        self._user_data = user_data
        self._index_manager = index_manager
        self._search_screen = search_screen
        self._article_commands = article_commands
        self._marking = marking
        self._chosen_keys = chosen_keys
        self._openers: dict[str, Callable[[], None]] = {
            "help": self._open_help,
            "why": self._open_explanation,
            "export": self._open_export,
            "index": self._open_index,
            "history": self._open_history,
            "saved": self._open_saved_searches,
            "compare": self._open_comparison,
            "counts": self._open_counts,
            "form": self._open_form,
            "dossier": self._open_dossier_choice,
            "dossiers": self._open_dossiers,
        }
        self._compared = ComparedTexts("", "", Mode.HYBRID)

    def open(self, name: str) -> None:
        """Open the dialog of this name; a damaged file of the user is reported."""
        with report_errors(self._app):
            self._openers[name]()

    def _open_help(self) -> None:
        """Show tasks, the query language, and the keys, those of this place first."""
        self._push(HelpScreen(self._texts, explained_places(self._texts, self._app, self._chosen_keys)))

    def _open_explanation(self) -> None:
        """Explain why the article at hand was found."""
        current, index = self._search_screen.current, self._index_manager.index
        if current is None:  # an article of the home was not found
            self._search_screen.explain_missing_article("why")
            return
        hit = self._article_commands.require_hit("why")
        if index is not None and hit is not None:
            explain = partial(explain_hit, index.engine, current.request, hit)
            self._push(ExplanationScreen(self._texts, hit.article.title, explain))

    def _open_export(self) -> None:
        """Export the answer, or the chosen hits, to a file."""
        index, current = self._index_manager.index, self._search_screen.current
        if self._search_screen.half_answered:
            self._app.notify(
                self._texts.translate("The search by meaning is still running; export again in a moment.")
            )
            return
        if current is None:
            self._search_screen.explain_missing_article("export")
            return
        hit = self._article_commands.require_hit("export")
        if index is not None and hit is not None:
            chosen = self._search_screen.panes.chosen
            notes = self._user_data.article_sets().notes(current.request.query)
            choices = exportables(self._texts, index.engine, current, chosen, hit, notes)
            self._push(ExportScreen(self._texts, choices, Path.cwd()))

    def _open_index(self) -> None:
        """Show the facts of the index, or why none is open."""
        if (screen := index_screen(self._texts, self._index_manager)) is not None:
            self._push(screen)

    def _open_history(self) -> None:
        """Choose an earlier search and ask it again."""
        self._app.push_screen(HistoryScreen(self._texts, self._user_data), self._ask_again)

    def _open_saved_searches(self) -> None:
        """Save the current search, or ask a saved one again."""
        index, current = self._index_manager.index, self._search_screen.current
        if index is not None:
            screen = SavedSearchesScreen(self._texts, self._user_data, index.engine, current)
            self._app.push_screen(screen, self._ask_again)

    def _open_comparison(self) -> None:
        """Compare the query, alone or with the one that it was compared with before, over time."""
        index, question = self._index_manager.index, self._search_screen.question
        if index is None:
            return
        compared = ComparedTexts(question.text, "", question.mode)
        if self._compared.takes_up(question.text):
            compared = self._compared
        comparer = Comparer(index.engine, self._user_data.article_sets)
        self._app.push_screen(ComparisonScreen(self._texts, comparer, compared), self._search_compared)

    def _search_compared(self, chosen: ChosenSearch | None) -> None:
        if chosen is not None:
            self._compared = chosen.compared
            self._search_screen.ask(chosen.text, chosen.compared.mode)

    def _open_counts(self) -> None:
        """Count the words of the answer."""
        index, current = self._index_manager.index, self._search_screen.current
        if index is None or current is None:
            self._search_screen.explain_missing_article("counts")
            return
        screen = CountsScreen(self._texts, AnswerCounter(index.engine, current.request))
        self._app.push_screen(screen, self._ask_text)

    def _open_form(self) -> None:
        """Write a query from fields, into which the present one is read, and ask it."""
        if (index := self._index_manager.index) is None:
            self._app.notify(self._texts.opening)
            return
        text, count = self._search_screen.question.text, self._search_screen.count
        screen = AdvancedFormScreen(self._texts, text, count, index.engine.names)
        self._app.push_screen(screen, self._ask_text)

    def _ask_text(self, text: str | None) -> None:
        if text is not None:
            self._search_screen.ask(text)

    def _open_dossier_choice(self) -> None:
        """Put the chosen articles, or the one at hand, into a dossier, or take them out."""
        if self._article_commands.require_hit("dossier") is not None:
            articles = [hit.article for hit in self._article_commands.chosen_or_at_hand]
            screen = DossierChoiceScreen(self._texts, self._user_data, articles)
            self._app.push_screen(screen, lambda _: self._marking.refresh())

    def _open_dossiers(self) -> None:
        """Ask for the articles of a dossier, or change it."""
        index = self._index_manager.index
        if index is not None:
            export = partial(self._export_dossier, index.engine)
            follow = self._follow_rename
            screen = DossiersScreen(self._texts, self._user_data, index.engine, export, follow)
            self._app.push_screen(screen, self._ask_dossier)

    def _ask_dossier(self, query: str | None) -> None:
        self._marking.refresh()
        if query is not None:
            while self._app.screen is not self._search_screen:
                self._app.pop_screen()
            self._search_screen.ask(query)

    def _follow_rename(self, name: str, other: str) -> None:
        """Put the new name of a dossier into the query that is on the screen."""
        text, today = self._search_screen.question.text, date.today()
        with suppress(QueryError):  # it stands below the box
            if (renamed := text_renaming_dossier(parse(text, today), name, other)) != text:
                self._search_screen.ask(renamed)

    def _export_dossier(self, engine: "Engine", dossier: Dossier) -> None:
        def hits() -> Streamed:
            answer = self._user_data.hits_of(engine, dossier)
            return answer, answer.hits

        notes = {article.id: article.note for article in dossier.articles}
        label = self._texts.translate("the dossier “{}”: {}").format(
            flat(dossier.name), self._texts.article_count(len(dossier.articles))
        )
        self._push(ExportScreen(self._texts, [Exportable(label, hits, notes)], Path.cwd()))

    def _ask_again(self, chosen: HistoryEntry | SavedSearch | None) -> None:
        if chosen is not None:
            self._search_screen.ask(chosen.query, chosen.mode)
        elif self._search_screen.current is None:  # the user may have removed one of the suggested searches
            self._search_screen.ask(self._search_screen.question.text)

    def _push(self, screen: Screen[Any]) -> None:
        self._app.push_screen(screen)
