"""Builds that are killed, or whose disk refuses, while others read: the long version of tests/generation."""

import argparse
import errno
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.local.chain import Chain, Kill, reader
from tests.local.faults import Faults
from tests.local.full_disk import can_mount, filled
from tests.local.publications import read_through

_PAGES = 300  # free pages of 4 KiB on the largest disk
_LONGEST = 0.15  # seconds until a kill: a little more than a build of a dozen articles takes


def kills(steps: int, every: int, random_ones: int, chance: random.Random) -> Iterator[Kill]:
    """One kill before each step, or each so many steps, then some at random moments."""
    for step in range(1, steps + 1, every):
        yield Kill(step)
    for _ in range(random_ones):
        yield Kill(seconds=chance.uniform(0, _LONGEST))


def rebuilds(folder: Path, options: argparse.Namespace) -> str:
    """Kill builds over a published index: the old generation answers, the next build completes."""
    chain = Chain(folder)
    steps = chain.steps()
    with reader(chain.index, chain.figures):
        for kill in kills(steps, options.every, options.random, options.chance):
            chain.rebuild(kill)
    assert {digest for _, digest in chain.figures.readings} <= chain.allowed
    return _told(chain, steps)


def first_builds(folder: Path, options: argparse.Namespace) -> str:
    """Kill the first build of an index: there is none, or the whole."""
    chain = Chain(folder)
    steps = chain.steps()
    for kill in kills(steps, options.every * 4, options.random // 4, options.chance):
        chain.first(kill)
    assert {digest for _, digest in chain.figures.readings} <= chain.allowed | {""}
    return _told(chain, steps)


def refusals(folder: Path, options: argparse.Namespace) -> str:
    """Refuse each call of a build that a disk can refuse, one at a time."""
    faults = Faults(folder)
    calls = faults.calls()
    codes = cycle((errno.ENOSPC, errno.EIO, errno.EACCES))
    numbers = range(1, calls + 1, options.every)
    told = Counter(faults.refused(number, code)[:6] for number, code in zip(numbers, codes, strict=False))
    ends = ", ".join(f"{count} {end or 'built all the same'}" for end, count in told.most_common())
    return f"{len(numbers)} of {calls} calls refused: {ends}"


def full_disks(_folder: Path, options: argparse.Namespace) -> str:
    """Build on disks of all sizes, from full to room enough."""
    if not can_mount():
        return "skipped: no disk of limited size can be mounted here"
    told = filled(range(0, _PAGES, options.every))
    return f"{len(told)} disks, {sum(map(bool, told))} too small"


def publications(folder: Path, options: argparse.Namespace) -> str:
    """Read by many through many publications."""
    figures = read_through(folder / "index", options.readers, options.publications)
    return f"{figures.published} publications, {figures.readings} readings by {options.readers} readers"


def _told(chain: Chain, steps: int) -> str:
    figures = chain.figures
    return (
        f"{figures.killed} killed ({steps} steps), {figures.published} after publication, "
        f"{figures.taken_over} vectors taken over, {len(figures.readings)} generations read"
    )


_PARTS: dict[str, Callable[[Path, argparse.Namespace], str]] = {
    "rebuilds": rebuilds,
    "first_builds": first_builds,
    "refusals": refusals,
    "full_disks": full_disks,
    "publications": publications,
}


def main() -> None:
    """Run the parts that were asked for and print their figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="strike at every so many steps, calls, pages")
    parser.add_argument("--random", type=int, default=150, help="how many kills at random moments")
    parser.add_argument("--readers", type=int, default=10, help="how many processes read")
    parser.add_argument("--publications", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--part", choices=_PARTS, help="this only")
    options = parser.parse_args()
    options.chance = random.Random(options.seed)  # noqa: S311 - not a secret
    for name in [options.part] if options.part else _PARTS:
        started = time.monotonic()
        with TemporaryDirectory() as folder:
            figures = _PARTS[name](Path(folder), options)
        sys.stdout.write(f"{name}: {figures}; {time.monotonic() - started:.0f} s\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
