"""What the interface does with the index that the settings name: open, watch, build, repair."""

from importlib.resources import files
from typing import TYPE_CHECKING

from search.build_types import Manifest, Progress
from search.config import Settings

if TYPE_CHECKING:
    from search.index import Index

SAMPLE = str(files("search") / "sample")
"""A small corpus that comes with the program."""


class IndexClient:
    """Uses ``search.index``. It imports that module in its methods, so that the first screen shows sooner."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def open(self) -> "Index":
        """Open the published generation; raises IndexProblem and UsageError."""
        from search.index import open_index

        return open_index(self._settings)

    def published(self) -> str:
        """The id of the published generation; ``""`` when there is none."""
        from search.index import backend

        return backend(self._settings).published_id()

    def build(self, paths: tuple[str, ...], progress: Progress) -> Manifest:
        """Add these paths to the index, and publish it.

        Raises SearchError and what ``progress`` raises; then nothing is published.
        """
        from search.retention import keep_all
        from search.updates import rebuild

        return rebuild(self._settings, paths, keep_all, progress)

    def sync(self, paths: tuple[str, ...], progress: Progress) -> Manifest:
        """Publish an index of these paths alone; raises what ``build`` raises."""
        from search.retention import keep_none
        from search.updates import rebuild

        return rebuild(self._settings, paths, keep_none, progress)

    def repair(self, progress: Progress) -> Manifest:
        """Publish the intact parts of the index; raises what ``build`` raises."""
        from search.index import repair

        return repair(self._settings, progress).manifest
