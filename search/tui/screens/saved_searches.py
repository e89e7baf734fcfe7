"""Saved searches: save the one that is shown, ask one again, see what is new since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

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
from search.retrieval.engine import Engine
from search.text.sanitize import flat
from search.tui.i18n import Texts
from search.tui.screens.base import LocalModal
from search.tui.services.error_messages import telling
from search.tui.services.search_session import Current
from search.tui.services.user_data import Notebook
from search.user.saved_searches import SavedSearch


class SavedScreen(LocalModal[SavedSearch | None]):
    """Gives the search chosen, whose articles are then seen; ``current`` is what can be saved, if anything.

    Raises UsageError when the saved searches cannot be read.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "to_list", "to the list", show=False),
        Binding("delete", "remove", "remove", tooltip="Remove the saved search", id="remove_search"),
        Binding("escape,ctrl+s", "dismiss", "back", tooltip="Step back", id="leave_saved"),
    ]

    @dataclass
    class Counted(Message):
        """So many articles of the search of this name are new; None when that cannot be told."""

        name: str
        new: int | None

    def __init__(self, texts: Texts, notebook: Notebook, engine: Engine, current: Current | None) -> None:
        super().__init__(texts)
        self._notebook = notebook
        self._engine = engine
        self._current = current if current is not None and current.request.query.words else None
        self._searches = list(notebook.saved.all())
        self._new: dict[str, int | None] = {}
        self._list = OptionList(markup=False, compact=True)

    def compose(self) -> ComposeResult:
        """A box to name the query that is asked, if one is; the searches; the keys."""
        with Vertical(classes="box") as box:
            box.border_title = self.texts.key("Saved searches")
            if self._current is not None:
                yield Input(placeholder=self.texts.key("name this search; Enter saves it"), compact=True)
            yield self._list
        yield Footer(compact=True)

    def on_mount(self) -> None:
        """List the searches, and count what is new in each."""
        self._fill()
        self._count(tuple(self._searches))

    def action_to_list(self) -> None:
        """Go from the box to the list."""
        self._list.focus()

    def action_remove(self) -> None:
        """Forget the search under the cursor."""
        if (chosen := self._chosen()) is not None:
            self._searches.remove(chosen)
            self._fill()
            with telling(self.app):
                self._notebook.saved.remove(chosen.name)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The keys of the list mean the list."""
        if action in ("remove", "to_list"):
            return self._list.has_focus is (action == "remove")
        return super().check_action(action, parameters)

    @on(Input.Submitted)
    def _save(self, event: Input.Submitted) -> None:
        event.stop()
        if self._current is not None:
            name = event.value.strip() or self._current.request.query.raw
            with telling(self.app):
                self._notebook.save(name, self._current, self._engine)
                self.notify(name, title=self.texts.key("Saved"), markup=False)
            self.dismiss()

    @on(OptionList.OptionSelected)
    def _ask(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self.app.run_worker(partial(self._mark_seen, self.app, chosen), thread=True)
        self.dismiss(chosen)

    def _mark_seen(self, app: App[object], search: SavedSearch) -> None:
        with telling(app):
            self._notebook.mark_seen(self._engine, search)

    @on(Counted)
    def _show_new(self, message: Counted) -> None:
        self._new[message.name] = message.new
        self._fill()

    @work(thread=True)
    def _count(self, searches: Sequence[SavedSearch]) -> None:
        worker = get_current_worker()
        for search in searches:
            if worker.is_cancelled:
                return
            try:
                new: int | None = self._notebook.count_new(self._engine, search)
            except SearchError:
                new = None
            self.post_message(self.Counted(search.name, new))

    def _chosen(self) -> SavedSearch | None:
        if not self._searches or self._list.highlighted is None:
            return None
        return self._searches[self._list.highlighted]

    def _fill(self) -> None:
        here = self._list.highlighted or 0
        rows = [saved_row(self.texts, search, self._new) for search in self._searches]
        note = Option(self.texts.key("No search is saved yet."), disabled=True)
        self._list.set_options(rows or [note])
        self._list.highlighted = min(here, len(rows) - 1) if rows else None


def saved_row(texts: Texts, search: SavedSearch, new: Mapping[str, int | None]) -> Option:
    """A saved search: its name, its query, when it was saved, and what is new in it once that is known."""
    saved = f"{texts.key('saved on')} {search.created[:10]}"
    facts = " · ".join((flat(search.query), texts.modes[search.mode], saved))
    count = new.get(search.name, 0)
    said = texts.key("new: ?") if count is None else texts.key("new: {}").format(texts.number(count))
    told = f"  {said}" if count != 0 else ""
    return Option(Content.assemble((flat(search.name), "bold"), told, (f"\n  {facts}", "dim")))
