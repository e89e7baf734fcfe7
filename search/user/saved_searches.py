"""The saved searches of the user, in one JSON file."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from search.types import Mode
from search.user.storage import current_time, exists, locked, read_document, write_document

SEEN_LIMIT = 1000
"""Articles that a saved search remembers as seen at least; it remembers all that it finds now."""


class SavedSearch(msgspec.Struct, frozen=True):
    """A search with a name, the time it was saved and last read, and the articles seen so far.

    Times are ISO 8601 in UTC. ``seen`` holds the ids of articles, the last seen first.
    ``complete`` tells that all it found were seen, and not the best of them only, as before version 0.2.
    """

    name: str
    query: str
    mode: Mode
    created: str = msgspec.field(default_factory=current_time)
    last_seen: str = msgspec.field(default_factory=current_time)
    seen: tuple[str, ...] = ()
    complete: bool = False


class SavedSearches:
    """The file of saved searches.

    ``notice`` is a message for the user about the file; ``""`` when there is none. Methods raise
    UsageError when the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self.notice = ""
        self._path = folder / "searches.json"

    def all(self) -> tuple[SavedSearch, ...]:
        """Every saved search, in the order in which they were saved."""
        if not exists(self._path):
            return ()
        with locked(self._path.parent):
            return self._read()

    def save(self, search: SavedSearch) -> None:
        """Save a search; it replaces the saved search of the same name."""
        with locked(self._path.parent):
            others = [other for other in self._read() if other.name != search.name]
            self._write([*others, search])

    def remove(self, name: str) -> None:
        """Remove the saved search of this name, if there is one."""
        with locked(self._path.parent):
            self._write([search for search in self._read() if search.name != name])

    def mark_seen(self, name: str, ids: Sequence[str]) -> None:
        """Record that the user has now seen these articles in the search of this name."""
        with locked(self._path.parent):
            self._write(
                [_with_seen(search, ids) if search.name == name else search for search in self._read()]
            )

    def new(self, name: str, ids: Sequence[str]) -> set[str]:
        """The articles among ``ids`` that the user has not yet seen in the search of this name."""
        seen = {article_id for search in self.all() if search.name == name for article_id in search.seen}
        return set(ids) - seen

    def _read(self) -> tuple[SavedSearch, ...]:
        searches, self.notice = read_document(self._path, tuple[SavedSearch, ...], ())
        return searches

    def _write(self, searches: Sequence[SavedSearch]) -> None:
        write_document(self._path, searches)


def _with_seen(search: SavedSearch, ids: Sequence[str]) -> SavedSearch:
    seen = tuple(dict.fromkeys((*ids, *search.seen)))[: max(SEEN_LIMIT, len(ids))]
    return msgspec.structs.replace(search, seen=seen, complete=True, last_seen=current_time())
