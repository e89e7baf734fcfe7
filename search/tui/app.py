"""The application: opens the index while the first screen is already shown."""

import os
from collections.abc import Callable
from typing import ClassVar

from textual import on, work
from textual.app import App
from textual.binding import Binding, BindingType

from search.engine import Engine
from search.errors import SearchError
from search.tui.help import HelpScreen
from search.tui.messages import NotOpened, Opened, Retry
from search.tui.search_screen import SearchScreen
from search.tui.texts import Texts, texts_for
from search.tui.trouble import TroubleScreen


class DepecheApp(App[None]):
    """Search in a terminal.

    ``open_engine`` is called in a thread; a SearchError it raises is shown with what to type next.
    ``about`` says in a few words what is searched. Without ``texts`` the locale chooses the language.
    """

    TITLE = "Dépêche"
    CSS_PATH = "app.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "help", "help", tooltip="This help"),
        Binding("ctrl+q", "quit", "quit", tooltip="Quit", priority=True),
    ]

    def __init__(
        self, open_engine: Callable[[], Engine], about: str = "", texts: Texts | None = None
    ) -> None:
        super().__init__()
        self._open_engine = open_engine
        self._texts = texts or texts_for(os.environ)
        self._searching = SearchScreen(self._texts, about)

    def get_default_screen(self) -> SearchScreen:
        """The screen under all others."""
        return self._searching

    def on_mount(self) -> None:
        """Open the index."""
        self._open()

    @work(thread=True)
    def _open(self) -> None:
        try:
            engine = self._open_engine()
        except SearchError as error:
            self.post_message(NotOpened(error))
        else:
            self.post_message(Opened(engine))

    @on(Opened)
    def _search_in(self, message: Opened) -> None:
        self._searching.use(message.engine)

    @on(NotOpened)
    def _explain(self, message: NotOpened) -> None:
        self.push_screen(TroubleScreen(self._texts, message.error))

    @on(Retry)
    def _open_again(self) -> None:
        self._open()

    def action_help(self) -> None:
        """Explain the keys of the screen that is shown, and the query language."""
        bindings = Binding.make_bindings([*self.screen.BINDINGS, *self.BINDINGS])
        self.push_screen(HelpScreen(self._texts, bindings))
