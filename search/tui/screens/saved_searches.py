"""The dialog with the saved searches: save the current search, ask one again, see the new articles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Footer, Input, OptionList
from textual.widgets.option_list import Option
from textual.worker import get_current_worker

from search.errors import SearchError
from search.text.sanitize import flat
from search.tui.format.dates import period_name
from search.tui.i18n import Texts
from search.tui.screens.localized import LocalizedModal
from search.tui.services.notices import report_errors
from search.tui.services.search_session import Current
from search.tui.services.user_data import UserData
from search.user.saved_searches import SavedSearch

if TYPE_CHECKING:
    from search.retrieval.engine import Engine


class SavedSearchesScreen(LocalizedModal[SavedSearch | None]):
    """Returns the chosen search, or None. The articles of the chosen search count as seen.

    The user can save ``current`` if it has words. Raises UsageError when the saved searches cannot be read.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "focus_list", "to the list", show=False),
        Binding("delete", "remove", "remove", tooltip="Remove the saved search", id="remove_search"),
        Binding("escape,ctrl+s", "dismiss", "back", tooltip="Go back", id="leave_saved"),
    ]

    @dataclass
    class Counted(Message):
        """The search of this name has ``new`` new articles; None when they cannot be counted."""

        name: str
        new: int | None

    def __init__(self, texts: Texts, user_data: UserData, engine: "Engine", current: Current | None) -> None:
        super().__init__(texts)
        self._user_data = user_data
        self._engine = engine
        self._current = current if current is not None and current.request.query.words else None
        self._searches = list(user_data.saved_searches.all())
        self._new: dict[str, int | None] = {}
        self._list = OptionList(markup=False, compact=True)

    def compose(self) -> ComposeResult:
        """A box for the name of the current search, if there is one; the saved searches; the footer."""
        with Vertical(classes="box") as box:
            box.border_title = self.texts.translate("Saved searches")
            if self._current is not None:
                placeholder = self.texts.translate("name this search; Enter saves it")
                yield Input(placeholder=placeholder, compact=True)
            yield self._list
        yield Footer(compact=True)

    def on_mount(self) -> None:
        """List the searches, and count the new articles of each."""
        self._fill()
        self._count_new(tuple(self._searches))

    def action_focus_list(self) -> None:
        """Go from the box to the list."""
        self._list.focus()

    def action_remove(self) -> None:
        """Remove the search under the cursor."""
        if (selected := self._selected()) is not None:
            self._searches.remove(selected)
            self._fill()
            with report_errors(self.app):
                self._user_data.saved_searches.remove(selected.name)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Remove a search only from the list; go to the list only from the box."""
        if action in ("remove", "focus_list"):
            return self._list.has_focus is (action == "remove")
        return super().check_action(action, parameters)

    @on(Input.Submitted)
    def _save(self, event: Input.Submitted) -> None:
        event.stop()
        if self._current is not None:
            name = event.value.strip() or self._current.request.query.raw
            with report_errors(self.app):
                self._user_data.save_search(name, self._current, self._engine)
                self.notify(name, title=self.texts.translate("Saved"), markup=False)
            self.dismiss()

    @on(OptionList.OptionSelected)
    def _choose(self) -> None:
        selected = self._selected()
        if selected is not None:
            self.app.run_worker(partial(self._mark_seen, self.app, selected), thread=True)
        self.dismiss(selected)

    def _mark_seen(self, app: App[object], search: SavedSearch) -> None:
        with report_errors(app):
            self._user_data.mark_seen(self._engine, search)

    @on(Counted)
    def _show_new(self, message: Counted) -> None:
        self._new[message.name] = message.new
        self._fill()

    @work(thread=True)
    def _count_new(self, searches: Sequence[SavedSearch]) -> None:
        worker = get_current_worker()
        for search in searches:
            if worker.is_cancelled:
                return
            try:
                new: int | None = self._user_data.count_new(self._engine, search)
            except SearchError:
                new = None
            self.post_message(self.Counted(search.name, new))

    def _selected(self) -> SavedSearch | None:
        if not self._searches or self._list.highlighted is None:
            return None
        return self._searches[self._list.highlighted]

    def _fill(self) -> None:
        place = self._list.highlighted or 0
        rows = [search_row(self.texts, search, self._new) for search in self._searches]
        empty_note = Option(self.texts.translate("No search is saved yet."), disabled=True)
        self._list.set_options(rows or [empty_note])
        self._list.highlighted = min(place, len(rows) - 1) if rows else None


def search_row(texts: Texts, search: SavedSearch, new: Mapping[str, int | None]) -> Option:
    """A saved search: its name and number of new articles once counted; its query, mode and date."""
    saved_on = f"{texts.translate('saved on')} {period_name(search.created[:10], texts)}"
    facts = " · ".join((flat(search.query), texts.modes[search.mode], saved_on))
    note = _new_note(texts, new.get(search.name, 0))
    return Option(Content.assemble((flat(search.name), "bold"), note, (f"\n  {facts}", "dim")))


def _new_note(texts: Texts, count: int | None) -> str:
    if count is None:
        return f"  {texts.translate('new: ?')}"
    return f"  {texts.plural('{} new', '{} new', count)}" if count else ""
