"""The articles that the user has read in one index: one JSON line for each change."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import msgspec

from search.files import write_durably
from search.user.storage import UNREADABLE, append_line, current_time, file_version, locked, set_aside

_SLACK = 1000  # lines that no longer count before the file is rewritten
_Line = tuple[str, str]  # an id, and the time when it was first read; "" where it is unread again
_DECODER = msgspec.json.Decoder(_Line)


class ReadArticles:
    """The articles that the user has read, with the time of the first reading (ISO 8601, UTC).

    ``notice`` is a message for the user about the file; ``""`` when there is none. The file is read again
    only when it has changed. Methods raise UsageError when the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self.notice = ""
        self._path = folder / "read.jsonl"
        self._version: tuple[int, ...] = ()
        self._times: Mapping[str, str] = {}
        self._lines = 0

    @property
    def version(self) -> tuple[int, ...]:
        """A value that changes when the articles do."""
        return file_version(self._path)

    def all(self) -> Mapping[str, str]:
        """By id, when an article was first read."""
        if self.version != self._version:
            with locked(self._path.parent):
                self._refresh()
        return MappingProxyType(self._times)

    def add(self, ids: Iterable[str]) -> None:
        """Mark articles as read; those that were read before keep their time."""
        with locked(self._path.parent):
            self._refresh()
            now = current_time()
            self._append(
                [(article_id, now) for article_id in dict.fromkeys(ids) if article_id not in self._times]
            )

    def remove(self, ids: Iterable[str]) -> None:
        """Mark articles as unread."""
        with locked(self._path.parent):
            self._refresh()
            self._append([(article_id, "") for article_id in dict.fromkeys(ids) if article_id in self._times])

    def _append(self, lines: Sequence[_Line]) -> None:
        if not lines:
            return
        append_line(self._path, b"\n".join(map(msgspec.json.encode, lines)))
        self._use(_with(self._times, lines), self._lines + len(lines))
        if self._lines - len(self._times) > max(_SLACK, len(self._times)):
            self._rewrite()

    def _refresh(self) -> None:
        """Read the file if it has changed; the folder is locked."""
        if self.version == self._version:
            return
        data = self._path.read_bytes() if self.version else b""
        try:
            lines = _DECODER.decode_lines(data)
            self._use(_with({}, lines), len(lines))
        except UNREADABLE:
            lines = [line for text in data.splitlines() for line in _line(text)]
            self.notice = set_aside(self._path)
            self._use(_with({}, lines), len(lines))
            self._rewrite()

    def _rewrite(self) -> None:
        write_durably(self._path, b"".join(msgspec.json.encode(line) + b"\n" for line in self._times.items()))
        self._use(self._times, len(self._times))

    def _use(self, times: Mapping[str, str], lines: int) -> None:
        self._times, self._lines, self._version = times, lines, self.version


def _with(before: Mapping[str, str], lines: Iterable[_Line]) -> Mapping[str, str]:
    """The times after these lines of the file."""
    times = dict(before)
    for article_id, time in lines:
        if time:
            times.setdefault(article_id, time)
        else:
            times.pop(article_id, None)
    return times


def _line(text: bytes) -> list[_Line]:
    """The line as a list of one; an empty list for a damaged one."""
    try:
        return [_DECODER.decode(text)]
    except UNREADABLE:
        return []
