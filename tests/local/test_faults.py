"""Whatever the disk refuses, the published generation is read on and the next build completes."""

import errno
import os
from pathlib import Path

import pytest

from tests.fakes import build_index

from .chain import FORMER
from .contents import contents
from .doomed import Task, build_without_rights
from .faults import Faults
from .full_disk import can_mount, filled

_SAMPLE = 24
_CODES = (errno.ENOSPC, errno.EIO, errno.EACCES)
_PAGES = (0, 30, 60, 90, 120, 150, 400)  # of 4 KiB; the last are room enough


@pytest.fixture(scope="module")
def faults(tmp_path_factory: pytest.TempPathFactory) -> Faults:
    return Faults(tmp_path_factory.mktemp("faults"))


@pytest.fixture(scope="module")
def calls(faults: Faults) -> int:
    return faults.calls()


@pytest.mark.usefixtures("garbage_collected")
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("part", range(_SAMPLE))
def test_any_call_may_be_refused(faults: Faults, calls: int, part: int) -> None:
    told = faults.refused(1 + calls * part // _SAMPLE, _CODES[part % len(_CODES)])
    assert told == "" or told.startswith(("exit 2: ", "exit 5: "))
    assert told == "" or str(faults.index) in told


@pytest.mark.usefixtures("garbage_collected")
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("before_end", range(0, 40, 3))
def test_any_call_of_a_publication_may_be_refused(faults: Faults, calls: int, before_end: int) -> None:
    faults.refused(calls - before_end, errno.EIO)


def test_everything_is_durable_before_it_is_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a power failure nothing is sure to be there but what was synchronised, as it was then."""
    synchronised: dict[int, int] = {}
    lost: list[str] = []
    published: list[str] = []

    def fsync(descriptor: int) -> None:
        status = os.fstat(descriptor)
        synchronised[status.st_ino] = status.st_mtime_ns

    def replace(pending: Path, target: Path) -> Path:
        generations = tmp_path / "generations"
        (folder,) = generations.iterdir()
        for path in (pending, generations, folder, *folder.rglob("*")):
            if synchronised.get(path.stat().st_ino) != path.stat().st_mtime_ns:
                lost.append(path.name)
        published.extend(path.name for path in folder.iterdir())
        return pending.rename(target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", replace)
    build_index(tmp_path, FORMER)
    assert lost == []
    assert {"manifest.json", "articles.sqlite", "keyword.arrays", "vectors.faiss"} <= set(published)


def test_a_full_disk_is_told_and_harms_nothing() -> None:
    if not can_mount():
        pytest.skip("no disk of limited size can be mounted here (unshare -Urm mount -t tmpfs)")
    *short, enough = filled(_PAGES)
    assert enough == ""
    assert [told for told in short[:3] if not told.startswith("exit 2: ")] == []
    assert all(
        "No space left" in told or "disk is full" in told or "I/O error" in told for told in short if told
    )


def test_a_folder_that_may_not_be_written_is_read_and_left_alone(tmp_path: Path) -> None:
    index = tmp_path / "index"
    build_index(index, FORMER)
    former = contents(index)
    folders = [index, *(path for path in index.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o500)
    task = Task(build_without_rights, index)
    assert task.told() == former
    assert task.told() == os.strerror(errno.EACCES)
    assert task.exit_code() == 0
    for folder in folders:
        folder.chmod(0o700)
    assert contents(index) == former
