"""The index while the interface runs: opened, watched and built in threads, which tell the app."""

from dataclasses import dataclass
from functools import partial
from os.path import abspath
from typing import TYPE_CHECKING

from textual.app import App
from textual.message import Message

from search.build_types import Manifest
from search.errors import IndexMissing, SearchError
from search.tui.format.about import REPAIRABLE
from search.tui.services.build_job import Building, Make
from search.tui.services.index_client import Archive

if TYPE_CHECKING:
    from search.index import Index


@dataclass
class Opened(Message):
    """The index is open."""

    library: "Index"


@dataclass
class NotOpened(Message):
    """The index cannot be opened."""

    error: SearchError


@dataclass
class Built(Message):
    """A build has ended, with an index or an error."""

    outcome: Manifest | SearchError


@dataclass
class Published(Message):
    """The generation with this id, ``""`` for none, is the published one."""

    generation_id: str


class Keeper:
    """Tells the app ``Opened`` or ``NotOpened``, ``Published`` and ``Built``; builds one index at a time.

    ``library`` is what is searched in, ``trouble`` why nothing is, and ``newer`` the generation that has
    been published since, ``""`` for none.
    """

    def __init__(self, app: App[None], archive: Archive) -> None:
        self.library: Index | None = None
        self.trouble: SearchError | None = None
        self.building: Building | None = None
        self.newer = ""
        self._app = app
        self._archive = archive

    @property
    def missing(self) -> bool:
        """Whether there is no index that a build could replace."""
        return self.library is None and isinstance(self.trouble, IndexMissing)

    @property
    def damaged(self) -> bool:
        """Whether there is an index that a repair could make one to search in."""
        return self.library is None and isinstance(self.trouble, REPAIRABLE)

    @property
    def corpus(self) -> tuple[str, ...]:
        """What the index searched in was made from, ``()`` where there is none."""
        return self.library.manifest.corpus if self.library is not None else ()

    def covers(self, paths: tuple[str, ...]) -> bool:
        """Whether these paths are known to be all that the index was made from, or more."""
        return bool(self.corpus) and set(map(abspath, self.corpus)) <= set(map(abspath, paths))

    def open(self) -> None:
        """Open what is published."""
        self._app.run_worker(self._open, group="open", thread=True)

    def watch(self) -> None:
        """Look at what is published."""
        self._app.run_worker(self._look, group="watch", exclusive=True, thread=True)

    def build(self, paths: tuple[str, ...]) -> Building:
        """Build an index, or follow the build that is under way."""
        return self._begin(Building(paths), self._archive.build)

    def repair(self) -> Building:
        """Make the index anew from what is sound of it, or follow the build that is under way."""
        return self._begin(Building(()), lambda _, progress: self._archive.repair(progress))

    def search_in(self, library: "Index") -> None:
        """Take this for what is searched in."""
        self.library, self.newer = library, ""

    def is_news(self, generation_id: str) -> bool:
        """Whether this generation is not the one searched in, and was not known; from now on it is."""
        if self.library is None or generation_id in ("", self.library.manifest.id, self.newer):
            return False
        self.newer = generation_id
        return True

    def _open(self) -> None:
        try:
            self._app.post_message(Opened(self._archive.open()))
        except SearchError as error:
            self._app.post_message(NotOpened(error))

    def _look(self) -> None:
        if self.library is not None:
            self._app.post_message(Published(self._archive.published()))

    def _begin(self, building: Building, make: Make) -> Building:
        if self.building is None:
            self.building = building
            self._app.run_worker(partial(self._make, building, make), group="build", thread=True)
        return self.building

    def _make(self, building: Building, make: Make) -> None:
        try:
            self._app.post_message(Built(building.run(make)))
        except SearchError as error:
            self._app.post_message(Built(error))
