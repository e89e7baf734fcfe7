"""The index folder as the interface uses it."""

from importlib.resources import files
from typing import TYPE_CHECKING

from search.build_types import Manifest
from search.config import Settings
from search.protocols import Progress

if TYPE_CHECKING:
    from search.index import Index

SAMPLE = str(files("search") / "sample")
"""A small corpus that comes with the program."""


class Archive:
    """Opened, watched and rebuilt through ``search.index``, which loads only then: the screen is first."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def open(self) -> "Index":
        """Open what is published; raises IndexProblem, UsageError."""
        from search.index import open_index

        return open_index(self._settings)

    def published(self) -> str:
        """The id of the generation that is published now, ``""`` for none."""
        from search.index import backend

        return backend(self._settings).published_id()

    def build(self, paths: tuple[str, ...], progress: Progress) -> Manifest:
        """Build and publish; raises SearchError, and what ``progress`` raises, and then changes nothing."""
        from search.index import rebuild

        return rebuild(self._settings, paths, progress)

    def repair(self, progress: Progress) -> Manifest:
        """Publish what is sound of the index; raises what ``build`` does."""
        from search.index import repair

        return repair(self._settings, progress).manifest
