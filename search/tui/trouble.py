"""The screen for an index that cannot be opened."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Footer, Static

from search.errors import SearchError
from search.tui.local_screen import LocalScreen
from search.tui.marking import clean
from search.tui.messages import Retry
from search.tui.texts import Texts


class TroubleScreen(LocalScreen):
    """What is wrong with the index and what to type; asks for ``Retry`` when that was done."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "retry", "try again", tooltip="Open the index again"),
    ]

    def __init__(self, texts: Texts, error: SearchError) -> None:
        super().__init__(texts)
        self._error = error

    def compose(self) -> ComposeResult:
        """The message, the commands, the keys."""
        commands = "\n".join(f"  {command}" for command in self.texts.trouble_commands)
        with Vertical(id="trouble"):
            yield Static(Content.styled(self.texts.trouble_title, "bold"))
            yield Static(Content(clean(str(self._error))))
            yield Static(self.texts.trouble_advice, markup=False)
            yield Static(Content.styled(commands, "bold"))
        yield Footer(compact=True)

    def action_retry(self) -> None:
        """Ask for the index to be opened again."""
        self.app.post_message(Retry())
        self.dismiss()
