"""What the interface remembers from one start to the next: history, saved searches, settings.

It lies in a folder that only its owner may enter (mode 700), in files that only its owner may read
(600). A file is replaced whole or not at all, the history grows a line at a time, and one program at a
time changes them. What cannot be understood is set aside under its name with ``.damaged`` after it,
which a ``notice`` says. A folder that cannot be written raises UsageError.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path
from typing import TypeVar

import msgspec
import platformdirs

from search.errors import Translatable, UsageError
from search.files import exclusive, open_private, write_durably
from search.text.analyzer import fold
from search.types import Mode, Sort

KEPT = 1000
"""Questions that the history keeps, and articles that a saved search remembers to have shown."""
_SLACK = 100  # questions beyond those kept before the file is written anew
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_Kept = TypeVar("_Kept")


def default_folder() -> Path:
    """Where the interface remembers unless told otherwise: in the user's data folder."""
    return platformdirs.user_data_path("depeche") / "memory"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


class Entry(msgspec.Struct, frozen=True):
    """A question that was asked: how many articles it found, and when, ISO 8601 in UTC."""

    query: str
    mode: Mode
    total: int
    time: str = msgspec.field(default_factory=_now)


class History:
    """The questions asked, the last ``kept`` of them; none is kept or told when that is 0.

    ``notice`` is what the user should know of the file; ``""`` when there is nothing to say.
    """

    def __init__(self, folder: Path, kept: int = KEPT) -> None:
        self.notice = ""
        self._path = folder / "history.jsonl"
        self._kept = kept

    def add(self, entry: Entry) -> None:
        """Remember a question."""
        if not self._kept:
            return
        with _locked(self._path.parent):
            _append(self._path, _line(entry))
            lines = self._path.read_bytes().splitlines(keepends=True)
            if len(lines) > self._kept + _SLACK:
                write_durably(self._path, b"".join(lines[-self._kept :]))

    def recent(self, limit: int, prefix: str = "") -> list[Entry]:
        """The last questions that begin so, whatever the case and accents: the newest first, each once."""
        found: dict[str, Entry] = {}
        for entry in reversed(self._entries()):
            if fold(entry.query).startswith(fold(prefix)):
                found.setdefault(entry.query, entry)
        return list(found.values())[:limit]

    def remove(self, query: str) -> None:
        """Forget a question, however often it was asked."""
        if not _is_there(self._path):
            return
        with _locked(self._path.parent):
            others = [entry for entry in self._read() if entry.query != query]
            write_durably(self._path, b"".join(map(_line, others)))

    def clear(self) -> None:
        """Forget every question."""
        with _locked(self._path.parent):
            self._path.unlink(missing_ok=True)

    def _entries(self) -> list[Entry]:
        if not self._kept or not _is_there(self._path):
            return []
        with _locked(self._path.parent):
            return self._read()

    def _read(self) -> list[Entry]:
        lines = self._path.read_bytes().splitlines()[-self._kept :]
        entries = [entry for line in lines if (entry := _entry(line))]
        if len(entries) < len(lines):
            self.notice = _set_aside(self._path)
            write_durably(self._path, b"".join(map(_line, entries)))
        return entries


class SavedSearch(msgspec.Struct, frozen=True):
    """A search under a name: when it was saved and last looked at, and the articles seen by then.

    Times are ISO 8601 in UTC; ``seen`` are ids of articles, the last seen first.
    """

    name: str
    query: str
    mode: Mode
    created: str = msgspec.field(default_factory=_now)
    last_seen: str = msgspec.field(default_factory=_now)
    seen: tuple[str, ...] = ()


class SavedSearches:
    """The searches that the user saved.

    ``notice`` is what the user should know of the file; ``""`` when there is nothing to say.
    """

    def __init__(self, folder: Path) -> None:
        self.notice = ""
        self._path = folder / "searches.json"

    def all(self) -> tuple[SavedSearch, ...]:
        """Every saved search, in the order saved."""
        if not _is_there(self._path):
            return ()
        with _locked(self._path.parent):
            return self._read()

    def save(self, search: SavedSearch) -> None:
        """Save a search, in place of the one of the same name."""
        with _locked(self._path.parent):
            others = [other for other in self._read() if other.name != search.name]
            self._write([*others, search])

    def remove(self, name: str) -> None:
        """Forget the search of this name, if there is one."""
        with _locked(self._path.parent):
            self._write([search for search in self._read() if search.name != name])

    def mark_seen(self, name: str, ids: Sequence[str]) -> None:
        """Remember that these articles are known to the user who looks at the search now."""
        with _locked(self._path.parent):
            self._write([_seen(each, ids) if each.name == name else each for each in self._read()])

    def new(self, name: str, ids: Sequence[str]) -> set[str]:
        """Which of these articles the search of this name had not shown when it was last looked at."""
        known = {id_ for search in self.all() if search.name == name for id_ in search.seen}
        return set(ids) - known

    def _read(self) -> tuple[SavedSearch, ...]:
        found, self.notice = _load(self._path, tuple[SavedSearch, ...], ())
        return found

    def _write(self, searches: Sequence[SavedSearch]) -> None:
        write_durably(self._path, _document(searches))


class Remembered(msgspec.Struct, frozen=True):
    """How the interface was last left; None and ``""`` leave it to the settings."""

    theme: str = ""
    mode: Mode | None = None
    sort: Sort = Sort.RELEVANCE
    filters_shown: bool = False


def remembered(folder: Path) -> tuple[Remembered, str]:
    """How the interface was left, and what the user should know of the file (``""``: nothing)."""
    path = _remembered_path(folder)
    if not _is_there(path):
        return Remembered(), ""
    with _locked(folder):
        return _load(path, Remembered, Remembered())


def remember(folder: Path, left: Remembered) -> None:
    """Keep how the interface is left."""
    with _locked(folder):
        write_durably(_remembered_path(folder), _document(left))


def _remembered_path(folder: Path) -> Path:
    return folder / "interface.json"


def _seen(search: SavedSearch, ids: Sequence[str]) -> SavedSearch:
    seen = tuple(dict.fromkeys((*ids, *search.seen)))[:KEPT]
    return msgspec.structs.replace(search, seen=seen, last_seen=_now())


def _entry(line: bytes) -> Entry | None:
    try:
        return msgspec.json.decode(line, type=Entry)
    except _UNREADABLE:
        return None


def _line(entry: Entry) -> bytes:
    return msgspec.json.encode(entry) + b"\n"


def _document(value: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value)) + b"\n"


def _load(path: Path, kind: type[_Kept], default: _Kept) -> tuple[_Kept, str]:
    """What a file holds, else a default; and a notice when the file was damaged."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind), ""
    except FileNotFoundError:
        return default, ""
    except _UNREADABLE:
        return default, _set_aside(path)


def _set_aside(path: Path) -> str:
    names = chain([f"{path.name}.damaged"], (f"{path.name}.damaged-{number}" for number in count(2)))
    damaged = next(name for name in map(path.with_name, names) if not _is_there(name))
    path.replace(damaged)
    return Translatable("{} could not be understood; what it held is in {} beside it.", path, damaged.name)


def _is_there(path: Path) -> bool:
    """Whether there is such a file; a folder that cannot be entered holds none, and need not be made."""
    return os.path.exists(path)  # noqa: PTH110 - pathlib's fails on such a folder


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Make the folder private and be the only program that changes it."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        with exclusive(folder / ".lock"):
            yield
    except OSError as exc:
        raise UsageError(
            Translatable(
                "{} cannot be used: {}; make it a folder that you can write, "
                "or set XDG_DATA_HOME to another.",
                folder,
                exc.strerror or exc,
            )
        ) from exc


def _append(path: Path, data: bytes) -> None:
    with open_private(path, os.O_APPEND) as file:
        file.write(data)
