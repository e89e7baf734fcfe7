"""The index while the interface runs: threads open, watch and build it, and post messages to the app."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from textual.app import App
from textual.message import Message

from search.build_types import Manifest
from search.errors import IndexCorrupt, IndexIncompatible, IndexMissing, SearchError
from search.tui.services.build_job import BuildFunction, BuildJob
from search.tui.services.index_client import IndexClient

if TYPE_CHECKING:
    from search.index import Index

REPAIRABLE = (IndexCorrupt, IndexIncompatible)
"""The errors after which a repair can make an index searchable."""


@dataclass
class IndexOpened(Message):
    """The index is open."""

    index: "Index"


@dataclass
class IndexNotOpened(Message):
    """The index cannot be opened."""

    error: SearchError


@dataclass
class BuildFinished(Message):
    """A build has ended, with an index or with an error."""

    outcome: Manifest | SearchError


@dataclass
class IndexPublished(Message):
    """The id of the published generation; ``""`` when none is published."""

    generation_id: str


class IndexManager:
    """Opens, watches and builds the index. It runs one build at a time.

    ``index`` is the open index. ``error`` says why none is open. ``build_job`` is the build that is running.
    ``newer_id`` is the id of a generation that was published after the open one; ``""`` when there is none.
    It posts IndexOpened, IndexNotOpened, IndexPublished and BuildFinished to the app.
    """

    def __init__(self, app: App[None], client: IndexClient) -> None:
        self.index: Index | None = None
        self.error: SearchError | None = None
        self.build_job: BuildJob | None = None
        self.newer_id = ""
        self._app = app
        self._client = client

    @property
    def index_missing(self) -> bool:
        """Whether no index exists, so that a build replaces none."""
        return self.index is None and isinstance(self.error, IndexMissing)

    @property
    def repairable(self) -> bool:
        """Whether the index cannot be opened, and a repair may help."""
        return self.index is None and isinstance(self.error, REPAIRABLE)

    @property
    def corpus(self) -> tuple[str, ...]:
        """The paths that the open index was built from; ``()`` when no index is open."""
        return self.index.manifest.corpus if self.index is not None else ()

    def open(self) -> None:
        """Open the published generation."""
        self._app.run_worker(self._open, group="open", thread=True)

    def check_published(self) -> None:
        """Look which generation is published; open it as soon as a build of the first one has its words."""
        self._app.run_worker(self._check_published, group="watch", exclusive=True, thread=True)

    def build(self, paths: tuple[str, ...]) -> BuildJob:
        """Start a build that adds these paths, or return the one that is running."""
        return self._start(BuildJob(paths), self._client.build)

    def sync(self, paths: tuple[str, ...]) -> BuildJob:
        """Start a build after which the index holds these paths alone, or return the one that is running."""
        return self._start(BuildJob(paths), self._client.sync)

    def repair(self) -> BuildJob:
        """Start a repair, or return the build that is running."""
        return self._start(BuildJob(()), lambda _, progress: self._client.repair(progress))

    def use(self, index: "Index") -> None:
        """Search in this index from now on."""
        self.index, self.newer_id = index, ""

    def note_newer(self, generation_id: str) -> bool:
        """Remember a published generation; say whether it is newer than the open one and was unknown."""
        if self.index is None or generation_id in ("", self.index.manifest.id, self.newer_id):
            return False
        self.newer_id = generation_id
        return True

    def _open(self) -> None:
        try:
            self._app.post_message(IndexOpened(self._client.open()))
        except SearchError as error:
            self._app.post_message(IndexNotOpened(error))

    def _check_published(self) -> None:
        if self.index is None and self.build_job is not None and self.build_job.searchable:
            self._open()
        elif self.index is not None:
            self._app.post_message(IndexPublished(self._client.published()))

    def _start(self, job: BuildJob, build: BuildFunction) -> BuildJob:
        if self.build_job is None:
            self.build_job = job
            self._app.run_worker(partial(self._run, job, build), group="build", thread=True)
        return self.build_job

    def _run(self, job: BuildJob, build: BuildFunction) -> None:
        try:
            self._app.post_message(BuildFinished(job.run(build)))
        except SearchError as error:
            self._app.post_message(BuildFinished(error))
