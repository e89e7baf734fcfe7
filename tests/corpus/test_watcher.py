import errno
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st
from watchdog.observers.api import BaseObserver

from search.corpus import read
from search.corpus.watcher import PendingChanges, Root, Timing, Watcher, watch_paths
from search.errors import UsageError

TIMING = Timing(quiet=0.15, longest=5.0, poll=0.05)
PATIENCE = 10.0  # seconds
UNMOVED = 0.7  # seconds in which an event would have come
seconds = st.floats(0, 1e6)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    (folder / "old").mkdir(parents=True)
    (folder / "a.txt").write_text("Kiev attend.", encoding="utf-8")
    (folder / "old" / "b.txt").write_text("Lille court.", encoding="utf-8")
    return folder


@pytest.fixture
def index(folder: Path) -> Path:
    """An index that lies where articles are, as nothing forbids."""
    return folder / "index"


@pytest.fixture
def watch(folder: Path, index: Path) -> Iterator[Watcher]:
    with watch_paths([str(folder)], index, TIMING) as watcher:
        yield watcher


class Waiter:
    """Somebody who waits for the next change, in a thread of their own."""

    def __init__(self, watch: Watcher) -> None:
        self._thread = threading.Thread(target=watch.wait, daemon=True)
        self._thread.start()

    def returned(self, within: float) -> bool:
        self._thread.join(within)
        return not self._thread.is_alive()


def replaced(path: Path) -> None:
    new = path.with_name("new.tmp")
    new.write_text("Brest proteste.", encoding="utf-8")
    new.replace(path)


def moved_in(folder: Path) -> None:
    outside = folder.parent / "outside"
    outside.mkdir()
    (outside / "c.txt").write_text("Brest proteste.", encoding="utf-8")
    outside.rename(folder / "inside")


def made_deep(folder: Path) -> None:
    (folder / "2024" / "02").mkdir(parents=True)
    (folder / "2024" / "02" / "c.jsonl.gz").write_bytes(b"")


CHANGES: dict[str, Callable[[Path], object]] = {
    "written": lambda folder: (folder / "c.txt").write_text("Brest proteste.", encoding="utf-8"),
    "appended": lambda folder: (folder / "old" / "b.txt").open("a", encoding="utf-8").close(),
    "removed": lambda folder: (folder / "a.txt").unlink(),
    "renamed": lambda folder: (folder / "a.txt").rename(folder / "z.txt"),
    "moved away": lambda folder: (folder / "a.txt").rename(folder.parent / "a.txt"),
    "hidden": lambda folder: (folder / "a.txt").rename(folder / ".a.txt"),
    "replaced": lambda folder: replaced(folder / "a.txt"),
    "folder removed": lambda folder: shutil.rmtree(folder / "old"),
    "folder moved away": lambda folder: (folder / "old").rename(folder.parent / "old"),
    "folder moved in": moved_in,
    "folders made": made_deep,
    "no longer readable": lambda folder: (folder / "a.txt").chmod(0),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_is_told(watch: Watcher, folder: Path, change: Callable[[Path], object]) -> None:
    waiter = Waiter(watch)
    change(folder)
    assert waiter.returned(PATIENCE)


def test_what_a_build_does_is_no_change(watch: Watcher, folder: Path, index: Path) -> None:
    waiter = Waiter(watch)
    assert len(list(read([str(folder)]))) == 2
    (index / "generations" / "1").mkdir(parents=True)
    (index / "generations" / "1" / "manifest.json").write_text("{}", encoding="utf-8")
    (index / "CURRENT").write_text("1", encoding="utf-8")
    (index / "generations" / "1").rename(index / "generations" / "2")
    shutil.rmtree(index)
    assert not waiter.returned(UNMOVED)
    (folder / "c.txt").touch()
    assert waiter.returned(PATIENCE)


def test_what_is_never_read_is_no_change(watch: Watcher, folder: Path) -> None:
    waiter = Waiter(watch)
    for name in ("c.txt~", ".c.txt", "c.pdf.crdownload", "c.txt.part"):
        (folder / name).write_text("Brest proteste.", encoding="utf-8")
    (folder / ".git").mkdir()
    (folder / ".git" / "c.txt").touch()
    assert not waiter.returned(UNMOVED)
    (folder / "c.txt.part").rename(folder / "c.txt")
    assert waiter.returned(PATIENCE)


def test_a_change_made_while_nobody_waits_is_told_once(watch: Watcher, folder: Path) -> None:
    (folder / "c.txt").touch()
    assert Waiter(watch).returned(PATIENCE)
    waiter = Waiter(watch)
    assert not waiter.returned(UNMOVED)
    (folder / "d.txt").touch()
    assert waiter.returned(PATIENCE)


def test_a_file_is_watched_alone_and_through_replacements(folder: Path, index: Path) -> None:
    with watch_paths([str(folder / "a.txt")], index, TIMING) as watch:
        waiter = Waiter(watch)
        (folder / "c.txt").touch()
        (folder / "old" / "b.txt").touch()
        assert not waiter.returned(UNMOVED)
        for _ in range(2):
            replaced(folder / "a.txt")
            assert waiter.returned(PATIENCE)
            waiter = Waiter(watch)
        (folder / "a.txt").unlink()
        assert waiter.returned(PATIENCE)
        waiter = Waiter(watch)
        (folder / "a.txt").touch()
        assert waiter.returned(PATIENCE)


def test_a_folder_that_goes_and_comes_back_is_watched_again(watch: Watcher, folder: Path) -> None:
    for change in (
        lambda: folder.rename(folder.parent / "away"),
        lambda: (folder.parent / "away").rename(folder),
        lambda: (folder / "c.txt").touch(),
        lambda: shutil.rmtree(folder),
        folder.mkdir,
        lambda: (folder / "d.txt").touch(),
    ):
        waiter = Waiter(watch)
        change()
        assert waiter.returned(PATIENCE)


def test_a_link_is_followed_to_where_it_leads_now(tmp_path: Path, folder: Path, index: Path) -> None:
    other, link = tmp_path / "other", tmp_path / "link"
    other.mkdir()
    link.symlink_to(folder)
    with watch_paths([str(link)], index, TIMING) as watch:
        waiter = Waiter(watch)
        (folder / "c.txt").touch()
        assert waiter.returned(PATIENCE)
        waiter = Waiter(watch)
        link.unlink()
        link.symlink_to(other)
        assert waiter.returned(PATIENCE)
        waiter = Waiter(watch)
        (other / "c.txt").touch()
        assert waiter.returned(PATIENCE)


def test_files_that_never_rest_are_told_at_last(folder: Path, index: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        with (folder / "c.txt").open("w", encoding="utf-8", buffering=1) as file:
            while not stop.wait(0.02):
                file.write("Encore une ligne.\n")

    writer = threading.Thread(target=write)
    with watch_paths([str(folder)], index, Timing(quiet=60, longest=0.3, poll=0.05)) as watch:
        writer.start()
        assert Waiter(watch).returned(PATIENCE)
        assert Waiter(watch).returned(PATIENCE)
        stop.set()
        writer.join()


@given(seconds, seconds, seconds)
def test_changes_are_read_when_they_rest_but_not_too_late(first: float, more: float, later: float) -> None:
    timing = Timing(quiet=2, longest=30)
    pending = PendingChanges(first, first + more)
    left = pending.seconds_left(first + later, timing)
    assert (left <= 0) == (later >= 30 or first + later >= first + more + 2)
    assert pending.seconds_left(first + later + left, timing) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(
    ("name", "covered"),
    [
        ("", True),
        ("a.txt", True),
        ("old/b.txt", True),
        (".git/a.txt", False),
        ("old/.b.txt", False),
        ("index", False),
        ("index/generations/1/manifest.json", False),
        ("index-of-names.txt", True),
    ],
)
def test_a_root_covers_what_is_read_in_it(name: str, covered: bool) -> None:
    root = Root(Path("/srv/.archive"), is_folder=True, identity=(0, 0))
    assert root.covers(root.path / name, root.path / "index") is covered


class Full(BaseObserver):
    """An observer of a system that watches so many folders and no more."""

    def __init__(self, room: int, code: int) -> None:
        self._room, self._code = room, code

    def schedule(self, *_: object, **__: object) -> None:  # type: ignore[override]
        if not self._room:
            raise OSError(self._code, "inotify watch limit reached")
        self._room -= 1

    def unschedule(self, _: object) -> None:
        self._room += 1

    def unschedule_all(self) -> None:
        pass


@pytest.mark.parametrize("room", [0, 1])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EMFILE])
def test_a_limit_of_the_system_is_told_with_what_to_do(folder: Path, room: int, code: int) -> None:
    with pytest.raises(
        UsageError, match=r"cannot watch more folders \(inotify .*\)\. Raise its limits: sudo sysctl fs"
    ):
        Watcher(Full(room, code), [str(folder)], folder / "index", TIMING)


def test_another_error_of_the_system_is_not_taken_for_a_limit(folder: Path) -> None:
    with pytest.raises(OSError, match="Errno 5"):
        Watcher(Full(0, errno.EIO), [str(folder)], folder / "index", TIMING)


def open_resources() -> tuple[int, int]:
    """How many threads and open files this process has."""
    return threading.active_count(), psutil.Process().num_fds()


def test_no_thread_and_no_file_is_left(folder: Path, index: Path) -> None:
    before = open_resources()
    for _ in range(2):
        with watch_paths([str(folder)], index, TIMING) as watch:
            (folder / "c.txt").touch()
            watch.wait()
            (folder / "c.txt").unlink()
    pairs = zip(open_resources(), before, strict=True)
    assert all(now <= once for now, once in pairs)  # less where another test's thread has ended meanwhile
