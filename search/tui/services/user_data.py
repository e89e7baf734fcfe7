"""The user's history, saved searches and interface state, as the interface uses them."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from search.config import Settings
from search.retrieval.engine import Engine
from search.tui.services.search_session import Current
from search.user.history import HISTORY_LIMIT, History, HistoryEntry
from search.user.index_folder import create_index_folder, index_folder
from search.user.interface_state import InterfaceState, load_state, save_state
from search.user.saved_search_runner import SavedSearchRunner
from search.user.saved_searches import SavedSearch, SavedSearches


@dataclass(frozen=True, slots=True)
class EarlierSearches:
    """Saved searches, the latest first, and recent queries, the latest first."""

    saved: tuple[SavedSearch, ...]
    recent: tuple[HistoryEntry, ...]


class UserData:
    """Reads and writes the user's folder, and in it the folder of the index that settings name.

    ``history_enabled`` says whether the settings allow a history. Methods raise UsageError for a folder
    that cannot be used.
    """

    def __init__(self, folder: Path, settings: Settings) -> None:
        of_index = index_folder(folder, settings)
        self.saved_searches = SavedSearches(of_index)
        self.history = History(of_index, HISTORY_LIMIT if settings.history else 0)
        self.history_enabled = settings.history
        self._folder, self._settings = folder, settings
        self._state_notice = ""
        self._notices: set[str] = set()
        self._shown_query: str | None = None
        self._last_query: str | None = None

    def new_notices(self) -> list[str]:
        """The notices about damaged files that this method has not returned before."""
        notices = {self._state_notice, self.history.notice, self.saved_searches.notice}
        new = notices - self._notices - {""}
        self._notices |= new
        return sorted(new)

    def create_folder(self) -> None:
        """Create the folder of the index, where it is missing."""
        create_index_folder(self._folder, self._settings)

    def load_state(self) -> InterfaceState:
        """The state that the interface had when it was closed."""
        state, self._state_notice = load_state(self._folder)
        return state

    def save_state(self, state: InterfaceState, current: Current | None) -> None:
        """Save the state of the interface, and add the last query to the history."""
        save_state(self._folder, state)
        if current is not None:
            self.add_to_history(current)

    def add_if_still_shown(self, current: Current | None) -> None:
        """Add a query to the history when two calls in a row show it. So queries half typed are left out."""
        query = None if current is None else current.request.query.raw
        if current is not None and query == self._shown_query:
            self.add_to_history(current)
        self._shown_query = query

    def add_to_history(self, current: Current) -> None:
        """Add a query to the history. The last query and a search for similar articles are not added."""
        query = current.request.query
        if query.raw != self._last_query and (query.words or query.constraint is not None):
            self._last_query = query.raw
            self.history.add(HistoryEntry(query.raw, current.request.mode, current.hits.total))

    def earlier_searches(self, most_saved: int, most: int) -> EarlierSearches:
        """At most so many saved searches, and with them so many searches in all."""
        saved = tuple(reversed(self.saved_searches.all()[-most_saved:]))
        return EarlierSearches(saved, tuple(self.history.recent(most - len(saved))))

    def save_search(self, name: str, current: Current, engine: Engine) -> None:
        """Save a search under a name; its current hits count as seen."""
        request = current.request
        self._runner(engine).save(SavedSearch(name, request.query.raw, request.mode))

    def mark_seen(self, engine: Engine, search: SavedSearch) -> None:
        """Mark the current hits of a saved search as seen; raises SearchError."""
        self._runner(engine).mark_seen(search)

    def count_new(self, engine: Engine, search: SavedSearch) -> int:
        """Count the hits of a saved search that the user has not seen; raises SearchError."""
        return self._runner(engine).count(search)

    def _runner(self, engine: Engine) -> SavedSearchRunner:
        return SavedSearchRunner(self.saved_searches, engine, date.today())
