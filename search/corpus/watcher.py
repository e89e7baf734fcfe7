"""Files and folders under watch: when what a build would read of them has changed and is at rest again."""

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
from search.errors import UsageError

_TOLD: list[type[events.FileSystemEvent]] = [
    *(events.FileCreatedEvent, events.FileModifiedEvent, events.FileAttribEvent, events.FileClosedEvent),
    *(events.FileMovedEvent, events.FileDeletedEvent),
    *(events.DirCreatedEvent, events.DirAttribEvent, events.DirMovedEvent, events.DirDeletedEvent),
]  # not what reading brings about: each build would call for the next


@dataclass(frozen=True, slots=True)
class Pace:
    """In seconds: how long nothing changes before files are ``at_rest``, and what is waited at ``most``.

    Every ``look`` seconds it is seen whether a path as a whole has come or gone.
    """

    at_rest: float = 2.0
    most: float = 30.0
    look: float = 1.0


_PACE = Pace()


@dataclass(frozen=True, slots=True)
class PendingChanges:
    """When the first and the last of some changes were seen, by a clock in seconds."""

    first: float
    last: float

    def left(self, now: float, pace: Pace) -> float:
        """Seconds until the changes are to be read; not more than 0 when that is now."""
        return min(self.last + pace.at_rest, self.first + pace.most) - now


@dataclass(frozen=True, slots=True)
class Root:
    """A path that is watched, as it is found now: where it leads to, and which file or folder is there."""

    path: Path
    is_folder: bool
    identity: tuple[int, int]

    @property
    def watched(self) -> Path:
        """The folder to watch: a file may be replaced by another, which only its folder sees."""
        return self.path if self.is_folder else self.path.parent

    def concerns(self, path: Path, index: Path) -> bool:
        """Whether a build that reads this root, but not the index, would read the file or folder."""
        if not self.is_folder:
            return path == self.path
        inside = path.relative_to(self.path).parts
        return not (path.is_relative_to(index) or any(name.startswith(".") for name in inside))


class Watch:
    """Knows when the files and folders of ``paths`` have changed.

    A path may go and come back. What lies in ``index``, or is of no kind that is read, counts for nothing;
    folders behind a link inside a folder are not watched. Raises UsageError when the system watches no more.
    """

    def __init__(self, observer: BaseObserver, paths: Sequence[str], index: Path, pace: Pace) -> None:
        self._observer = observer
        self._paths = paths
        self._index = index.resolve()
        self._pace = pace
        self._roots: list[Root | None] = []
        self._unrest: PendingChanges | None = None
        self._look()
        self._unrest = None  # what is there now is not a change

    def wait(self) -> None:
        """Return when something has changed since the last time, and is at rest or has not been for long."""
        while (left := self._left()) > 0:
            time.sleep(min(left, self._pace.look))
            self._look()
        self._unrest = None
        self._probe()

    def _left(self) -> float:
        return self._pace.look if self._unrest is None else self._unrest.left(time.monotonic(), self._pace)

    def _look(self) -> None:
        """Watch what the paths lead to now."""
        roots = [*map(_root, self._paths)]
        if roots != self._roots:
            self._roots = roots
            self._observer.unschedule_all()
            for root in roots:
                if root is not None:
                    self._schedule(root)
            self._probe()
            self._changed()

    def _schedule(self, root: Root) -> None:
        def tell(path: Path) -> None:
            if root.concerns(path, self._index):
                self._changed()

        with _limits_told(), suppress(FileNotFoundError):  # gone meanwhile, as the next look will see
            self._observer.schedule(
                _Listener(tell), str(root.watched), recursive=root.is_folder, event_filter=_TOLD
            )

    def _probe(self) -> None:
        """Watch one folder more: those below a path are left out in silence where a limit is reached."""
        with TemporaryDirectory() as folder, _limits_told():
            self._observer.unschedule(self._observer.schedule(events.FileSystemEventHandler(), folder))

    def _changed(self) -> None:
        now = time.monotonic()
        self._unrest = PendingChanges(self._unrest.first if self._unrest else now, now)


class _Listener(events.FileSystemEventHandler):
    """Tells each folder, and each file of a kind that is read, that an event is about."""

    def __init__(self, tell: Callable[[Path], None]) -> None:
        self._tell = tell

    def on_any_event(self, event: events.FileSystemEvent) -> None:
        """See ``FileSystemEventHandler``."""
        for path in (Path(os.fsdecode(name)) for name in (event.src_path, event.dest_path) if name):
            if event.is_directory or reads(path):
                self._tell(path)


@contextmanager
def watching(paths: Sequence[str], index: Path, pace: Pace = _PACE) -> Iterator[Watch]:
    """Watch files and folders; see ``Watch``."""
    with warnings.catch_warnings():
        # watchdog tells of a folder that it sees twice while it is made, and watches it once all the same
        warnings.filterwarnings("ignore", "Callback with id .* already exists", RuntimeWarning)
        with _limits_told():
            observer = Observer()
            observer.start()
        try:
            yield Watch(observer, paths, index, pace)
        finally:
            observer.stop()
            observer.join()


def _root(path: str) -> Root | None:
    """What a path leads to; None where nothing is, or nothing that may be looked at."""
    try:
        found = Path(path).resolve()
        status = found.stat()
    except OSError:
        return None
    is_folder = stat.S_ISDIR(status.st_mode)
    watched = status if is_folder else found.parent.stat()
    return Root(found, is_folder, (watched.st_dev, watched.st_ino))


@contextmanager
def _limits_told() -> Iterator[None]:
    try:
        yield
    except OSError as exc:
        if exc.errno not in (errno.ENOSPC, errno.EMFILE):
            raise
        raise UsageError(
            f"The system watches no more folders ({exc.strerror}); raise its limits: "
            "sudo sysctl fs.inotify.max_user_watches=1048576 fs.inotify.max_user_instances=1024; "
            "or run depeche build from a crontab."
        ) from exc
