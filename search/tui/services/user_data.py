"""The user's history, saved searches and interface state, as the interface uses them."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from search.config import Settings
from search.query.filters import filter_of_dossier
from search.query.parser import parse
from search.retrieval.request import Request
from search.tui.services.search_session import Current
from search.types import Copies, Hits
from search.user.article_marks import ArticleMarks, article_marks
from search.user.article_sets import UserArticleSets
from search.user.dossiers import Dossier, Dossiers
from search.user.history import HISTORY_LIMIT, History, HistoryEntry
from search.user.index_folder import create_index_folder, index_folder
from search.user.interface_state import InterfaceState, load_state, save_state
from search.user.read_articles import ReadArticles
from search.user.saved_search_runner import SavedSearchRunner
from search.user.saved_searches import SavedSearch, SavedSearches

if TYPE_CHECKING:
    from search.retrieval.engine import Engine


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
        self.read_articles = ReadArticles(of_index)
        self.dossiers = Dossiers(of_index)
        self._sets: tuple[object, UserArticleSets] | None = None
        self._news: frozenset[str] = frozenset()
        self._folder, self._settings = folder, settings
        self._state_notice = ""
        self._notices: set[str] = set()
        self._shown_query: str | None = None
        self._last_query: str | None = None

    def article_sets(self) -> UserArticleSets:
        """The read articles and the dossiers as they are now; the same object until they change."""
        version = self.read_articles.version, self.dossiers.version
        if self._sets is None or self._sets[0] != version:
            self._sets = (version, UserArticleSets(self.read_articles, self.dossiers))
        return self._sets[1]

    @property
    def marks_version(self) -> object:
        """A value that changes when an article is read or is news, or a dossier changes, in any program."""
        return self.read_articles.version, self.dossiers.version, self._news

    def marks(self) -> ArticleMarks:
        """What is noted of articles now; reads the files where they have changed."""
        return article_marks(self.article_sets().read, self.dossiers.all(), self._news)

    def new_notices(self) -> list[str]:
        """The notices about damaged files that this method has not returned before."""
        kept = (self.history, self.saved_searches, self.read_articles, self.dossiers)
        notices = {self._state_notice, *(each.notice for each in kept)}
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

    def hits_of(self, engine: "Engine", dossier: Dossier) -> Hits:
        """The articles of a dossier that the index has, the latest first; raises SearchError."""
        query = parse(filter_of_dossier(dossier.name).text, date.today())
        limit = len(dossier.articles)
        return engine.search(Request(query, limit=limit, copies=Copies.LISTED, sets=self.article_sets()))

    def save_search(self, name: str, current: Current, engine: "Engine") -> None:
        """Save a search under a name; its current hits count as seen."""
        request = current.request
        self._runner(engine).save(SavedSearch(name, request.query.raw, request.mode))

    def mark_seen(self, engine: "Engine", search: SavedSearch) -> None:
        """Mark the hits of a saved search as seen; the new ones are news now. Raises SearchError."""
        runner = self._runner(engine)
        self._news = frozenset(runner.new(search))
        runner.mark_seen(search)

    def count_new(self, engine: "Engine", search: SavedSearch) -> int:
        """Count the hits of a saved search that the user has not seen; raises SearchError."""
        return self._runner(engine).count(search)

    def _runner(self, engine: "Engine") -> SavedSearchRunner:
        return SavedSearchRunner(self.saved_searches, engine, date.today(), self.article_sets())
