"""The application: it opens the index, shows the screens, and acts on the article at hand."""

import asyncio
import os
import signal
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.command import CommandPalette
from textual.dom import DOMNode
from textual.filter import LineFilter
from textual.messages import ExitApp
from textual.screen import Screen

from search.build_types import Manifest
from search.config import Settings
from search.errors import SearchError
from search.text.sanitize import flat
from search.tui.article_commands import ArticleCommands
from search.tui.commands import palette_commands
from search.tui.format.index_description import index_summary
from search.tui.format.sanitize import SANITIZING_FILTER
from search.tui.format.wrapping import keep_no_break_spaces
from search.tui.i18n import Texts, texts_for
from search.tui.keymap import APP_BINDINGS, LateKeyNames, actions_without_key, key_names, keymap
from search.tui.messages import Failed, Typed
from search.tui.screens.index import IndexScreen
from search.tui.screens.localized import LocalizedModal
from search.tui.screens.search import SearchScreen
from search.tui.services.index_client import IndexClient
from search.tui.services.index_manager import (
    BuildFinished,
    IndexManager,
    IndexNotOpened,
    IndexOpened,
    IndexPublished,
)
from search.tui.services.marking import Marking
from search.tui.services.notices import Notice, report_errors
from search.tui.services.sentence_score_worker import SentenceScoreWorker
from search.tui.services.threads import DaemonThreads
from search.tui.services.user_data import UserData
from search.tui.themes import DARK, THEMES, WITHOUT_COLOUR, register
from search.tui.widgets.article_pane import ArticlePane
from search.user.article_marks import ArticleMarks
from search.user.interface_state import InterfaceState
from search.user.storage import default_folder

if TYPE_CHECKING:
    from search.tui.dialogs import Dialogs

_WATCH_INTERVAL = 3.0  # seconds between two looks at the published generation and at the current query
READ_AFTER = 3.0  # seconds in its pane after which an article counts as read


class DepecheApp(App[None], inherit_bindings=False):
    """Search in a terminal.

    A thread opens the index. When it cannot be opened, a dialog says why and helps to build one. ``folder``
    has the user's data. ``texts`` overrides the language of the settings. Raises ConfigError for settings
    with unknown actions or keys.
    """

    TITLE = "Dépêche"
    CSS_PATH = "app.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*APP_BINDINGS]

    def __init__(
        self,
        client: IndexClient,
        settings: Settings,
        folder: Path | None = None,
        texts: Texts | None = None,
    ) -> None:
        super().__init__()
        keep_no_break_spaces()
        self._settings = settings
        self._user_data = UserData(folder or default_folder(), settings)
        self._chosen_keys = keymap(settings.keys, _binding_owners()) if settings.keys else {}
        self.set_keymap(self._chosen_keys)
        language = texts or texts_for(settings.language, os.environ)
        first = key_names(self._chosen_keys, (DepecheApp, SearchScreen), language)
        names = LateKeyNames(first, lambda: key_names(self._chosen_keys, _binding_owners(), language))
        self._texts = replace(language, key_names=names)
        self._search_screen = SearchScreen(self._texts, self._user_data, settings.rescoring)
        self._index_manager = IndexManager(self, client)
        self._sentence_score_worker = SentenceScoreWorker(self)
        self._marking = Marking(self, self._user_data, self._show_marks)
        self._article_commands = ArticleCommands(
            self, self._texts, self._index_manager, self._search_screen, self._marking
        )
        register(self)

    @cached_property
    def _dialogs(self) -> "Dialogs":
        from search.tui.dialogs import Dialogs  # which imports them all: not before the first screen

        return Dialogs(
            self,
            self._texts,
            self._user_data,
            self._index_manager,
            self._search_screen,
            self._article_commands,
            self._marking,
            self._chosen_keys,
        )

    def get_key_display(self, binding: Binding) -> str:
        """See ``App.get_key_display``; function keys are written as on the keyboard."""
        key = super().get_key_display(binding)
        return key.upper() if key[1:].isdigit() else key

    def get_line_filters(self) -> Sequence[LineFilter]:
        """See ``App.get_line_filters``."""
        return [*super().get_line_filters(), SANITIZING_FILTER]

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """See ``App.get_theme_variable_defaults``: the colours of our themes that those of Textual lack."""
        return dict(DARK.variables)

    def get_css_variables(self) -> dict[str, str]:
        """See ``App.get_css_variables``; without colours, each text contrasts with its background."""
        return super().get_css_variables() | (WITHOUT_COLOUR if "nocolor" in self.pseudo_classes else {})

    def get_default_screen(self) -> SearchScreen:
        """The screen below all others."""
        return self._search_screen

    def on_mount(self) -> None:
        """Restore the state, and open the index."""
        asyncio.get_running_loop().set_default_executor(DaemonThreads())
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, self.exit)  # the terminal was closed
        state = InterfaceState()
        with report_errors(self):
            state = self._user_data.load_state()
            self._user_data.create_folder()
        self._restore(state)
        if self._chosen_keys:
            for notice in actions_without_key(self._chosen_keys, _binding_owners(), self._texts.key_names):
                self.post_message(Notice(notice))
        self._index_manager.open()
        self.set_interval(_WATCH_INTERVAL, self._watch)

    def _restore(self, state: InterfaceState) -> None:
        """Restore the interface as the user left it; the settings take precedence."""
        theme = self._settings.theme or state.theme
        self.theme = theme if theme in THEMES else DARK.name
        self._search_screen.ask("", state.mode or self._settings.mode, state.sort)
        self._search_screen.panes.filters_shown = state.filters_shown

    def _watch(self) -> None:
        self._index_manager.check_published()
        self._marking.refresh()
        with report_errors(self):
            self._user_data.add_if_still_shown(self._search_screen.current)
        for notice in self._user_data.new_notices():
            self.post_message(Notice(notice))

    @on(Notice)
    def _show_notice(self, message: Notice) -> None:
        self.notify(flat(self._texts.translate(message.text)), severity="warning", markup=False)

    @on(IndexOpened)
    def _use_index(self, message: IndexOpened) -> None:
        if self._index_manager.index is None and isinstance(self.screen, IndexScreen):
            self.screen.dismiss()
        self._index_manager.use(message.index)
        index = message.index
        self._search_screen.use(index.engine, index.manifest, self._user_data.article_sets)
        self._search_screen.header.show_index(index_summary(self._texts, message.index.manifest))
        self._marking.refresh()

    @on(IndexNotOpened)
    def _show_index_error(self, message: IndexNotOpened) -> None:
        self._index_manager.error = message.error
        if isinstance(self.screen, IndexScreen):
            self.screen.show_message(self._texts.translate(message.error.message))
        elif self._index_manager.index is None:
            self._search_screen.post_message(Failed(self._search_screen.question, message.error))
            self._search_screen.call_after_refresh(
                self._dialogs.open, "index"
            )  # above a screen that is drawn
        else:
            self.post_message(Notice(message.error.message))

    @on(IndexScreen.Retry)
    def action_switch(self) -> None:
        """Open the published generation."""
        self._index_manager.open()

    @on(IndexPublished)
    def _offer_newer_index(self, message: IndexPublished) -> None:
        if self._index_manager.note_newer(message.generation_id):
            notice = self._texts.with_keys("A newer index is available: {} searches in it", "switch")
            self._search_screen.header.show_index(notice)
            self.notify(notice)
            self.refresh_bindings()

    @on(IndexScreen.Build)
    @on(IndexScreen.Sync)
    @on(IndexScreen.Repair)
    def _start_build(self, message: IndexScreen.Build | IndexScreen.Sync | IndexScreen.Repair) -> None:
        manager = self._index_manager
        match message:
            case IndexScreen.Build():
                job = manager.build(message.paths)
            case IndexScreen.Sync():
                job = manager.sync(message.paths)
            case IndexScreen.Repair():
                job = manager.repair()
        if isinstance(self.screen, IndexScreen):
            self.screen.follow(job)

    @on(BuildFinished)
    def _end_build(self, message: BuildFinished) -> None:
        self._index_manager.build_job = None
        outcome = message.outcome
        text = self._texts.translate(
            outcome.message if isinstance(outcome, SearchError) else "The index is built."
        )
        if isinstance(self.screen, IndexScreen):
            self.screen.show_message(text)
        else:
            self.notify(flat(text), markup=False)
        if isinstance(outcome, Manifest) and self._index_manager.index is None:
            self._index_manager.open()
        elif isinstance(outcome, Manifest):
            self.post_message(IndexPublished(outcome.id))

    @on(Typed)
    def _pause_sentence_scores(self) -> None:
        self._sentence_score_worker.pause()

    @on(ArticlePane.Shown)
    def _score_sentences(self, message: ArticlePane.Shown) -> None:
        index, current = self._index_manager.index, self._search_screen.current
        if index is not None and current is not None:
            self._sentence_score_worker.score(message, index.engine, current)
        self.set_timer(READ_AFTER, partial(self._mark_if_shown, message))

    def _mark_if_shown(self, message: ArticlePane.Shown) -> None:
        """An article that has stayed in its pane was read."""
        if message.pane.display and message.pane.article == message.article:
            self._marking.mark_read([message.article])

    @on(ArticlePane.Opened)
    def _mark_opened(self, message: ArticlePane.Opened) -> None:
        self._marking.mark_read([message.article])

    def _show_marks(self, marks: ArticleMarks) -> None:
        self._search_screen.panes.show_marks(marks)
        for screen in self.screen_stack:
            for pane in screen.query(ArticlePane):
                pane.show_marks(marks)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to switch to a newer index only when there is one, and dossiers above no other dialog."""
        newer = bool(self._index_manager.newer_id)
        if action == "switch":
            return newer
        if (action, parameters) == ("dialog", ("dossiers",)):  # its key is one of the boxes of dialogs too
            return not isinstance(self.screen, LocalizedModal)
        return super().check_action(action, parameters)

    def action_dialog(self, name: str) -> None:
        """Open a dialog; see ``Dialogs.open``."""
        self._dialogs.open(name)

    def action_article(self, name: str) -> None:
        """Act on the article at hand; see ``ArticleCommands.run``."""
        self._article_commands.run(name)

    @on(ExitApp)
    def _save_state(self) -> None:
        """Save the state when the program ends: by a key, by a signal, or with the browser's tab."""
        question = self._search_screen.question
        filters_shown = self._search_screen.panes.filters_shown
        state = InterfaceState(self.theme, question.mode, question.sort, filters_shown)
        with report_errors(self):
            self._user_data.save_state(state, self._search_screen.current)

    def action_help_quit(self) -> None:
        """Show how to quit: Ctrl-C copies only when text is selected."""
        self.notify(self._texts.with_keys("{} quits", "quit"))

    def action_command_palette(self) -> None:
        """List every action that is possible here."""
        if not isinstance(self.screen, CommandPalette):
            placeholder = self._texts.translate("Actions…")
            self.push_screen(CommandPalette(placeholder=placeholder, id="--command-palette"))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Every possible action, and the colour themes."""
        yield from palette_commands(self._texts, self, screen)


def _binding_owners() -> Sequence[type[DOMNode]]:
    """The application, and the screens and widgets whose keys the user can choose; it imports them all."""
    from search.tui.binding_owners import BINDING_OWNERS

    return (DepecheApp, *BINDING_OWNERS)
