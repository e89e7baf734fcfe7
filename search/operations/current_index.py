"""The one open index of a server, which follows what is published."""

import time
from collections.abc import Callable
from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING

from search.config import Settings
from search.errors import SearchError
from search.index import backend, open_index

if TYPE_CHECKING:
    from search.index import Index

_CHECK_SECONDS = 1.0


class CurrentIndex:
    """The published generation, open, for several threads.

    Once a second at most it looks for a newer one, and opens it. Whoever searches the old one ends in peace:
    its files go with the last of them. Where the newer one cannot be opened, the old one goes on answering,
    and ``report`` is told why.
    """

    def __init__(self, settings: Settings, report: Callable[[str], None]) -> None:
        self.settings = settings
        self._report = report
        self._place = backend(settings)
        self._index: Index | None = None
        self._failed = ""
        self._checked = 0.0
        self._checking = Lock()

    @property
    def is_fresh(self) -> bool:
        """Whether it was looked for a newer generation less than a second ago."""
        return self._index is not None and time.monotonic() - self._checked < _CHECK_SECONDS

    def get(self) -> "Index":
        """The newest generation; raises what ``Backend.open`` does where none is open yet."""
        opened = self._index
        if opened is None:
            with self._checking:
                if self._index is None:
                    self._index = self._open()
                return self._index
        if not self.is_fresh and self._checking.acquire(blocking=False):
            try:
                self._follow(opened)
            finally:
                self._checking.release()
        return self._index or opened

    def _open(self) -> "Index":
        index = open_index(self.settings)
        with suppress(SearchError):  # of another model than the index's: searches by meaning tell it
            index.warm()
        self._checked = time.monotonic()
        return index

    def _follow(self, opened: "Index") -> None:
        self._checked = time.monotonic()
        published = self._place.published_id()
        if published in ("", opened.manifest.id, self._failed):
            return
        try:
            self._index = self._open()
        except SearchError as exc:
            self._failed = published
            self._report(exc.message)
