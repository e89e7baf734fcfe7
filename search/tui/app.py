"""The application: opens the index while the first screen is already shown, and acts on what it shows."""

import asyncio
import os
import signal
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from textual import on, work
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.command import CommandPalette
from textual.filter import LineFilter
from textual.messages import ExitApp
from textual.screen import Screen

from search.build_types import Manifest
from search.config import Settings
from search.errors import SearchError
from search.retrieval.engine import Engine
from search.text.sanitize import flat
from search.tui.commands import palette
from search.tui.format.about import about_line
from search.tui.format.sanitize import LEGIBLE
from search.tui.i18n import Texts, texts_for
from search.tui.keymap import EVERYWHERE, key_names, keymap
from search.tui.messages import Failed, Typed
from search.tui.screens.explanation import WhyScreen, explained
from search.tui.screens.export import ExportScreen, exportables
from search.tui.screens.help import HelpScreen
from search.tui.screens.history import HistoryScreen
from search.tui.screens.index import IndexScreen, index_screen
from search.tui.screens.saved_searches import SavedScreen
from search.tui.screens.search import SearchScreen
from search.tui.services.article_actions import copy_citation, copy_text, to_browser, to_editor
from search.tui.services.error_messages import Told, telling
from search.tui.services.index_client import Archive
from search.tui.services.index_manager import Built, Keeper, NotOpened, Opened, Published
from search.tui.services.sentence_score_worker import Warmer
from search.tui.services.threads import DaemonThreads
from search.tui.services.user_data import Notebook
from search.tui.themes import DARK, THEMES, register
from search.tui.widgets.article_view import ArticlePane, ReaderScreen
from search.tui.widgets.facet_list import FacetList
from search.tui.widgets.filter_chips import ChipRow
from search.tui.widgets.result_list import ResultList
from search.tui.widgets.suggestion_list import recalled
from search.types import Article, Hit, Hits
from search.user.history import HistoryEntry
from search.user.interface_state import InterfaceState
from search.user.saved_searches import SavedSearch
from search.user.storage import default_folder

_WATCH = 3.0  # seconds between two looks at whether another generation is published
_SIMILAR = 30
_OWNERS = (
    *(SearchScreen, ReaderScreen, WhyScreen, ExportScreen, HistoryScreen, SavedScreen, IndexScreen),
    *(HelpScreen, ResultList, ArticlePane, ChipRow, FacetList),
)


class DepecheApp(App[None], inherit_bindings=False):
    """Search in a terminal.

    The archive is opened in a thread; a SearchError it raises is shown with ways to an index. ``folder``
    is what is remembered. Without ``texts`` the settings choose. Raises ConfigError for their mistakes.
    """

    TITLE = "Dépêche"
    CSS_PATH = "app.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*EVERYWHERE]

    def __init__(
        self, archive: Archive, settings: Settings, folder: Path | None = None, texts: Texts | None = None
    ) -> None:
        super().__init__()
        self._settings = settings
        self._notebook = Notebook(folder or default_folder(), settings)
        owners = (DepecheApp, *_OWNERS)
        self.set_keymap(chosen := keymap(settings.keys, owners))
        spoken = texts or texts_for(settings.language, os.environ)
        self._texts = replace(spoken, keys=key_names(chosen, owners, self.get_key_display))
        recall = partial(recalled, self._notebook.history, self._notebook.saved, self._texts)
        self._searching = SearchScreen(self._texts, recall, settings.rescoring)
        self._keeper = Keeper(self, archive)
        self._warmer = Warmer(self)
        register(self, settings.theme)

    def get_key_display(self, binding: Binding) -> str:
        """See ``App.get_key_display``; function keys are written as on the keyboard."""
        shown = super().get_key_display(binding)
        return shown.upper() if shown[1:].isdigit() else shown

    def get_line_filters(self) -> Sequence[LineFilter]:
        """See ``App.get_line_filters``."""
        return [*super().get_line_filters(), LEGIBLE]

    def get_default_screen(self) -> SearchScreen:
        """The screen under all others."""
        return self._searching

    def on_mount(self) -> None:
        """Open the index."""
        asyncio.get_running_loop().set_default_executor(DaemonThreads())
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, self.exit)  # the terminal was closed
        left = InterfaceState()
        with telling(self):
            left = self._notebook.read()
        self._restore(left)
        self._keeper.open()
        self.set_interval(_WATCH, self._watch)

    def _restore(self, left: InterfaceState) -> None:
        """Go on as the interface was left, as far as the settings leave that open."""
        theme = self._settings.theme or left.theme
        self.theme = theme if theme in THEMES else DARK.name
        self._searching.ask("", left.mode or self._settings.mode, left.sort)
        if left.filters_shown:
            self._searching.panes.open_filters()

    def _watch(self) -> None:
        self._keeper.watch()
        with telling(self):
            self._notebook.dwell(self._searching.current)
        for news in self._notebook.news():
            self.post_message(Told(news))

    @on(Told)
    def _tell(self, told: Told) -> None:
        self.notify(flat(self._texts.said(told.message)), severity="warning", markup=False)

    @on(Opened)
    def _search_in(self, message: Opened) -> None:
        if self._keeper.library is None and isinstance(self.screen, IndexScreen):
            self.screen.dismiss()
        self._keeper.search_in(message.library)
        self._searching.use(message.library.engine)
        self._searching.headline.show_about(about_line(self._texts, message.library.manifest))

    @on(NotOpened)
    def _explain(self, message: NotOpened) -> None:
        self._keeper.trouble = message.error
        if isinstance(self.screen, IndexScreen):
            self.screen.tell(self._texts.said(message.error.message))
        elif self._keeper.library is None:
            self._searching.post_message(Failed(self._searching.question, message.error))
            self._searching.call_after_refresh(self.action_index)  # over a screen that is drawn
        else:
            self.post_message(Told(message.error.message))

    @on(IndexScreen.Retry)
    def action_switch(self) -> None:
        """Open what is published now."""
        self._keeper.open()

    @on(Published)
    def _offer_newer(self, message: Published) -> None:
        if self._keeper.is_news(message.generation_id):
            said = self._texts.naming("A newer index is there: {} searches in it", "switch")
            self._searching.headline.show_about(said)
            self.notify(said)
            self.refresh_bindings()

    @on(IndexScreen.Build)
    @on(IndexScreen.Repair)
    def _build(self, message: IndexScreen.Build | IndexScreen.Repair) -> None:
        keeper = self._keeper
        building = keeper.build(message.paths) if isinstance(message, IndexScreen.Build) else keeper.repair()
        if isinstance(self.screen, IndexScreen):
            self.screen.follow(building)

    @on(Built)
    def _end_build(self, message: Built) -> None:
        self._keeper.building = None
        outcome, built = message.outcome, self._texts.key("The index is built.")
        said = self._texts.said(outcome.message) if isinstance(outcome, SearchError) else built
        if isinstance(self.screen, IndexScreen):
            self.screen.tell(said)
        else:
            self.notify(flat(said), markup=False)
        if isinstance(outcome, Manifest) and self._keeper.library is None:
            self._keeper.open()
        elif isinstance(outcome, Manifest):
            self.post_message(Published(outcome.id))

    @on(Typed)
    def _hush(self) -> None:
        self._warmer.hush()

    @on(ArticlePane.Shown)
    def _warm(self, message: ArticlePane.Shown) -> None:
        library, current = self._keeper.library, self._searching.current
        if library is not None and current is not None:
            self._warmer.warm(message, library.engine, current)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A newer index is offered when there is one."""
        newer = bool(self._keeper.newer)
        return newer if action == "switch" else super().check_action(action, parameters)

    @property
    def at_hand(self) -> Hit | None:
        """The article that is read, else the selected one."""
        readers = [screen for screen in self.screen_stack if isinstance(screen, ReaderScreen)]
        return readers[-1].result if readers else self._searching.panes.selected

    def _needed(self) -> Hit | None:
        """The article at hand; where there is none, say so."""
        if (result := self.at_hand) is None:
            self.notify(self._texts.key("There is no article here: search for one first."))
        return result

    def action_why(self) -> None:
        """Say why the article at hand answers."""
        result, current = self._needed(), self._searching.current
        if self._keeper.library is not None and result is not None and current is not None:
            explain = partial(explained, self._keeper.library.engine, current.request, result)
            self.push_screen(WhyScreen(self._texts, result, explain))

    def action_similar(self) -> None:
        """Show the articles like the one at hand."""
        if (result := self._needed()) is not None and self._keeper.library is not None:
            self._find_similar(self._keeper.library.engine, result.article.id)

    @work(thread=True, exclusive=True, group="similar")
    def _find_similar(self, engine: Engine, article_id: str) -> None:
        with telling(self):
            self.call_from_thread(self._show_similar, engine.similar(article_id, _SIMILAR))

    def _show_similar(self, found: Hits) -> None:
        if isinstance(self.screen, ReaderScreen):
            self.screen.dismiss()
        self._searching.show_similar(found)

    def _hand(self, out: Callable[[App[Any], Texts, Article], None]) -> None:
        if (result := self._needed()) is not None:
            out(self, self._texts, result.article)

    def action_open_outside(self) -> None:
        """Open the article at hand in the browser."""
        self._hand(to_browser)

    def action_edit(self) -> None:
        """Open the article at hand in the editor."""
        self._hand(to_editor)

    def action_copy(self) -> None:
        """Copy the text of the article at hand."""
        self._hand(copy_text)

    def action_cite(self) -> None:
        """Copy a reference to the article at hand."""
        self._hand(copy_citation)

    def action_index(self) -> None:
        """Show what the index is, or why there is none."""
        if (screen := index_screen(self._texts, self._keeper)) is not None:
            self.push_screen(screen)

    def action_export(self) -> None:
        """Write the answer, or what was chosen of it, to a file."""
        library, current = self._keeper.library, self._searching.current
        if self._searching.half_answered:
            self.notify(self._texts.key("Meaning is still answering: export again in a moment."))
        elif self._needed() is not None and library is not None and current is not None:
            what = exportables(self._texts, library.engine, current, self._searching.panes.marked)
            self.push_screen(ExportScreen(self._texts, what, Path.cwd()))

    def action_history(self) -> None:
        """Choose an earlier question and ask it again."""
        with telling(self):
            self.push_screen(HistoryScreen(self._texts, self._notebook), self._ask_again)

    def _ask_again(self, chosen: HistoryEntry | SavedSearch | None) -> None:
        if chosen is not None:
            self._searching.ask(chosen.query, chosen.mode)
        elif self._searching.current is None:  # what is offered instead may have been removed
            self._searching.ask(self._searching.question.text)

    def action_saved(self) -> None:
        """Save the search that is shown, or ask a saved one again."""
        if (library := self._keeper.library) is not None:
            with telling(self):
                screen = SavedScreen(self._texts, self._notebook, library.engine, self._searching.current)
                self.push_screen(screen, self._ask_again)

    @on(ExitApp)
    def _leave(self) -> None:
        """Keep how it is left, by a key, by a signal or by closing the browser's tab."""
        question = self._searching.question
        left = InterfaceState(self.theme, question.mode, question.sort, self._searching.panes.filtering)
        with telling(self):
            self._notebook.leave(left, self._searching.current)

    def action_help_quit(self) -> None:
        """Say how to leave, for Ctrl-C where nothing is selected that it would copy."""
        self.notify(self._texts.naming("{} quits", "quit"))

    def action_help(self) -> None:
        """Explain the keys that work here, and the query language."""
        self.push_screen(HelpScreen(self._texts, self.screen.active_bindings))

    def action_command_palette(self) -> None:
        """List every action that is possible here."""
        if not isinstance(self.screen, CommandPalette):
            self.push_screen(CommandPalette(placeholder=self._texts.key("Actions…"), id="--command-palette"))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Every action of what has the focus, of the screen and of the app; and the colours."""
        yield from palette(self._texts, self, screen)
