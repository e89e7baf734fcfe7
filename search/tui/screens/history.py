"""The questions asked before: typed letters narrow the list, Enter asks again, Delete forgets one."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Footer, Input, OptionList
from textual.widgets.option_list import Option

from search.text.analyzer import fold
from search.text.sanitize import flat
from search.tui.i18n import Texts
from search.tui.screens.base import LocalModal
from search.tui.services.error_messages import telling
from search.tui.services.user_data import Notebook
from search.user.history import HISTORY_LIMIT, HistoryEntry


class HistoryScreen(LocalModal[HistoryEntry | None]):
    """Gives the question chosen, None when none is.

    Raises UsageError when the history cannot be read.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "move('cursor_down')", "Next question", show=False, priority=True),
        Binding("up", "move('cursor_up')", "Previous question", show=False, priority=True),
        Binding(
            "delete", "remove", "remove", tooltip="Remove the question", priority=True, id="remove_question"
        ),
        Binding("escape,ctrl+r", "dismiss", "back", tooltip="Step back", id="leave_history"),
    ]

    def __init__(self, texts: Texts, notebook: Notebook) -> None:
        super().__init__(texts)
        self._notebook = notebook
        self._entries = notebook.history.recent(HISTORY_LIMIT)
        self._shown: list[HistoryEntry] = []
        self._box = Input(placeholder=texts.key("letters narrow the list; Enter asks again"), compact=True)
        self._list = OptionList(markup=False, compact=True)

    def compose(self) -> ComposeResult:
        """A box to narrow the list, the list, the keys."""
        with Vertical(classes="box") as box:
            box.border_title = self.texts.key("History")
            yield self._box
            yield self._list
        yield Footer(compact=True)

    def on_mount(self) -> None:
        """Show everything, the latest first."""
        self._fill()

    @on(Input.Changed)
    def _narrow(self, event: Input.Changed) -> None:
        event.stop()
        self._fill()

    @on(Input.Submitted)
    @on(OptionList.OptionSelected)
    def _choose(self) -> None:
        if self._list.highlighted is not None:
            self.dismiss(self._shown[self._list.highlighted])

    def action_remove(self) -> None:
        """Forget the question under the cursor."""
        if (here := self._list.highlighted) is not None:
            removed = self._shown[here]
            self._entries.remove(removed)
            self._fill(here)
            with telling(self.app):
                self._notebook.history.remove(removed.query)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Delete is the key of the box while a letter stands after its cursor."""
        if action == "remove":
            return self._box.cursor_at_end
        return super().check_action(action, parameters)

    def action_move(self, how: str) -> None:
        """Move the cursor of the list, by the name of one of its actions."""
        getattr(self._list, f"action_{how}")()

    def _fill(self, here: int = 0) -> None:
        typed = fold(self._box.value)
        self._shown = [entry for entry in self._entries if typed in fold(entry.query)]
        rows = [self._row(entry) for entry in self._shown] or [Option(self._note(), disabled=True)]
        self._list.set_options(rows)
        self._list.highlighted = min(here, len(self._shown) - 1) if self._shown else None

    def _note(self) -> str:
        """What stands for an empty list."""
        key = self.texts.key
        if not self._notebook.remembers:
            return key("The history is off (history = false).")
        return key("No question has these letters." if self._entries else "No question yet.")

    def _row(self, entry: HistoryEntry) -> Option:
        facts = f"  {self.texts.modes[entry.mode]} · {self.texts.found(entry.total)} · {entry.time[:10]}"
        return Option(Content.assemble(flat(entry.query), (facts, "dim")))
