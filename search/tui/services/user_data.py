"""What the user asked, saved and chose, kept from one start to the next."""

from datetime import date
from pathlib import Path

from search.config import Settings
from search.retrieval.engine import Engine
from search.tui.services.search_session import Current
from search.user.history import HISTORY_LIMIT, History, HistoryEntry
from search.user.interface_state import InterfaceState, load_state, save_state
from search.user.saved_search_runner import SavedSearchRunner
from search.user.saved_searches import SavedSearch, SavedSearches


class Notebook:
    """History, unless it is off (``remembers``); saved searches; and how the interface was left.

    Raises UsageError for a folder that cannot be used.
    """

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.saved = SavedSearches(folder)
        self.history = History(folder, HISTORY_LIMIT if settings.history else 0)
        self.remembers = settings.history
        self._folder = folder
        self._notice = ""
        self._told: set[str] = set()
        self._dwelt_on: str | None = None
        self._noted: str | None = None

    def news(self) -> list[str]:
        """What the user should know of the files and was not told yet."""
        found = {self._notice, self.history.notice, self.saved.notice} - self._told - {""}
        self._told |= found
        return sorted(found)

    def read(self) -> InterfaceState:
        """How the interface was left."""
        left, self._notice = load_state(self._folder)
        return left

    def leave(self, left: InterfaceState, current: Current | None) -> None:
        """Keep how the interface is left, and the question that was shown last."""
        save_state(self._folder, left)
        if current is not None:
            self.note(current)

    def dwell(self, current: Current | None) -> None:
        """Note a question that is still shown at the second look: not every stage of typing it."""
        asked = None if current is None else current.request.query.raw
        if current is not None and asked == self._dwelt_on:
            self.note(current)
        self._dwelt_on = asked

    def note(self, current: Current) -> None:
        """Add a question to the history, unless it is the last one there or asked for likeness."""
        query = current.request.query
        if query.raw != self._noted and (query.words or query.constraint is not None):
            self._noted = query.raw
            self.history.add(HistoryEntry(query.raw, current.request.mode, current.result.total))

    def save(self, name: str, current: Current, engine: Engine) -> None:
        """Save a search under a name; what it finds now is not new."""
        request = current.request
        self._desk(engine).save(SavedSearch(name, request.query.raw, request.mode))

    def mark_seen(self, engine: Engine, search: SavedSearch) -> None:
        """Take all that a saved search finds now as seen; raises SearchError."""
        self._desk(engine).mark_seen(search)

    def count_new(self, engine: Engine, search: SavedSearch) -> int:
        """How many articles a saved search finds that were not seen; raises SearchError."""
        return self._desk(engine).count(search)

    def _desk(self, engine: Engine) -> SavedSearchRunner:
        return SavedSearchRunner(self.saved, engine, date.today())
