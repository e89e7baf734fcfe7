"""The history of queries: one JSON line for each query."""

from pathlib import Path

import msgspec

from search.files import write_durably
from search.text.analyzer import fold
from search.types import Mode
from search.user.storage import UNREADABLE, append_line, current_time, exists, locked, set_aside

HISTORY_LIMIT = 1000
"""Queries that the history keeps."""
_SLACK = 100  # queries beyond the limit before the file is rewritten


class HistoryEntry(msgspec.Struct, frozen=True):
    """A query of the user: how many articles it found, and when (ISO 8601, UTC)."""

    query: str
    mode: Mode
    total: int
    time: str = msgspec.field(default_factory=current_time)


class History:
    """The last ``limit`` queries of the user. A limit of 0 turns the history off.

    ``notice`` is a message for the user about the file; ``""`` when there is none. Methods raise
    UsageError when the folder cannot be written.
    """

    def __init__(self, folder: Path, limit: int = HISTORY_LIMIT) -> None:
        self.notice = ""
        self._path = folder / "history.jsonl"
        self._limit = limit

    def add(self, entry: HistoryEntry) -> None:
        """Add a query."""
        if not self._limit:
            return
        with locked(self._path.parent):
            append_line(self._path, msgspec.json.encode(entry))
            lines = self._path.read_bytes().splitlines(keepends=True)
            if len(lines) > self._limit + _SLACK:
                write_durably(self._path, b"".join(lines[-self._limit :]))

    def recent(self, limit: int, prefix: str = "") -> list[HistoryEntry]:
        """The last queries that begin with ``prefix``, newest first, each query once.

        The comparison ignores case and accents.
        """
        latest: dict[str, HistoryEntry] = {}
        for entry in reversed(self._entries()):
            if fold(entry.query).startswith(fold(prefix)):
                latest.setdefault(entry.query, entry)
        return list(latest.values())[:limit]

    def remove(self, query: str) -> None:
        """Remove every entry of a query."""
        if not exists(self._path):
            return
        with locked(self._path.parent):
            others = [entry for entry in self._read() if entry.query != query]
            write_durably(self._path, b"".join(map(_line, others)))

    def clear(self) -> None:
        """Remove every entry."""
        with locked(self._path.parent):
            self._path.unlink(missing_ok=True)

    def _entries(self) -> list[HistoryEntry]:
        if not self._limit or not exists(self._path):
            return []
        with locked(self._path.parent):
            return self._read()

    def _read(self) -> list[HistoryEntry]:
        lines = self._path.read_bytes().splitlines()[-self._limit :]
        entries = [entry for line in lines if (entry := _entry(line))]
        if len(entries) < len(lines):
            self.notice = set_aside(self._path)
            write_durably(self._path, b"".join(map(_line, entries)))
        return entries


def _entry(line: bytes) -> HistoryEntry | None:
    try:
        return msgspec.json.decode(line, type=HistoryEntry)
    except UNREADABLE:
        return None


def _line(entry: HistoryEntry) -> bytes:
    return msgspec.json.encode(entry) + b"\n"
