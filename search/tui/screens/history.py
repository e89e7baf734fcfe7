"""The dialog with earlier searches: letters narrow it, Enter searches again, Delete removes a search."""

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
from search.tui.format.dates import period_name
from search.tui.i18n import Texts
from search.tui.screens.localized import LocalizedModal
from search.tui.services.notices import report_errors
from search.tui.services.user_data import UserData
from search.user.history import HISTORY_LIMIT, HistoryEntry

_DAY = len("2023-09-11")


class HistoryScreen(LocalizedModal[HistoryEntry | None]):
    """Returns the chosen search, or None. Raises UsageError when the history cannot be read."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "move_cursor('cursor_down')", "Next search", show=False, priority=True),
        Binding("up", "move_cursor('cursor_up')", "Previous search", show=False, priority=True),
        Binding(
            "delete",
            "remove",
            "remove",
            tooltip="Remove this search from the history",
            priority=True,
            id="remove_from_history",
        ),
        Binding("escape,ctrl+r", "dismiss", "back", tooltip="Go back", id="leave_history"),
    ]

    def __init__(self, texts: Texts, user_data: UserData) -> None:
        super().__init__(texts)
        self._user_data = user_data
        self._entries = user_data.history.recent(HISTORY_LIMIT)
        self._listed: list[HistoryEntry] = []
        placeholder = texts.translate("letters narrow the list; Enter searches again")
        self._box = Input(placeholder=placeholder, compact=True)
        self._list = OptionList(markup=False, compact=True)

    def compose(self) -> ComposeResult:
        """A box for letters, the list, and the footer with the keys."""
        with Vertical(classes="box") as box:
            box.border_title = self.texts.translate("History")
            yield self._box
            yield self._list
        yield Footer(compact=True)

    def on_mount(self) -> None:
        """List every search, the latest first."""
        self._fill()

    @on(Input.Changed)
    def _narrow(self, event: Input.Changed) -> None:
        event.stop()
        self._fill()

    @on(Input.Submitted)
    @on(OptionList.OptionSelected)
    def _choose(self) -> None:
        if self._list.highlighted is not None:
            self.dismiss(self._listed[self._list.highlighted])

    def action_remove(self) -> None:
        """Remove the search under the cursor."""
        if (place := self._list.highlighted) is not None:
            removed = self._listed[place]
            self._entries.remove(removed)
            self._fill(place)
            with report_errors(self.app):
                self._user_data.history.remove(removed.query)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave the Delete key to the box while there is a letter after its cursor."""
        if action == "remove":
            return self._box.cursor_at_end
        return super().check_action(action, parameters)

    def action_move_cursor(self, action: str) -> None:
        """Run a cursor action of the list, such as ``cursor_down``."""
        getattr(self._list, f"action_{action}")()

    def _fill(self, place: int = 0) -> None:
        letters = fold(self._box.value)
        self._listed = [entry for entry in self._entries if letters in fold(entry.query)]
        rows = [self._row(entry) for entry in self._listed] or [Option(self._empty_note(), disabled=True)]
        self._list.set_options(rows)
        self._list.highlighted = min(place, len(self._listed) - 1) if self._listed else None

    def _empty_note(self) -> str:
        """Why the list is empty."""
        translate = self.texts.translate
        if not self._user_data.history_enabled:
            return translate("The history is off (history = false).")
        return translate("No search contains these letters." if self._entries else "No search yet.")

    def _row(self, entry: HistoryEntry) -> Option:
        mode, count = self.texts.modes[entry.mode], self.texts.article_count(entry.total)
        facts = f"  {mode} · {count} · {period_name(entry.time[:_DAY], self.texts)}"
        return Option(Content.assemble(flat(entry.query), (facts, "dim")))
