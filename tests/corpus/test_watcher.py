import errno
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from watchdog.observers.api import BaseObserver

from search.corpus import read
from search.corpus.watcher import Pace, PendingChanges, Root, Watch, watching
from search.errors import UsageError

PACE = Pace(at_rest=0.15, most=5.0, look=0.05)
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
def watch(folder: Path, index: Path) -> Iterator[Watch]:
    with watching([str(folder)], index, PACE) as found:
        yield found


class Waiter:
    """Somebody who waits for the next change, in a thread of their own."""

    def __init__(self, watch: Watch) -> None:
        self._thread = threading.Thread(target=watch.wait, daemon=True)
        self._thread.start()

    def told(self, within: float) -> bool:
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
def test_a_change_is_told(watch: Watch, folder: Path, change: Callable[[Path], object]) -> None:
    waiter = Waiter(watch)
    change(folder)
    assert waiter.told(PATIENCE)


def test_what_a_build_does_is_no_change(watch: Watch, folder: Path, index: Path) -> None:
    waiter = Waiter(watch)
    assert len(list(read([str(folder)]))) == 2
    (index / "generations" / "1").mkdir(parents=True)
    (index / "generations" / "1" / "manifest.json").write_text("{}", encoding="utf-8")
    (index / "CURRENT").write_text("1", encoding="utf-8")
    (index / "generations" / "1").rename(index / "generations" / "2")
    shutil.rmtree(index)
    assert not waiter.told(UNMOVED)
    (folder / "c.txt").touch()
    assert waiter.told(PATIENCE)


def test_what_is_never_read_is_no_change(watch: Watch, folder: Path) -> None:
    waiter = Waiter(watch)
    for name in ("c.txt~", ".c.txt", "c.pdf", "c.txt.part"):
        (folder / name).write_text("Brest proteste.", encoding="utf-8")
    (folder / ".git").mkdir()
    (folder / ".git" / "c.txt").touch()
    assert not waiter.told(UNMOVED)
    (folder / "c.txt.part").rename(folder / "c.txt")
    assert waiter.told(PATIENCE)


def test_a_change_made_while_nobody_waits_is_told_once(watch: Watch, folder: Path) -> None:
    (folder / "c.txt").touch()
    assert Waiter(watch).told(PATIENCE)
    waiter = Waiter(watch)
    assert not waiter.told(UNMOVED)
    (folder / "d.txt").touch()
    assert waiter.told(PATIENCE)


def test_a_file_is_watched_alone_and_through_replacements(folder: Path, index: Path) -> None:
    with watching([str(folder / "a.txt")], index, PACE) as watch:
        waiter = Waiter(watch)
        (folder / "c.txt").touch()
        (folder / "old" / "b.txt").touch()
        assert not waiter.told(UNMOVED)
        for _ in range(2):
            replaced(folder / "a.txt")
            assert waiter.told(PATIENCE)
            waiter = Waiter(watch)
        (folder / "a.txt").unlink()
        assert waiter.told(PATIENCE)
        waiter = Waiter(watch)
        (folder / "a.txt").touch()
        assert waiter.told(PATIENCE)


def test_a_folder_that_goes_and_comes_back_is_watched_again(watch: Watch, folder: Path) -> None:
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
        assert waiter.told(PATIENCE)


def test_a_link_is_followed_to_where_it_leads_now(tmp_path: Path, folder: Path, index: Path) -> None:
    other, link = tmp_path / "other", tmp_path / "link"
    other.mkdir()
    link.symlink_to(folder)
    with watching([str(link)], index, PACE) as watch:
        waiter = Waiter(watch)
        (folder / "c.txt").touch()
        assert waiter.told(PATIENCE)
        waiter = Waiter(watch)
        link.unlink()
        link.symlink_to(other)
        assert waiter.told(PATIENCE)
        waiter = Waiter(watch)
        (other / "c.txt").touch()
        assert waiter.told(PATIENCE)


def test_files_that_never_rest_are_told_at_last(folder: Path, index: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        with (folder / "c.txt").open("w", encoding="utf-8", buffering=1) as file:
            while not stop.wait(0.02):
                file.write("Encore une ligne.\n")

    writer = threading.Thread(target=write)
    with watching([str(folder)], index, Pace(at_rest=60, most=0.3, look=0.05)) as watch:
        writer.start()
        assert Waiter(watch).told(PATIENCE)
        assert Waiter(watch).told(PATIENCE)
        stop.set()
        writer.join()


@given(seconds, seconds, seconds)
def test_changes_are_read_when_they_rest_but_not_too_late(first: float, more: float, later: float) -> None:
    pace = Pace(at_rest=2, most=30)
    unrest = PendingChanges(first, first + more)
    left = unrest.left(first + later, pace)
    assert (left <= 0) == (later >= 30 or first + later >= first + more + 2)
    assert unrest.left(first + later + left, pace) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(
    ("name", "concerned"),
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
def test_a_root_is_concerned_by_what_is_read_in_it(name: str, concerned: bool) -> None:
    root = Root(Path("/srv/.archive"), is_folder=True, identity=(0, 0))
    assert root.concerns(root.path / name, root.path / "index") is concerned


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
    with pytest.raises(UsageError, match=r"no more folders \(inotify .*\); raise its limits: sudo sysctl fs"):
        Watch(Full(room, code), [str(folder)], folder / "index", PACE)


def test_another_error_of_the_system_is_not_taken_for_a_limit(folder: Path) -> None:
    with pytest.raises(OSError, match="Errno 5"):
        Watch(Full(0, errno.EIO), [str(folder)], folder / "index", PACE)


def held() -> tuple[int, int]:
    """How many threads and open files this process has."""
    return threading.active_count(), len(list(Path("/proc/self/fd").iterdir()))


def test_no_thread_and_no_file_is_left(folder: Path, index: Path) -> None:
    before = held()
    for _ in range(2):
        with watching([str(folder)], index, PACE) as watch:
            (folder / "c.txt").touch()
            watch.wait()
            (folder / "c.txt").unlink()
    pairs = zip(held(), before, strict=True)
    assert all(now <= once for now, once in pairs)  # less where another test's thread has ended meanwhile
