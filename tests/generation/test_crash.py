"""Whatever stops a build, the published generation answers and the next build completes."""

import shutil
import signal
from pathlib import Path

import pytest

from search.model import Article
from tests.fakes import build_index
from tests.press import PRESS

from .contents import Contents, contents, generations, leftovers
from .doomed import build_press, build_press_within, pipe, started

OLD = (*PRESS[:4], Article("old", "Une ancienne dépêche", "Elle a depuis disparu du fil."))


@pytest.fixture(scope="module")
def old_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    index = tmp_path_factory.mktemp("old") / "index"
    build_index(index, OLD)
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
    ours, theirs = pipe()
    started(build_press, index, 0, theirs).join()
    count: int = ours.recv()
    return count


def _assert_recovers(index: Path, undisturbed: Contents) -> None:
    build_index(index, PRESS)
    assert contents(index) == undisturbed
    assert leftovers(index) == set()
    assert len(generations(index)) == 2


@pytest.mark.parametrize("part", [*range(14), *(14 - left for left in (0.001, 0.004, 0.01, 0.02, 0.04, 0.07))])
def test_a_killed_build_leaves_what_was_published(
    old_index: Path, tmp_path: Path, old: Contents, undisturbed: Contents, steps: int, part: float
) -> None:
    index = tmp_path / "index"
    shutil.copytree(old_index, index)
    _, theirs = pipe()
    process = started(build_press, index, max(1, int(steps * part / 14)), theirs)
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert contents(index) in (old, undisturbed)
    _assert_recovers(index, undisturbed)
