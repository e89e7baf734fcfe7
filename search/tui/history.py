"""The questions asked before: typed letters narrow the list, Enter asks again."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Footer, Input, OptionList
from textual.widgets.option_list import Option

from search.memory import Entry
from search.text.french import fold
from search.text.legible import flat
from search.tui.local_screen import LocalModal
from search.tui.texts import Texts


class HistoryScreen(LocalModal[Entry | None]):
    """Gives the question chosen, None when none is; ``note`` stands for an empty list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "move('cursor_down')", "Next question", show=False, priority=True),
        Binding("up", "move('cursor_up')", "Previous question", show=False, priority=True),
        Binding("escape,ctrl+r", "dismiss", "back", tooltip="Step back", id="leave_history"),
    ]

    def __init__(self, texts: Texts, entries: Sequence[Entry], note: str) -> None:
        super().__init__(texts)
        self._entries = entries
        self._shown: list[Entry] = []
        self._note = note
        self._list = OptionList(markup=False, compact=True)

    def compose(self) -> ComposeResult:
        """A box to narrow the list, the list, the keys."""
        with Vertical(classes="box") as box:
            box.border_title = self.texts.key("History")
            yield Input(placeholder=self.texts.key("type to narrow the list"), compact=True)
            yield self._list
        yield Footer(compact=True)

    def on_mount(self) -> None:
        """Show everything, the latest first."""
        self._fill("")

    @on(Input.Changed)
    def _narrow(self, event: Input.Changed) -> None:
        event.stop()
        self._fill(event.value)

    @on(Input.Submitted)
    @on(OptionList.OptionSelected)
    def _choose(self) -> None:
        if self._list.highlighted is not None and self._shown:
            self.dismiss(self._shown[self._list.highlighted])

    def action_move(self, how: str) -> None:
        """Move the cursor of the list, by the name of one of its actions."""
        getattr(self._list, f"action_{how}")()

    def _fill(self, typed: str) -> None:
        self._shown = [entry for entry in self._entries if fold(typed) in fold(entry.query)]
        self._list.set_options(
            [self._row(entry) for entry in self._shown] or [Option(self._note, disabled=True)]
        )
        self._list.highlighted = 0 if self._shown else None

    def _row(self, entry: Entry) -> Option:
        facts = f"  {self.texts.modes[entry.mode]} · {self.texts.found(entry.total)} · {entry.time[:10]}"
        return Option(Content.assemble(flat(entry.query), (facts, "dim")))
