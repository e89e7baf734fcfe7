"""Worker threads that find out what the home shows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from textual.message import Message
from textual.widget import Widget
from textual.worker import get_current_worker

from search.errors import SearchError
from search.retrieval.overview import Overview
from search.tui.services.notices import report_errors
from search.tui.services.user_data import UserData
from search.user.saved_searches import SavedSearch

if TYPE_CHECKING:
    from search.retrieval.engine import Engine

_NEWEST = 20  # articles, as many as fit on a large screen


@dataclass
class OverviewLoaded(Message):
    """What the archive of the engine in use holds."""

    overview: Overview


@dataclass
class NewCounted(Message):
    """The saved search of this name has ``new`` new articles."""

    name: str
    new: int


class HomeWorker:
    """Looks into an archive in threads, and posts what it finds to a widget."""

    def __init__(self, listener: Widget, user_data: UserData) -> None:
        self._listener = listener
        self._user_data = user_data
        self._engine: Engine | None = None

    def use(self, engine: "Engine") -> None:
        """Look into the archive of this engine from now on."""
        self._engine = engine

    def load_overview(self) -> None:
        """Count the archive; posts ``OverviewLoaded``."""
        if self._engine is not None:
            self._start(partial(self._load_overview, self._engine), "overview")

    def count_new(self, searches: Sequence[SavedSearch]) -> None:
        """Count the new articles of saved searches; posts ``NewCounted`` for each that can be counted."""
        if self._engine is not None and searches:
            self._start(partial(self._count_new, self._engine, searches), "count new")

    def stop_counting(self) -> None:
        """Leave the searches that are not yet counted: the user asks something else."""
        self._listener.workers.cancel_group(self._listener, "count new")

    def mark_seen(self, search: SavedSearch) -> None:
        """Mark the articles of a saved search as seen."""
        if self._engine is not None:
            self._start(partial(self._mark_seen, self._engine, search), "mark seen")

    def _start(self, work: Callable[[], None], group: str) -> None:
        self._listener.run_worker(work, thread=True, exclusive=True, group=group)

    def _load_overview(self, engine: "Engine") -> None:
        with report_errors(self._listener.app):
            overview = engine.overview(_NEWEST)
            if engine is self._engine:
                self._listener.post_message(OverviewLoaded(overview))

    def _count_new(self, engine: "Engine", searches: Sequence[SavedSearch]) -> None:
        worker = get_current_worker()
        for search in searches:
            if worker.is_cancelled:
                return
            try:
                new = self._user_data.count_new(engine, search)
            except SearchError:
                continue  # the list of saved searches tells why; here it only has no number
            self._listener.post_message(NewCounted(search.name, new))

    def _mark_seen(self, engine: "Engine", search: SavedSearch) -> None:
        with report_errors(self._listener.app):
            self._user_data.mark_seen(engine, search)
