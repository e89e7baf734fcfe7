"""Kills builds: the published generation must answer, and the next build must complete."""

import pytest

from .chain import Chain, Kill, reader
from .contents import contents
from .tasks import NOTHING, Task, build_press_within


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Chain:
    return Chain(tmp_path_factory.mktemp("chain"))


@pytest.fixture(scope="module")
def steps(chain: Chain) -> int:
    """The number of steps of a build."""
    return chain.steps()


def test_builds_may_be_killed_at_any_step(chain: Chain, steps: int) -> None:
    chain.restart()
    building = range(1, steps, steps // 7)
    publishing = range(steps - 60, steps, 5)
    killed = chain.figures.killed
    with reader(chain.index, chain.figures):
        for step in (*building, *publishing):
            chain.rebuild(Kill(step))
    assert chain.figures.killed - killed == len(building) + len(publishing)
    assert chain.figures.published > 0
    assert chain.figures.reused > 0
    assert {digest for _, digest in chain.figures.readings} == chain.allowed


@pytest.mark.parametrize("part", [1, 3, 5])
def test_a_first_build_may_be_killed(chain: Chain, steps: int, part: int) -> None:
    chain.figures.readings.clear()
    chain.first(Kill(steps * part // 6))
    assert NOTHING in chain.figures.readings
    assert {digest for _, digest in chain.figures.readings - {NOTHING}} <= chain.allowed


@pytest.mark.parametrize("kilobytes", [1, 13, 18])
def test_a_full_disk_leaves_the_old_generation(chain: Chain, kilobytes: int) -> None:
    index = chain.restart()
    former = contents(index)
    task = Task(build_press_within, index, kilobytes * 1024)
    assert task.receive() != ""
    assert task.exit_code() == 0
    assert contents(index) == former
    chain.rebuild(Kill())
