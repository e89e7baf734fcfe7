"""Whatever stops a build, the published generation answers and the next build completes."""

import shutil
import signal
from pathlib import Path

import pytest

from search.model import Article
from tests.fakes import build_index
from tests.press import PRESS

from .contents import Contents, contents, generations, leftovers
from .doomed import Task, build_killed, build_press_within

OLD = (*PRESS[:4], Article("old", "Une ancienne dépêche", "Elle a depuis disparu du fil."))


@pytest.fixture(scope="module")
def old_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    index = tmp_path_factory.mktemp("old") / "index"
    build_index(index, PRESS[:2])
    build_index(index, OLD)  # so that a third one collects the first
    return index


@pytest.fixture(scope="module")
def old(old_index: Path) -> Contents:
    return contents(old_index)


@pytest.fixture(scope="module")
def undisturbed(press_index: Path) -> Contents:
    return contents(press_index)


@pytest.fixture(scope="module")
def steps(old_index: Path, tmp_path_factory: pytest.TempPathFactory) -> int:
    """How many steps a whole build takes."""
    index = tmp_path_factory.mktemp("whole") / "index"
    shutil.copytree(old_index, index)
    task = Task(build_killed, index, PRESS, 0)
    assert task.told() == "begins"
    count = task.told()
    assert isinstance(count, int)
    return count


def _assert_next_build_completes(index: Path, undisturbed: Contents) -> None:
    build_index(index, PRESS)
    assert contents(index) == undisturbed
    assert leftovers(index) == set()
    build_index(index, OLD)  # where a build was killed before it collected, one more was left
    assert leftovers(index) == set()
    assert len(generations(index)) == 2


def _killed(old_index: Path, folder: Path, step: int) -> Path:
    index = folder / "index"
    shutil.copytree(old_index, index)
    assert Task(build_killed, index, PRESS, step).exit_code() == -signal.SIGKILL
    return index


@pytest.mark.parametrize("twelfth", range(12))
def test_a_build_killed_at_work_leaves_the_old_generation(
    old_index: Path, tmp_path: Path, old: Contents, undisturbed: Contents, steps: int, twelfth: int
) -> None:
    index = _killed(old_index, tmp_path, 1 + steps * twelfth // 12)
    assert contents(index) == old
    _assert_next_build_completes(index, undisturbed)


@pytest.mark.parametrize("before_end", range(0, 120, 17))
def test_a_build_killed_while_it_publishes_leaves_one_generation_or_the_other(
    old_index: Path, tmp_path: Path, old: Contents, undisturbed: Contents, steps: int, before_end: int
) -> None:
    index = _killed(old_index, tmp_path, steps - before_end)
    assert contents(index) in (old, undisturbed)
    _assert_next_build_completes(index, undisturbed)


@pytest.mark.parametrize("kilobytes", [1, 13, 18])
def test_a_full_disk_leaves_the_old_generation(
    old_index: Path, tmp_path: Path, old: Contents, undisturbed: Contents, kilobytes: int
) -> None:
    index = tmp_path / "index"
    shutil.copytree(old_index, index)
    task = Task(build_press_within, index, kilobytes * 1024)
    assert task.told() != ""
    assert task.exit_code() == 0
    assert contents(index) == old
    _assert_next_build_completes(index, undisturbed)
