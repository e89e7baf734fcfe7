"""A query to compare: its box, and below it what was found, or a mistake in it."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Static

from search.errors import QueryError, SearchError
from search.query.parser import parse
from search.retrieval.comparison import DatedAnswer
from search.tui.format.compared import answer_facts
from search.tui.i18n import Texts
from search.tui.widgets.query_bar import SearchBox

_INDENT = 4


class ComparedBox(SearchBox):
    """The box of a query to compare: Enter compares."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "compare", tooltip="Compare over time", id="compare_queries"),
        Binding("down", "app.focus_next", "Next pane", show=False),
        Binding("up", "app.focus_previous", "Previous pane", show=False),
    ]


class ComparedQuery(Vertical):
    """Posts ``Asked`` when the user presses Enter in the box."""

    @dataclass
    class Asked(Message):
        """The user wants the queries compared as they are now."""

    def __init__(self, texts: Texts, letter: str, text: str) -> None:
        super().__init__()
        self._texts = texts
        self._letter = letter
        self._box = ComparedBox(
            text, placeholder=texts.translate("a query to compare"), select_on_focus=False, compact=True
        )
        self._status = Static(classes="compared-status", markup=False)

    def compose(self) -> ComposeResult:
        """The letter and the box; below them the status."""
        with Horizontal():
            yield Static(f" {self._letter} ❯", classes="compared-letter", markup=False)
            yield self._box
        yield self._status

    @property
    def text(self) -> str:
        """The query in the box."""
        return self._box.value

    def set_text(self, text: str) -> None:
        """Put a query in the box."""
        self._box.value = text

    def focus_box(self) -> None:
        """Focus the box."""
        self._box.focus()

    def has_mistake(self) -> bool:
        """Whether the query cannot be asked; then the mistake is shown."""
        try:
            parse(self.text, date.today())
        except QueryError as error:
            self.show_error(error)
            return True
        return False

    def show_error(self, error: SearchError) -> None:
        """Show an error; a mistake with a caret below its place."""
        self._status.update(self._box.described(error, self._texts))

    def show_answer(self, answer: DatedAnswer | None) -> None:
        """Show how many articles there are, the first and the last; nothing of no answer."""
        width = self.size.width - _INDENT - 1
        self._status.update("" if answer is None else answer_facts(answer, self._texts, width))

    @on(Input.Submitted)
    def _ask(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Asked())
