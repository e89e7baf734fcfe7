"""Makes builds fail on the disk: readers must not notice, and the next build must complete."""

import errno
import os
from pathlib import Path

import pytest

from tests.fakes import build_index

from .chain import FORMER
from .contents import contents
from .faults import Faults
from .full_disk import build_on_small_disks, can_mount
from .tasks import Task, build_without_rights

_SAMPLE = 24
_CODES = (errno.ENOSPC, errno.EIO, errno.EACCES)
_PAGES = (0, 30, 60, 90, 120, 150, 400)  # of 4 KiB; the last disk is large enough


@pytest.fixture(scope="module")
def faults(tmp_path_factory: pytest.TempPathFactory) -> Faults:
    return Faults(tmp_path_factory.mktemp("faults"))


@pytest.fixture(scope="module")
def calls(faults: Faults) -> int:
    return faults.calls()


@pytest.mark.usefixtures("garbage_collected")
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("part", range(_SAMPLE))
def test_any_call_may_fail(faults: Faults, calls: int, part: int) -> None:
    message = faults.fail_at(1 + calls * part // _SAMPLE, _CODES[part % len(_CODES)])
    assert message == "" or message.startswith(("exit 2: ", "exit 5: "))
    assert message == "" or str(faults.index) in message


@pytest.mark.usefixtures("garbage_collected")
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("before_end", range(0, 40, 3))
def test_any_call_of_a_publication_may_fail(faults: Faults, calls: int, before_end: int) -> None:
    faults.fail_at(calls - before_end, errno.EIO)


def test_everything_is_durable_before_it_is_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a power failure, only synchronised data is certain to be on the disk."""
    synchronised: dict[int, int] = {}
    not_durable: list[str] = []
    published: list[str] = []

    def fsync(descriptor: int) -> None:
        status = os.fstat(descriptor)
        synchronised[status.st_ino] = status.st_mtime_ns

    def replace(pending: Path, target: Path) -> Path:
        generations = tmp_path / "generations"
        (folder,) = generations.iterdir()
        for path in (pending, generations, folder, *folder.rglob("*")):
            if synchronised.get(path.stat().st_ino) != path.stat().st_mtime_ns:
                not_durable.append(path.name)
        published.extend(path.name for path in folder.iterdir())
        return pending.rename(target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", replace)
    build_index(tmp_path, FORMER)
    assert not_durable == []
    assert {"manifest.json", "articles.sqlite", "keyword.arrays", "vectors.npy"} <= set(published)


def test_a_full_disk_gives_an_error_and_does_no_harm() -> None:
    if not can_mount():
        pytest.skip("no disk of limited size can be mounted here (unshare -Urm mount -t tmpfs)")
    *errors, last = build_on_small_disks(_PAGES)
    assert last == ""
    assert [error for error in errors[:3] if not error.startswith("exit 2: ")] == []
    assert all(
        "No space left" in error or "disk is full" in error or "I/O error" in error
        for error in errors
        if error
    )


def test_a_folder_without_write_permission_can_be_read(tmp_path: Path) -> None:
    index = tmp_path / "index"
    build_index(index, FORMER)
    former = contents(index)
    folders = [index, *(path for path in index.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o500)
    task = Task(build_without_rights, index)
    assert task.receive() == former
    assert task.receive() == os.strerror(errno.EACCES)
    assert task.exit_code() == 0
    for folder in folders:
        folder.chmod(0o700)
    assert contents(index) == former
