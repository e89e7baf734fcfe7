"""Kills builds, and makes them fail on the disk, while other processes read; see also tests/local."""

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
from tests.local.full_disk import build_on_small_disks, can_mount
from tests.local.publications import read_through

_PAGES = 300  # free pages of 4 KiB on the largest disk
_LATEST_KILL = 0.15  # seconds; a little more than a build of a dozen articles takes


def kills(steps: int, every: int, random_ones: int, generator: random.Random) -> Iterator[Kill]:
    """A kill before every ``every``-th step, then kills at random times."""
    for step in range(1, steps + 1, every):
        yield Kill(step)
    for _ in range(random_ones):
        yield Kill(seconds=generator.uniform(0, _LATEST_KILL))


def rebuilds(folder: Path, options: argparse.Namespace) -> str:
    """Kill builds over a published index; the old generation must answer, the next build must complete."""
    chain = Chain(folder)
    steps = chain.steps()
    with reader(chain.index, chain.figures):
        for kill in kills(steps, options.every, options.random, options.generator):
            chain.rebuild(kill)
    assert {digest for _, digest in chain.figures.readings} <= chain.allowed
    return _summary(chain, steps)


def first_builds(folder: Path, options: argparse.Namespace) -> str:
    """Kill the first build of an index; then there must be no generation or a complete one."""
    chain = Chain(folder)
    steps = chain.steps()
    for kill in kills(steps, options.every * 4, options.random // 4, options.generator):
        chain.first(kill)
    assert {digest for _, digest in chain.figures.readings} <= chain.allowed | {""}
    return _summary(chain, steps)


def refusals(folder: Path, options: argparse.Namespace) -> str:
    """Make each call of a build fail that a disk can refuse, one at a time."""
    faults = Faults(folder)
    calls = faults.calls()
    codes = cycle((errno.ENOSPC, errno.EIO, errno.EACCES))
    numbers = range(1, calls + 1, options.every)
    results = Counter(faults.fail_at(number, code)[:6] for number, code in zip(numbers, codes, strict=False))
    counts = ", ".join(f"{count} {result or 'built all the same'}" for result, count in results.most_common())
    return f"{len(numbers)} of {calls} calls failed: {counts}"


def full_disks(_folder: Path, options: argparse.Namespace) -> str:
    """Build on disks of many sizes, from full to large enough."""
    if not can_mount():
        return "skipped: no disk of limited size can be mounted here"
    errors = build_on_small_disks(range(0, _PAGES, options.every))
    return f"{len(errors)} disks, {sum(map(bool, errors))} too small"


def publications(folder: Path, options: argparse.Namespace) -> str:
    """Read an index in many processes during many publications."""
    figures = read_through(folder / "index", options.readers, options.publications)
    return f"{figures.published} publications, {figures.readings} readings by {options.readers} readers"


def _summary(chain: Chain, steps: int) -> str:
    figures = chain.figures
    return (
        f"{figures.killed} killed ({steps} steps), {figures.published} after publication, "
        f"{figures.reused} vectors reused, {len(figures.readings)} generations read"
    )


_PARTS: dict[str, Callable[[Path, argparse.Namespace], str]] = {
    "rebuilds": rebuilds,
    "first_builds": first_builds,
    "refusals": refusals,
    "full_disks": full_disks,
    "publications": publications,
}


def main() -> None:
    """Run the chosen parts and print their figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--every", type=int, default=1, help="use every n-th step, call and number of pages only"
    )
    parser.add_argument("--random", type=int, default=150, help="how many kills at random times")
    parser.add_argument("--readers", type=int, default=10, help="how many processes read")
    parser.add_argument("--publications", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--part", choices=_PARTS, help="run only this part")
    options = parser.parse_args()
    options.generator = random.Random(options.seed)  # noqa: S311 - not a secret
    for name in [options.part] if options.part else _PARTS:
        started = time.monotonic()
        with TemporaryDirectory() as folder:
            figures = _PARTS[name](Path(folder), options)
        sys.stdout.write(f"{name}: {figures}; {time.monotonic() - started:.0f} s\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
