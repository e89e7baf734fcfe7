"""Watch files and folders: wait until what a build reads from them has changed and is quiet again."""

import errno
import os
import stat
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from watchdog import events
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from search.corpus import reads
from search.errors import Translatable, UsageError, os_reason

_EVENTS: list[type[events.FileSystemEvent]] = [
    *(events.FileCreatedEvent, events.FileModifiedEvent, events.FileAttribEvent, events.FileClosedEvent),
    *(events.FileMovedEvent, events.FileDeletedEvent),
    *(events.DirCreatedEvent, events.DirAttribEvent, events.DirMovedEvent, events.DirDeletedEvent),
]  # without the events of reading: each build would start the next


@dataclass(frozen=True, slots=True)
class Timing:
    """Delays in seconds.

    ``quiet`` is the time without a change before the files are read, ``longest`` the longest wait after
    the first change, ``poll`` the time between two checks whether a path has appeared or disappeared.
    """

    quiet: float = 2.0
    longest: float = 30.0
    poll: float = 1.0


_TIMING = Timing()
_RAISE_LIMITS = "sudo sysctl fs.inotify.max_user_watches=1048576 fs.inotify.max_user_instances=1024"


@dataclass(frozen=True, slots=True)
class PendingChanges:
    """When the first and the last of the pending changes happened, by a clock in seconds."""

    first: float
    last: float

    def seconds_left(self, now: float, timing: Timing) -> float:
        """Seconds until the files are to be read; 0 or less when they are to be read now."""
        return min(self.last + timing.quiet, self.first + timing.longest) - now


@dataclass(frozen=True, slots=True)
class Root:
    """A watched path as it is now: its target without links, and the identity of the watched folder."""

    path: Path
    is_folder: bool
    identity: tuple[int, int]

    @property
    def watched_folder(self) -> Path:
        """The folder to watch. For a file it is the folder around it, which sees a replacement."""
        return self.path if self.is_folder else self.path.parent

    def covers(self, path: Path, index: Path) -> bool:
        """Whether a build of this root reads the file or folder; it does not read the index."""
        if not self.is_folder:
            return path == self.path
        inside = path.relative_to(self.path).parts
        return not (path.is_relative_to(index) or any(name.startswith(".") for name in inside))


class Watcher:
    """Waits for changes of the files and folders in ``paths``.

    A path may disappear and appear again. Changes in ``index`` and of files that no reader reads do not
    count. Folders behind a link inside a folder are not watched. Raises UsageError when the system
    refuses to watch more folders.
    """

    def __init__(self, observer: BaseObserver, paths: Sequence[str], index: Path, timing: Timing) -> None:
        self._observer = observer
        self._paths = paths
        self._index = index.resolve()
        self._timing = timing
        self._roots: list[Root | None] = []
        self._pending: PendingChanges | None = None
        self._update_roots()
        self._pending = None  # what exists now is not a change

    def wait(self) -> None:
        """Return when something has changed since the last call, and is quiet or has waited long enough."""
        while (left := self._seconds_left()) > 0:
            time.sleep(min(left, self._timing.poll))
            self._update_roots()
        self._pending = None
        self._check_limit()

    def _seconds_left(self) -> float:
        if self._pending is None:
            return self._timing.poll
        return self._pending.seconds_left(time.monotonic(), self._timing)

    def _update_roots(self) -> None:
        """Watch the current targets of the paths."""
        roots = [*map(_root, self._paths)]
        if roots != self._roots:
            self._roots = roots
            self._observer.unschedule_all()
            for root in roots:
                if root is not None:
                    self._schedule(root)
            self._check_limit()
            self._record_change()

    def _schedule(self, root: Root) -> None:
        def on_change(path: Path) -> None:
            if root.covers(path, self._index):
                self._record_change()

        with _limit_errors(), suppress(FileNotFoundError):  # it has disappeared; the next poll sees that
            self._observer.schedule(
                _Listener(on_change), str(root.watched_folder), recursive=root.is_folder, event_filter=_EVENTS
            )

    def _check_limit(self) -> None:
        """Watch one more folder: watchdog does not report subfolders that a limit leaves unwatched."""
        with TemporaryDirectory() as folder, _limit_errors():
            self._observer.unschedule(self._observer.schedule(events.FileSystemEventHandler(), folder))

    def _record_change(self) -> None:
        now = time.monotonic()
        self._pending = PendingChanges(self._pending.first if self._pending else now, now)


class _Listener(events.FileSystemEventHandler):
    """Calls ``on_change`` with each folder, and each file that a reader reads, of an event."""

    def __init__(self, on_change: Callable[[Path], None]) -> None:
        self._on_change = on_change

    def on_any_event(self, event: events.FileSystemEvent) -> None:
        """See ``FileSystemEventHandler``."""
        for path in (Path(os.fsdecode(name)) for name in (event.src_path, event.dest_path) if name):
            if event.is_directory or reads(path):
                self._on_change(path)


@contextmanager
def watch_paths(paths: Sequence[str], index: Path, timing: Timing = _TIMING) -> Iterator[Watcher]:
    """Watch files and folders as long as the context is open; see ``Watcher``."""
    with warnings.catch_warnings():
        # watchdog warns about a folder that it sees twice while the folder is created; it watches it once
        warnings.filterwarnings("ignore", "Callback with id .* already exists", RuntimeWarning)
        with _limit_errors():
            observer = Observer()
            observer.start()
        try:
            yield Watcher(observer, paths, index, timing)
        finally:
            observer.stop()
            observer.join()


def _root(path: str) -> Root | None:
    """The target of a path; None where it does not exist or cannot be read."""
    try:
        target = Path(path).resolve()
        status = target.stat()
    except OSError:
        return None
    is_folder = stat.S_ISDIR(status.st_mode)
    watched = status if is_folder else target.parent.stat()
    return Root(target, is_folder, (watched.st_dev, watched.st_ino))


@contextmanager
def _limit_errors() -> Iterator[None]:
    """Turn the errors of a limit of the system into a UsageError."""
    try:
        yield
    except OSError as exc:
        if exc.errno not in (errno.ENOSPC, errno.EMFILE):
            raise
        raise UsageError(
            Translatable(
                "The system cannot watch more folders ({}). Raise its limits: {}; "
                "or run depeche build from a crontab.",
                *(os_reason(exc), _RAISE_LIMITS),
            )
        ) from exc
